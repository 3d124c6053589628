/** Who gets at the monitor and the metrics over HTTP (SPEC 2.1, 2.7, 2.8, 2.10, 6.4, 6.7). */
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { sendSmall } from '../../support/dialect-requests';
import { ManualClock } from '../../support/manual-clock';
import { rawRequest, sendRaw, type RawResponse } from '../../support/raw-http';
import { startPortside, type SettingsInput, type StartedPortside } from '../../support/start-portside';

const KEY = 'sk-local-0123456789';
const LAPTOP = 'sk-laptop-0123456789';
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const OPEN: SettingsInput = { accounts: [{ id: 'demo', provider: 'demo' }], apiKey: KEY };
const GUARDED: SettingsInput = {
  ...OPEN,
  authMode: 'all_except_health',
  clientKeys: [{ name: 'my laptop', key: LAPTOP }],
};
/** Everything that shows what others asked. */
const SHOWN = ['/monitor', '/monitor/monitor.js', '/monitor/events', '/monitor/export', '/metrics'];

describe('the monitor over HTTP', () => {
  const clock = new ManualClock();
  let portside: StartedPortside;
  before(async () => {
    portside = await startPortside(OPEN, undefined, clock.every, clock.now);
  });
  after(() => portside.stop());
  beforeEach(() => {
    // Every address may try again.
    clock.time += 60_000;
    portside.configure(GUARDED);
  });

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    sendRaw(portside.port, rawRequest(method, path, headers));
  const post = (path: string, body: string, headers: Record<string, string>) =>
    sendRaw(
      portside.port,
      rawRequest('POST', path, { 'content-length': String(Buffer.byteLength(body)), ...headers }) + body,
    );
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const JSON_TYPE = { 'content-type': 'application/json' };
  const login = (key: string, headers: Record<string, string> = {}, path = '/monitor/login') =>
    post(path, new URLSearchParams({ key }).toString(), { ...FORM, ...headers });
  const cookieOf = ({ headers }: RawResponse) => (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const session = async () => ({ cookie: cookieOf(await login(KEY)) });
  const info = (headers: Record<string, string>) =>
    post('/monitor/api', '{"type":"info"}', { ...JSON_TYPE, ...headers });
  /** Let through by the guard: a test's proxy may have nothing to show. */
  const isAdmitted = ({ status }: RawResponse) => status !== 401 && status !== 403;

  describe('with the key in a header', () => {
    for (const mode of ['strict', 'all_except_health'] as const)
      for (const path of SHOWN)
        it(`opens ${path} in ${mode}, and without it does not`, async () => {
          portside.configure({ ...GUARDED, authMode: mode });
          // HEAD ends where GET of the events goes on.
          assert.equal((await get(path, {}, 'HEAD')).status, 401);
          assert.equal((await get(path, { 'x-api-key': `${KEY}0` }, 'HEAD')).status, 401);
          assert.ok(isAdmitted(await get(path, { authorization: `Bearer ${KEY}` }, 'HEAD')));
          assert.ok(isAdmitted(await get(path, { 'x-api-key': KEY }, 'HEAD')));
        });

    it('opens the API, and without it does not', async () => {
      assert.equal((await info({})).status, 401);
      assert.ok(isAdmitted(await info({ 'x-api-key': KEY })));
    });

    it('takes none from a URL', async () => {
      for (const path of SHOWN) assert.equal((await get(`${path}?key=${KEY}`, {}, 'HEAD')).status, 401);
    });
  });

  it('needs no key while auth is off, also where "auto" says so', async () => {
    for (const authMode of ['off', 'auto'] as const) {
      portside.configure({ ...OPEN, authMode });
      for (const path of SHOWN) assert.ok(isAdmitted(await get(path, {}, 'HEAD')), path);
      assert.ok(isAdmitted(await info({})));
    }
  });

  for (const authMode of ['strict', 'off'] as const)
    it(`is not for client keys, with auth ${authMode}`, async () => {
      portside.configure({ ...GUARDED, authMode });
      for (const path of SHOWN) {
        const response = await get(path, { 'x-api-key': LAPTOP });
        assert.equal(response.status, 403, path);
        assert.match(response.body.toString(), /client key \\"my laptop\\".*local API key/);
      }
      assert.equal((await info({ 'x-api-key': LAPTOP })).status, 403);
    });

  it('is not for a client key on a connection that it was let in with', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (path: string, body: object) =>
      new Promise<number>((resolve, reject) => {
        request(
          `${portside.url}${path}`,
          { agent, method: 'POST', headers: { ...JSON_TYPE, 'x-api-key': LAPTOP } },
          (response) => {
            response.resume().on('end', () => resolve(response.statusCode ?? 0));
          },
        )
          .on('error', reject)
          .end(JSON.stringify(body));
      });
    const chat = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
    assert.equal(await ask('/v1/chat/completions', chat), 200);
    assert.equal(await ask('/monitor/api', { type: 'info' }), 403);
    assert.equal(await ask('/v1/chat/completions', chat), 200);
    agent.destroy();
  });

  describe('in a browser', () => {
    it('asks for the key with a page that holds no script', async () => {
      const response = await get('/monitor', HTML);
      assert.equal(response.status, 401);
      assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
      const page = response.body.toString();
      assert.match(page, /<form method="post" action="monitor\/login">/);
      assert.match(page, /<label for="key">/);
      assert.doesNotMatch(page, /<script/);
      assert.match(response.headers.get('content-security-policy') ?? '', /form-action 'self'/);
      assert.equal(response.headers.get('cache-control'), 'no-store');
    });

    it('asks programs for the key with an error', async () => {
      const response = await get('/monitor', { accept: '*/*' });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
      assert.match(response.body.toString(), /invalid_api_key/);
    });

    it('goes to the monitor with a cookie for the right key', async () => {
      const response = await login(KEY);
      assert.equal(response.status, 303);
      assert.equal(response.headers.get('location'), '../monitor');
      const cookie = response.headers.get('set-cookie') ?? '';
      assert.match(
        cookie,
        /^portside_monitor_\d+=[\w-]{43}; Path=\/monitor; Max-Age=43200; HttpOnly; SameSite=Strict$/,
      );
      assert.ok(!cookie.includes(KEY));
      const session = { cookie: cookieOf(response) };
      for (const path of SHOWN) assert.ok(isAdmitted(await get(path, session, 'HEAD')), path);
      assert.ok(isAdmitted(await info(session)));
      assert.equal((await get('/monitor', { ...session, ...HTML })).status, 200);
    });

    it('works under the prefixes of other routes, whose cookie is for them', async () => {
      const response = await login(KEY, {}, '/v1/monitor/login');
      assert.match(response.headers.get('set-cookie') ?? '', /; Path=\/v1\/monitor;/);
      assert.equal((await get('/v1/monitor', { cookie: cookieOf(response) })).status, 200);
      assert.equal((await get('/monitor/', { cookie: cookieOf(response) })).status, 200);
      assert.ok(isAdmitted(await get('/monitor/monitor/export', { cookie: cookieOf(response) })));
    });

    it('takes the right key with blanks around it', async () => {
      assert.equal((await login(` ${KEY}\n`)).status, 303);
    });

    it('asks again after a wrong key, and says so', async () => {
      for (const wrong of [`${KEY}0`, '', 'x'.repeat(1000)]) {
        const response = await login(wrong);
        assert.equal(response.status, 401);
        assert.equal(response.headers.has('set-cookie'), false);
        assert.match(response.body.toString(), /role="alert".*not Portside&#39;s local API key/);
        assert.match(response.body.toString(), /action="login"/);
      }
    });

    it('does not repeat what was sent', async () => {
      const response = await login('<script>sk-canary-0123456789');
      assert.doesNotMatch(response.body.toString(), /canary|<script/);
    });

    it('refuses a client key, and says what is wrong with it', async () => {
      const response = await login(LAPTOP);
      assert.equal(response.status, 403);
      assert.equal(response.headers.has('set-cookie'), false);
      assert.match(response.body.toString(), /client key &#34;my laptop&#34; does not open the monitor/);
    });

    it('takes a form alone, and no long one', async () => {
      assert.equal((await post('/monitor/login', `{"key":"${KEY}"}`, JSON_TYPE)).status, 415);
      assert.equal((await post('/monitor/login', `key=${'x'.repeat(5000)}`, FORM)).status, 413);
    });

    it('lets nobody try for ever', async () => {
      for (let attempt = 0; attempt < 10; attempt++) assert.equal((await login('sk-wrong')).status, 401);
      const refused = await login(KEY);
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get('retry-after'), '60');
      assert.match(refused.body.toString(), /Too many attempts/);
      clock.time += 60_000;
      assert.equal((await login(KEY)).status, 303);
    });

    it('lets nobody in without a configured key', async () => {
      portside.configure({ ...GUARDED, apiKey: '', clientKeys: [] });
      assert.equal((await login('')).status, 401);
      assert.equal((await get('/monitor', HTML)).status, 401);
    });

    it('needs no log-in while auth is off', async () => {
      portside.configure({ ...OPEN, authMode: 'off' });
      const response = await login('anything');
      assert.equal(response.status, 303);
      assert.equal(response.headers.has('set-cookie'), false);
    });
  });

  describe('a cookie', () => {
    it('opens nothing but the monitor and the metrics', async () => {
      const headers = await session();
      for (const path of ['/v1/models', '/v1beta/models', '/v1/responses/resp_1', '/nothing'])
        assert.equal((await get(path, headers)).status, 401, path);
      assert.equal((await sendSmall(portside.url, 'openai-chat', { headers })).status, 401);
    });

    it('opens nothing else on a connection on which it opened the monitor', async () => {
      const { cookie } = await session();
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const ask = (path: string) =>
        new Promise<number>((resolve, reject) => {
          request(
            `${portside.url}${path}`,
            { agent, method: 'POST', headers: { ...JSON_TYPE, cookie } },
            (response) => {
              response.resume().on('end', () => resolve(response.statusCode ?? 0));
            },
          )
            .on('error', reject)
            .end('{"type":"info"}');
        });
      assert.notEqual(await ask('/monitor/api'), 401);
      assert.equal(await ask('/v1/chat/completions'), 401);
      agent.destroy();
    });

    it('is worth nothing when it was made up, or is for another port', async () => {
      const { cookie } = await session();
      const [name = '', token = ''] = cookie.split('=');
      for (const other of [
        `${name}=`,
        `${name}=${'A'.repeat(43)}`,
        `${name}_=${token}`,
        `portside_monitor_1=${token}`,
        `x${name}=${token}`,
      ])
        assert.equal((await get('/monitor', { cookie: other })).status, 401, other);
      assert.equal((await get('/monitor', { cookie: `a=b; ${cookie}; c=d` })).status, 200);
    });

    it('ends after twelve hours', async () => {
      const headers = await session();
      clock.time += 12 * 3_600_000 - 1;
      assert.equal((await get('/monitor', headers)).status, 200);
      clock.time += 1;
      assert.equal((await get('/monitor', headers)).status, 401);
    });

    const changes: [string, SettingsInput][] = [
      ['key', { ...GUARDED, apiKey: 'sk-another-0123456789' }],
      ['mode of auth', { ...GUARDED, authMode: 'strict' }],
    ];
    for (const [what, changed] of changes)
      it(`ends when the ${what} changes, also when it changes back`, async () => {
        const headers = await session();
        portside.configure(changed);
        assert.equal((await get('/monitor', headers)).status, 401);
        portside.configure(GUARDED);
        assert.equal((await get('/monitor', headers)).status, 401);
      });

    it('outlives other settings', async () => {
      const headers = await session();
      portside.configure({ ...GUARDED, scheduling: 'balance' });
      assert.equal((await get('/monitor', headers)).status, 200);
    });

    it('goes when more browsers come than anybody has', async () => {
      const first = await session();
      for (let count = 0; count < 32; count++) {
        clock.time += 6000;
        await session();
      }
      assert.equal((await get('/monitor', first)).status, 401);
    });
  });

  describe('for web pages of others', () => {
    const own = () => `http://127.0.0.1:${portside.port}`;
    const host = () => `127.0.0.1:${portside.port}`;

    for (const authMode of ['off', 'strict'] as const) {
      it(`is closed by their origin, with auth ${authMode}`, async () => {
        portside.configure({ ...GUARDED, authMode, allowedOrigins: ['https://chat.example'] });
        const credentials = { 'x-api-key': KEY };
        for (const origin of [
          'https://evil.example',
          'null',
          `http://127.0.0.1:${portside.port + 1}`,
          // It may call models. What others asked it may not read.
          'https://chat.example',
        ]) {
          for (const path of SHOWN) {
            const response = await get(path, { origin, host: host(), ...credentials });
            assert.equal(response.status, 403, `${origin} ${path}`);
            assert.equal(response.headers.has('access-control-allow-origin'), false);
          }
          assert.equal((await info({ origin, host: host(), ...credentials })).status, 403);
          assert.equal((await login(KEY, { origin, host: host() })).status, 403);
          assert.equal((await get('/monitor/api', { origin, host: host() }, 'OPTIONS')).status, 403);
        }
        assert.ok(isAdmitted(await info({ origin: own(), host: host(), ...credentials })));
      });

      it(`is closed by what browsers say of a request without an origin, with auth ${authMode}`, async () => {
        portside.configure({ ...GUARDED, authMode });
        for (const site of ['cross-site', 'same-site']) {
          const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'x-api-key': KEY };
          for (const path of SHOWN)
            assert.equal((await get(path, headers, 'HEAD')).status, 403, `${site} ${path}`);
          assert.equal((await login(KEY, { ...headers, 'sec-fetch-mode': 'navigate' })).status, 403);
        }
        for (const site of ['same-origin', 'none'])
          for (const path of SHOWN)
            assert.ok(isAdmitted(await get(path, { 'sec-fetch-site': site, 'x-api-key': KEY }, 'HEAD')));
      });

      it(`is closed to names that lead here (DNS rebinding), with auth ${authMode}`, async () => {
        portside.configure({ ...GUARDED, authMode });
        const headers = { ...(await session()), 'x-api-key': KEY };
        for (const name of ['evil.example', `evil.example:${portside.port}`, 'localhost.evil.example']) {
          for (const path of SHOWN)
            assert.equal((await get(path, { ...headers, host: name }, 'HEAD')).status, 403, name);
          const rebound = { host: name, origin: `http://${name}`, 'sec-fetch-site': 'same-origin' };
          assert.equal((await info({ ...headers, ...rebound })).status, 403);
          assert.equal((await login(KEY, rebound)).status, 403);
        }
      });
    }

    it('can be linked to', async () => {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'x-api-key': KEY };
      assert.equal((await get('/monitor', headers)).status, 200);
      assert.equal((await get('/monitor/export', headers)).status, 403);
    });
  });

  it('is closed to addresses that are blocked (SPEC 2.8)', async () => {
    portside.configure({ ...OPEN, authMode: 'off', blockList: ['127.0.0.1'] });
    for (const path of SHOWN) assert.equal((await get(path, {}, 'HEAD')).status, 403, path);
    assert.equal((await login(KEY)).status, 403);
  });

  it('is never recorded, also where it refuses', async () => {
    const before = portside.exchanges.length;
    for (const path of [...SHOWN, '/monitor/nothing', '/monitor/monitor.js.map']) {
      await get(path, {}, 'HEAD');
      await get(path, { host: 'evil.example' });
      await get(path, { 'x-api-key': KEY }, 'HEAD');
      await get(path, { 'x-api-key': KEY }, 'DELETE');
    }
    await login(KEY);
    await login('wrong');
    await info({ 'x-api-key': KEY });
    const asked = await sendSmall(portside.url, 'openai-chat', { headers: { 'x-api-key': KEY } });
    await asked.text();
    await portside.recorded(asked.headers.get('x-request-id')!);
    assert.deepEqual(
      portside.exchanges.slice(before).map(({ path }) => path),
      ['/v1/chat/completions'],
    );
  });

  it('logs no key', async () => {
    await login(KEY);
    await login('sk-canary-0123456789');
    assert.doesNotMatch(portside.logs.join('\n'), /canary|sk-local/);
  });
});
