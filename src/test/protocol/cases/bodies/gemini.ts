/** Requests to Gemini as its CLI, SDKs and others make them. */
import type { JsonObject } from '../../../../shared/json';
import { PDF, PNG, type AgentBody } from './body';

const user = (...parts: JsonObject[]): JsonObject => ({ role: 'user', parts });
const model = (...parts: JsonObject[]): JsonObject => ({ role: 'model', parts });
const text = (value: string): JsonObject => ({ text: value });
const call = (name: string, args: JsonObject, more: JsonObject = {}): JsonObject => ({
  functionCall: { name, args, ...more },
});
const response = (name: string, value: JsonObject, more: JsonObject = {}): JsonObject => ({
  functionResponse: { name, response: value, ...more },
});
const declaration = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  description: `Does ${name}.`,
  parametersJsonSchema: {
    type: 'object',
    properties: { file_path: { type: 'string' }, start_line: { type: 'integer', minimum: 1 } },
    required: ['file_path'],
  },
  ...more,
});
const READ = { functionDeclarations: [declaration('read_file'), declaration('list_directory')] };
const SYSTEM = { role: 'user', parts: [text('You are a CLI agent.'), text('And a second instruction.')] };
const SETTINGS = {
  temperature: 1,
  topP: 0.95,
  topK: 64,
  thinkingConfig: { includeThoughts: true, thinkingBudget: 8192 },
};

const make = (name: string, body: JsonObject, more: Partial<AgentBody> = {}): AgentBody => ({
  name,
  client: 'gemini',
  body,
  ...more,
});

export const GEMINI_BODIES: AgentBody[] = [
  make(
    'CASES 24: the first request of Gemini CLI, with two instructions',
    {
      contents: [user(text('<session_context>'), text('Read the notes.'))],
      systemInstruction: SYSTEM,
      tools: [READ],
      generationConfig: SETTINGS,
    },
    { says: ['You are a CLI agent.', 'And a second instruction.', 'Read the notes.', 'Does read_file.'] },
  ),
  make(
    'the second request of Gemini CLI',
    {
      contents: [
        user(text('Read the notes.')),
        model(
          { text: 'I think.', thought: true },
          { ...call('read_file', { file_path: '/a' }, { id: 'fc1' }), thoughtSignature: 'c2lnbmF0dXJl' },
          call('list_directory', { file_path: '/' }, { id: 'fc2' }),
        ),
        user(
          response('read_file', { output: 'SECRET' }, { id: 'fc1' }),
          response('list_directory', { error: 'none' }, { id: 'fc2' }),
        ),
      ],
      systemInstruction: SYSTEM,
      tools: [READ],
      generationConfig: SETTINGS,
    },
    { says: ['SECRET'], never: ['c2lnbmF0dXJl', 'I think.'] },
  ),
  make(
    'a router call with a schema',
    {
      contents: [user(text('old')), model(text('older')), user(text('What is complex?'))],
      systemInstruction: { parts: [text('You route.')] },
      generationConfig: {
        temperature: 0,
        topP: 1,
        maxOutputTokens: 1024,
        thinkingConfig: { thinkingBudget: 512 },
        responseMimeType: 'application/json',
        responseJsonSchema: {
          type: 'object',
          properties: {
            reasoning: { type: 'string' },
            model_choice: { type: 'string', enum: ['flash', 'pro'] },
          },
          required: ['reasoning', 'model_choice'],
        },
      },
    },
    { says: ['You route.', 'model_choice'] },
  ),
  make(
    '26 entries of tools with one declaration each',
    {
      contents: [user(text('Go.'))],
      tools: Array.from({ length: 26 }, (_, at) => ({ functionDeclarations: [declaration(`tool_${at}`)] })),
    },
    { says: ['Does tool_0.', 'Does tool_25.'] },
  ),
  make(
    'parallel calls without ids, twice the same function',
    {
      contents: [
        user(text('Go.')),
        model(call('read_file', { file_path: 'a' }), call('read_file', { file_path: 'b' })),
        user(
          response('read_file', { output: 'AAA' }),
          response('read_file', { output: 'BBB' }),
          text('Hurry.'),
        ),
        model(call('read_file', {})),
        { role: 'function', parts: [response('read_file', { result: { nested: ['CCC'] } })] },
      ],
      tools: [READ],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['read_file'] } },
    },
    { says: ['AAA', 'BBB', 'CCC', 'Hurry.'] },
  ),
  make(
    'contents without a role, empty parts, several of the user',
    { contents: [{ parts: [text('One.'), text('')] }, user(text(' ')), user(text('Two.'))] },
    { says: ['One.', 'Two.'] },
  ),
  make(
    'files of every kind',
    {
      contents: [
        user(
          { inlineData: { mimeType: 'image/png', data: PNG } },
          { inlineData: { mimeType: 'application/pdf', data: PDF } },
          { inlineData: { mimeType: 'text/plain', data: 'cGxhaW4gd29yZHM=' } },
          text('Compare.'),
        ),
      ],
    },
    { says: ['Compare.', PNG] },
  ),
  make(
    'code that the provider ran',
    {
      contents: [
        user(text('Sum?')),
        model(
          text('I run code.'),
          { executableCode: { language: 'PYTHON', code: 'print(3)' } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '3' } },
          text('Three.'),
        ),
        user(text('Sure?')),
      ],
      tools: [{ codeExecution: {} }, { googleSearch: {} }, { urlContext: {} }],
    },
    { says: ['I run code.', 'Three.', 'Sure?'] },
  ),
  make(
    'the search of the provider beside functions',
    {
      contents: [user(text('Search.'))],
      tools: [{ googleSearch: {} }, READ],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' }, includeServerSideToolInvocations: true },
    },
    { says: ['Search.', 'Does read_file.'] },
  ),
  make(
    'words with underscores, as hand-written calls have them',
    {
      contents: [
        {
          role: 'user',
          parts: [{ text: 'What is it?' }, { inline_data: { mime_type: 'image/png', data: PNG } }],
        },
      ],
      system_instruction: { parts: [{ text: 'Be brief.' }] },
      generation_config: { max_output_tokens: 100, stop_sequences: ['END'] },
      tools: [
        {
          function_declarations: [
            {
              name: 'f',
              description: 'Does f.',
              parameters: { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
            },
          ],
        },
      ],
    },
    { says: ['What is it?', 'Be brief.', 'Does f.', PNG] },
  ),
  make(
    'schemas in Gemini’s own words',
    {
      contents: [user(text('Go.'))],
      tools: [
        {
          functionDeclarations: [
            {
              name: 'ns.do-it:now',
              description: 'Does it.',
              parameters: {
                type: 'OBJECT',
                properties: {
                  when: { type: 'STRING', format: 'enum', enum: ['a', 'b'], nullable: true },
                  list: { type: 'ARRAY', items: { type: 'INTEGER', format: 'int64' }, minItems: '1' },
                  any: { anyOf: [{ type: 'NUMBER' }, { type: 'NULL' }] },
                },
                propertyOrdering: ['when', 'list', 'any'],
                required: ['when'],
              },
              response: { type: 'OBJECT' },
            },
            { name: 'plain' },
          ],
        },
      ],
    },
    { says: ['Does it.'] },
  ),
  make(
    'settings of every kind',
    {
      contents: [user(text('Go.'))],
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      generationConfig: {
        candidateCount: 1,
        maxOutputTokens: 65_536,
        temperature: 2,
        topP: 0.5,
        topK: 40,
        seed: 7,
        presencePenalty: 0.5,
        frequencyPenalty: -0.5,
        stopSequences: ['a', 'b', 'c', 'd', 'e'],
        responseLogprobs: true,
        logprobs: 2,
        thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: false },
        mediaResolution: 'MEDIA_RESOLUTION_LOW',
      },
    },
    { says: ['Go.'], never: ['HARM_CATEGORY_HARASSMENT'] },
  ),
  make(
    'a conversation that begins with the model',
    { contents: [model(text('Hello!')), user(text('Hi.'))] },
    { says: ['Hello!', 'Hi.'] },
  ),
  make('a call that was not answered', {
    contents: [user(text('Go.')), model(call('read_file', { file_path: 'a' })), user(text('Never mind.'))],
    tools: [READ],
  }),
];
