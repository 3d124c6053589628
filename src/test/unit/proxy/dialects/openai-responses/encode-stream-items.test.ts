import assert from 'node:assert/strict';
import type {
  AssistantPart,
  FunctionTool,
  ServerStep,
  StreamPart,
} from '../../../../../proxy/dialects/canonical';
import { unwrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../../../shared/json';
import {
  START,
  FINISH,
  callOf,
  clientContexts,
  complaintsOf,
  decodeBody,
  encodeParts,
  eventsOf,
  finalOf,
  own,
  streamOf,
  typesOf,
  withoutIds,
} from './client-side';

describe('openai-responses: encoding what comes with a text in a stream', () => {
  it('tells log probabilities with their text', () => {
    const entry = (token: string) => ({ token, logprob: -0.1, bytes: [1], top_logprobs: [] });
    const written = encodeParts([
      START,
      { type: 'logprobs', value: { content: [entry('a')], refusal: null } },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'a' },
      { type: 'logprobs', value: { content: [entry('b')] } },
      { type: 'text-delta', id: 't', text: 'b' },
      { type: 'logprobs', value: { content: [entry('c')] } },
      { type: 'text-end', id: 't' },
      FINISH,
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
      START,
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'a' },
      { type: 'citation', id: 't', citation: { url: 'v' }, said: 'a', from: 0 },
      { type: 'citation', id: 't', citation: { url: 'u', ...own(cited) }, said: 'a', from: 0 },
      { type: 'text-end', id: 't' },
      FINISH,
    ]);
    assert.deepEqual(complaintsOf(written), []);
    assert.deepEqual(
      eventsOf(written)
        .filter(({ type }) => type === 'response.output_text.annotation.added')
        .map(({ annotation, annotation_index }) => [annotation_index, annotation]),
      [
        [0, { type: 'url_citation', start_index: 0, end_index: 1, title: 'v', url: 'v' }],
        [1, cited],
      ],
    );
    const [item] = finalOf(written).output as JsonObject[];
    assert.equal(((item?.content as JsonObject[])[0]?.annotations as unknown[]).length, 2);
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
      { type: 'namespace', name: 'functions', tools: [{ type: 'function', name: 'plain' }] },
    ],
  });
  const itemOf = (name: string, input: string, contexts = clientContexts()) => {
    const written = streamOf([callOf('c1', input, name)], request, 'tool-calls', contexts);
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
    const { name, namespace } = itemOf('plain', '{}').fields;
    assert.deepEqual([name, namespace], ['plain', undefined]);
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
    for (const commands of ['["ls"]', '"ls"'])
      assert.deepEqual(itemOf('shell', `{"commands":${commands}}`).fields.action, {
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
    const [item] = finalOf(streamOf([callOf('c1', '{}', 'shell')], { tools })).output as JsonObject[];
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

  it("gives another provider's web search as its own", () => {
    const step: ServerStep = { type: 'web-search', id: 's', queries: ['rain'] };
    const written = streamOf([{ type: 'opaque', dialect: 'anthropic', label: 'l', value: {}, step }]);
    assert.deepEqual(withoutIds(finalOf(written).output), [
      {
        type: 'web_search_call',
        status: 'completed',
        action: { type: 'search', query: 'rain', queries: ['rain'] },
      },
    ]);
    assert.deepEqual(complaintsOf(written), []);
  });

  it('gives the first of several answers', () => {
    const contexts = clientContexts();
    const parts: StreamPart[] = [
      START,
      { type: 'text-start', id: 'a', choice: 1 },
      { type: 'text-delta', id: 'a', text: 'other', choice: 1 },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'one' },
      FINISH,
    ];
    const written = encodeParts(parts, {}, contexts);
    assert.doesNotMatch(written, /other/);
    assert.deepEqual(
      contexts.warnings.map(({ field }) => field),
      ['n'],
    );
  });
});
