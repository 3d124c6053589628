/** Tools: declarations, choices, calls, results. */
import type { Call, Tool, Turn } from '../neutral';
import { conversation, PDF, PNG, TRICKY, user } from './case';
import type { Case } from './case';

const weather: Tool = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  parameters: {
    type: 'object',
    properties: {
      city: { type: 'string', description: 'Its name.' },
      days: { type: 'integer' },
      units: { type: 'string', enum: ['metric', 'imperial'] },
    },
    required: ['city'],
    additionalProperties: false,
  },
};
const clock: Tool = { name: 'get_time', description: 'Tells the time.' };
const closed: Tool = {
  name: 'look_up',
  description: 'Looks a word up.',
  strict: true,
  parameters: {
    type: 'object',
    properties: { word: { type: 'string' } },
    required: ['word'],
    additionalProperties: false,
  },
};
const patch: Tool = {
  name: 'apply_patch',
  description: 'Applies a patch.',
  custom: { grammar: 'start: /.+/s' },
};

const tools = [weather, clock];
const call = (id: string, name: string, input: object): Call => ({ id, name, input: JSON.stringify(input) });
const calls = (...made: Call[]): Turn => ({ role: 'assistant', calls: made });
const result = (id: string, said: string) => ({ id, parts: [{ type: 'text' as const, text: said }] });

const parallel: Turn[] = [
  user('Compare Bern and Genf, and tell me the time.'),
  {
    role: 'assistant',
    text: 'Let me look.',
    calls: [
      call('call_bern', 'get_weather', { city: 'Bern "CH"', days: 2 }),
      call('call_time', 'get_time', {}),
      call('call_genf', 'get_weather', { city: 'Genf' }),
    ],
  },
  {
    role: 'tool',
    results: [
      result('call_bern', '12°'),
      result('call_time', TRICKY),
      result('call_genf', '{"degrees": 15}'),
    ],
  },
];

/** A conversation that has gone on for a while: a hundred turns. */
function long(): Turn[] {
  const turns: Turn[] = [{ role: 'system', texts: ['Be patient.'] }];
  for (let round = 0; round < 25; round++)
    turns.push(
      user(`Question ${round}`),
      calls(call(`call_${round}`, 'get_weather', { city: `City ${round}` })),
      { role: 'tool', results: [result(`call_${round}`, `It is ${round} degrees.`)] },
      { role: 'assistant', text: `Answer ${round}` },
    );
  return [...turns, user('And now?')];
}

const LONG_NAME = `mcp__a-server-with-a-long-name__${'and_a_tool_with_a_longer_one_'.repeat(3)}`;

export const TOOLS: Case[] = [
  conversation(
    'a tool that is called',
    { tools },
    {
      answer: {
        text: 'One moment.',
        toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: { city: TRICKY, days: 2 } }],
      },
    },
  ),
  conversation(
    'parallel calls, one without arguments',
    { tools },
    {
      answer: {
        toolCalls: [
          { id: 'call_1', name: 'get_weather', arguments: { city: 'Bern' } },
          { id: 'call_2', name: 'get_time', arguments: {} },
          {
            id: 'call_3',
            name: 'get_weather',
            arguments: { city: 'Genf', nested: { deep: [1, null, { x: 'ü' }] } },
          },
        ],
      },
    },
  ),
  conversation(
    'arguments in single bytes',
    { tools },
    {
      framing: { byteByByte: true },
      answer: {
        text: 'Grüße 👋🏽',
        toolCalls: [
          { id: 'call_1', name: 'get_weather', arguments: { city: 'Zürich 👋🏽', days: 2 } },
          { id: 'call_2', name: 'get_time', arguments: {} },
        ],
      },
    },
  ),
  conversation('parallel results', { tools, turns: parallel }),
  conversation('results in another order', {
    tools,
    turns: [
      ...parallel.slice(0, 2),
      {
        role: 'tool',
        results: [result('call_genf', 'c'), result('call_bern', 'a'), result('call_time', 'b')],
      },
    ],
  }),
  conversation('results and more from the user', { tools, turns: [...parallel, user('Be quick.')] }),
  conversation(
    'a failed tool',
    {
      tools,
      turns: [
        user('Weather?'),
        calls(call('call_1', 'get_weather', { city: 'Bern' })),
        { role: 'tool', results: [{ ...result('call_1', 'The network is down.'), error: true }] },
      ],
    },
    { features: ['failed tool'] },
  ),
  conversation('an empty result', {
    tools,
    turns: [
      user('Weather?'),
      calls(call('call_1', 'get_time', {})),
      { role: 'tool', results: [result('call_1', '')] },
    ],
  }),
  conversation(
    'an image in a tool result',
    {
      tools,
      turns: [
        user('Draw.'),
        calls(call('call_1', 'get_weather', { city: 'Bern' })),
        {
          role: 'tool',
          results: [
            {
              id: 'call_1',
              parts: [
                { type: 'text', text: 'A chart.' },
                { type: 'image', mediaType: 'image/png', data: PNG },
              ],
            },
          ],
        },
      ],
    },
    { features: ['file in a tool result'] },
  ),
  conversation(
    'several files in tool results',
    {
      tools,
      turns: [
        user('Draw.'),
        calls(call('call_1', 'get_weather', { city: 'Bern' }), call('call_2', 'get_time', {})),
        {
          role: 'tool',
          results: [
            {
              id: 'call_1',
              parts: [
                { type: 'text', text: 'A report.' },
                { type: 'pdf', data: PDF },
              ],
            },
            {
              id: 'call_2',
              parts: [
                { type: 'text', text: 'Two charts.' },
                { type: 'image', mediaType: 'image/png', data: PNG },
                { type: 'image', mediaType: 'image/png', data: PNG },
              ],
            },
          ],
        },
      ],
    },
    { features: ['file in a tool result', 'file without a name'] },
  ),
  conversation('calls without ids', { tools, turns: parallel }, { callIds: false, foreignIds: true }),
  conversation(
    'ids that not everybody allows',
    {
      tools,
      turns: [
        user('Weather?'),
        calls(
          call(`functions.get_weather:0|${'x'.repeat(60)}`, 'get_weather', { city: 'Bern' }),
          call('a:b', 'get_time', {}),
        ),
        {
          role: 'tool',
          results: [result(`functions.get_weather:0|${'x'.repeat(60)}`, '1'), result('a:b', '2')],
        },
      ],
    },
    { foreignIds: true },
  ),
  conversation(
    'the same ids in every turn',
    {
      tools,
      turns: [1, 2].flatMap((round) => [
        user(`Question ${round}`),
        calls(call('call_0', 'get_time', {}), call('call_1', 'get_weather', { city: `City ${round}` })),
        {
          role: 'tool',
          results: [result('call_0', `${round} o'clock`), result('call_1', `${round} degrees`)],
        } as const,
      ]),
    },
    { foreignIds: true },
  ),
  conversation('calls right after results', {
    tools,
    turns: [
      user('Weather?'),
      calls(call('call_0', 'get_time', {})),
      { role: 'tool', results: [result('call_0', 'Noon.')] },
      { role: 'assistant', text: 'And now:', calls: [call('call_1', 'get_weather', { city: 'Bern' })] },
      { role: 'tool', results: [result('call_1', 'Fine.')] },
      { role: 'assistant', text: 'It is fine.' },
      user('Thanks.'),
    ],
  }),
  conversation(
    'an image by URL in a tool result',
    {
      tools,
      turns: [
        user('Draw.'),
        calls(call('call_1', 'get_weather', { city: 'Bern' })),
        {
          role: 'tool',
          results: [
            {
              id: 'call_1',
              parts: [
                { type: 'text', text: 'A chart.' },
                { type: 'image', url: 'https://example.com/chart.png' },
              ],
            },
          ],
        },
      ],
    },
    { features: ['file in a tool result', 'image by URL in a tool result'] },
  ),
  conversation('a hundred turns', { tools, turns: long() }),

  conversation('a free choice', { tools, choice: 'auto' }),
  conversation(
    'a required call of some tools',
    {
      tools: [weather, clock, { ...clock, name: 'get_date' }],
      choice: { some: ['get_weather', 'get_time'] },
    },
    {
      features: ['some of the tools'],
      answer: { toolCalls: [{ id: 'call_1', name: 'get_time', arguments: {} }] },
    },
  ),
  conversation('a tool without a description', { tools: [{ name: 'get_time' }] }),
  conversation('web search by the provider', { webSearch: true }, { features: ['web search'] }),
  conversation(
    'a forced free-text tool without a grammar',
    { tools: [{ name: 'note', description: 'Takes a note.', custom: {} }, clock], choice: { tool: 'note' } },
    {
      features: ['free-text tool'],
      answer: { toolCalls: [{ id: 'call_1', name: 'note', arguments: { input: 'x' }, free: 'x' }] },
    },
  ),
  conversation(
    'a required call',
    { tools, choice: 'required' },
    { answer: { toolCalls: [{ id: 'call_1', name: 'get_time', arguments: {} }] } },
  ),
  conversation(
    'a forced tool',
    { tools, choice: { tool: 'get_time' } },
    { answer: { toolCalls: [{ id: 'call_1', name: 'get_time', arguments: {} }] } },
  ),
  conversation('forbidden tools', { tools, choice: 'none' }),
  conversation('one call at a time', { tools, parallel: false }, { features: ['one call at a time'] }),
  conversation(
    'one required call at a time',
    { tools, parallel: false, choice: 'required' },
    {
      features: ['one call at a time'],
      answer: { toolCalls: [{ id: 'call_1', name: 'get_time', arguments: {} }] },
    },
  ),
  conversation('a strict tool', { tools: [closed] }, { features: ['strict tool'] }),
  conversation(
    'long and odd tool names',
    {
      tools: [
        { ...clock, name: LONG_NAME },
        { ...clock, name: `${LONG_NAME}2` },
        { ...clock, name: 'files/read.text' },
        clock,
      ],
    },
    {
      foreignNames: true,
      answer: {
        toolCalls: [0, 1, 2, 3].map((index) => ({ id: `call_${index}`, name: String(index), arguments: {} })),
      },
    },
  ),
  conversation(
    'a free-text tool',
    {
      tools: [patch],
      turns: [
        user('Patch it.'),
        calls({ id: 'call_1', name: 'apply_patch', input: '*** Begin "Patch"\n', custom: true }),
        { role: 'tool', results: [result('call_1', 'Done.')] },
      ],
    },
    {
      features: ['free-text tool'],
      answer: {
        toolCalls: [
          { id: 'call_2', name: 'apply_patch', arguments: { input: `*** ${TRICKY}` }, free: `*** ${TRICKY}` },
        ],
      },
    },
  ),
];
