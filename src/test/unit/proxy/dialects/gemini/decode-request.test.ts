import assert from 'node:assert/strict';
import { InvalidRequestError } from '../../../../../proxy/errors';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import type { JsonObject } from '../../../../../shared/json';
import { contexts } from './fixtures';

const decode = (body: JsonObject, c = contexts()) =>
  gemini.decodeRequest(body, { warn: c.warn, model: 'models/gemini-x', stream: true });
const hello = [{ role: 'user', parts: [{ text: 'Hi' }] }];

describe("reading a Gemini client's request", () => {
  it('takes model and streaming from the path', () => {
    const request = decode({ contents: [{ parts: [{ text: 'Hi' }] }] });
    assert.equal(request.model, 'gemini-x');
    assert.equal(request.stream, true);
    assert.deepEqual(request.messages, [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]);
  });

  it('reads camelCase and snake_case alike', () => {
    const camel = decode({
      systemInstruction: { parts: [{ text: 'Be brief' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Look' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
        { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'ok' } } }] },
      ],
      generationConfig: {
        maxOutputTokens: 5,
        stopSequences: ['x'],
        topP: 0.5,
        responseMimeType: 'application/json',
      },
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f', 'g'] } },
      tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }],
    });
    const snake = decode({
      system_instruction: { parts: [{ text: 'Be brief' }] },
      contents: [
        { parts: [{ text: 'Look' }, { inline_data: { mime_type: 'image/png', data: 'AAAA' } }] },
        {
          role: 'model',
          parts: [{ function_call: { name: 'f', args: { a: 1 } }, thought_signature: 'c2ln' }],
        },
        { role: 'function', parts: [{ function_response: { name: 'f', response: { output: 'ok' } } }] },
      ],
      generation_config: {
        max_output_tokens: 5,
        stop_sequences: ['x'],
        top_p: 0.5,
        response_mime_type: 'application/json',
      },
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f', 'g'] } },
      tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: { type: 'object' } }] }],
    });
    assert.deepEqual(snake, camel);
    assert.equal(camel.maxOutputTokens, 5);
    assert.deepEqual(camel.responseFormat, { type: 'json' });
    assert.deepEqual(camel.toolChoice, { type: 'required', names: ['f', 'g'] });
    assert.deepEqual(camel.messages[0], { role: 'system', content: [{ type: 'text', text: 'Be brief' }] });
  });

  it('reads a system instruction that is text', () => {
    assert.deepEqual(decode({ systemInstruction: 'Be brief', contents: hello }).messages[0], {
      role: 'system',
      content: [{ type: 'text', text: 'Be brief' }],
    });
  });

  it('makes the same ids for calls without one at every turn, and matches results by name in order', () => {
    const contents = [
      { role: 'user', parts: [{ text: 'Go' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'f' } },
          { functionCall: { name: 'g' } },
          { functionCall: { name: 'f', args: { n: 2 } } },
        ],
      },
      {
        role: 'user',
        parts: ['f', 'f', 'g'].map((name, i) => ({
          functionResponse: { name, response: { result: `r${i}` } },
        })),
      },
    ];
    const [, calls, results] = decode({ contents }).messages;
    assert.deepEqual(
      calls!.content.map((part) => part.type === 'tool-call' && [part.id, part.input]),
      [
        ['call_1_0', '{}'],
        ['call_1_1', '{}'],
        ['call_1_2', '{"n":2}'],
      ],
    );
    assert.deepEqual(
      results!.content.map((part) => part.type === 'tool-result' && [part.callId, part.content]),
      [
        ['call_1_0', [{ type: 'text', text: 'r0' }]],
        ['call_1_2', [{ type: 'text', text: 'r1' }]],
        ['call_1_1', [{ type: 'text', text: 'r2' }]],
      ],
    );
  });

  it('matches results by id before name, and puts them before text', () => {
    const contents = [
      {
        role: 'model',
        parts: [{ functionCall: { id: 'a', name: 'f' } }, { functionCall: { id: 'b', name: 'f' } }],
      },
      {
        role: 'user',
        parts: [
          { text: 'And now?' },
          { functionResponse: { id: 'b', name: 'f', response: { error: 'no' } } },
          {
            functionResponse: {
              id: 'a',
              name: 'f',
              response: { x: 1 },
              parts: [{ inlineData: { mimeType: 'image/png', data: 'AA' } }],
            },
          },
        ],
      },
    ];
    const messages = decode({ contents }).messages;
    assert.deepEqual(
      messages.map((message) => message.role),
      ['assistant', 'tool', 'user'],
    );
    assert.deepEqual(messages[1]!.content, [
      {
        type: 'tool-result',
        callId: 'b',
        name: 'f',
        isError: true,
        content: [{ type: 'text', text: 'no' }],
        metadata: { gemini: { response: { error: 'no' } } },
      },
      {
        type: 'tool-result',
        callId: 'a',
        name: 'f',
        content: [
          { type: 'text', text: '{"x":1}' },
          { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AA' } },
        ],
        metadata: { gemini: { response: { x: 1 } } },
      },
    ]);
  });

  it('keeps signatures, thoughts and pieces only Gemini knows', () => {
    const code = { executableCode: { language: 'PYTHON', code: '1' } };
    const [message] = decode({
      contents: [
        {
          role: 'model',
          parts: [
            { text: 'hm', thought: true, thoughtSignature: 's' },
            { text: 'a', thoughtSignature: 't' },
            code,
          ],
        },
      ],
    }).messages;
    assert.deepEqual(message!.content, [
      { type: 'reasoning', text: 'hm', metadata: { gemini: { thoughtSignature: 's', thought: true } } },
      { type: 'text', text: 'a', metadata: { gemini: { thoughtSignature: 't' } } },
      {
        type: 'opaque',
        dialect: 'gemini',
        label: 'executableCode',
        value: code,
        step: { type: 'code-execution', id: 'code', language: 'python', code: '1' },
      },
    ]);
  });

  it('gives a result to the call just before it, not to an older one that nobody answered', () => {
    const { messages } = decode({
      contents: [
        { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
        { role: 'user', parts: [{ text: 'No, again' }] },
        { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { result: 'r' } } }] },
      ],
    });
    const last = messages.at(-1)!.content[0]!;
    assert.equal(last.type === 'tool-result' && last.callId, 'call_2_0');
  });

  it('makes one message of the chunks that SDK chats keep', () => {
    const model = (part: JsonObject) => ({ role: 'model', parts: [part] });
    const { messages } = decode({
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        model({ text: 'He' }),
        model({ text: '' }),
        model({ text: 'llo' }),
        model({ functionCall: { name: 'f' } }),
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] },
      ],
    });
    assert.deepEqual(
      messages.map((message) => message.role),
      ['user', 'assistant', 'tool'],
    );
    assert.deepEqual(messages[1]!.content, [
      { type: 'text', text: 'Hello' },
      { type: 'tool-call', id: 'call_4_0', name: 'f', kind: 'function', input: '{}' },
    ]);
  });

  it('reads files by address', () => {
    const [message] = decode({
      contents: [{ parts: [{ fileData: { fileUri: 'https://x/y.pdf', mimeType: 'application/pdf' } }] }],
    }).messages;
    assert.deepEqual(message!.content, [
      { type: 'file', mediaType: 'application/pdf', source: { type: 'url', url: 'https://x/y.pdf' } },
    ]);
  });

  it('reads many tool entries, both schema fields and built-in tools', () => {
    const { tools } = decode({
      contents: hello,
      tools: [
        {
          functionDeclarations: [
            {
              name: 'a',
              description: 'A',
              parameters: { type: 'OBJECT', properties: { x: { type: 'STRING' } } },
            },
          ],
        },
        { functionDeclarations: [{ name: 'b', parametersJsonSchema: { type: 'object' } }] },
        { googleSearch: {} },
        { code_execution: {} },
        { urlContext: {}, newThing: { k: 1 } },
      ],
    });
    assert.deepEqual(tools, [
      {
        type: 'function',
        name: 'a',
        description: 'A',
        parameters: { type: 'object', properties: { x: { type: 'string' } } },
      },
      { type: 'function', name: 'b', parameters: { type: 'object' } },
      { type: 'built-in', kind: 'web-search', dialect: 'gemini', value: { googleSearch: {} } },
      { type: 'built-in', kind: 'code-execution', dialect: 'gemini', value: { code_execution: {} } },
      { type: 'built-in', kind: 'web-fetch', dialect: 'gemini', value: { urlContext: {} } },
      { type: 'built-in', kind: 'other', dialect: 'gemini', value: { newThing: { k: 1 } } },
    ]);
  });

  it('reads every generation setting and keeps what only Gemini has', () => {
    const request = decode({
      contents: hello,
      generationConfig: {
        maxOutputTokens: '200000',
        temperature: 0,
        topP: 1,
        topK: 4,
        stopSequences: ['a'],
        seed: 7,
        presencePenalty: 1,
        frequencyPenalty: 2,
        candidateCount: 2,
        responseLogprobs: true,
        logprobs: 3,
        responseModalities: ['IMAGE'],
        imageConfig: { imageSize: '4K' },
        thinkingConfig: { thinkingLevel: 'low', includeThoughts: true },
        responseMimeType: 'application/json',
        responseSchema: { type: 'STRING' },
      },
      safetySettings: [{ category: 'c' }],
      cachedContent: 'cachedContents/1',
    });
    const { messages: _m, tools: _t, model: _n, stream: _s, ...settings } = request;
    assert.deepEqual(settings, {
      maxOutputTokens: 200_000,
      temperature: 0,
      topP: 1,
      topK: 4,
      stop: ['a'],
      seed: 7,
      presencePenalty: 1,
      frequencyPenalty: 2,
      candidates: 2,
      logprobs: true,
      topLogprobs: 3,
      reasoning: { effort: 'low', visible: true },
      responseFormat: { type: 'json-schema', schema: { type: 'string' } },
      metadata: {
        gemini: {
          safetySettings: [{ category: 'c' }],
          cachedContent: 'cachedContents/1',
          generationConfig: {
            responseModalities: ['IMAGE'],
            imageConfig: { imageSize: '4K' },
            thinkingConfig: { thinkingLevel: 'low' },
          },
        },
      },
    });
  });

  for (const key of ['responseJsonSchema', '_responseJsonSchema'])
    it(`reads ${key}`, () => {
      const { responseFormat } = decode({
        contents: hello,
        generationConfig: { responseMimeType: 'application/json', [key]: { type: 'object' } },
      });
      assert.deepEqual(responseFormat, { type: 'json-schema', schema: { type: 'object' } });
    });

  it('does not fail on unknown fields', () => {
    assert.equal(
      decode({
        contents: [{ role: 'user', parts: [{ text: 'x', partMetadata: {} }], extra: 1 }],
        new_field: [1],
        generationConfig: null,
      }).messages.length,
      1,
    );
  });

  const bad: [string, JsonObject][] = [
    ['contents', {}],
    ['contents', { contents: [] }],
    ['contents', { contents: 5 }],
    ['contents[0].parts[1].text', { contents: [{ parts: [{ text: 'a' }, { text: 5 }] }] }],
    ['contents[0].parts[0]', { contents: [{ parts: [5] }] }],
    ['contents[0].role', { contents: [{ role: 'robot', parts: [] }] }],
    ['contents[0].parts[0].inlineData.mimeType', { contents: [{ parts: [{ inlineData: { data: 'x' } }] }] }],
    [
      'contents[0].parts[0].functionCall.name',
      { contents: [{ role: 'model', parts: [{ functionCall: {} }] }] },
    ],
    ['generationConfig.maxOutputTokens', { contents: hello, generationConfig: { maxOutputTokens: 'many' } }],
    ['tools[0].functionDeclarations[0].name', { contents: hello, tools: [{ functionDeclarations: [{}] }] }],
    [
      'toolConfig.functionCallingConfig.mode',
      { contents: hello, toolConfig: { functionCallingConfig: { mode: 'SOMETIMES' } } },
    ],
  ];
  for (const [param, body] of bad)
    it(`refuses ${JSON.stringify(body)} at ${param}`, () => {
      assert.throws(
        () => decode(body),
        (error) => error instanceof InvalidRequestError && error.param === param && error.status === 400,
      );
    });

  it('counts tokens of bare contents and of a wrapped request', () => {
    const { warn } = contexts();
    const count = gemini.count!;
    assert.equal(count.decodeRequest({ contents: hello }, { warn, model: 'm' }).messages.length, 1);
    const wrapped = {
      generateContentRequest: { model: 'models/m', contents: hello, systemInstruction: 'S' },
    };
    assert.equal(count.decodeRequest(wrapped, { warn, model: 'm' }).messages.length, 2);
    assert.deepEqual(count.encodeResponse(count.decodeResponse({ totalTokens: 12 })), { totalTokens: 12 });
    assert.throws(() => count.decodeResponse({}));
  });
});
