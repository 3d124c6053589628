import assert from 'node:assert/strict';
import { checkAnthropicStream } from '../../../support/check/check-anthropic-stream';
import { checkGeminiStream, readJsonArray } from '../../../support/check/check-gemini-stream';
import { checkOpenaiChatStream } from '../../../support/check/check-openai-chat-stream';
import { checkOpenaiResponsesStream } from '../../../support/check/check-openai-responses-stream';
import { readEvents } from '../../../support/read-events';
import type { ScriptedAnswer, WireEvent } from '../../../support/upstream/scripted-answer';
import { speakAnthropic } from '../../../support/speak/speak-anthropic';
import { speakGemini } from '../../../support/speak/speak-gemini';
import { speakOpenaiChat } from '../../../support/speak/speak-openai-chat';
import { speakOpenaiResponses } from '../../../support/speak/speak-openai-responses';
import type { StreamReading } from '../../../support/stream-reading';

const ANSWER: ScriptedAnswer = {
  reasoning: 'Let me think.',
  text: 'Grüße, 世界 👋',
  toolCalls: [
    { name: 'weather', arguments: { city: 'Bern' } },
    { name: 'clock', arguments: {} },
  ],
  usage: { input: 30, output: 12, cached: 5, reasoning: 4 },
};
const context = { model: 'm', streamUsage: true };
const STREAMS = {
  anthropic: () => speakAnthropic(ANSWER, context).events,
  chat: () => speakOpenaiChat(ANSWER, context).events,
  gemini: () => speakGemini(ANSWER, context).events,
  responses: () => speakOpenaiResponses(ANSWER, context).events,
};
const CHECKS: Record<keyof typeof STREAMS, (events: WireEvent[]) => StreamReading> = {
  anthropic: checkAnthropicStream,
  chat: (events) => checkOpenaiChatStream(events, { usage: true }),
  gemini: checkGeminiStream,
  responses: checkOpenaiResponsesStream,
};

type Edit = (events: WireEvent[]) => WireEvent[];
const without =
  (pattern: RegExp): Edit =>
  (events) =>
    events.filter((event) => !pattern.test(event.data));
const twice =
  (pattern: RegExp): Edit =>
  (events) =>
    events.flatMap((event) => (pattern.test(event.data) ? [event, event] : [event]));
const replaced =
  (from: string | RegExp, to: string): Edit =>
  (events) =>
    events.map((event) => ({ ...event, data: event.data.replace(from, to) }));
const withoutLast: Edit = (events) => events.slice(0, -1);
const withDone: Edit = (events) => [...events, { data: '[DONE]' }];

/** What is done to a legal stream, and what the checker must say then. */
const ILLEGAL: [keyof typeof STREAMS, string, Edit, RegExp][] = [
  ['anthropic', 'no message_stop', withoutLast, /no message_stop/],
  ['anthropic', 'two message_starts', twice(/"message_start"/), /second message_start/],
  ['anthropic', 'no message_start', without(/"message_start"/), /before message_start/],
  [
    'anthropic',
    'a block that never ends',
    without(/"content_block_stop","index":0/),
    /opens while 0 is open/,
  ],
  ['anthropic', 'a delta without a block', without(/"content_block_start","index":1/), /which is not open/],
  ['anthropic', 'an index used twice', replaced('"index":2', '"index":1'), /block index 1 instead of 2/],
  [
    'anthropic',
    'text in a thinking block',
    replaced('thinking_delta', 'text_delta'),
    /text_delta in a thinking block/,
  ],
  [
    'anthropic',
    'usage without cache numbers',
    replaced('"cache_read_input_tokens":5,', ''),
    /lacks the number cache_read/,
  ],
  [
    'anthropic',
    'unknown usage members',
    replaced('"output_tokens":12', '"output_tokens":12,"x":1'),
    /unknown x/,
  ],
  ['anthropic', 'two ends', twice(/"message_stop"/), /after the end/],
  ['anthropic', 'a [DONE]', withDone, /no JSON object/],
  [
    'anthropic',
    'an event name of another type',
    (e) => e.map((x) => ({ ...x, event: 'ping' })),
    /carries type/,
  ],
  ['anthropic', 'a raw line break in arguments', replaced('ern', 'ern\\n'), /are no JSON/],
  [
    'anthropic',
    'end_turn after calls',
    replaced('"stop_reason":"tool_use"', '"stop_reason":"end_turn"'),
    /but stop_reason/,
  ],
  ['anthropic', 'one id for two calls', replaced('toolu_00000002', 'toolu_00000001'), /two calls with id/],
  ['chat', 'no [DONE]', withoutLast, /no \[DONE\]/],
  ['chat', 'something after [DONE]', withDone, /after \[DONE\]/],
  ['chat', 'no finish_reason', without(/"finish_reason":"/), /no finish_reason/],
  ['chat', 'two finish_reasons', twice(/"finish_reason":"/), /after its finish_reason/],
  ['chat', 'no role', without(/"role"/), /lacks the role/],
  [
    'chat',
    'a call that skips an index',
    replaced(/"tool_calls":\[\{"index":1/, '"tool_calls":[{"index":2'),
    /call index 2/,
  ],
  [
    'chat',
    'calls under one index',
    replaced(/"tool_calls":\[\{"index":1/, '"tool_calls":[{"index":0'),
    /changes its id/,
  ],
  ['chat', 'usage twice', twice(/"usage":\{/), /usage twice/],
  ['chat', 'usage missing', without(/"usage":\{/), /is missing/],
  [
    'chat',
    'a changing id',
    (e) => [e[0]!, ...replaced('"chatcmpl-scripted"', '"other"')(e.slice(1))],
    /id changes/,
  ],
  [
    'chat',
    'stop after calls',
    replaced('"finish_reason":"tool_calls"', '"finish_reason":"stop"'),
    /but finish_reason/,
  ],
  ['gemini', 'a [DONE]', withDone, /does not have/],
  ['gemini', 'no finishReason', replaced('"finishReason":"STOP",', ''), /no finishReason/],
  ['gemini', 'two finishReasons', twice(/finishReason/), /after its finishReason/],
  ['gemini', 'no modelVersion', replaced('"modelVersion":"m",', ''), /without modelVersion/],
  [
    'gemini',
    'usage without a total',
    replaced('"totalTokenCount":42', '"x":42'),
    /lacks the number totalTokenCount/,
  ],
  ['responses', 'no terminal event', withoutLast, /no terminal event/],
  [
    'responses',
    'a number used twice',
    replaced('"sequence_number":3', '"sequence_number":2'),
    /sequence_number 2 instead of 3/,
  ],
  ['responses', 'a number left out', without(/"sequence_number":5,/), /sequence_number 6 instead of 5/],
  [
    'responses',
    'no response.in_progress',
    without(/response\.in_progress/),
    /instead of response.in_progress/,
  ],
  [
    'responses',
    'an item twice',
    twice(/output_item\.added","sequence_number":\d+,"output_index":1/),
    /two items/,
  ],
  ['responses', 'an item that was not added', without(/output_item\.added.*"msg_1"/), /which was not added/],
  ['responses', 'an item that never ends', without(/output_item\.done.*"fc_1"/), /item fc_1 is open/],
  ['responses', 'an item that ends twice', twice(/output_item\.done.*"fc_1"/), /after its end/],
  ['responses', 'a delta of no part', without(/content_part\.added/), /part 0, which is not open/],
  ['responses', 'a delta of no summary', without(/summary_part\.added/), /part 0, which is not open/],
  ['responses', 'a part that never ends', without(/content_part\.done/), /ends while a part is open/],
  ['responses', 'a text that is not done', without(/output_text\.done/), /before the text is done/],
  ['responses', 'a lost delta', without(/output_text\.delta.*"Grüße"/), /says "Grüße/],
  ['responses', 'a lost piece of arguments', without(/arguments\.delta.*ern/), /says/],
  [
    'responses',
    'arguments that are not done',
    without(/arguments\.done.*Bern/),
    /before its arguments is done/,
  ],
  [
    'responses',
    'the id of another item',
    replaced('"item_id":"msg_1"', '"item_id":"msg_2"'),
    /names item msg_2/,
  ],
  [
    'responses',
    'an index that skips one',
    replaced('"content_index":0', '"content_index":1'),
    /opens part 1 instead of 0/,
  ],
  ['responses', 'two ends', twice(/response\.completed/), /after the end/],
  ['responses', 'a [DONE]', withDone, /no JSON object/],
  [
    'responses',
    'an output without one of its items',
    (events) =>
      events.map((event) =>
        event.event === 'response.completed'
          ? { ...event, data: event.data.replace(/"output":\[.*\],"usage"/, '"output":[],"usage"') }
          : event,
      ),
    /output differs/,
  ],
  [
    'responses',
    'usage without details',
    replaced('"cached_tokens":5', '"x":1'),
    /lacks input_tokens_details/,
  ],
  ['responses', 'a wrong sum', replaced('"total_tokens":42', '"total_tokens":41'), /not the sum/],
  ['responses', 'one id for two calls', replaced(/call_00000002/g, 'call_00000001'), /two calls with id/],
];

describe('the grammar checkers', () => {
  for (const name of Object.keys(STREAMS) as (keyof typeof STREAMS)[])
    it(`takes a legal ${name} stream and reads its answer`, () => {
      const reading = CHECKS[name](STREAMS[name]());
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.text, ANSWER.text);
      assert.equal(reading.reasoning, ANSWER.reasoning);
      assert.deepEqual(
        reading.calls.map((call) => [call.name, JSON.parse(call.input)]),
        ANSWER.toolCalls?.map((call) => [call.name, call.arguments]),
      );
      assert.ok(reading.usage);
    });

  for (const [name, what, edit, complaint] of ILLEGAL)
    it(`complains of ${what} in a ${name} stream`, () => {
      const edited = edit(STREAMS[name]());
      assert.notDeepEqual(edited, STREAMS[name](), 'the edit changed nothing');
      assert.match(CHECKS[name](edited).complaints.join('; '), complaint);
    });

  it('takes an error as the end of a stream, in each protocol', () => {
    const errors: Record<keyof typeof STREAMS, WireEvent> = {
      anthropic: { event: 'error', data: '{"type":"error","error":{"type":"api_error","message":"oh"}}' },
      chat: { data: '{"error":{"message":"oh","type":"server_error","code":null,"param":null}}' },
      gemini: { data: '{"error":{"code":502,"message":"oh","status":"UNAVAILABLE"}}' },
      responses: { event: 'error', data: '{"type":"error","sequence_number":99,"code":null,"message":"oh"}' },
    };
    for (const name of Object.keys(STREAMS) as (keyof typeof STREAMS)[]) {
      const reading = CHECKS[name]([...STREAMS[name]().slice(0, 3), errors[name]]);
      assert.deepEqual(reading.complaints, [], name);
      assert.equal(reading.error, 'oh');
    }
  });

  it('takes reasoning that is not shown', () => {
    const { events } = speakAnthropic({ ...ANSWER, redacted: 'c2VjcmV0' }, context);
    const reading = checkAnthropicStream(events);
    assert.deepEqual(reading.complaints, []);
    assert.match(JSON.stringify(events), /redacted_thinking/);
    assert.equal(reading.text, ANSWER.text);
  });

  it('reads the JSON array of Gemini as it reads its events', () => {
    const events = STREAMS.gemini();
    const array = `[${events.map((event) => event.data).join(',\r\n')}]`;
    assert.deepEqual(readJsonArray(array), events);
  });
});

describe('the strict event reader', () => {
  it('reads names, data and comments', () => {
    assert.deepEqual(readEvents(': hi\n\nevent: a\ndata: 1\n\ndata: 2\n\n'), [
      { event: 'a', data: '1' },
      { data: '2' },
    ]);
  });
  it('refuses a stream without its last blank line', () => {
    assert.throws(() => readEvents('data: 1\n'), /blank line/);
  });
  it('refuses lines that are no fields', () => {
    assert.throws(() => readEvents('data: 1\n\n{"a":1}\n\n'), /not a field/);
  });
});
