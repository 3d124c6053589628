import assert from 'node:assert/strict';
import type {
  AssistantPart,
  CanonicalRequest,
  FunctionTool,
  StopReason,
  StreamPart,
} from '../../../../../proxy/dialects/canonical';
import { replayResponse } from '../../../../../proxy/dialects/replay-response';
import { unwrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../../../shared/json';
import { checkOpenaiResponsesStream } from '../../../../support/check-openai-responses-stream';
import { readEvents } from '../../../../support/read-events';
import {
  accumulateWithSdk,
  answerOf,
  clientContexts,
  decodeBody,
  encodeParts,
  eventsOf,
  finalOf,
  readWithSdk,
  withoutIds,
} from './client-side';

const own = (fields: JsonObject) => ({ metadata: { 'openai-responses': fields } });
const call = (id: string, input = '{"a":1}', name = 'f'): AssistantPart => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  input,
});
const streamOf = (
  content: AssistantPart[],
  request: Partial<CanonicalRequest> = {},
  reason: StopReason = 'stop',
  contexts = clientContexts(),
) => encodeParts(replayResponse(answerOf(content, reason)), request, contexts);
const typesOf = (written: string) =>
  eventsOf(written).map(({ type }) => String(type).slice('response.'.length));
const start: StreamPart = { type: 'start', id: 'resp_up', created: 5 };
const finish: StreamPart = { type: 'finish', finish: { reason: 'stop' } };
const complaintsOf = (written: string) => checkOpenaiResponsesStream(readEvents(written)).complaints;

describe('openai-responses: encoding a stream', () => {
  it('tells a text from its announcement to its end', () => {
    const written = encodeParts([
      start,
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'He said "hi",\n' },
      { type: 'text-delta', id: 't', text: '世界 \u2028' },
      { type: 'text-end', id: 't' },
      { type: 'usage', usage: { inputTokens: 7, outputTokens: 5 } },
      finish,
    ]);
    assert.deepEqual(typesOf(written), [
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    const events = eventsOf(written);
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, index) => index),
    );
    assert.equal(
      events
        .filter(({ type }) => type === 'response.output_text.delta')
        .map(({ delta }) => delta)
        .join(''),
      'He said "hi",\n世界 \u2028',
    );
    assert.deepEqual(events[4], {
      type: 'response.output_text.delta',
      sequence_number: 4,
      item_id: 'msg_new1',
      output_index: 0,
      content_index: 0,
      delta: 'He said "hi",\n',
      logprobs: [],
    });
    assert.deepEqual(complaintsOf(written), []);
    assert.doesNotMatch(written, /\[DONE\]/);
  });

  it('ends with all that was told, the settings of the request, and usage', () => {
    const request = decodeBody({
      instructions: 'Be brief.',
      tools: [{ type: 'function', name: 'f' }],
      tool_choice: 'auto',
      temperature: 0.3,
      reasoning: { effort: 'low' },
      metadata: { a: 'b' },
      previous_response_id: 'resp_0',
    });
    const written = streamOf(
      [{ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'Hi' }, call('c1')],
      request,
    );
    const final = finalOf(written);
    const done = eventsOf(written).filter(({ type }) => type === 'response.output_item.done');
    assert.deepEqual(
      final.output,
      done.map(({ item }) => item),
    );
    assert.deepEqual(final.usage, {
      input_tokens: 7,
      input_tokens_details: { cached_tokens: 3 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 12,
    });
    const {
      instructions,
      tools,
      tool_choice,
      temperature,
      reasoning,
      metadata,
      previous_response_id,
      model,
    } = final;
    assert.deepEqual(
      { instructions, tools, tool_choice, temperature, reasoning, metadata, previous_response_id, model },
      {
        instructions: 'Be brief.',
        tools: [{ type: 'function', name: 'f' }],
        tool_choice: 'auto',
        temperature: 0.3,
        reasoning: { effort: 'low', summary: null },
        metadata: { a: 'b' },
        previous_response_id: 'resp_0',
        model: 'asked',
      },
    );
    assert.equal(final.status, 'completed');
    assert.equal(final.created_at, 5);
    assert.ok(!('output_text' in final));
    const [created, progress] = eventsOf(written);
    assert.deepEqual(created?.response, progress?.response);
    assert.equal((created?.response as JsonObject).id, final.id);
    assert.equal((created?.response as JsonObject).status, 'in_progress');
    assert.deepEqual((created?.response as JsonObject).output, []);
  });

  it('is put together by the official SDK as it was meant', async () => {
    const content: AssistantPart[] = [
      { type: 'reasoning', text: 'hm' },
      {
        type: 'text',
        text: 'Hi ',
        ...own({
          annotations: [{ type: 'url_citation', url: 'u', title: 't', start_index: 0, end_index: 1 }],
        }),
      },
      { type: 'text', text: 'there' },
      call('c1'),
      call('c2', '{}'),
      { type: 'tool-call', id: 'c3', name: 'g', kind: 'custom', input: 'free\ntext' },
      { type: 'refusal', text: 'No.' },
    ];
    const written = streamOf(content);
    assert.deepEqual(complaintsOf(written), []);
    const { response, events } = await readWithSdk(written);
    const { output_text, ...read } = response as unknown as JsonObject;
    assert.equal(output_text, 'Hi there');
    const strip = ({ parsed: _parsed, ...rest }: JsonObject): JsonObject => rest;
    const final = finalOf(written);
    const output = (read.output as JsonObject[]).map((item) =>
      strip({
        ...item,
        ...(Array.isArray(item.content) && { content: (item.content as JsonObject[]).map(strip) }),
      }),
    );
    assert.deepEqual(
      output.map(({ parsed_arguments: _parsed, ...item }) => item),
      final.output,
    );
    assert.equal(events.length, readEvents(written).length);
    const accumulated = await accumulateWithSdk(written);
    assert.deepEqual(
      (accumulated.output as JsonObject[]).map(({ type }) => type),
      ['reasoning', 'message', 'function_call', 'function_call', 'custom_tool_call', 'message'],
    );
    assert.equal(accumulated.output_text, 'Hi there');
  });

  it('lets calls run in parallel', () => {
    const written = encodeParts([
      start,
      { type: 'tool-input-start', id: 'c1', name: 'f', kind: 'function' },
      { type: 'tool-input-delta', id: 'c1', text: '{"a"' },
      { type: 'tool-input-start', id: 'c2', name: 'g', kind: 'custom' },
      { type: 'tool-input-delta', id: 'c2', text: 'x' },
      { type: 'tool-input-delta', id: 'c1', text: ':1}' },
      { type: 'tool-input-end', id: 'c2' },
      { type: 'tool-input-end', id: 'c1' },
      { type: 'finish', finish: { reason: 'tool-calls' } },
    ]);
    assert.deepEqual(complaintsOf(written), []);
    assert.deepEqual(
      eventsOf(written)
        .filter(({ type }) => String(type).endsWith('.delta'))
        .map(({ type, output_index, delta }) => [type, output_index, delta]),
      [
        ['response.function_call_arguments.delta', 0, '{"a"'],
        ['response.custom_tool_call_input.delta', 1, 'x'],
        ['response.function_call_arguments.delta', 0, ':1}'],
      ],
    );
    assert.deepEqual(withoutIds(finalOf(written).output), [
      { type: 'function_call', status: 'completed', arguments: '{"a":1}', call_id: 'c1', name: 'f' },
      { type: 'custom_tool_call', status: 'completed', input: 'x', call_id: 'c2', name: 'g' },
    ]);
    assert.deepEqual(
      eventsOf(written).find(({ type }) => type === 'response.function_call_arguments.done'),
      {
        type: 'response.function_call_arguments.done',
        sequence_number: 9,
        item_id: 'fc_new1',
        output_index: 0,
        name: 'f',
        arguments: '{"a":1}',
      },
    );
  });

  it('gives a call without arguments an empty object', () => {
    const written = encodeParts([
      start,
      { type: 'tool-input-start', id: '', name: 'f', kind: 'function' },
      { type: 'tool-input-end', id: '' },
      finish,
    ]);
    const [item] = finalOf(written).output as JsonObject[];
    assert.equal(item?.arguments, '{}');
    assert.match(String(item?.call_id), /^call_/);
    assert.ok(eventsOf(written).some(({ delta }) => delta === '{}'));
  });

  it('joins texts to one message unless the upstream had several', () => {
    const several = streamOf([
      { type: 'text', text: 'a', ...own({ id: 'msg_a', phase: 'commentary' }) },
      { type: 'text', text: 'b', ...own({ id: 'msg_a', phase: 'commentary' }) },
      { type: 'text', text: 'c', ...own({ id: 'msg_c', phase: 'final_answer' }) },
    ]);
    assert.deepEqual(complaintsOf(several), []);
    assert.deepEqual(
      (finalOf(several).output as JsonObject[]).map(({ id, phase, content }) => [
        id,
        phase,
        (content as JsonObject[]).map(({ text }) => text),
      ]),
      [
        ['msg_a', 'commentary', ['a', 'b']],
        ['msg_c', 'final_answer', ['c']],
      ],
    );
    const one = finalOf(
      streamOf([
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
        { type: 'refusal', text: 'c' },
      ]),
    );
    assert.deepEqual(
      (one.output as JsonObject[]).map(({ content }) => content),
      [
        [
          { type: 'output_text', annotations: [], logprobs: [], text: 'a' },
          { type: 'output_text', annotations: [], logprobs: [], text: 'b' },
          { type: 'refusal', refusal: 'c' },
        ],
      ],
    );
  });

  it('leaves no trace of an empty text', () => {
    const written = streamOf([
      { type: 'text', text: '' },
      { type: 'reasoning', text: '' },
    ]);
    assert.deepEqual(typesOf(written), ['created', 'in_progress', 'completed']);
    assert.deepEqual(finalOf(written).output, []);
  });

  it('tells a refusal', () => {
    const written = streamOf([{ type: 'refusal', text: 'No.' }], {}, 'refusal');
    assert.deepEqual(typesOf(written).slice(2, -1), [
      'output_item.added',
      'content_part.added',
      'refusal.delta',
      'refusal.done',
      'content_part.done',
      'output_item.done',
    ]);
    assert.equal(finalOf(written).status, 'completed');
  });

  it('tells log probabilities with their text', () => {
    const entry = (token: string) => ({ token, logprob: -0.1, bytes: [1], top_logprobs: [] });
    const written = encodeParts([
      start,
      { type: 'logprobs', value: { content: [entry('a')], refusal: null } },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'a' },
      { type: 'logprobs', value: { content: [entry('b')] } },
      { type: 'text-delta', id: 't', text: 'b' },
      { type: 'logprobs', value: { content: [entry('c')] } },
      { type: 'text-end', id: 't' },
      finish,
    ]);
    assert.deepEqual(complaintsOf(written), []);
    assert.deepEqual(
      eventsOf(written)
        .filter(({ type }) => type === 'response.output_text.delta')
        .map(({ delta, logprobs }) => [delta, (logprobs as JsonObject[]).map(({ token }) => token)]),
      [
        ['a', ['a']],
        ['b', ['b']],
        ['', ['c']],
      ],
    );
    const [item] = finalOf(written).output as JsonObject[];
    const [content] = item?.content as JsonObject[];
    assert.deepEqual(content?.logprobs, [entry('a'), entry('b'), entry('c')]);
  });

  it('tells citations with their text', () => {
    const cited = { type: 'url_citation', url: 'u', title: 't', start_index: 0, end_index: 1 };
    const written = encodeParts([
      start,
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'a' },
      {
        type: 'opaque',
        part: {
          type: 'opaque',
          dialect: 'openai-chat',
          label: 'annotation',
          value: { type: 'url_citation', url_citation: { url: 'v' } },
        },
      },
      { type: 'text-end', id: 't', ...own({ annotations: [cited] }) },
      finish,
    ]);
    assert.deepEqual(complaintsOf(written), []);
    assert.deepEqual(
      eventsOf(written)
        .filter(({ type }) => type === 'response.output_text.annotation.added')
        .map(({ annotation, annotation_index }) => [annotation_index, annotation]),
      [
        [0, { type: 'url_citation', url: 'v' }],
        [1, cited],
      ],
    );
    const [item] = finalOf(written).output as JsonObject[];
    assert.equal(((item?.content as JsonObject[])[0]?.annotations as unknown[]).length, 2);
  });

  it('keeps the ids of a Responses upstream', () => {
    const written = encodeParts([
      { type: 'start', id: 'resp_up' },
      { type: 'reasoning-start', id: 'r', ...own({ id: 'rs_up' }) },
      { type: 'reasoning-delta', id: 'r', text: 'hm' },
      { type: 'reasoning-end', id: 'r', ...own({ id: 'rs_up' }) },
      { type: 'tool-input-start', id: 'c', name: 'f', kind: 'function', ...own({ id: 'fc_up' }) },
      { type: 'tool-input-end', id: 'c' },
      finish,
    ]);
    const final = finalOf(written);
    assert.equal(final.id, 'resp_up');
    assert.deepEqual(
      (final.output as JsonObject[]).map(({ id }) => id),
      ['rs_up', 'fc_up'],
    );
    assert.match(String(finalOf(streamOf([])).id), /^resp_new/);
  });

  it('says only what it must while nothing happens', () => {
    const encoder = { written: encodeParts([start, finish]) };
    assert.deepEqual(typesOf(encoder.written), ['created', 'in_progress', 'completed']);
  });
});

describe('openai-responses: encoding reasoning in a stream', () => {
  const signed: AssistantPart = {
    type: 'reasoning',
    text: 'hm',
    metadata: { anthropic: { signature: 'sig' } },
  };
  const wants = decodeBody({ include: ['reasoning.encrypted_content'] });

  it('tells a summary from its announcement to its end', () => {
    const written = streamOf([{ type: 'reasoning', text: 'hm' }]);
    assert.deepEqual(typesOf(written).slice(2, -1), [
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
    ]);
    assert.deepEqual(complaintsOf(written), []);
  });

  it("puts another provider's signature into an envelope for clients that want it or have nothing stored", () => {
    for (const request of [wants, decodeBody({ store: false })]) {
      const [item] = finalOf(streamOf([signed], request)).output as JsonObject[];
      assert.deepEqual(unwrapMetadata(String(item?.encrypted_content)), { anthropic: { signature: 'sig' } });
    }
  });

  it('keeps it from others, but not from what is stored', () => {
    const contexts = clientContexts();
    const written = streamOf([signed], {}, 'stop', contexts);
    assert.doesNotMatch(written, /encrypted_content/);
    assert.equal(contexts.completed.length, 1);
    const [kept] = contexts.completed[0]?.output as JsonObject[];
    assert.ok(unwrapMetadata(String(kept?.encrypted_content)));
    assert.equal(contexts.completed[0]?.id, finalOf(written).id);
  });

  it("gives OpenAI's own ciphertext as it is", () => {
    const part: AssistantPart = {
      type: 'reasoning',
      text: '',
      ...own({ id: 'rs_1', encrypted_content: 'gAAAA' }),
    };
    const written = streamOf([part], wants);
    assert.deepEqual(finalOf(written).output, [
      { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'gAAAA' },
    ]);
    assert.deepEqual(complaintsOf(written), []);
  });
});

describe('openai-responses: encoding tools of the client in a stream', () => {
  const request = decodeBody({
    tools: [
      { type: 'local_shell' },
      { type: 'shell' },
      { type: 'apply_patch' },
      { type: 'tool_search', execution: 'client' },
      { type: 'namespace', name: 'crm', tools: [{ type: 'function', name: 'find' }] },
      { type: 'namespace', name: 'one', tools: [{ type: 'function', name: 'same' }] },
      { type: 'namespace', name: 'two', tools: [{ type: 'function', name: 'same' }] },
    ],
  });
  const itemOf = (name: string, input: string, contexts = clientContexts()) => {
    const written = streamOf([call('c1', input, name)], request, 'tool-calls', contexts);
    assert.deepEqual(complaintsOf(written), []);
    const [item] = finalOf(written).output as JsonObject[];
    const { id, ...fields } = item ?? {};
    return { id: String(id), fields, written };
  };

  it('gives namespaced tools back under their own names', () => {
    for (const name of ['crm__find', 'find']) {
      assert.deepEqual(itemOf(name, '{}').fields, {
        type: 'function_call',
        status: 'completed',
        arguments: '{}',
        call_id: 'c1',
        name: 'find',
        namespace: 'crm',
      });
    }
    assert.equal(itemOf('two__same', '{}').fields.namespace, 'two');
    assert.equal(itemOf('same', '{}').fields.namespace, undefined);
  });

  it('gives each tool its own item', () => {
    const shell = itemOf('local_shell', '{"command":["ls","-a"],"working_directory":"/w","timeout_ms":5}');
    assert.match(shell.id, /^lsh_/);
    assert.deepEqual(shell.fields, {
      type: 'local_shell_call',
      status: 'completed',
      call_id: 'c1',
      action: { type: 'exec', command: ['ls', '-a'], env: {}, timeout_ms: 5, working_directory: '/w' },
    });
    assert.deepEqual(itemOf('local_shell', '{"command":"ls | wc"}').fields.action, {
      type: 'exec',
      command: ['bash', '-lc', 'ls | wc'],
      env: {},
    });
    assert.deepEqual(itemOf('shell', '{"commands":["ls"]}').fields.action, {
      commands: ['ls'],
      timeout_ms: null,
      max_output_length: null,
    });
    assert.deepEqual(itemOf('tool_search', '{"query":"rain","limit":2}').fields, {
      type: 'tool_search_call',
      status: 'completed',
      call_id: 'c1',
      arguments: { query: 'rain', limit: 2 },
      execution: 'client',
    });
  });

  it('tells the diff of a patch', () => {
    const { fields, written } = itemOf('apply_patch', '{"type":"create_file","path":"a","diff":"+x"}');
    assert.deepEqual(fields.operation, { type: 'create_file', diff: '+x', path: 'a' });
    assert.deepEqual(typesOf(written).slice(2, -1), [
      'output_item.added',
      'apply_patch_call_operation_diff.delta',
      'apply_patch_call_operation_diff.done',
      'output_item.done',
    ]);
    const deleted = itemOf('apply_patch', '{"type":"delete_file","path":"a"}');
    assert.deepEqual(deleted.fields.operation, { type: 'delete_file', path: 'a' });
  });

  it('gives input that does not fit as a function call, with a warning', () => {
    for (const [name, input] of [
      ['apply_patch', '{"type":"create_file"}'],
      ['local_shell', '{"command":5}'],
      ['shell', 'ls'],
      ['tool_search', '[]'],
    ] as const) {
      const contexts = clientContexts();
      const { id, fields } = itemOf(name, input, contexts);
      assert.match(id, /^fc_/);
      assert.equal(fields.type, 'function_call');
      assert.equal(fields.name, name);
      assert.equal(fields.arguments, input);
      assert.equal(contexts.warnings.length, 1);
    }
  });

  it('does not take a function for a tool of the client because of its name', () => {
    const tools: FunctionTool[] = [{ type: 'function', name: 'shell' }];
    const [item] = finalOf(streamOf([call('c1', '{}', 'shell')], { tools })).output as JsonObject[];
    assert.equal(item?.type, 'function_call');
  });
});

describe('openai-responses: encoding other pieces in a stream', () => {
  it('gives generated images as items', () => {
    const written = streamOf([
      { type: 'text', text: 'See' },
      { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'QUJD' } },
    ]);
    assert.deepEqual(complaintsOf(written), []);
    assert.deepEqual(withoutIds((finalOf(written).output as JsonObject[])[1]), {
      type: 'image_generation_call',
      status: 'completed',
      output_format: 'png',
      result: 'QUJD',
    });
    assert.ok(typesOf(written).includes('image_generation_call.completed'));
  });

  it('gives items of its own as they are, and warns of pieces of others', () => {
    const item = { type: 'file_search_call', id: 'fs_1', status: 'completed', queries: ['q'] };
    const contexts = clientContexts();
    const written = streamOf(
      [
        { type: 'opaque', dialect: 'openai-responses', label: 'file_search_call', value: item },
        { type: 'opaque', dialect: 'gemini', label: 'executableCode', value: {} },
        { type: 'file', mediaType: 'audio/wav', source: { type: 'base64', data: 'QUJD' } },
      ],
      {},
      'stop',
      contexts,
    );
    assert.deepEqual(finalOf(written).output, [item]);
    assert.deepEqual(
      contexts.warnings.map(({ type, field }) => [type, field]),
      [
        ['dropped', 'output'],
        ['dropped', 'output'],
      ],
    );
    assert.deepEqual(complaintsOf(written), []);
  });

  it("gives Anthropic's web search as its own", () => {
    const value = { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'rain' } };
    const written = streamOf([{ type: 'opaque', dialect: 'anthropic', label: 'server_tool_use', value }]);
    assert.deepEqual(withoutIds(finalOf(written).output), [
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'rain' } },
    ]);
    assert.deepEqual(complaintsOf(written), []);
  });

  it('gives the first of several answers', () => {
    const contexts = clientContexts();
    const parts: StreamPart[] = [
      start,
      { type: 'text-start', id: 'a', choice: 1 },
      { type: 'text-delta', id: 'a', text: 'other', choice: 1 },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'one' },
      finish,
    ];
    const written = encodeParts(parts, {}, contexts);
    assert.doesNotMatch(written, /other/);
    assert.deepEqual(
      contexts.warnings.map(({ field }) => field),
      ['n'],
    );
  });
});

describe('openai-responses: the end of a stream', () => {
  it('says why an answer is incomplete, and which item is', () => {
    const ends: [StopReason, string, JsonObject | null][] = [
      ['length', 'incomplete', { reason: 'max_output_tokens' }],
      ['content-filter', 'incomplete', { reason: 'content_filter' }],
      ['refusal', 'incomplete', { reason: 'content_filter' }],
      ['stop', 'completed', null],
      ['stop-sequence', 'completed', null],
      ['tool-calls', 'completed', null],
      ['pause', 'completed', null],
      ['malformed-tool-call', 'completed', null],
      ['other', 'completed', null],
    ];
    for (const [reason, status, details] of ends) {
      const contexts = clientContexts();
      const written = streamOf([{ type: 'text', text: 'Hal' }], {}, reason, contexts);
      const final = finalOf(written);
      assert.deepEqual([final.status, final.incomplete_details], [status, details], reason);
      assert.equal(eventsOf(written).at(-1)?.type, `response.${status}`);
      assert.equal((final.output as JsonObject[])[0]?.status, status);
      assert.deepEqual(contexts.completed, [final]);
      assert.deepEqual(complaintsOf(written), []);
    }
  });

  it('fails where the context was too small, with the code that makes Codex compact', () => {
    const written = streamOf([{ type: 'text', text: 'Hal' }], {}, 'context-length');
    const last = eventsOf(written).at(-1);
    assert.equal(last?.type, 'response.failed');
    assert.equal(((last.response as JsonObject).error as JsonObject).code, 'context_length_exceeded');
  });

  it('never takes half an answer for the whole', () => {
    const contexts = clientContexts();
    const written = encodeParts(
      [start, { type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', text: 'Hal' }],
      {},
      contexts,
    );
    assert.deepEqual(
      eventsOf(written)
        .slice(-2)
        .map(({ type }) => type),
      ['error', 'response.failed'],
    );
    assert.deepEqual(contexts.completed, []);
  });

  it('tells an error with the right numbers and the id of the response', async () => {
    const contexts = clientContexts();
    const written = encodeParts(
      [
        start,
        { type: 'text-start', id: 't' },
        { type: 'text-delta', id: 't', text: 'Hal' },
        {
          type: 'error',
          error: { status: 429, kind: 'rate_limit', message: 'Slow down.', retryAfterSeconds: 3 },
        },
        finish,
      ],
      {},
      contexts,
    );
    const events = eventsOf(written);
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, index) => index),
    );
    const [error, failed] = events.slice(-2);
    assert.equal(error?.type, 'error');
    assert.equal(error.code, 'rate_limit_exceeded');
    const response = failed?.response as JsonObject;
    assert.deepEqual(
      [failed?.type, response.id, response.status, response.error],
      [
        'response.failed',
        'resp_up',
        'failed',
        { code: 'rate_limit_exceeded', message: 'Slow down. Please try again in 3s.' },
      ],
    );
    assert.deepEqual(contexts.completed, []);
    await assert.rejects(readWithSdk(written), /Slow down/);
  });

  it('closes what the parts left open', () => {
    const written = encodeParts([
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'a' },
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', text: 'b' },
      { type: 'tool-input-start', id: 'c', name: 'f', kind: 'function' },
      { type: 'tool-input-delta', id: 'c', text: '{"x":' },
      { type: 'finish', finish: { reason: 'length' } },
    ]);
    assert.deepEqual(complaintsOf(written), []);
    const final = finalOf(written);
    assert.deepEqual(
      (final.output as JsonObject[]).map(({ type, status }) => [type, status]),
      [
        ['message', 'completed'],
        ['reasoning', undefined],
        ['function_call', 'incomplete'],
      ],
    );
    assert.deepEqual(final.usage, {
      input_tokens: 0,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 0,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 0,
    });
  });
});
