import assert from 'node:assert/strict';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import { collectParts } from '../../../../support/collect-parts';
import {
  call,
  collectEvents,
  completed,
  created,
  decodeEvents,
  message,
  reasoning,
  upstreamContexts,
  type Told,
} from './upstream-side';

const added = (item: object, output_index = 0): Told => [
  'response.output_item.added',
  { output_index, item: { ...item } },
];
const done = (item: object, output_index = 0): Told => [
  'response.output_item.done',
  { output_index, item: { ...item } },
];
const textDelta = (delta: string, item_id = 'msg_1', output_index = 0): Told => [
  'response.output_text.delta',
  { item_id, output_index, content_index: 0, delta },
];
const argsDelta = (delta: string, id = 'a', output_index = 0): Told => [
  'response.function_call_arguments.delta',
  { item_id: `fc_${id}`, output_index, delta },
];
const texts = (events: Told[]) =>
  collectEvents(events).content.map((part) => (part.type === 'text' ? part.text : part.type));
const calls = (events: Told[]) =>
  collectEvents(events).content.flatMap((part) =>
    part.type === 'tool-call' ? [[part.id, part.name, part.input]] : [],
  );

describe('openai-responses: streams of upstreams', () => {
  it('reads text, its end and its usage', () => {
    const parts = decodeEvents([
      created,
      added(message('', { content: [] })),
      textDelta('Hel'),
      textDelta('lo'),
      ['response.output_text.done', { item_id: 'msg_1', output_index: 0, content_index: 0, text: 'Hello' }],
      done(message('Hello')),
      completed([message('Hello')], {
        usage: {
          input_tokens: 9,
          input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
          output_tokens: 5,
          output_tokens_details: { reasoning_tokens: 3 },
        },
      }),
    ]);
    const note = { metadata: { 'openai-responses': { id: 'msg_1' } } };
    assert.deepEqual(parts, [
      { type: 'start', id: 'resp_1', model: 'served', created: 5 },
      { type: 'text-start', id: 'text-0', ...note },
      { type: 'text-delta', id: 'text-0', text: 'Hel' },
      { type: 'text-delta', id: 'text-0', text: 'lo' },
      { type: 'text-end', id: 'text-0', ...note },
      {
        type: 'usage',
        usage: {
          inputTokens: 9,
          outputTokens: 5,
          cachedInputTokens: 4,
          cacheWriteTokens: 2,
          reasoningTokens: 3,
        },
      },
      { type: 'finish', finish: { reason: 'stop', raw: 'completed' } },
    ]);
  });

  const forms: [string, Told[]][] = [
    [
      'only at the end of the text',
      [['response.output_text.done', { content_index: 0, text: 'Hello' }], completed()],
    ],
    ['only at the end of the item', [done(message('Hello')), completed()]],
    ['only at the end of the answer', [created, completed([message('Hello')])]],
    ['in deltas without an item', [textDelta('Hel'), textDelta('lo'), completed()]],
    [
      'in deltas without ids, indexes and ends',
      [
        ['response.output_text.delta', { delta: 'Hel' }],
        ['response.output_text.delta', { delta: 'lo' }],
        completed([message('Hello')]),
      ],
    ],
    [
      'in deltas that stop short',
      [added(message('')), textDelta('Hel'), done(message('Hello')), completed()],
    ],
    [
      'under an id that changes with every event',
      [
        added(message('', { id: 'a', content: [] })),
        textDelta('Hel', 'b'),
        textDelta('lo', 'c'),
        done(message('Hello', { id: 'd' })),
        completed([message('Hello', { id: 'e' })]),
      ],
    ],
    ['as one string', [done(message('', { content: 'Hello' })), completed()]],
  ];
  for (const [how, events] of forms)
    it(`delivers a text once that comes ${how}`, () => {
      assert.deepEqual(texts(events), ['Hello']);
    });

  const whole = call('a', '{"at":1}');
  const open = added(call('a', ''));
  const argumentForms: [string, Told[]][] = [
    ['in deltas', [open, argsDelta('{"at"'), argsDelta(':1}'), done(whole), completed([whole])]],
    [
      'in deltas and whole',
      [
        open,
        argsDelta('{"at":1}'),
        [
          'response.function_call_arguments.done',
          { item_id: 'fc_a', output_index: 0, arguments: '{"at":1}' },
        ],
        done(whole),
        completed([whole]),
      ],
    ],
    [
      'whole, without deltas',
      [
        open,
        [
          'response.function_call_arguments.done',
          { item_id: 'fc_a', output_index: 0, arguments: '{"at":1}' },
        ],
        completed(),
      ],
    ],
    ['with the end of the item only', [open, done(whole), completed([whole])]],
    ['with an item that was never added', [done(whole), completed([whole])]],
    ['with the last event only', [completed([whole])]],
    ['at once, in an item that never ends', [added(whole), completed()]],
    ['before the name', [argsDelta('{"at":1}'), done(whole), completed()]],
    ['as an object', [done({ ...whole, arguments: { at: 1 } }), completed()]],
  ];
  for (const [how, events] of argumentForms)
    it(`delivers arguments once that come ${how}`, () => {
      assert.deepEqual(collectParts(decodeEvents(events)).complaints, []);
      assert.deepEqual(calls(events), [['call_a', 'look', '{"at":1}']]);
      assert.equal(collectEvents(events).finish?.reason, 'tool-calls');
    });

  it('gives a call without arguments an empty object', () => {
    assert.deepEqual(calls([open, done(call('a', '')), completed()]), [['call_a', 'look', '{}']]);
  });

  it('keeps parallel calls apart, and lets other items wait until they are complete', () => {
    const events: Told[] = [
      added(call('a', ''), 0),
      added(call('b', ''), 1),
      argsDelta('{"n":', 'a', 0),
      argsDelta('{"n":', 'b', 1),
      added(message('', { content: [] }), 2),
      textDelta('Both', 'msg_1', 2),
      argsDelta('1}', 'a', 0),
      argsDelta('2}', 'b', 1),
      done(call('a', '{"n":1}'), 0),
      textDelta(' run.', 'msg_1', 2),
      done(call('b', '{"n":2}'), 1),
      done(message('Both run.'), 2),
      completed(),
    ];
    assert.deepEqual(collectParts(decodeEvents(events)).complaints, []);
    assert.deepEqual(calls(events), [
      ['call_a', 'look', '{"n":1}'],
      ['call_b', 'look', '{"n":2}'],
    ]);
    assert.deepEqual(texts(events), ['tool-call', 'tool-call', 'Both run.']);
  });

  it('makes up ids where calls have none, or the same', () => {
    const events: Told[] = [
      done(call('a', '{}', { call_id: undefined }), 0),
      done(call('b', '{}', { call_id: 'same' }), 1),
      done(call('c', '{}', { call_id: 'same' }), 2),
      completed(),
    ];
    assert.deepEqual(
      calls(events).map(([id]) => id),
      ['call_new1', 'same', 'call_new2'],
    );
  });

  it('gives tools their names back, also within namespaces, and takes free text out of its wrapping', () => {
    const contexts = upstreamContexts({
      restoreToolName: (name) => (name === 'lo_ok' ? 'lo.ok' : name),
      customToolNames: new Set(['patch']),
    });
    const { content } = collectEvents(
      [
        done(call('a', '{}', { name: 'lo_ok' }), 0),
        done(call('b', '{}', { name: 'find', namespace: 'files' }), 1),
        done(call('c', '{}', { name: 'found', namespace: 'found' }), 2),
        added(call('d', '', { name: 'patch' }), 3),
        argsDelta('{"input":"a\\n', 'd', 3),
        done(call('d', '{"input":"a\\nb"}', { name: 'patch' }), 3),
        completed(),
      ],
      contexts,
    );
    assert.deepEqual(
      content.map((part) => part.type === 'tool-call' && [part.name, part.kind, part.input]),
      [
        ['lo.ok', 'function', '{}'],
        ['files__find', 'function', '{}'],
        ['found', 'function', '{}'],
        ['patch', 'custom', 'a\nb'],
      ],
    );
  });

  it('joins summaries of reasoning by blank lines, and keeps the encrypted form of the end', () => {
    const item = reasoning('late', 'One.', 'Two.');
    const at = (summary_index: number) => ({ item_id: 'rs_1', output_index: 0, summary_index });
    const { content } = collectEvents([
      added({ ...item, summary: [], encrypted_content: 'early' }),
      ['response.reasoning_summary_part.added', { ...at(0), part: { type: 'summary_text', text: '' } }],
      ['response.reasoning_summary_text.delta', { ...at(0), delta: 'One.' }],
      ['response.reasoning_summary_text.done', { ...at(0), text: 'One.' }],
      ['response.reasoning_summary_text.delta', { ...at(1), delta: 'Two' }],
      ['response.reasoning_summary_text.done', { ...at(1), text: 'Two.' }],
      done(item),
      completed([item]),
    ]);
    assert.deepEqual(content, [
      {
        type: 'reasoning',
        text: 'One.\n\nTwo.',
        metadata: {
          'openai-responses': { id: 'rs_1', encrypted_content: 'late', summary: item.summary },
        },
      },
    ]);
  });

  it('reads the open reasoning of open models, and leaves out reasoning that holds nothing', () => {
    const content = [{ type: 'reasoning_text', text: 'Hm.' }];
    const open = { id: 'rs_1', type: 'reasoning', summary: [], content };
    const at = { item_id: 'rs_1', output_index: 0, content_index: 0 };
    const events: Told[] = [
      added({ ...open, content: [] }),
      ['response.content_part.added', { ...at, part: { type: 'reasoning_text', text: '' } }],
      ['response.reasoning_text.delta', { ...at, delta: 'Hm.' }],
      ['response.reasoning_text.done', { ...at, text: 'Hm.' }],
      ['response.content_part.done', { ...at, part: content[0]! }],
      done(open),
      done({ id: 'rs_2', type: 'reasoning', summary: [] }, 1),
      completed(),
    ];
    assert.deepEqual(collectEvents(events).content, [
      { type: 'reasoning', text: 'Hm.', metadata: { 'openai-responses': { id: 'rs_1', content } } },
    ]);
  });

  it('reads refusals, phases, citations and log probabilities', () => {
    const citation = { type: 'url_citation', url: 'https://a.example' };
    const token = { token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] };
    const item = message('Hi', {
      phase: 'final_answer',
      content: [
        { type: 'output_text', text: 'Hi', annotations: [citation] },
        { type: 'refusal', refusal: 'No.' },
      ],
    });
    const { content, finish, response } = collectEvents([
      added({ ...item, content: [] }),
      ['response.output_text.delta', { output_index: 0, content_index: 0, delta: 'Hi', logprobs: [token] }],
      ['response.refusal.delta', { output_index: 0, content_index: 1, delta: 'No.' }],
      done(item),
      completed([item]),
    ]);
    assert.deepEqual(
      content.map(({ type }) => type),
      ['text', 'refusal'],
    );
    assert.equal(finish?.reason, 'refusal');
    assert.deepEqual(response.choices[0]?.logprobs, { content: [token] });
    const whole = decodeEvents([done(item), completed([item])]);
    const end = whole.find(({ type }) => type === 'text-end');
    assert.deepEqual(end && 'metadata' in end && end.metadata, {
      'openai-responses': { id: 'msg_1', phase: 'final_answer' },
    });
    assert.deepEqual(
      whole.flatMap((part) => (part.type === 'citation' ? [part.citation] : [])),
      [{ url: 'https://a.example', metadata: { 'openai-responses': citation } }],
    );
  });

  it('hands calls of the shell to the client, but not those that the provider has run', () => {
    const shell = { id: 'sh_1', type: 'shell_call', call_id: 'c1', action: { commands: ['ls'] } };
    const { content } = collectEvents([
      added({ ...shell, action: { commands: [] } }, 0),
      done(shell, 0),
      added({ ...shell, id: 'sh_2' }, 1),
      done({ ...shell, id: 'sh_2', environment: { type: 'container_reference' } }, 1),
      done({ id: 'ws_1', type: 'web_search_call', status: 'completed' }, 2),
      completed(),
    ]);
    assert.deepEqual(
      content.map((part) =>
        part.type === 'tool-call' ? [part.id, part.name, part.input] : part.type === 'opaque' && part.label,
      ),
      [['c1', 'shell', '{"commands":["ls"]}'], 'shell_call', 'web_search_call'],
    );
  });

  for (const [reason, meant] of [
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
  ] as const)
    it(`says ${meant} for an answer that is incomplete because of ${reason}`, () => {
      const response = { status: 'incomplete', incomplete_details: { reason }, output: [message('Hel')] };
      const events: Told[] = [created, textDelta('Hel'), ['response.incomplete', { response }]];
      assert.deepEqual(collectEvents(events).finish, { reason: meant, raw: reason });
      assert.deepEqual(texts(events), ['Hel']);
    });

  const trouble = { code: 'server_is_overloaded', message: 'Busy.' };
  const failures: [string, Told][] = [
    ['response.failed', ['response.failed', { response: { status: 'failed', error: trouble } }]],
    ['error', ['error', { ...trouble, param: null }]],
    ['an error with an inner object', ['error', { error: trouble }]],
    ['a completed response with an error', completed([], { status: 'failed', error: trouble })],
    ['an error without a type', ['', { error: trouble }]],
  ];
  for (const [what, event] of failures)
    it(`keeps code and message of ${what}`, () => {
      const parts = decodeEvents([created, textDelta('Hel'), event]);
      assert.deepEqual(collectParts(parts).complaints, []);
      const last = parts.at(-1);
      assert.ok(last?.type === 'error');
      assert.deepEqual(
        [last.error.message, last.error.code, last.error.kind],
        ['Busy.', 'server_is_overloaded', 'overloaded'],
      );
    });

  it('says so when the stream is cut, after closing what was open', () => {
    for (const events of [[], [created], [created, textDelta('Hel')], [created, open, argsDelta('{"a')]]) {
      const parts = decodeEvents(events as Told[]);
      assert.deepEqual(collectParts(parts).complaints, []);
      const last = parts.at(-1);
      assert.ok(last?.type === 'error' && last.error.kind === 'upstream');
    }
  });

  it('takes garbage for an error, and hears nothing after the end', () => {
    const { answer } = upstreamContexts();
    for (const data of ['{', '[1]', 'null', '"x"']) {
      const decoder = openaiResponsesAdapter.createStreamDecoder(answer);
      const parts = [
        ...decoder.push({ data }),
        ...decoder.push({ data: '{"type":"error"}' }),
        ...decoder.end(),
      ];
      assert.deepEqual(
        parts.map(({ type }) => type),
        ['error'],
      );
    }
    const parts = decodeEvents([completed([message('Hello')]), textDelta('more'), completed()]);
    assert.equal(parts.filter(({ type }) => type === 'finish').length, 1);
    assert.equal(parts.at(-1)?.type, 'finish');
  });

  it('warns of a call that names no tool', () => {
    const contexts = upstreamContexts();
    assert.deepEqual(collectEvents([done(call('a', '{}', { name: '' })), completed()], contexts).content, []);
    assert.equal(contexts.warnings[0]?.type, 'dropped');
  });
});
