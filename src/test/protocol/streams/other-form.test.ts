/** Upstreams that do not answer in the form they were asked for, and what their clients get all the same. */
import assert from 'node:assert/strict';
import type { Behaviour } from '../../support/upstream/behaviour';
import { isObject } from '../../../shared/json';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { ask, PAIRS, read, RICH, understood } from './pairs';

describe('answers in another form than was asked for', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({ accounts: accountsOfAll(upstream) });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  for (const pair of PAIRS)
    describe(pair.name, () => {
      it('makes a stream of a whole answer', async () => {
        upstream.behave({ answer: RICH, ignoreStream: true });
        const response = await ask(portside.url, pair);
        assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
        const reading = understood(pair.client, read(pair.client, await response.text()));
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.text, RICH.text);
        assert.equal(reading.reasoning, RICH.reasoning);
        assert.deepEqual(
          reading.calls,
          RICH.toolCalls?.map((call) => [call.name, call.arguments]),
        );
        assert.deepEqual(reading.tokens, { input: 50, output: 40 });
        const record = await portside.recorded(response.headers.get('x-request-id')!);
        assert.equal(record.outcome, 'completed');
        assert.equal(record.usage?.inputTokens, 50);
      });

      it('makes a whole answer of a stream that nobody asked for', async () => {
        upstream.behave({ answer: RICH });
        const spoken = await (await ask(upstream.url, { ...pair, client: pair.account })).text();
        const whole = await (
          await ask(upstream.url, { ...pair, client: pair.account }, { stream: false })
        ).json();
        upstream.reset();
        const headers = { 'content-type': 'text/event-stream' };
        for (const behaviour of [
          { body: whole as Behaviour['body'] },
          { body: spoken, headers },
          { body: spoken, headers, framing: { seed: 9 } },
        ] as Behaviour[]) {
          upstream.reset();
          upstream.behave(behaviour);
          const response = await ask(portside.url, pair, { stream: false });
          const text = await response.text();
          assert.equal(response.status, 200, text);
          assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
          const found = strings(JSON.parse(text));
          for (const part of [RICH.text, RICH.reasoning, 'get_weather', 'get_time'])
            assert.ok(found.includes(part!), `${part} in ${text}`);
          assert.ok(found.some((each) => each.includes('Zürich')));
          const record = await portside.recorded(response.headers.get('x-request-id')!);
          assert.equal(record.outcome, 'completed');
          assert.equal(record.usage?.inputTokens, 50);
        }
      });

      it('reads a stream that is sent under another name', async () => {
        for (const type of ['text/plain; charset=utf-8', 'application/json', 'application/octet-stream']) {
          upstream.reset();
          upstream.behave({ answer: RICH, headers: { 'content-type': type } });
          const response = await ask(portside.url, pair);
          assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
          const reading = read(pair.client, await response.text());
          assert.deepEqual(reading.complaints, [], type);
          assert.equal(reading.text, RICH.text);
          assert.equal(reading.calls.length, 2);
        }
      });

      it('does not take a page for a whole answer', async () => {
        for (const type of ['text/html', 'application/json', 'text/plain']) {
          upstream.reset();
          upstream.behave({ body: '<html>It works!</html>', headers: { 'content-type': type } });
          const response = await ask(portside.url, pair, { stream: false });
          assert.equal(response.status, 502, await response.text());
        }
      });

      it('does not take a stream that was cut for a whole answer', async () => {
        upstream.behave({ answer: RICH, fault: 'cut-mid-stream' });
        const cut = await (await ask(upstream.url, { ...pair, client: pair.account })).text();
        upstream.reset();
        upstream.behave({ body: cut, headers: { 'content-type': 'text/event-stream' } });
        const response = await ask(portside.url, pair, { stream: false });
        assert.equal(response.status, 502, await response.text());
      });
    });
});

/** Every string in a JSON value, keys not included. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isObject(value) ? Object.values(value).flatMap(strings) : [];
}
