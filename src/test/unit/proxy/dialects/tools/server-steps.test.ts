/** Searches and code that a provider ran, from every upstream that has such tools to every client (SPEC 4.4). */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import type { AnswerContext, ReplyContext } from '../../../../../proxy/dialects/adapter';
import type {
  AssistantPart,
  BuiltInTool,
  CanonicalRequest,
  CanonicalResponse,
  Dialect,
  Warning,
} from '../../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../../proxy/dialects/registry';
import { replayResponse } from '../../../../../proxy/dialects/replay-response';
import { StepJoiner } from '../../../../../proxy/dialects/tools/server-steps';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import type { JsonObject } from '../../../../../shared/json';
import { checkAnthropicStream } from '../../../../support/check/check-anthropic-stream';
import { checkOpenaiResponsesStream } from '../../../../support/check/check-openai-responses-stream';
import { readEvents } from '../../../../support/read-events';

const PAGES = [
  { url: 'https://a.example/1', title: 'Eins' },
  { url: 'https://b.example/2', title: 'Zwei' },
];
const said = (text: string): JsonObject => ({ type: 'text', text });

/** One search and one run of code that fails, as each upstream tells them. */
const BODIES: Partial<Record<Dialect, JsonObject>> = {
  anthropic: {
    id: 'msg_1',
    model: 'm',
    content: [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'sun' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: 'srvtoolu_1',
        content: PAGES.map((page) => ({
          type: 'web_search_result',
          ...page,
          encrypted_content: 'E',
          page_age: null,
        })),
      },
      { type: 'server_tool_use', id: 'srvtoolu_2', name: 'code_execution', input: { code: '1/0' } },
      {
        type: 'code_execution_tool_result',
        tool_use_id: 'srvtoolu_2',
        content: { type: 'code_execution_result', stdout: '', stderr: 'Oh', return_code: 1, content: [] },
      },
      said('Sun.'),
    ],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1 },
  },
  'openai-responses': {
    id: 'resp_1',
    status: 'completed',
    output: [
      {
        id: 'ws_1',
        type: 'web_search_call',
        status: 'completed',
        action: {
          type: 'search',
          query: 'sun',
          sources: PAGES.map(({ url, title }) => ({ type: 'url', url, title })),
        },
      },
      {
        id: 'ci_1',
        type: 'code_interpreter_call',
        status: 'failed',
        code: '1/0',
        container_id: 'cntr_1',
        outputs: [{ type: 'logs', logs: 'Oh' }],
      },
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Sun.', annotations: [] }],
      },
    ],
  },
  gemini: {
    candidates: [
      {
        content: {
          role: 'model',
          parts: [
            { executableCode: { language: 'PYTHON', code: '1/0' } },
            { codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'Oh' } },
            { text: 'Sun.' },
          ],
        },
        finishReason: 'STOP',
        groundingMetadata: {
          webSearchQueries: ['sun'],
          groundingChunks: PAGES.map(({ url, title }) => ({ web: { uri: url, title } })),
          groundingSupports: [],
        },
      },
    ],
    responseId: 'r',
  },
};
const UPSTREAMS = Object.keys(BODIES) as Dialect[];
const others = (client: Dialect) => UPSTREAMS.filter((upstream) => upstream !== client);

const TOOLS: BuiltInTool[] = (['web-search', 'code-execution'] as const).map((kind) => ({
  type: 'built-in',
  kind,
  dialect: 'anthropic',
  value: {},
}));

function contexts(request: Partial<CanonicalRequest> = {}) {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  let made = 0;
  const newId = (prefix: string) => `${prefix}${++made}`;
  const answer: AnswerContext = { warn, newId, signatures: createSignatureStore() };
  const reply: ReplyContext = {
    model: 'asked',
    now: 1,
    newId,
    warn,
    request: { model: 'asked', stream: true, messages: [], tools: TOOLS, ...request },
  };
  return { warnings, answer, reply };
}

const decoded = (upstream: Dialect): CanonicalResponse =>
  adapterOf(upstream).decodeResponse(BODIES[upstream] ?? {}, contexts().answer);

function streamed(client: Dialect, response: CanonicalResponse, reply: ReplyContext): string {
  const encoder = adapterOf(client).createStreamEncoder(reply);
  return (
    replayResponse(response)
      .map((part) => encoder.push(part))
      .join('') + encoder.end()
  );
}

/** What the SDK of Anthropic puts together of a stream. */
async function readWithSdk(text: string): Promise<Anthropic.Message> {
  const client = new Anthropic({
    apiKey: 'k',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } })),
  });
  return client.messages.stream({ model: 'm', max_tokens: 1, messages: [] }).finalMessage();
}

/** The blocks without what is made up. */
const bare = (blocks: unknown) =>
  (blocks as JsonObject[]).map((block) => {
    const { id: _id, tool_use_id: _of, caller: _caller, ...rest } = block;
    const content = rest['content'];
    if (!Array.isArray(content)) return rest;
    return { ...rest, content: (content as JsonObject[]).map(({ url, title }) => ({ url, title })) };
  });
const GROUNDING = {
  webSearchQueries: ['sun'],
  groundingChunks: PAGES.map(({ url, title }) => ({ web: { uri: url, title } })),
};
const failure = { type: 'code_execution_result', stdout: '', stderr: 'Oh', return_code: 1, content: [] };
const SEARCH_BLOCKS = [
  { type: 'server_tool_use', name: 'web_search', input: { query: 'sun' } },
  { type: 'web_search_tool_result', content: PAGES },
];
const CODE_BLOCKS = [
  { type: 'server_tool_use', name: 'code_execution', input: { code: '1/0' } },
  { type: 'code_execution_tool_result', content: failure },
];

describe('what tools of the provider did', () => {
  for (const upstream of others('anthropic')) {
    it(`is told to a client of Anthropic that asked for such tools, from ${upstream}`, async () => {
      const { reply, warnings } = contexts();
      const body = adapterOf('anthropic').encodeResponse(decoded(upstream), reply);
      const blocks = body['content'] as JsonObject[];
      assert.deepEqual(bare(blocks).slice(0, 4), [...SEARCH_BLOCKS, ...CODE_BLOCKS]);
      assert.equal((blocks[1] as JsonObject)['tool_use_id'], blocks[0]?.['id']);
      assert.equal((blocks[3] as JsonObject)['tool_use_id'], blocks[2]?.['id']);
      assert.match(String(blocks[0]?.['id']), /^srvtoolu_[a-zA-Z0-9_]+$/);
      assert.deepEqual((body['usage'] as JsonObject)['server_tool_use'], {
        web_search_requests: 1,
        web_fetch_requests: 0,
      });
      assert.deepEqual(warnings, []);

      const text = streamed('anthropic', decoded(upstream), contexts().reply);
      assert.deepEqual(checkAnthropicStream(readEvents(text)).complaints, []);
      const message = await readWithSdk(text);
      assert.deepEqual(bare(message.content).slice(0, 4), [...SEARCH_BLOCKS, ...CODE_BLOCKS]);
      assert.equal(message.usage.server_tool_use?.web_search_requests, 1);
    });

    it(`is left out, with a warning, for a client of Anthropic that knows no such tools, from ${upstream}`, () => {
      const { reply, warnings } = contexts({ tools: [] });
      const { content } = adapterOf('anthropic').encodeResponse(decoded(upstream), reply);
      assert.deepEqual((content as JsonObject[]).map(({ text }) => text).join(''), 'Sun.');
      assert.ok(warnings.length >= 2);
    });

    it(`does not go to Anthropic when the client sends it back, from ${upstream}`, () => {
      const { reply, answer } = contexts();
      const { content } = adapterOf('anthropic').encodeResponse(decoded(upstream), reply);
      const messages = [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: content ?? null },
        { role: 'user', content: 'And?' },
      ];
      const texts = (sent: unknown) =>
        ((sent as JsonObject[])[1]?.['content'] as JsonObject[]).map(({ type }) => type);
      const passed = structuredClone({ model: 'm', max_tokens: 1, messages });
      adapterOf('anthropic').dropEnvelopes(passed);
      assert.ok(texts(passed.messages).every((type) => type === 'text'));
      const request = adapterOf('anthropic').decodeRequest({ model: 'm', max_tokens: 1, messages }, reply);
      const { warn } = reply;
      const { signatures } = answer;
      const wire = adapterOf('anthropic').encodeRequest(request, {
        model: 'm',
        stream: false,
        warn,
        signatures,
      });
      assert.ok(texts(wire.body['messages']).every((type) => type === 'text'));
    });
  }

  for (const upstream of others('openai-responses')) {
    const include = ['web_search_call.action.sources', 'code_interpreter_call.outputs'];
    const request = { metadata: { 'openai-responses': { fields: { include } } } };
    const sources = PAGES.map(({ url }) => ({ type: 'url', url }));
    const items = (listed: boolean) => [
      {
        type: 'web_search_call',
        status: 'completed',
        action: { type: 'search', query: 'sun', queries: ['sun'], ...(listed && { sources }) },
      },
      {
        type: 'code_interpreter_call',
        status: 'failed',
        code: '1/0',
        outputs: listed ? [{ type: 'logs', logs: 'Oh' }] : null,
      },
    ];
    const itemsOf = (output: unknown) =>
      (output as JsonObject[]).slice(0, 2).map(({ id: _id, container_id: _container, ...rest }) => rest);

    it(`is told to a client of the Responses API, as much of it as the client wants, from ${upstream}`, () => {
      const { reply, warnings } = contexts(request);
      const body = adapterOf('openai-responses').encodeResponse(decoded(upstream), reply);
      assert.deepEqual(itemsOf(body['output']), items(true));
      assert.deepEqual(warnings, []);
      const less = adapterOf('openai-responses').encodeResponse(decoded(upstream), contexts().reply);
      assert.deepEqual(itemsOf(less['output']), items(false));

      const text = streamed('openai-responses', decoded(upstream), contexts(request).reply);
      const events = readEvents(text);
      assert.deepEqual(checkOpenaiResponsesStream(events).complaints, []);
      const final = JSON.parse(events.at(-1)?.data ?? '{}') as { response: JsonObject };
      assert.deepEqual(itemsOf(final.response['output']), items(true));
      const told = events.flatMap(({ event }) =>
        /search_call|interpreter/.test(event ?? '') ? [event] : [],
      );
      assert.deepEqual(told, [
        'response.web_search_call.in_progress',
        'response.web_search_call.searching',
        'response.web_search_call.completed',
        'response.code_interpreter_call.in_progress',
        'response.code_interpreter_call_code.delta',
        'response.code_interpreter_call_code.done',
        'response.code_interpreter_call.interpreting',
        'response.code_interpreter_call.completed',
      ]);
    });
  }

  for (const upstream of others('gemini'))
    it(`is told to a client of Gemini, from ${upstream}`, () => {
      const { reply, warnings } = contexts();
      const body = adapterOf('gemini').encodeResponse(decoded(upstream), reply);
      const [candidate] = body['candidates'] as JsonObject[];
      assert.deepEqual(candidate?.['groundingMetadata'], GROUNDING);
      assert.deepEqual((candidate?.['content'] as JsonObject)['parts'], [
        { executableCode: { language: 'PYTHON', code: '1/0' } },
        { codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'Oh' } },
        { text: 'Sun.' },
      ]);
      assert.deepEqual(warnings, []);
      const chunks = readEvents(streamed('gemini', decoded(upstream), contexts().reply));
      const last = JSON.parse(chunks.at(-1)?.data ?? '{}') as { candidates: JsonObject[] };
      assert.deepEqual(last.candidates[0]?.['groundingMetadata'], GROUNDING);
    });

  for (const upstream of UPSTREAMS)
    it(`changes no word of an answer to a client of chat completions, and is warned of, from ${upstream}`, () => {
      const { reply, warnings } = contexts();
      const body = adapterOf('openai-chat').encodeResponse(decoded(upstream), reply);
      const [choice] = body['choices'] as JsonObject[];
      assert.equal((choice?.['message'] as JsonObject)['content'], 'Sun.');
      assert.ok(warnings.length >= 2);
    });

  it('waits for its result where several tools run at once, and stands alone where none comes', () => {
    const joiner = new StepJoiner();
    const ask = (id: string, query: string) => ({ type: 'web-search' as const, id, queries: [query] });
    assert.deepEqual(joiner.add(ask('a', '1')), []);
    assert.deepEqual(joiner.add(ask('b', '2')), []);
    assert.deepEqual(joiner.add({ type: 'web-search', id: 'a', sources: [] }), [
      { ...ask('a', '1'), sources: [] },
    ]);
    assert.deepEqual(joiner.add(ask('b', '3')), [ask('b', '2')]);
    assert.deepEqual(joiner.flush(), [ask('b', '3')]);
    assert.deepEqual(joiner.flush(), []);
  });

  it('is told before what follows it, also where its result never came', () => {
    const asking: AssistantPart = {
      type: 'opaque',
      dialect: 'anthropic',
      label: 'server_tool_use',
      value: {},
      step: { type: 'web-search', id: 's', queries: ['rain'] },
    };
    const content: AssistantPart[] = [asking, { type: 'text', text: 'Hm.' }, asking];
    const response: CanonicalResponse = { choices: [{ content, finish: { reason: 'pause' } }] };
    const types = (output: unknown) => (output as JsonObject[]).map(({ type }) => type);
    const expected = ['web_search_call', 'message', 'web_search_call'];
    const body = adapterOf('openai-responses').encodeResponse(response, contexts().reply);
    assert.deepEqual(types(body['output']), expected);
    const events = readEvents(streamed('openai-responses', response, contexts().reply));
    const final = JSON.parse(events.at(-1)?.data ?? '{}') as { response: JsonObject };
    assert.deepEqual(types(final.response['output']), expected);
    assert.deepEqual(checkOpenaiResponsesStream(events).complaints, []);
  });

  it('is code of the shell, too, where Claude runs it so', () => {
    const content = [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'bash_code_execution', input: { command: 'ls' } },
      {
        type: 'bash_code_execution_tool_result',
        tool_use_id: 'srvtoolu_1',
        content: {
          type: 'bash_code_execution_result',
          stdout: 'a\n',
          stderr: '',
          return_code: 0,
          content: [],
        },
      },
      said('One file.'),
    ];
    const response = adapterOf('anthropic').decodeResponse(
      { ...BODIES.anthropic, content },
      contexts().answer,
    );
    const body = adapterOf('gemini').encodeResponse(response, contexts().reply);
    const [candidate] = body['candidates'] as JsonObject[];
    assert.deepEqual((candidate?.['content'] as JsonObject)['parts'], [
      { executableCode: { language: 'LANGUAGE_UNSPECIFIED', code: 'ls' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: 'a\n' } },
      { text: 'One file.' },
    ]);
  });

  it('is paused by Anthropic, and clients of other protocols are told that the answer goes on', () => {
    const { answer, warnings } = contexts();
    adapterOf('anthropic').decodeResponse({ ...BODIES.anthropic, stop_reason: 'pause_turn' }, answer);
    assert.deepEqual(
      warnings.map(({ field }) => field),
      ['stop_reason'],
    );
  });
});
