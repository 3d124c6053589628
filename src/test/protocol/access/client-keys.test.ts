/** Keys of the user's own for one client each: who may ask, for what, how often, and what it came to (SPEC 2.10). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { DIALECT_NAMES, sendSmall, smallRequest } from '../../support/dialect-requests';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import {
  accountsOfAll,
  ownModel,
  startPortside,
  type SettingsInput,
  type StartedPortside,
} from '../../support/start-portside';

const LOCAL = 'sk-local-0123456789';
const LAPTOP = 'sk-laptop-0123456789';
const ROBOT = 'sk-robot-0123456789';
type ClientKeyInput = NonNullable<SettingsInput['clientKeys']>[number];

describe('client keys (SPEC 2.10)', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  const settings = (laptop: Partial<ClientKeyInput> = {}, more: SettingsInput = {}): SettingsInput => ({
    accounts: accountsOfAll(upstream),
    apiKey: LOCAL,
    authMode: 'strict',
    clientKeys: [
      { name: 'my laptop', key: LAPTOP, ...laptop },
      { name: 'robot', key: ROBOT },
    ],
    ...more,
  });
  const configure = (laptop?: Partial<ClientKeyInput>, more?: SettingsInput) => {
    portside.configure(settings(laptop, more));
  };
  const send = (dialect: Dialect, key = LAPTOP, model = ownModel(dialect), stream = false) =>
    sendSmall(portside.url, dialect, { model, stream, headers: { 'x-api-key': key } });
  const ok = async (response: Response) => {
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return text;
  };
  const recordOf = async (response: Response) => {
    await response.text().catch(() => '');
    return portside.recorded(response.headers.get('x-request-id')!);
  };
  const usage = (name = 'my laptop') =>
    portside.proxy.status().clientKeys?.find((each) => each.name === name);

  before(async () => {
    upstream = await startScriptedUpstream();
  });
  beforeEach(async () => {
    portside = await startPortside(settings());
  });
  afterEach(async () => {
    await portside.stop();
    upstream.reset();
  });
  after(() => upstream.close());

  for (const dialect of DIALECT_NAMES) {
    it(`admit and are named in the record: ${dialect}`, async () => {
      const record = await recordOf(await send(dialect));
      assert.equal(record.status, 200);
      assert.equal(record.clientKey, 'my laptop');
      assert.equal((await recordOf(await send(dialect, LOCAL))).clientKey, undefined);
      assert.equal((await send(dialect, `${LAPTOP}0`)).status, 401);
    });

    it(`never go upstream: ${dialect}`, async () => {
      await ok(await send(dialect));
      assert.ok(
        !JSON.stringify(upstream.requests.map(({ rawHeaders, url }) => [rawHeaders, url])).includes(LAPTOP),
      );
    });

    it(`that have expired are refused with 401 that says so: ${dialect}`, async () => {
      configure({ expires: '2026-01-01' });
      const response = await send(dialect);
      const message = (await assertErrorResponse(dialect, 401, response)).message;
      assert.match(message, /"my laptop" expired \(2026-01-01\)/);
      assert.equal((await ok(await send(dialect, ROBOT))).length > 0, true);
    });

    it(`are for their models only: ${dialect}`, async () => {
      configure({ models: [`${ownModel(dialect)}`, 'free-*'] });
      await ok(await send(dialect));
      const message = (await assertErrorResponse(dialect, 403, await send(dialect, LAPTOP, 'other-model')))
        .message;
      assert.match(message, /"my laptop".*"other-model"/);
      assert.equal(upstream.generations.length, 1);
      await ok(await send(dialect, LAPTOP, 'free-model', true));
      await ok(await send(dialect, LOCAL, 'other-model'));
    });

    it(`have their requests per minute: ${dialect}`, async () => {
      configure({ requestsPerMinute: 2 });
      await ok(await send(dialect));
      await ok(await send(dialect, LAPTOP, undefined, true));
      const response = await send(dialect);
      const wait = Number(response.headers.get('retry-after'));
      assert.ok(wait >= 50 && wait <= 60, `retry-after ${wait}`);
      assert.match((await assertErrorResponse(dialect, 429, response)).message, /"my laptop"/);
      assert.equal(upstream.generations.length, 2);
      await ok(await send(dialect, ROBOT));
      await ok(await send(dialect, LOCAL));
    });
  }

  it('count neither lists nor counts of tokens nor health as requests', async () => {
    configure({ requestsPerMinute: 1 });
    const headers = { 'x-api-key': LAPTOP, 'content-type': 'application/json' };
    for (let count = 0; count < 3; count++) {
      assert.equal((await fetch(`${portside.url}/v1/models`, { headers })).status, 200);
      assert.equal((await fetch(`${portside.url}/healthz`, { headers })).status, 200);
      const { path, body } = smallRequest('anthropic', ownModel('anthropic'));
      const counted = await fetch(`${portside.url}${path}/count_tokens`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      assert.equal(counted.status, 200);
    }
    await ok(await send('anthropic'));
    assert.equal((await send('anthropic')).status, 429);
  });

  const aside: [path: string, body: object][] = [
    ['/v1/embeddings', { input: 'x' }],
    ['/v1/completions', { prompt: 'x' }],
    ['/v1/images/generations', { prompt: 'x' }],
    ['/v1/responses/compact', { input: 'x' }],
    ['/v1beta/models/MODEL:embedContent', { content: { parts: [{ text: 'x' }] } }],
    ['/v1/messages/count_tokens', { messages: [{ role: 'user', content: 'x' }] }],
  ];
  for (const [path, body] of aside)
    it(`hold at ${path}, too`, async () => {
      configure({ models: ['mine'], requestsPerMinute: 1 });
      const post = (model: string) =>
        fetch(portside.url + path.replace('MODEL', model), {
          method: 'POST',
          headers: { 'x-api-key': LAPTOP, 'content-type': 'application/json' },
          body: JSON.stringify(path.includes('MODEL') ? body : { ...body, model }),
        });
      const refused = await post('yours');
      assert.equal(refused.status, 403, await refused.text());
      assert.equal((await post('mine')).status === 429, !path.endsWith('count_tokens'));
    });

  it('with a list of models want a form to name one', async () => {
    configure({ models: ['mine'] });
    const form = new FormData();
    form.append('file', new Blob(['x']), 'a.wav');
    const post = async () =>
      fetch(`${portside.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: { 'x-api-key': LAPTOP },
        body: form,
      });
    assert.equal((await post()).status, 403);
    form.append('model', 'yours');
    assert.equal((await post()).status, 403);
  });

  it('see the models that they may ask for, in every list', async () => {
    configure({ models: ['own-a*', 'own-gemini'] });
    const ids = async (path: string, headers: Record<string, string>) => {
      const body = (await (await fetch(portside.url + path, { headers })).json()) as {
        data?: { id: string }[];
        models?: { name: string }[];
      };
      return (body.data?.map(({ id }) => id) ?? body.models?.map(({ name }) => name) ?? []).sort();
    };
    assert.deepEqual(await ids('/v1/models', { 'x-api-key': LAPTOP }), ['own-anthropic', 'own-gemini']);
    assert.deepEqual(await ids('/v1/models', { 'x-api-key': LAPTOP, 'anthropic-version': '2023-06-01' }), [
      'own-anthropic',
      'own-gemini',
    ]);
    assert.deepEqual(await ids('/v1beta/models', { 'x-goog-api-key': LAPTOP }), [
      'models/own-anthropic',
      'models/own-gemini',
    ]);
    assert.ok((await ids('/v1/models', { 'x-api-key': LOCAL })).length > 2);
    const one = (id: string) =>
      fetch(`${portside.url}/v1/models/${id}`, { headers: { 'x-api-key': LAPTOP } });
    assert.equal((await one('own-gemini')).status, 200);
    assert.equal((await one('own-openai-chat')).status, 404);
  });

  it('are attributed and limited with auth off, while others need none', async () => {
    configure({ requestsPerMinute: 1 }, { authMode: 'off' });
    assert.equal((await recordOf(await send('anthropic'))).clientKey, 'my laptop');
    assert.equal((await send('anthropic')).status, 429);
    assert.equal((await recordOf(await send('anthropic', 'unknown'))).clientKey, undefined);
    const bare = await sendSmall(portside.url, 'anthropic', { model: ownModel('anthropic') });
    assert.equal((await recordOf(bare)).status, 200);
    configure({ expires: '2026-01-01' }, { authMode: 'off' });
    assert.equal((await send('anthropic')).status, 401);
  });

  it('give way to the local key beside them', async () => {
    configure({ requestsPerMinute: 1, expires: '2026-01-01' });
    for (let count = 0; count < 3; count++) {
      const response = await sendSmall(portside.url, 'anthropic', {
        model: ownModel('anthropic'),
        headers: { 'x-api-key': LAPTOP, authorization: `Bearer ${LOCAL}` },
      });
      assert.equal((await recordOf(response)).clientKey, undefined);
      assert.equal(response.status, 200);
    }
  });

  describe('on one connection', () => {
    let agent: Agent;
    beforeEach(() => {
      agent = new Agent({ keepAlive: true, maxSockets: 1 });
    });
    afterEach(() => {
      agent.destroy();
    });
    const sockets = new Set<unknown>();
    const post = (key: string, second?: string) =>
      new Promise<number>((resolve, reject) => {
        const { path, headers, body } = smallRequest('anthropic', ownModel('anthropic'));
        const text = JSON.stringify(body);
        const call = request(
          portside.url + path,
          {
            agent,
            method: 'POST',
            headers: {
              ...headers,
              'x-api-key': key,
              'content-length': Buffer.byteLength(text),
              ...(second && { 'x-goog-api-key': second }),
            },
          },
          (response) => {
            sockets.add(response.socket);
            response.resume().on('end', () => resolve(response.statusCode ?? 0));
          },
        );
        call.on('error', reject);
        call.end(text);
      });

    for (const authMode of ['strict', 'off'] as const)
      it(`are held to limit, expiry and changes at every request, with auth ${authMode}`, async () => {
        sockets.clear();
        configure({ requestsPerMinute: 2 }, { authMode });
        assert.deepEqual([await post(LAPTOP), await post(LAPTOP), await post(LAPTOP)], [200, 200, 429]);
        assert.equal(await post(ROBOT), 200);
        assert.equal(await post(LAPTOP), 429);
        configure({ requestsPerMinute: 3 }, { authMode });
        assert.deepEqual([await post(LAPTOP), await post(LAPTOP)], [200, 429]);
        const soon = new Date(Date.now() + 300).toISOString();
        configure({ expires: soon }, { authMode });
        assert.equal(await post(LAPTOP), 200);
        while (Date.now() < Date.parse(soon)) await new Promise((resolve) => setTimeout(resolve, 10));
        assert.equal(await post(LAPTOP), 401);
        const then = new Date(Date.now() + 300).toISOString();
        configure({ expires: then }, { authMode });
        assert.equal(await post(LAPTOP, ROBOT), 200);
        while (Date.now() < Date.parse(then)) await new Promise((resolve) => setTimeout(resolve, 10));
        assert.equal(await post(LAPTOP, ROBOT), 200);
        configure({ models: ['none'] }, { authMode });
        assert.equal(await post(LAPTOP), 403);
        portside.configure({ ...settings(), clientKeys: [], authMode });
        assert.equal(await post(LAPTOP), authMode === 'off' ? 200 : 401);
        assert.ok(sockets.size <= 5, `${sockets.size} connections`);
      });
  });

  it('count every turn of a WebSocket', async () => {
    configure({ requestsPerMinute: 2, models: [ownModel('openai-responses')] });
    const socket = new WebSocket(`${portside.url.replace('http', 'ws')}/v1/responses`, {
      headers: { authorization: `Bearer ${LAPTOP}` },
    });
    const ends: (number | undefined)[] = [];
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString()) as { type: string; status?: number; headers?: object };
      if (event.type === 'response.completed') ends.push(200);
      if (event.type !== 'error') return;
      if (event.status === 429) assert.ok(event.headers && 'retry-after' in event.headers);
      ends.push(event.status);
    });
    await once(socket, 'open');
    const turn = async (model = ownModel('openai-responses')) => {
      socket.send(JSON.stringify({ type: 'response.create', model, input: 'Hi' }));
      while (ends.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return ends.shift();
    };
    assert.equal(await turn(), 200);
    assert.equal(await turn('another'), 403);
    assert.equal(await turn(), 429);
    socket.close();
    await once(socket, 'close');
    assert.equal(usage()?.requests, 3);
    assert.equal(usage()?.refused, 2);
  });

  describe('are accounted for', () => {
    it('by requests, refusals and tokens, each by itself', async () => {
      configure({ models: [ownModel('anthropic'), ownModel('gemini')] });
      assert.deepEqual(usage(), {
        name: 'my laptop',
        requests: 0,
        refused: 0,
        inputTokens: 0,
        outputTokens: 0,
      });
      const begun = Date.now();
      const records = [
        await recordOf(await send('anthropic')),
        await recordOf(await send('anthropic', LAPTOP, ownModel('anthropic'), true)),
        await recordOf(await send('gemini')),
      ];
      await recordOf(await send('gemini', LAPTOP, 'another'));
      await recordOf(await send('gemini', LOCAL));
      const sum = (of: 'inputTokens' | 'outputTokens') =>
        records.reduce((total, { usage: used }) => total + (used?.[of] ?? 0), 0);
      assert.ok(sum('outputTokens') > 0);
      const { lastUsed, ...rest } = usage()!;
      assert.ok(lastUsed! >= begun);
      assert.deepEqual(rest, {
        name: 'my laptop',
        requests: 4,
        refused: 1,
        inputTokens: sum('inputTokens'),
        outputTokens: sum('outputTokens'),
      });
      assert.equal(usage('robot')?.requests, 0);
    });

    it('across changes of the settings, until the key is gone', async () => {
      await recordOf(await send('anthropic'));
      configure({ requestsPerMinute: 5 });
      assert.equal(usage()?.requests, 1);
      portside.configure({ ...settings(), clientKeys: [{ name: 'robot', key: ROBOT }] });
      assert.equal(usage(), undefined);
      portside.configure({ ...settings(), clientKeys: [] });
      assert.equal(portside.proxy.status().clientKeys, undefined);
    });
  });
});
