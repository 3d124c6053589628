/** Who may ask is decided anew with the very next request (SPEC 1.8, 2). */
import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import WebSocket from 'ws';
import { rawRequest, sendRaw } from '../../support/raw-http';
import type { SettingsInput } from '../../support/start-portside';
import { withThreeAccounts } from '../../support/three-accounts';

const LOCAL = 'sk-local-key-1234';

describe('settings of who may ask act live (SPEC 1.8)', () => {
  const live = withThreeAccounts();
  const { a } = live;

  it('authMode', async () => {
    await live.start({ accounts: [a()], apiKey: LOCAL });
    assert.equal(await live.status(), 200);
    live.portside.configure({ accounts: [a()], apiKey: LOCAL, authMode: 'strict' });
    assert.equal(await live.status(), 401);
    assert.equal(live.portside.proxy.status().authMode, 'strict');
    assert.equal((await fetch(`${live.portside.url}/healthz`)).status, 401);
    live.portside.configure({ accounts: [a()], apiKey: LOCAL, authMode: 'all_except_health' });
    assert.equal((await fetch(`${live.portside.url}/healthz`)).status, 200);
    assert.equal(await live.status(), 401);
    live.portside.configure({ accounts: [a()], apiKey: LOCAL, authMode: 'off' });
    assert.equal(await live.status(), 200);
  });

  it('apiKey, also on a connection that the old one had opened', async () => {
    const strict = (apiKey: string): SettingsInput => ({ accounts: [a()], authMode: 'strict', apiKey });
    const other = 'sk-other-local-key';
    await live.start(strict(LOCAL));
    const headers = { 'x-api-key': LOCAL };
    assert.equal(await live.status({ headers }), 200);
    live.portside.configure(strict(other));
    assert.equal(await live.status({ headers }), 401);
    assert.equal(await live.status({ headers: { authorization: `Bearer ${other}` } }), 200);
  });

  it('clientKeys: added, their models, taken away', async () => {
    const strict = (clientKeys: SettingsInput['clientKeys'] = []): SettingsInput => ({
      accounts: [a()],
      authMode: 'strict',
      apiKey: LOCAL,
      clientKeys,
    });
    const headers = { 'x-api-key': 'sk-key-of-a-client' };
    const key = { name: 'Laptop', key: 'sk-key-of-a-client' };
    await live.start(strict());
    assert.equal(await live.status({ headers }), 401);
    live.portside.configure(strict([key]));
    const response = await live.send({ headers });
    assert.equal(response.status, 200, await response.text());
    assert.equal((await live.recordOf(response)).clientKey, 'Laptop');
    live.portside.configure(strict([{ ...key, models: ['claude-*'] }]));
    assert.equal(await live.status({ headers, model: 'claude-sonnet-4-5' }), 200);
    assert.notEqual(await live.status({ headers, model: 'gpt-5' }), 200);
    live.portside.configure(strict([{ ...key, expires: new Date(live.clock.time - 1).toISOString() }]));
    assert.notEqual(await live.status({ headers }), 200);
    live.portside.configure(strict([{ ...key, requestsPerMinute: 1 }]));
    await live.status({ headers });
    assert.equal(await live.status({ headers }), 429);
    live.portside.configure(strict([key]));
    assert.equal(await live.status({ headers }), 200);
    live.portside.configure(strict());
    assert.equal(await live.status({ headers }), 401);
    assert.equal(await live.status({ headers: { 'x-api-key': LOCAL } }), 200);
  });

  const raw = async (headers: Record<string, string>) =>
    (await sendRaw(live.portside.port, rawRequest('GET', '/healthz', headers))).status;

  it('allowedHosts and allowedOrigins', async () => {
    await live.start({ accounts: [a()] });
    const host = { host: 'portside.example' };
    const origin = { origin: 'https://app.example' };
    assert.deepEqual([await raw(host), await raw(origin)], [403, 403]);
    live.portside.configure({ accounts: [a()], allowedHosts: ['portside.example'] });
    assert.deepEqual([await raw(host), await raw(origin)], [200, 403]);
    live.portside.configure({ accounts: [a()], allowedOrigins: ['https://app.example'] });
    assert.deepEqual([await raw(host), await raw(origin)], [403, 200]);
  });

  it('allowList and blockList, also on a connection that was let in', async () => {
    await live.start({ accounts: [a()] });
    assert.equal(await live.status(), 200);
    live.portside.configure({ accounts: [a()], blockList: ['127.0.0.0/8'] });
    assert.equal(await live.status(), 403);
    live.portside.configure({ accounts: [a()], allowList: ['10.0.0.0/8'] });
    assert.equal(await live.status(), 403);
    live.portside.configure({ accounts: [a()], allowList: ['127.0.0.1'] });
    assert.equal(await live.status(), 200);
  });

  it('bodyLimitMiB', async () => {
    await live.start({ accounts: [a()] });
    assert.equal(await live.status(), 200);
    live.portside.configure({ accounts: [a()], bodyLimitMiB: 0.00005 });
    assert.equal(await live.status(), 413);
    live.portside.configure({ accounts: [a()] });
    assert.equal(await live.status(), 200);
  });

  it('responsesWebSocket', async () => {
    const upgrade = () =>
      new Promise<number>((resolve, reject) => {
        const socket = new WebSocket(`${live.portside.url.replace('http', 'ws')}/v1/responses`);
        socket.on('open', () => {
          socket.close();
          resolve(101);
        });
        socket.on('unexpected-response', (_request, response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        socket.on('error', reject);
      });
    await live.start({ accounts: [a()] });
    assert.equal(await upgrade(), 101);
    live.portside.configure({ accounts: [a()], responsesWebSocket: false });
    assert.equal(await upgrade(), 426);
    live.portside.configure({ accounts: [a()] });
    assert.equal(await upgrade(), 101);
  });

  it('a turn of a WebSocket session that is open is judged anew', async () => {
    const strict = (apiKey: string): SettingsInput => ({ accounts: [a()], authMode: 'strict', apiKey });
    await live.start(strict(LOCAL));
    const socket = new WebSocket(`${live.portside.url.replace('http', 'ws')}/v1/responses`, {
      headers: { authorization: `Bearer ${LOCAL}` },
    });
    await once(socket, 'open');
    /** The type of the frame that ends a turn. */
    const turn = async () => {
      const frames = on(socket, 'message') as AsyncIterableIterator<[Buffer]>;
      socket.send(JSON.stringify({ type: 'response.create', model: 'm', input: 'Hi' }));
      for await (const [data] of frames) {
        const { type } = JSON.parse(data.toString()) as { type: string };
        if (type === 'error' || type === 'response.completed') return type;
      }
      return 'nothing';
    };
    assert.equal(await turn(), 'response.completed');
    live.portside.configure(strict('sk-other-local-key'));
    assert.deepEqual([await turn(), live.upstream.generations.length], ['error', 1]);
    live.portside.configure(strict(LOCAL));
    assert.equal(await turn(), 'response.completed');
    socket.close();
    await once(socket, 'close');
  });
});
