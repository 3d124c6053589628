/** The local key: modes, header forms, rejections (SPEC 2.1–2.6). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { DIALECT_NAMES, smallRequest } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, accountsOfAll, ownModel, startPortside } from '../../support/start-portside';
import type { SettingsInput, StartedPortside } from '../../support/start-portside';

const KEY = 'sk-0123456789abcdef0123456789abcdef0123456789abcdef';
const WRONG = `${KEY.slice(0, -1)}0`;

type Mode = 'off' | 'strict' | 'all_except_health' | 'auto';
interface Form {
  name: string;
  headers: Record<string, string>;
  query?: string;
  /** Only on Gemini paths. */
  geminiOnly?: boolean;
}
const RIGHT: Form[] = [
  { name: 'Bearer', headers: { authorization: `Bearer ${KEY}` } },
  { name: 'bearer in lower case', headers: { authorization: `bearer ${KEY}` } },
  { name: 'BEARER in upper case', headers: { authorization: `BEARER ${KEY}` } },
  { name: 'Authorization without a scheme', headers: { authorization: KEY } },
  { name: 'x-api-key', headers: { 'x-api-key': KEY } },
  { name: 'x-goog-api-key', headers: { 'x-goog-api-key': KEY } },
  { name: '?key=', headers: {}, query: `key=${KEY}`, geminiOnly: true },
  { name: 'a right key beside a wrong one', headers: { authorization: `Bearer ${WRONG}`, 'x-api-key': KEY } },
  { name: 'a right key beside an empty one', headers: { 'x-api-key': '', authorization: `Bearer ${KEY}` } },
  {
    name: 'all three headers, one right',
    headers: { authorization: 'x', 'x-api-key': 'y', 'x-goog-api-key': KEY },
  },
];
const REJECTED: Form[] = [
  { name: 'no key', headers: {} },
  { name: 'a wrong Bearer', headers: { authorization: `Bearer ${WRONG}` } },
  { name: 'a wrong x-api-key', headers: { 'x-api-key': WRONG } },
  { name: 'a wrong x-goog-api-key', headers: { 'x-goog-api-key': WRONG } },
  { name: 'an empty x-api-key', headers: { 'x-api-key': '' } },
  { name: 'Basic credentials', headers: { authorization: `Basic ${btoa(`user:${KEY}`)}` } },
  { name: 'a prefix of the key', headers: { authorization: `Bearer ${KEY.slice(0, 20)}` } },
  { name: 'the key twice in one', headers: { authorization: `Bearer ${KEY}${KEY}` } },
  { name: 'a wrong ?key=', headers: {}, query: `key=${WRONG}` },
];

describe('auth (SPEC 2)', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
  const settings = (mode: Mode, more: SettingsInput = {}): SettingsInput => ({
    accounts: accountsOfAll(upstream),
    apiKey: KEY,
    authMode: mode,
    ...more,
  });
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside(settings('strict'));
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  const send = (dialect: Dialect, form: Form) => {
    const { path, headers, body } = smallRequest(dialect, ownModel(dialect));
    const query = form.query ? `${path.includes('?') ? '&' : '?'}${form.query}` : '';
    return fetch(portside.url + path + query, {
      method: 'POST',
      headers: { ...headers, ...form.headers },
      body: JSON.stringify(body),
    });
  };

  for (const mode of ['strict', 'all_except_health'] as const)
    describe(`mode ${mode}`, () => {
      before(() => {
        portside.configure(settings(mode));
      });
      for (const dialect of DIALECT_NAMES) {
        for (const form of RIGHT.filter((one) => !one.geminiOnly || dialect === 'gemini'))
          it(`admits ${dialect} with ${form.name}`, async () => {
            const response = await send(dialect, form);
            assert.equal(response.status, 200, await response.text());
          });
        for (const form of REJECTED)
          it(`rejects ${dialect} with ${form.name}, in its own protocol`, async () => {
            const response = await send(dialect, form);
            assert.equal(response.headers.get('www-authenticate'), 'Bearer');
            const error = await assertErrorResponse(dialect, 401, response);
            for (const header of [/Authorization/i, /x-api-key/, /x-goog-api-key/])
              assert.match(error.message, header);
            assert.ok(
              !error.message.includes(WRONG) && !error.message.includes(KEY),
              'the rejection repeats a key',
            );
            assert.equal(upstream.requests.length, 0);
          });
      }

      it("does not take ?key= on paths that are not Gemini's", async () => {
        const response = await send('openai-chat', { name: '', headers: {}, query: `key=${KEY}` });
        assert.equal(response.status, 401);
      });

      it(`${mode === 'strict' ? 'guards' : 'leaves open'} the health check`, async () => {
        assert.equal((await fetch(`${portside.url}/healthz`)).status, mode === 'strict' ? 401 : 200);
        const keyed = await fetch(`${portside.url}/healthz`, { headers: { authorization: `Bearer ${KEY}` } });
        assert.equal(await keyed.text(), '{"status":"ok"}');
      });

      it('guards unknown paths, wrong methods and model lists', async () => {
        for (const path of ['/nothing', '/v1/models', '/v1beta/models', '/v1/chat/completions'])
          assert.equal((await fetch(portside.url + path)).status, 401, path);
      });
    });

  describe('mode off', () => {
    before(() => {
      portside.configure(settings('off'));
    });
    for (const dialect of DIALECT_NAMES)
      for (const form of [...RIGHT, ...REJECTED].filter((one) => !one.geminiOnly || dialect === 'gemini'))
        it(`admits ${dialect} with ${form.name}`, async () => {
          const response = await send(dialect, form);
          assert.equal(response.status, 200, await response.text());
        });
  });

  describe('mode auto', () => {
    it('is off on loopback, and needs the key (except for health) with LAN access', async () => {
      portside.configure(settings('auto'));
      assert.equal(portside.proxy.status().authMode, 'off');
      assert.equal((await send('anthropic', { name: '', headers: {} })).status, 200);
      portside.configure(settings('auto', { allowLanAccess: true }));
      assert.equal(portside.proxy.status().authMode, 'all_except_health');
      assert.equal((await send('anthropic', { name: '', headers: {} })).status, 401);
      assert.equal((await fetch(`${portside.url}/healthz`)).status, 200);
    });
  });

  it('admits nobody with an empty configured key while auth is on', async () => {
    portside.configure(settings('strict', { apiKey: '' }));
    for (const headers of [
      {},
      { 'x-api-key': '' },
      { authorization: 'Bearer ' },
      { authorization: 'Bearer sk-x' },
    ])
      assert.equal(
        (await send('openai-chat', { name: '', headers: headers as Record<string, string> })).status,
        401,
      );
  });

  it('follows a changed key on the next request', async () => {
    portside.configure(settings('strict'));
    assert.equal((await send('openai-chat', RIGHT[0]!)).status, 200);
    portside.configure(settings('strict', { apiKey: 'sk-another-key-entirely' }));
    assert.equal((await send('openai-chat', RIGHT[0]!)).status, 401);
    assert.equal(
      (await send('openai-chat', { name: '', headers: { authorization: 'Bearer sk-another-key-entirely' } }))
        .status,
      200,
    );
  });

  it('has the documented rejection of each protocol', async () => {
    portside.configure(settings('strict'));
    const body = async (dialect: Dialect) =>
      (await (await send(dialect, { name: '', headers: {} })).json()) as Record<
        string,
        Record<string, unknown>
      >;
    for (const dialect of ['openai-chat', 'openai-responses'] as const) {
      const { error } = await body(dialect);
      assert.deepEqual([error?.type, error?.code], ['invalid_request_error', 'invalid_api_key']);
    }
    const anthropic = await body('anthropic');
    assert.equal(anthropic.type, 'error');
    assert.equal(anthropic.error?.type, 'authentication_error');
    const gemini = await body('gemini');
    assert.deepEqual([gemini.error?.code, gemini.error?.status], [401, 'UNAUTHENTICATED']);
  });

  describe('an upstream that refuses its key (SPEC 2.6)', () => {
    for (const dialect of DIALECT_NAMES)
      for (const status of [401, 403])
        it(`answers ${dialect} with 503 for a ${status} when there is no other account, and names it`, async () => {
          portside.configure(
            settings('off', { accounts: [accountAt(upstream, dialect, { label: 'My Key' })] }),
          );
          upstream.behave({ status, message: 'no such key' });
          const response = await send(dialect, { name: '', headers: {} });
          const error = await assertErrorResponse(dialect, 503, response);
          assert.match(error.message, /My Key/);
        });

    it('answers 502 or 503, never 401, when all of several accounts are refused', async () => {
      portside.configure(
        settings('off', {
          accounts: [
            accountAt(upstream, 'anthropic', { id: 'a', key: 'sk-upstream-a' }),
            accountAt(upstream, 'anthropic', { id: 'b', key: 'sk-upstream-b' }),
          ],
        }),
      );
      upstream.behave({ status: 401 });
      const response = await send('anthropic', { name: '', headers: {} });
      assert.ok([502, 503].includes(response.status), String(response.status));
      assert.equal(upstream.generations.length, 2);
    });

    it('asks the next account, and the client sees its answer', async () => {
      portside.configure(
        settings('off', {
          accounts: [
            accountAt(upstream, 'anthropic', { id: 'a', key: 'sk-upstream-c', priority: 1 }),
            accountAt(upstream, 'anthropic', { id: 'b', key: 'sk-upstream-d' }),
          ],
        }),
      );
      upstream.behave({ key: 'sk-upstream-c', status: 401 });
      const response = await send('anthropic', { name: '', headers: {} });
      assert.equal(response.status, 200);
      assert.deepEqual(
        upstream.generations.map((request) => request.key),
        ['sk-upstream-c', 'sk-upstream-d'],
      );
    });
  });
});
