import assert from 'node:assert/strict';
import type { Dialect } from '../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../shared/json';
import { problemsOfRequest, type ValidationTarget } from '../../../support/validate/validate-request';

const PARAMETERS = { type: 'object', properties: { a: { type: 'string' } } };
const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });
const say = (text: string) => [{ type: 'text', text }];
const use = (id = 'toolu_1') => ({ type: 'tool_use', id, name: 'f', input: {} });
const result = (id = 'toolu_1') => ({ type: 'tool_result', tool_use_id: id, content: 'r' });
const mark = (text: string) => ({ type: 'text', text, cache_control: { type: 'ephemeral' } });
const part = (text: string) => ({ text });
const toolCall = (id = 'call_1', args = '{}') => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: args } }],
});
const item = (type: string, more: object = {}) => ({ type, ...more });
const called = (id = 'c1') => item('function_call', { call_id: id, name: 'f', arguments: '{}' });
const output = (id = 'c1') => item('function_call_output', { call_id: id, output: 'r' });
const message = (role: string, type = 'input_text') =>
  item('message', { role, content: [{ type, text: 'x' }] });

const GOOD: Record<Dialect, object> = {
  anthropic: {
    model: 'm',
    max_tokens: 2000,
    messages: [user('x'), assistant([use()]), user([result(), ...say('y')])],
    tools: [{ name: 'f', input_schema: PARAMETERS }],
    tool_choice: { type: 'auto' },
  },
  gemini: {
    contents: [
      { role: 'user', parts: [part('x')] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} }, thoughtSignature: 'c2ln' }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { result: 'r' } } }] },
    ],
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: PARAMETERS }] }],
  },
  'openai-chat': {
    model: 'm',
    messages: [user('x'), toolCall(), { role: 'tool', tool_call_id: 'call_1', content: '' }],
    tools: [{ type: 'function', function: { name: 'f', parameters: PARAMETERS } }],
    tool_choice: 'auto',
  },
  'openai-responses': {
    model: 'm',
    input: [message('user'), called(), output(), message('assistant', 'output_text')],
    tools: [{ type: 'function', name: 'f', parameters: PARAMETERS, strict: false }],
  },
};

/** What is changed in a good request, and what must be complained of. */
const BAD: Record<Dialect, [name: string, change: object, complaint: RegExp, target?: ValidationTarget][]> = {
  anthropic: [
    ['an unknown field', { seed: 1 }, /unknown field seed/],
    ['no output limit', { max_tokens: undefined }, /max_tokens/],
    ['an answer first', { messages: [assistant('x')] }, /messages\[0\]\.role/],
    ['two messages of the user in a row', { messages: [user('x'), user('y')] }, /in a row/],
    ['a call without its result', { messages: [user('x'), assistant([use()]), user('y')] }, /no tool_result/],
    ['a result without its call', { messages: [user([result()])] }, /unexpected tool_use_id/],
    [
      'results behind the text',
      { messages: [user('x'), assistant([use()]), user([...say('y'), result()])] },
      /first/,
    ],
    ['blank text', { messages: [user(say(' '))] }, /blank/],
    ['no content', { messages: [user([])] }, /empty/],
    ['a budget of all tokens', { thinking: { type: 'enabled', budget_tokens: 2000 } }, /budget_tokens/],
    ['a budget too small', { thinking: { type: 'enabled', budget_tokens: 500 } }, /budget_tokens/],
    [
      'a loop of tools that began without thinking',
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      /start with a thinking/,
    ],
    ['a temperature while thinking', { thinking: { type: 'adaptive' }, temperature: 0 }, /temperature/],
    [
      'a forced tool while thinking',
      { thinking: { type: 'adaptive' }, tool_choice: { type: 'any' } },
      /tool_choice/,
    ],
    ['too much heat', { temperature: 1.5 }, /temperature/],
    ['five marks', { messages: [user(['a', 'b', 'c', 'd', 'e'].map(mark))] }, /5 blocks/],
    ['a choice without tools', { tools: undefined, messages: [user('x')] }, /tool_choice/],
    ['a bad name', { tools: [{ name: 'a.b', input_schema: PARAMETERS }] }, /name a\.b/],
    ['a bad schema', { tools: [{ name: 'f', input_schema: { type: 'string' } }] }, /no object/],
    ['a bad id', { messages: [user('x'), assistant([use('a:b')]), user([result('a:b')])] }, /id a:b/],
    ['a blank stop', { stop_sequences: ['\n'] }, /blank/],
    [
      'an unsigned thought',
      { messages: [user('x'), assistant([{ type: 'thinking', thinking: 't', signature: '' }, ...say('y')])] },
      /signature/,
    ],
    [
      'a foreign image',
      {
        messages: [
          user([{ type: 'image', source: { type: 'base64', media_type: 'image/bmp', data: 'AAAA' } }]),
        ],
      },
      /media_type/,
    ],
  ],
  gemini: [
    ['an unknown field', { model: 'm' }, /unknown field model/],
    ['no contents', { contents: [] }, /empty/],
    ['a part without anything', { contents: [{ role: 'user', parts: [{}] }] }, /oneof/],
    ['empty text', { contents: [{ role: 'user', parts: [part('')] }] }, /empty text/],
    ['another role', { contents: [{ role: 'assistant', parts: [part('x')] }] }, /role/],
    [
      'a call without response',
      {
        contents: [
          (GOOD.gemini as { contents: unknown[] }).contents[0],
          (GOOD.gemini as { contents: unknown[] }).contents[1],
          { role: 'user', parts: [part('x')] },
        ],
      },
      /number of function response/,
    ],
    [
      'a call first',
      { contents: (GOOD.gemini as { contents: unknown[] }).contents.slice(1) },
      /immediately after/,
    ],
    [
      'an unsigned call',
      {
        contents: [
          { role: 'user', parts: [part('x')] },
          { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
        ],
      },
      /thought_signature/,
      { model: 'gemini-3-pro' },
    ],
    [
      'a bad schema',
      {
        tools: [
          { functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object', $schema: 'x' } }] },
        ],
      },
      /unknown field \$schema/,
    ],
    ['a bad name', { tools: [{ functionDeclarations: [{ name: '1a' }] }] }, /name 1a/],
    [
      'its own tools beside functions',
      { tools: [{ googleSearch: {} }, ...(GOOD.gemini as { tools: object[] }).tools] },
      /unsupported/,
    ],
    [
      'a level for an old model',
      { generationConfig: { thinkingConfig: { thinkingLevel: 'low' } } },
      /level/,
      { model: 'gemini-2.5-pro' },
    ],
    [
      'JSON beside tools for an old model',
      { generationConfig: { responseMimeType: 'application/json' } },
      /mime type/,
      { model: 'gemini-2.5-pro' },
    ],
    ['six stops', { generationConfig: { stopSequences: ['a', 'b', 'c', 'd', 'e', 'f'] } }, /stopSequences/],
    [
      'a mode without functions',
      { tools: undefined, toolConfig: { functionCallingConfig: { mode: 'ANY' } } },
      /function_declarations/,
    ],
  ],
  'openai-chat': [
    ['an unknown field', { top_k: 1 }, /unknown field top_k/],
    ['a call without its answer', { messages: [user('x'), toolCall(), user('y')] }, /without an answer/],
    [
      'an answer without its call',
      { messages: [user('x'), { role: 'tool', tool_call_id: 'a', content: 'r' }] },
      /answers no call/,
    ],
    [
      'a long id',
      {
        messages: [
          user('x'),
          toolCall('c'.repeat(41)),
          { role: 'tool', tool_call_id: 'c'.repeat(41), content: '' },
        ],
      },
      /more than 40/,
    ],
    [
      'arguments that are no JSON',
      {
        messages: [user('x'), toolCall('call_1', 'x'), { role: 'tool', tool_call_id: 'call_1', content: '' }],
      },
      /arguments/,
    ],
    ['a choice without tools', { tools: undefined }, /tool_choice/],
    ['a choice of nobody', { tool_choice: { type: 'function', function: { name: 'g' } } }, /no tool g/],
    [
      'parallel calls without tools',
      { tools: undefined, tool_choice: undefined, parallel_tool_calls: true },
      /parallel/,
    ],
    ['no tools in the list', { tools: [] }, /empty/],
    ['the old limit for OpenAI itself', { max_tokens: 5 }, /max_completion_tokens/, { openai: true }],
    [
      'reasoning for OpenAI itself',
      { messages: [{ role: 'assistant', content: 'x', reasoning_content: 'y' }] },
      /reasoning_content/,
      { openai: true },
    ],
    ['a long id of the user', { user: 'u'.repeat(65) }, /user/],
    ['five stops', { stop: ['a', 'b', 'c', 'd', 'e'] }, /stop/],
    ['JSON in no word', { response_format: { type: 'json_object' } }, /json/],
    [
      'a strict schema that is open',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'a', strict: true, schema: PARAMETERS },
        },
      },
      /open/,
    ],
    ['an answer that says nothing', { messages: [assistant(null)] }, /says nothing/],
  ],
  'openai-responses': [
    ['an unknown field', { stop: ['x'] }, /unknown field stop/],
    ['an unknown item', { input: [item('thing')] }, /unknown item/],
    ['a call without its output', { input: [message('user'), called()] }, /No tool output/],
    ['an output without its call', { input: [message('user'), output()] }, /No tool call/],
    [
      'an id of another kind',
      { input: [item('message', { id: 'chatcmpl-1', role: 'user', content: 'x' })] },
      /does not begin with msg_/,
    ],
    ['words of the user from the assistant', { input: [message('assistant')] }, /no place for input_text/],
    ['a limit under 16', { max_output_tokens: 15 }, /max_output_tokens/],
    [
      'a long call id',
      { input: [message('user'), called('c'.repeat(65)), output('c'.repeat(65))] },
      /more than 64/,
    ],
    ['an unknown wish', { include: ['everything'] }, /include/],
    [
      'reasoning with nothing behind it',
      { input: [item('reasoning', { id: 'rs_1', summary: [], encrypted_content: 'g' })] },
      /following item/,
    ],
    [
      'reasoning that is not encrypted',
      { input: [item('reasoning', { id: 'rs_1', summary: [] }), message('assistant', 'output_text')] },
      /not encrypted/,
    ],
    [
      'a tool that does not say whether it is strict',
      { tools: [{ type: 'function', name: 'f', parameters: PARAMETERS }] },
      /strict/,
    ],
    ['an unknown kind of tool', { tools: [{ type: 'bash_20250124', name: 'bash' }] }, /unknown type/],
    ['a long cache key', { prompt_cache_key: 'k'.repeat(65) }, /prompt_cache_key/],
  ],
};

describe('the validators of requests', () => {
  const problems = (dialect: Dialect, change: object, target?: ValidationTarget) =>
    problemsOfRequest(
      dialect,
      JSON.parse(JSON.stringify({ ...GOOD[dialect], ...change })) as JsonObject,
      target,
    );

  for (const dialect of Object.keys(GOOD) as Dialect[])
    describe(dialect, () => {
      it('takes a good request', () => {
        assert.deepEqual(problems(dialect, {}, { model: 'gemini-3-pro', openai: true }), []);
      });
      for (const [name, change, complaint, target] of BAD[dialect])
        it(`refuses ${name}`, () => {
          assert.match(problems(dialect, change, target).join('\n'), complaint);
        });
    });
});
