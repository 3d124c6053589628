/** Trouble after the client has seen a part of the answer: an error event, last, and nobody else is asked (SPEC 4.10; CASES 10, 11). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { isObject } from '../../../shared/json';
import type { JsonObject } from '../../../shared/json';
import { readGeminiEvents } from '../../support/check/check-gemini-stream';
import { readEvents } from '../../support/read-events';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, accountsOfAll, ownModel, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { ask, PAIRS, read, RICH, TRANSLATED } from './pairs';
import type { Pair } from './pairs';

/** What each provider calls it. */
const LIMITED: Record<Dialect, string> = {
  'openai-chat': 'rate_limit_exceeded',
  'openai-responses': 'rate_limit_exceeded',
  anthropic: 'rate_limit_error',
  gemini: 'RESOURCE_EXHAUSTED',
};
const OVERLOADED: Record<Dialect, string> = {
  'openai-chat': 'server_is_overloaded',
  'openai-responses': 'server_is_overloaded',
  anthropic: 'overloaded_error',
  gemini: 'UNAVAILABLE',
};

/** The error that ended a stream: the inner object of its last event. */
function lastError(client: Dialect, text: string): JsonObject {
  const events = client === 'gemini' ? readGeminiEvents(text) : readEvents(text);
  const data: unknown = JSON.parse(events.at(-1)!.data);
  assert.ok(isObject(data), text.slice(-300));
  const holder = isObject(data.response) ? data.response : data;
  // Responses' own `error` event has its members at the top.
  if (!isObject(holder.error) && data.type === 'error') return data;
  assert.ok(isObject(holder.error), text.slice(-300));
  return holder.error;
}

describe('trouble in the middle of a stream', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  let impatient: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
    // A second account could take over everything: it must not be asked.
    const accounts = [
      ...accountsOfAll(upstream).map((account) => ({ ...account, priority: 1 })),
      ...PAIRS.filter(({ same }) => same).map(({ account }) =>
        accountAt(upstream, account, { id: `other-${account}`, models: [ownModel(account)] }),
      ),
    ];
    portside = await startPortside({ accounts });
    impatient = await startPortside({ accounts, timeouts: { idleMs: 200 } });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await impatient.stop();
    await upstream.close();
  });

  /** Asks, and expects the beginning of the answer and then an error. */
  async function broken(pair: Pair, words: RegExp, through = portside, array = false): Promise<JsonObject> {
    const response = await ask(through.url, pair, { array });
    assert.equal(response.status, 200);
    const text = await response.text();
    const reading = read(pair.client, text);
    assert.deepEqual(
      // A call may have been cut in its arguments.
      reading.complaints.filter((one) => !/are no JSON|finish_reason$/.test(one)),
      [],
      text,
    );
    assert.match(reading.error ?? '', words, text);
    assert.ok(reading.reasoning.length + reading.text.length > 0, 'the beginning has arrived');
    assert.ok(RICH.reasoning!.startsWith(reading.reasoning), reading.reasoning);
    assert.ok(RICH.text!.startsWith(reading.text), reading.text);
    assert.doesNotMatch(text, /\[DONE\]|message_stop|response\.completed|"finishReason":"STOP"/);
    assert.equal(upstream.generations.length, 1, 'nobody else is asked');
    const record = await through.recorded(response.headers.get('x-request-id')!);
    assert.equal(record.outcome, 'failed');
    assert.match(record.error ?? '', words);
    assert.equal(record.attempts.length, 1);
    return lastError(pair.client, text);
  }

  for (const pair of PAIRS)
    describe(pair.name, () => {
      it('ends with an error when the upstream ends before its last word', async () => {
        upstream.behave({ answer: RICH, fault: 'cut-mid-stream' });
        await broken(pair, /before (its answer|it) was complete/);
      });

      it('ends with an error when the upstream ends within an event', async () => {
        upstream.behave({ answer: RICH });
        const whole = await (await ask(upstream.url, { ...pair, client: pair.account })).text();
        const half = whole.slice(0, whole.indexOf('\n\n', whole.length >> 1) + 2);
        const next = whole.slice(half.length, half.length + 90);
        for (const part of ['da', 'data: {"', next]) {
          upstream.reset();
          upstream.behave({ body: half + part, headers: { 'content-type': 'text/event-stream' } });
          await broken(
            pair,
            /before (its answer|it) was complete|not (JSON|an object|a chat completion chunk)/,
          );
        }
      });

      it('ends with an error when the connection breaks', async () => {
        upstream.behave({ answer: RICH, fault: 'reset-mid-body' });
        await broken(pair, /closed the connection/);
      });

      it('ends with an error when a page comes instead of the rest', async () => {
        upstream.behave({ answer: RICH, fault: 'cut-mid-stream' });
        const half = await (await ask(upstream.url, { ...pair, client: pair.account })).text();
        upstream.reset();
        upstream.behave({
          body: `${half}<html><body>502 Bad Gateway</body></html>`,
          headers: { 'content-type': 'text/event-stream' },
        });
        await broken(pair, /before (its answer|it) was complete/);
      });

      it('ends with an error when the upstream falls silent', async () => {
        upstream.behave({ answer: RICH, fault: 'hang-mid-body' });
        await broken(pair, /silent in the middle/, impatient);
        await upstream.generations[0]!.closed;
        assert.equal(upstream.generations[0]!.aborted, true);
      });

      for (const [what, status, words] of [
        ['a limit', 429, LIMITED],
        ['an overload', 529, OVERLOADED],
      ] as const)
        it(`keeps message and code of ${what} that the upstream tells of`, async () => {
          upstream.behave({
            answer: RICH,
            fault: 'error-event-mid',
            faultStatus: status,
            message: 'no more of "this"',
          });
          const error = await broken(pair, /no more of "this"/);
          const said = JSON.stringify(error);
          if (pair.client === 'anthropic') {
            assert.equal(error.type, status === 429 ? 'rate_limit_error' : 'overloaded_error');
          } else {
            // Clients of OpenAI's APIs act on its codes and know no others.
            const code = words[pair.client.startsWith('openai') ? pair.client : pair.account];
            assert.ok(said.includes(`"${code}"`), said);
          }
          if (pair.client === 'gemini') {
            if (status === 429) assert.equal(error.code, 429);
            else assert.ok(error.code === 503 || error.code === 529, said);
            assert.equal(error.status, status === 429 ? 'RESOURCE_EXHAUSTED' : 'UNAVAILABLE');
          }
        });
    });

  for (const pair of TRANSLATED)
    it(`ends with an error at an event that is no JSON: ${pair.name}`, async () => {
      upstream.behave({ answer: RICH });
      const whole = await (await ask(upstream.url, { ...pair, client: pair.account })).text();
      upstream.reset();
      const events = whole.split('\n\n');
      const at = events.length >> 1;
      const body = [...events.slice(0, at), 'data: {"half', ...events.slice(at)].join('\n\n');
      upstream.behave({ body, headers: { 'content-type': 'text/event-stream' } });
      await broken(pair, /not (JSON|an object|a chat completion chunk)/);
    });

  for (const account of ['openai-chat', 'openai-responses', 'anthropic'] as const)
    it(`ends a JSON array with an error, and closes it, from ${account}`, async () => {
      const pair = { client: 'gemini', account, name: '', same: false } as const;
      for (const fault of ['cut-mid-stream', 'reset-mid-body'] as const) {
        upstream.reset();
        upstream.behave({ answer: RICH, fault });
        await broken(pair, /complete|connection/, portside, true);
      }
    });

  it('does not end a JSON array well that was cut', async () => {
    const pair = { client: 'gemini', account: 'gemini' } as const;
    for (const fault of ['cut-mid-stream', 'reset-mid-body'] as const) {
      upstream.reset();
      upstream.behave({ answer: RICH, fault });
      await assert.rejects(async () => {
        const text = await (await ask(portside.url, pair, { array: true })).text();
        const reading = read('gemini', text);
        if (reading.error !== undefined) throw new Error(reading.error);
        return text;
      }, fault);
    }
  });
});
