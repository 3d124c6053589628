/** Streams of servers of chat completions. */
import type { Json, JsonObject } from '../../../../shared/json';
import { sse, type Streams } from './server-stream';

const chunk = (delta: JsonObject, finish: string | null = null, more: JsonObject = {}): JsonObject => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});
const toolCall = (index: number, more: JsonObject): JsonObject => ({ tool_calls: [{ index, ...more }] });
const begun = (index: number, name: string, args: string, id = `call_${index}`): JsonObject =>
  toolCall(index, { id, type: 'function', function: { name, arguments: args } });
const usage = { prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 };

export const CHAT: Streams = [
  {
    name: 'CASES 3: arguments in the chunk that begins the call',
    body: sse([chunk(begun(0, 'get_weather', '{"city":"Bern"}')), chunk({}, 'tool_calls'), '[DONE]']),
    calls: [['get_weather', { city: 'Bern' }]],
  },
  {
    name: 'CASES 3: arguments partly in the chunk that begins the call',
    body: sse([
      chunk(begun(0, 'get_weather', '{"ci')),
      chunk(toolCall(0, { function: { arguments: 'ty":"Bern"}' } })),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ]),
    calls: [['get_weather', { city: 'Bern' }]],
  },
  {
    name: 'CASES 4: reasoning and text in one chunk',
    body: sse([
      chunk({ role: 'assistant', reasoning_content: 'Thi' }),
      chunk({ reasoning_content: 'nk.', content: 'First ' }),
      chunk({ reasoning_content: null, content: 'then.' }),
      chunk({ content: '' }, 'stop'),
      '[DONE]',
    ]),
    reasoning: 'Think.',
    text: 'First then.',
  },
  {
    name: 'CASES 5: an empty delta at the end and no [DONE]',
    body: sse([chunk({ role: 'assistant', content: 'Hi.' }), chunk({}, 'stop')]),
    text: 'Hi.',
  },
  {
    name: 'CASES 5: the last words and the end in one chunk, usage in it',
    body: sse([chunk({ content: 'Hi' }), chunk({ content: ' there.' }, 'stop', { usage }), '[DONE]']),
    text: 'Hi there.',
    tokens: { input: 30, output: 12 },
  },
  {
    name: 'CASES 7: an empty first delta, and one without choices',
    body: sse([
      {
        id: 'c1',
        object: 'chat.completion.chunk',
        created: 0,
        model: '',
        choices: [],
        prompt_filter_results: [],
      },
      chunk({}),
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hi.' }),
      chunk({}, 'stop'),
      { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage },
      '[DONE]',
    ]),
    text: 'Hi.',
    tokens: { input: 30, output: 12 },
  },
  ...['{}', '', undefined].map((args) => ({
    name: `CASES 12: a call without arguments, written as ${JSON.stringify(args) ?? 'nothing'}`,
    body: sse([
      chunk(
        toolCall(0, {
          id: 'call_0',
          type: 'function',
          function: { name: 'get_time', ...(args !== undefined && { arguments: args }) },
        }),
      ),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ]),
    calls: [['get_time', {}]] as [string, Json][],
  })),
  {
    name: 'class B: two calls in one chunk',
    body: sse([
      chunk({
        tool_calls: [
          {
            index: 0,
            id: 'call_0',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"A"}' },
          },
          {
            index: 1,
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"B"}' },
          },
        ],
      }),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ]),
    calls: [
      ['get_weather', { city: 'A' }],
      ['get_weather', { city: 'B' }],
    ],
  },
  {
    name: 'class B: two calls in one chunk without an index',
    body: sse([
      chunk({
        tool_calls: [
          { id: 'call_0', type: 'function', function: { name: 'get_weather', arguments: '{"city":"A"}' } },
          { id: 'call_1', type: 'function', function: { name: 'get_time', arguments: '{}' } },
        ],
      }),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ]),
    calls: [
      ['get_weather', { city: 'A' }],
      ['get_time', {}],
    ],
  },
  {
    name: 'class B: calls that all say index 0, each with an id',
    body: sse([
      chunk(begun(0, 'get_weather', '{"city":"A"}', 'x')),
      chunk(begun(0, 'get_weather', '{"city":"B"}', 'y')),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ]),
    calls: [
      ['get_weather', { city: 'A' }],
      ['get_weather', { city: 'B' }],
    ],
  },
  {
    name: 'class B: an end that says "stop" although there are calls',
    body: sse([chunk({ content: 'Look. ' }), chunk(begun(0, 'get_time', '{}')), chunk({}, 'stop'), '[DONE]']),
    text: 'Look. ',
    calls: [['get_time', {}]],
  },
  {
    name: 'class J: usage that grows with every chunk',
    body: sse([
      chunk({ content: 'a' }, null, { usage: { prompt_tokens: 30, completion_tokens: 1, total_tokens: 31 } }),
      chunk({ content: 'b' }, null, { usage: { prompt_tokens: 30, completion_tokens: 7, total_tokens: 37 } }),
      chunk({}, 'stop', { usage }),
      '[DONE]',
    ]),
    text: 'ab',
    tokens: { input: 30, output: 12 },
  },
  {
    name: 'class C: what looks like an end within the text',
    body: sse([
      chunk({ content: 'data: [DONE]\n\nHuman: ' }),
      chunk({ content: '[DONE]' }),
      chunk({}, 'stop'),
      '[DONE]',
    ]),
    text: 'data: [DONE]\n\nHuman: [DONE]',
  },
  {
    name: 'class C: a cut by the limit',
    body: sse([chunk({ content: 'a' }), chunk({}, 'length'), '[DONE]']),
    text: 'a',
    ended: 'length',
  },
];
