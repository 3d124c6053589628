/** Web pages and foreign addresses (SPEC 2.7, 2.8). */
import assert from 'node:assert/strict';
import { assertErrorBody } from '../../support/check/check-error-body';
import { rawRequest, sendRaw } from '../../support/raw-http';
import { startPortside } from '../../support/start-portside';
import type { SettingsInput, StartedPortside } from '../../support/start-portside';

const DEMO: SettingsInput = { accounts: [{ id: 'demo', provider: 'demo' }] };

describe('the browser guard (SPEC 2.7)', () => {
  let portside: StartedPortside;
  before(async () => {
    portside = await startPortside(DEMO);
  });
  after(() => portside.stop());
  beforeEach(() => {
    portside.configure(DEMO);
  });
  const get = (headers: Record<string, string>, method = 'GET', path = '/healthz') =>
    sendRaw(portside.port, rawRequest(method, path, headers));

  for (const host of [
    '127.0.0.1',
    '127.0.0.1:8045',
    'localhost',
    'LOCALHOST:1',
    '[::1]:8045',
    '127.8.9.1',
    'app.localhost',
  ])
    it(`serves the host ${host}`, async () => {
      assert.equal((await get({ host })).status, 200);
    });

  for (const host of [
    'evil.example',
    'evil.example:8045',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.5',
    '169.254.169.254',
    'portside',
  ])
    it(`refuses the host ${host} with 403`, async () => {
      const response = await get({ host });
      assert.equal(response.status, 403);
      assert.equal(response.headers.has('access-control-allow-origin'), false);
      assertErrorBody('openai-chat', 403, JSON.parse(response.body.toString()));
    });

  it('refuses a foreign host on every route, in the protocol of the path', async () => {
    const anthropic = await get({ host: 'evil.example' }, 'POST', '/v1/messages');
    assert.equal(anthropic.status, 403);
    assertErrorBody('anthropic', 403, JSON.parse(anthropic.body.toString()));
    const gemini = await get({ host: 'evil.example' }, 'POST', '/v1beta/models/m:generateContent');
    assert.equal(gemini.status, 403);
    assertErrorBody('gemini', 403, JSON.parse(gemini.body.toString()));
  });

  it('serves a host from the configured list', async () => {
    portside.configure({ ...DEMO, allowedHosts: ['my-proxy.test'] });
    assert.equal((await get({ host: 'my-proxy.test:8045' })).status, 200);
    assert.equal((await get({ host: 'other.test' })).status, 403);
  });

  it('refuses a request without a host', async () => {
    const response = await sendRaw(portside.port, 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n');
    assert.ok([400, 403].includes(response.status));
  });

  for (const origin of ['https://evil.example', 'http://localhost:3000', 'null', 'vscode-webview://abc'])
    for (const mode of ['off', 'strict'] as const)
      it(`refuses the origin ${origin} with auth ${mode}, without a grant`, async () => {
        portside.configure({ ...DEMO, authMode: mode, apiKey: 'sk-local-key-1234' });
        const response = await get({ origin, authorization: 'Bearer sk-local-key-1234' });
        assert.equal(response.status, 403);
        for (const name of response.headers.keys()) assert.doesNotMatch(name, /^access-control-allow/);
      });

  it('grants an allowed origin, and only that one', async () => {
    portside.configure({ ...DEMO, allowedOrigins: ['https://my.page'] });
    const mine = await get({ origin: 'https://my.page' });
    assert.equal(mine.status, 200);
    assert.equal(mine.headers.get('access-control-allow-origin'), 'https://my.page');
    assert.match(mine.headers.get('vary') ?? '', /origin/i);
    assert.equal((await get({ origin: 'https://other.page' })).status, 403);
  });

  it('answers a preflight of an allowed origin without a key', async () => {
    portside.configure({
      ...DEMO,
      allowedOrigins: ['https://my.page'],
      authMode: 'strict',
      apiKey: 'sk-local-key-1234',
    });
    const response = await get(
      {
        origin: 'https://my.page',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-api-key',
      },
      'OPTIONS',
      '/v1/chat/completions',
    );
    assert.ok([200, 204].includes(response.status), String(response.status));
    assert.equal(response.headers.get('access-control-allow-origin'), 'https://my.page');
    assert.match(response.headers.get('access-control-allow-methods') ?? '', /POST/);
    assert.match(response.headers.get('access-control-allow-headers') ?? '', /authorization|\*/i);
  });

  it('gives a foreign preflight no grant', async () => {
    const response = await get(
      { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      'OPTIONS',
      '/v1/chat/completions',
    );
    assert.equal(response.status, 403);
    assert.equal(response.headers.has('access-control-allow-origin'), false);
  });

  it('answers OPTIONS without an origin, without a key', async () => {
    portside.configure({ ...DEMO, authMode: 'strict', apiKey: 'sk-local-key-1234' });
    const response = await get({}, 'OPTIONS', '/v1/messages');
    assert.ok([200, 204].includes(response.status), String(response.status));
    assert.match(response.headers.get('allow') ?? '', /POST/);
  });

  it("does not mind what Node's fetch sends of itself", async () => {
    assert.equal((await get({ 'sec-fetch-mode': 'cors', 'accept-language': '*' })).status, 200);
  });
});

describe('address lists (SPEC 2.8)', () => {
  let portside: StartedPortside;
  before(async () => {
    portside = await startPortside(DEMO);
  });
  after(() => portside.stop());
  const from = async (address: string, headers: Record<string, string> = {}) =>
    (await sendRaw(portside.port, rawRequest('GET', '/healthz', headers), address)).status;

  const cases: [string, SettingsInput, Record<string, number>][] = [
    ['block one address', { blockList: ['127.0.0.2'] }, { '127.0.0.1': 200, '127.0.0.2': 403 }],
    [
      'block a range',
      { blockList: ['127.0.1.0/24'] },
      { '127.0.0.1': 200, '127.0.1.7': 403, '127.0.2.7': 200 },
    ],
    ['allow a range only', { allowList: ['127.0.1.0/24'] }, { '127.0.0.1': 403, '127.0.1.200': 200 }],
    [
      'block within what is allowed',
      { allowList: ['127.0.0.0/8'], blockList: ['127.0.0.5'] },
      { '127.0.0.1': 200, '127.0.0.5': 403 },
    ],
    [
      'take IPv6 entries beside',
      { allowList: ['::1', 'fe80::/10', '127.0.0.1'] },
      { '127.0.0.1': 200, '127.0.0.2': 403 },
    ],
  ];
  for (const [what, lists, expected] of cases)
    it(`${what}`, async () => {
      portside.configure({ ...DEMO, ...lists });
      for (const [address, status] of Object.entries(expected))
        assert.equal(await from(address), status, address);
    });

  it('are not taken with an unreadable entry', () => {
    for (const list of ['allowList', 'blockList'])
      assert.throws(() => {
        portside.configure({ ...DEMO, [list]: ['10.0.0.0/8', 'not an address'] });
      }, /IPv4 or IPv6 address or a CIDR range/);
  });

  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip'])
    it(`ignore ${header}`, async () => {
      portside.configure({ ...DEMO, allowList: ['127.0.1.0/24'] });
      assert.equal(
        await from('127.0.0.1', { [header]: header === 'forwarded' ? 'for=127.0.1.9' : '127.0.1.9' }),
        403,
      );
      portside.configure({ ...DEMO, blockList: ['127.0.1.0/24'] });
      assert.equal(await from('127.0.0.1', { [header]: '127.0.1.9' }), 200);
    });
});
