/** Several accounts: whose turn it is, and who takes over (SPEC 4.10, 5.6, 5.6a, 5.7). */
import assert from 'node:assert/strict';
import type { Behaviour } from '../support/upstream/behaviour';
import { assertErrorResponse } from '../support/check/check-error-body';
import { checkStream, DIALECT_NAMES, sendSmall } from '../support/dialect-requests';
import { startScriptedUpstream } from '../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

const A = 'sk-upstream-key-a';
const B = 'sk-upstream-key-b';

describe('failover (SPEC 5.6)', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());
  const keys = () => upstream.generations.map((request) => request.key);

  /** What goes wrong with A before the first byte reached the client. */
  const TROUBLE: [string, Behaviour][] = [
    ['a 429', { status: 429 }],
    ['a 429 with Retry-After', { status: 429, headers: { 'retry-after': '3600' } }],
    ['a 529', { status: 529 }],
    ['a 500', { status: 500 }],
    ['a 503', { status: 503 }],
    ['a 401', { status: 401 }],
    ['a 403', { status: 403 }],
    ['a reset before headers', { fault: 'reset-before-headers' }],
    ['a reset amid headers', { fault: 'reset-mid-headers' }],
    ['no HTTP', { fault: 'no-http' }],
    ['a redirect', { fault: 'redirect' }],
    ['an empty 200', { fault: 'empty' }],
  ];

  for (const dialect of DIALECT_NAMES)
    describe(dialect, () => {
      beforeEach(async () => {
        portside = await startPortside({
          accounts: [
            accountAt(upstream, dialect, { id: 'a', key: A, priority: 1, label: 'First' }),
            accountAt(upstream, dialect, { id: 'b', key: B, label: 'Second' }),
          ],
        });
      });

      for (const stream of [false, true])
        for (const [what, behaviour] of TROUBLE)
          it(`takes the next account after ${what}${stream ? ', streaming' : ''}`, async () => {
            upstream.behave({ ...behaviour, key: A });
            const response = await sendSmall(portside.url, dialect, { stream });
            const text = await response.text();
            assert.equal(response.status, 200, text);
            assert.match(text, /Hello/);
            assert.equal(response.headers.get('x-portside-account'), 'Second');
            assert.equal(keys().at(-1), B);
            const record = await portside.recorded(response.headers.get('x-request-id')!);
            assert.ok(record.attempts.length >= 2);
            assert.ok(record.attempts[0]?.reason, 'the failed attempt says why');
            assert.equal(record.account, 'Second');
          });

      it('takes the next account after an error as the first event of a 200 (SPEC 5.6a)', async () => {
        upstream.behave({ key: A, fault: 'error-event-first' });
        const response = await sendSmall(portside.url, dialect, { stream: true });
        const reading = checkStream(dialect, await response.text());
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.error, undefined);
        assert.equal(reading.text, 'Hello from upstream');
        assert.deepEqual(keys(), [A, B]);
      });

      it('does not take another account once the client has seen something', async () => {
        upstream.behave({ key: A, fault: 'reset-mid-body' });
        const response = await sendSmall(portside.url, dialect, { stream: true });
        const reading = checkStream(dialect, await response.text());
        assert.ok(reading.error);
        assert.deepEqual(keys(), [A]);
      });

      it('does not ask others what belongs to the request (SPEC 5.7)', async () => {
        for (const status of [400, 413, 422]) {
          upstream.reset();
          upstream.behave({ key: A, status });
          const response = await sendSmall(portside.url, dialect);
          await assertErrorResponse(dialect, status, response);
          assert.deepEqual(keys(), [A]);
          assert.ok(portside.proxy.status().accounts.every((account) => account.state === 'healthy'));
        }
      });

      it('rests an account that is limited, and says so', async () => {
        upstream.fail({ key: A, status: 429, headers: { 'retry-after': '120' } });
        await (await sendSmall(portside.url, dialect)).text();
        await (await sendSmall(portside.url, dialect)).text();
        assert.deepEqual(keys(), [A, B, B]);
        const first = portside.proxy.status().accounts.find((account) => account.id === 'a');
        const rest = first?.models?.[0] ?? first;
        assert.equal(rest?.state, 'cooling');
        assert.ok(rest.reason);
        assert.ok(rest.until);
      });

      it('gives the client the last true status and Retry-After when all are exhausted', async () => {
        upstream.behave({ status: 429, headers: { 'retry-after': '34' } });
        const response = await sendSmall(portside.url, dialect);
        assert.equal(response.headers.get('retry-after'), '34');
        await assertErrorResponse(dialect, 429, response);
        assert.deepEqual(keys(), [A, B]);
      });
    });

  it('takes turns', async () => {
    portside = await startPortside({
      scheduling: 'balance',
      accounts: [
        accountAt(upstream, 'openai-chat', { id: 'a', key: A }),
        accountAt(upstream, 'openai-chat', { id: 'b', key: B }),
      ],
    });
    for (let count = 0; count < 6; count++) await (await sendSmall(portside.url, 'openai-chat')).text();
    assert.deepEqual(keys().sort(), [A, A, A, B, B, B]);
  });

  it('takes over across protocols', async () => {
    portside = await startPortside({
      accounts: [
        accountAt(upstream, 'anthropic', { key: A, priority: 1 }),
        accountAt(upstream, 'gemini', { key: B }),
      ],
    });
    upstream.behave({ key: A, status: 529 });
    for (const stream of [false, true]) {
      const response = await sendSmall(portside.url, 'anthropic', { stream });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      assert.match(text, /Hello/);
    }
    assert.equal(keys().at(-1), B);
  });

  it('follows a route that is a fallback chain', async () => {
    portside = await startPortside({
      accounts: [
        accountAt(upstream, 'gemini', { key: A }),
        accountAt(upstream, 'openai-chat', { id: 'local', key: B }),
      ],
      routes: { fast: ['gemini/gemini-3-flash', 'local/qwen3'] },
    });
    upstream.behave({ key: A, status: 503 });
    const response = await sendSmall(portside.url, 'anthropic', { model: 'fast' });
    assert.equal(response.status, 200, await response.text());
    assert.deepEqual(keys(), [A, B]);
    assert.match(upstream.generations[0]!.url, /gemini-3-flash/);
    assert.equal(upstream.generations[1]!.json.model, 'qwen3');
    assert.equal(response.headers.get('x-portside-model'), 'qwen3');
  });

  it('answers an upstream that is not there with 502 and its label', async () => {
    portside = await startPortside({
      accounts: [
        { id: 'gone', label: 'Gone', provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1' },
      ],
    });
    const error = await assertErrorResponse('anthropic', 502, await sendSmall(portside.url, 'anthropic'));
    assert.match(error.message, /Gone/);
    assert.match(error.message, /refused/);
  });

  it('answers an upstream that says nothing with 504', async () => {
    portside = await startPortside({
      accounts: [accountAt(upstream, 'gemini')],
      timeouts: { firstByteMs: 100 },
    });
    upstream.behave({ fault: 'hang' });
    await assertErrorResponse(
      'openai-chat',
      504,
      await sendSmall(portside.url, 'openai-chat', { stream: true }),
    );
    await upstream.generations[0]!.closed;
  });

  it('ends a stream that falls silent with an error event', async () => {
    portside = await startPortside({
      accounts: [accountAt(upstream, 'anthropic')],
      timeouts: { idleMs: 100 },
    });
    upstream.behave({ fault: 'hang-mid-body' });
    const response = await sendSmall(portside.url, 'anthropic', { stream: true });
    const reading = checkStream('anthropic', await response.text());
    assert.deepEqual(reading.complaints, []);
    assert.match(reading.error ?? '', /silent/);
  });

  it('keeps a poisoned request from cooling the pool for others', async () => {
    portside = await startPortside({
      accounts: Array.from({ length: 7 }, (_, index) =>
        accountAt(upstream, 'anthropic', { id: `k${index}`, key: `sk-upstream-key-${index}` }),
      ),
    });
    upstream.fail({ status: 400, message: 'poison', times: 20 });
    for (let count = 0; count < 5; count++) await (await sendSmall(portside.url, 'anthropic')).text();
    upstream.reset();
    assert.equal((await sendSmall(portside.url, 'anthropic')).status, 200);
    assert.ok(portside.proxy.status().accounts.every((account) => account.state === 'healthy'));
  });
});
