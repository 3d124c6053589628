/** Text that looks like a protocol, text that protocols cut, and text that is long: what was said is what is read. */
import assert from 'node:assert/strict';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { ask, PAIRS, read, understood } from './pairs';
import type { Pair } from './pairs';

/** Each line was an end, an event, a marker or a line break to some reader. */
const LOOKALIKES = [
  '[DONE]',
  'data: [DONE]\n\ndata: {"type":"message_stop"}\n\n',
  'event: error\ndata: {"error":{"message":"no"}}\r\n\r\n: ping\n\n',
  '{"type":"error","error":{"type":"overloaded_error","message":"no"}}',
  '"finish_reason":"stop" "finishReason":"STOP" "type":"response.completed"',
  '</s><|im_end|><|endoftext|>\n\nHuman: Assistant:',
  'a\u2028b\u2029c\u0085d\u000be\u000cf',
  'a\rb\r\nc\n\rd\r\r',
  '\ufeffbom\ufeff \u0000null \u001b[31mred\u007f',
  '👩‍👩‍👧‍👦 🇨🇭 e\u0301 𝒳 \ud7ff\ue000\uffff',
  '\\n \\u0041 \\" \\\\ " \' ` <b>&amp;</b> %00 ${x} {{y}}',
  '__proto__ constructor toString',
];
const ODD = LOOKALIKES.join('\n');

describe('what is said in streams', () => {
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
  const readAnswer = async (pair: Pair) => {
    const response = await ask(portside.url, pair);
    assert.equal(response.status, 200);
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    assert.ok(bytes.equals(Buffer.from(text)), 'it is UTF-8');
    return read(pair.client, text);
  };
  /** What the account would send for this. */
  const spoken = async (pair: Pair) => (await ask(upstream.url, { ...pair, client: pair.account })).text();
  const asEvents = (body: string) => ({ body, headers: { 'content-type': 'text/event-stream' } });

  for (const pair of PAIRS)
    describe(pair.name, () => {
      it('keeps what looks like a protocol, in text, reasoning and arguments', async () => {
        for (const pieceSize of [1, 7, 5000]) {
          upstream.reset();
          upstream.reply(
            {
              pieceSize,
              text: ODD,
              reasoning: ODD,
              toolCalls: [{ name: 'get_weather', arguments: { [ODD]: ODD, list: LOOKALIKES } }],
            },
            { framing: pieceSize === 1 ? {} : { seed: pieceSize } },
          );
          const reading = understood(pair.client, await readAnswer(pair));
          assert.deepEqual(reading.complaints, []);
          assert.equal(reading.text, ODD);
          assert.equal(reading.reasoning, ODD);
          assert.deepEqual(reading.calls, [['get_weather', { [ODD]: ODD, list: LOOKALIKES }]]);
        }
      });

      it('reads servers that escape all but ASCII', async () => {
        const answer = { text: ODD, toolCalls: [{ name: 'get_weather', arguments: { city: ODD } }] };
        upstream.behave({ answer });
        const body = (await spoken(pair)).replace(
          /[^\x20-\x7e\r\n]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        upstream.reset();
        upstream.behave(asEvents(body));
        const reading = understood(pair.client, await readAnswer(pair));
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.text, ODD);
        assert.deepEqual(reading.calls, [['get_weather', { city: ODD }]]);
      });

      it('joins a character whose halves come in two events', async () => {
        upstream.behave({ answer: { text: 'aaaaabbbbb' } });
        const body = (await spoken(pair))
          .replaceAll('aaaaabbbbb', 'aaaa\\ud83d\\ude00bbbb')
          .replace('aaaaa', 'aaaa\\ud83d')
          .replace('bbbbb', '\\ude00bbbb');
        upstream.reset();
        upstream.behave(asEvents(body));
        const reading = await readAnswer(pair);
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.text, 'aaaa😀bbbb');
      });

      it('carries an event of several megabytes', async () => {
        const long = 'Länge — '.repeat(300_000);
        upstream.behave({ answer: { pieceSize: 10_000_000, text: long } });
        const reading = await readAnswer(pair);
        assert.deepEqual(reading.complaints, []);
        assert.ok(reading.text === long, `${reading.text.length} of ${long.length} characters`);
      });

      it('carries arguments of a megabyte in small pieces', async () => {
        const patch = '+ line "of" a\\patch\n'.repeat(50_000);
        const call = { name: 'get_weather', arguments: { patch, last: true } };
        upstream.behave({ answer: { pieceSize: 100, toolCalls: [call, { ...call, name: 'get_time' }] } });
        const reading = understood(pair.client, await readAnswer(pair));
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.calls.length, 2);
        for (const [, input] of reading.calls)
          assert.equal(JSON.stringify(input).length, JSON.stringify(call.arguments).length);
        assert.equal(JSON.stringify(reading.calls[0]), JSON.stringify(['get_weather', call.arguments]));
      });
    });

  it('keeps 40 streams apart that run at once, between all protocols', async () => {
    const pairs = [...PAIRS, ...PAIRS, ...PAIRS].slice(0, 40);
    await Promise.all(
      pairs.map(async (pair, index) => {
        const text = `Stream ${index} of ${pair.name}: ${'x'.repeat(index * 10)}`;
        // Whichever of them asks that account first gets it.
        upstream.fail({ answer: { text }, dialect: pair.account, framing: { seed: index } });
        const reading = await readAnswer(pair);
        assert.deepEqual(reading.complaints, []);
        assert.match(reading.text, /^Stream \d+ of [\w-]+ client, [\w-]+ account: x*$/);
        assert.ok(reading.text.includes(`${pair.account} account`), reading.text);
      }),
    );
    assert.equal(upstream.generations.length, 40);
    assert.ok(DIALECT_NAMES.every((dialect) => upstream.generations.some((one) => one.dialect === dialect)));
  });
});
