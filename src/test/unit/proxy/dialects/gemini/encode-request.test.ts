import assert from 'node:assert/strict';
import type { Message, Tool } from '../../../../../proxy/dialects/canonical';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import type { JsonObject } from '../../../../../shared/json';
import { asked, contexts } from './fixtures';

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const call = (id: string, name = 'f', input = '{}', metadata?: JsonObject): Message => ({
  role: 'assistant',
  content: [
    {
      type: 'tool-call',
      id,
      name,
      kind: 'function',
      input,
      ...(metadata && { metadata: { gemini: metadata } }),
    },
  ],
});
const result = (callId: string, text = 'ok'): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', callId, content: [{ type: 'text', text }] }],
});
const contentsOf = (messages: Message[], c = contexts()) =>
  gemini.encodeRequest(asked({ messages }), c.encode).body['contents'] as {
    role: string;
    parts: JsonObject[];
  }[];
const image = {
  type: 'file' as const,
  mediaType: 'image/png',
  source: { type: 'base64' as const, data: 'AAAA' },
};

describe('writing a request for Gemini', () => {
  it('asks at the path of the model', () => {
    const { encode } = contexts('a/b c');
    assert.equal(gemini.encodeRequest(asked(), encode).path, '/v1beta/models/a%2Fb%20c:generateContent');
    assert.equal(
      gemini.encodeRequest(asked(), { ...encode, stream: true }).path,
      '/v1beta/models/a%2Fb%20c:streamGenerateContent?alt=sse',
    );
    assert.equal(
      gemini.encodeRequest(asked(), { ...encode, model: 'tunedModels/x' }).path,
      '/v1beta/tunedModels/x:generateContent',
    );
  });

  it('puts leading system messages into the instruction and later ones into the conversation, with a warning', () => {
    const c = contexts();
    const system = (text: string): Message => ({ role: 'system', content: [{ type: 'text', text }] });
    const { body } = gemini.encodeRequest(
      asked({ messages: [system('A'), system('B'), user('Hi'), system('C'), user('Ho')] }),
      c.encode,
    );
    assert.deepEqual(body['systemInstruction'], { parts: [{ text: 'A' }, { text: 'B' }] });
    assert.deepEqual(body['contents'], [
      { role: 'user', parts: [{ text: 'Hi' }, { text: 'C' }, { text: 'Ho' }] },
    ]);
    assert.deepEqual(
      c.warnings.map(({ type, field }) => [type, field]),
      [['changed', 'messages[3]']],
    );
  });

  it('answers parallel calls in one content, by id and name, responses first', () => {
    const contents = contentsOf([
      user('Go'),
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Ok' },
          ...['a', 'b'].map((id) => ({
            type: 'tool-call' as const,
            id,
            name: `f${id}`,
            kind: 'function' as const,
            input: '{"x":1}',
          })),
        ],
      },
      result('b', 'B'),
      user('hurry'),
      {
        role: 'tool',
        content: [
          { type: 'tool-result', callId: 'a', isError: true, content: [{ type: 'text', text: 'bad' }] },
        ],
      },
    ]);
    assert.deepEqual(
      contents[1]!.parts.map((part) => part['functionCall']),
      [undefined, { id: 'a', name: 'fa', args: { x: 1 } }, { id: 'b', name: 'fb', args: { x: 1 } }],
    );
    assert.deepEqual(contents[2], {
      role: 'user',
      parts: [
        { functionResponse: { id: 'b', name: 'fb', response: { result: 'B' } } },
        { functionResponse: { id: 'a', name: 'fa', response: { error: 'bad' } } },
        { text: 'hurry' },
      ],
    });
  });

  it('answers a call that nobody answered, and says so', () => {
    const c = contexts();
    const contents = contentsOf([user('Go'), call('a'), user('Never mind')], c);
    assert.deepEqual(contents[2]!.parts[0], {
      functionResponse: { id: 'a', name: 'f', response: { error: 'The call was not answered.' } },
    });
    assert.equal(c.warnings[0]?.type, 'changed');
  });

  it('takes calls spread over several assistant messages as one step', () => {
    const c = contexts();
    const contents = contentsOf([user('Go'), call('a'), call('b'), result('a'), result('b')], c);
    assert.deepEqual(
      contents.map((content) => content.parts.length),
      [1, 2, 2],
    );
    assert.deepEqual(c.warnings, []);
  });

  it('sends a result without a call as text', () => {
    const c = contexts();
    assert.deepEqual(contentsOf([user('Go'), result('zzz', 'lost')], c), [
      { role: 'user', parts: [{ text: 'Go' }, { text: 'lost' }] },
    ]);
    assert.equal(c.warnings[0]?.type, 'changed');
  });

  it('puts images of results into the response from Gemini 3 on, beside it before', () => {
    const messages: Message[] = [
      user('Go'),
      call('a'),
      {
        role: 'tool',
        content: [{ type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 't' }, image] }],
      },
    ];
    const inline = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    assert.deepEqual(contentsOf(messages, contexts('gemini-3-flash'))[2]!.parts, [
      { functionResponse: { id: 'a', name: 'f', response: { result: 't' }, parts: [inline] } },
    ]);
    assert.deepEqual(contentsOf(messages, contexts('gemini-2.5-flash'))[2]!.parts, [
      { functionResponse: { id: 'a', name: 'f', response: { result: 't' } } },
      inline,
    ]);
  });

  it('signs a call with its own signature, a remembered one, or the documented stand-in', () => {
    const c = contexts();
    c.signatures.remember('gemini', 'b', 'kept');
    const contents = contentsOf(
      [
        user('Go'),
        call('a', 'f', '{}', { thoughtSignature: 'own' }),
        result('a'),
        call('b'),
        result('b'),
        call('c'),
        result('c'),
      ],
      c,
    );
    assert.deepEqual(
      contents
        .filter((content) => content.role === 'model')
        .map((content) => content.parts[0]!['thoughtSignature']),
      ['own', 'kept', 'skip_thought_signature_validator'],
    );
  });

  it('signs the first of parallel calls only, and no call of an earlier turn', () => {
    const two = (a: string, b: string): Message => ({
      role: 'assistant',
      content: [a, b].map((id) => ({ type: 'tool-call', id, name: 'f', kind: 'function', input: '{}' })),
    });
    const contents = contentsOf([
      user('Old'),
      call('o'),
      result('o'),
      user('New'),
      two('a', 'b'),
      result('a'),
      result('b'),
    ]);
    const signed = contents.flatMap((content) =>
      content.parts.filter((part) => part['functionCall']).map((part) => part['thoughtSignature']),
    );
    // The old step's answer and the new question share one content, so Gemini sees one turn.
    assert.deepEqual(signed, [
      'skip_thought_signature_validator',
      'skip_thought_signature_validator',
      undefined,
    ]);
    const apart = contentsOf([
      user('Old'),
      call('o'),
      result('o'),
      { role: 'assistant', content: [{ type: 'text', text: 'Done' }] },
      user('New'),
      two('a', 'b'),
      result('a'),
      result('b'),
    ]);
    assert.deepEqual(
      apart.flatMap((content) =>
        content.parts.filter((part) => part['functionCall']).map((part) => part['thoughtSignature']),
      ),
      [undefined, 'skip_thought_signature_validator', undefined],
    );
  });

  it("never sends another provider's signature or thoughts", () => {
    const c = contexts();
    const foreign = {
      anthropic: { signature: 'FOREIGN' },
      'openai-responses': { encrypted_content: 'FOREIGN' },
    };
    const { body } = gemini.encodeRequest(
      asked({
        messages: [
          user('Go'),
          {
            role: 'assistant',
            content: [
              { type: 'reasoning', text: 'secret', metadata: foreign },
              { type: 'tool-call', id: 'a', name: 'f', kind: 'function', input: '{}', metadata: foreign },
            ],
          },
          result('a'),
        ],
      }),
      c.encode,
    );
    assert.doesNotMatch(JSON.stringify(body), /FOREIGN|secret/);
    assert.equal(c.warnings[0]?.type, 'dropped');
  });

  it('sends arguments that are no object as input, with a warning', () => {
    const c = contexts();
    const contents = contentsOf([user('Go'), call('a', 'f', '{"x":'), result('a')], c);
    assert.deepEqual(contents[1]!.parts[0]!['functionCall'], {
      id: 'a',
      name: 'f',
      args: { input: '{"x":' },
    });
    assert.equal(c.warnings[0]?.type, 'changed');
  });

  it('sends files as data or address', () => {
    const c = contexts();
    const file = (url: string, mediaType = 'image/*') => ({
      type: 'file' as const,
      mediaType,
      source: { type: 'url' as const, url },
    });
    const [content] = contentsOf(
      [
        {
          role: 'user',
          content: [image, file('https://x/y.webp?z'), file('https://youtu.be/1', 'video/mp4')],
        },
      ],
      c,
    );
    assert.deepEqual(content!.parts, [
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
      { fileData: { mimeType: 'image/webp', fileUri: 'https://x/y.webp?z' } },
      { fileData: { mimeType: 'video/mp4', fileUri: 'https://youtu.be/1' } },
    ]);
    assert.equal(c.warnings.length, 1);
  });

  it('maps bad tool names everywhere and maps them back', () => {
    const long = `mcp__server__${'x'.repeat(80)}`;
    const c = contexts();
    const { body, restoreToolName } = gemini.encodeRequest(
      asked({
        tools: [long, 'a b', '9x', 'good'].map((name): Tool => ({ type: 'function', name })),
        toolChoice: { type: 'tool', name: long },
        messages: [user('Go'), call('a', long), result('a')],
      }),
      c.encode,
    );
    const [{ functionDeclarations }] = body['tools'] as [{ functionDeclarations: { name: string }[] }];
    const names = functionDeclarations.map((one) => one.name);
    for (const name of names) assert.match(name, /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/);
    assert.equal(new Set(names).size, 4);
    assert.equal(names[3], 'good');
    assert.deepEqual(
      names.map((name) => restoreToolName!(name)),
      [long, 'a b', '9x', 'good'],
    );
    assert.deepEqual(body['toolConfig'], {
      functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [names[0]] },
    });
    const sent = JSON.stringify(body['contents']);
    assert.equal(sent.split(names[0]!).length, 3);
    assert.ok(!sent.includes(long));
    const answer = gemini.decodeResponse(
      {
        candidates: [
          { content: { parts: [{ functionCall: { name: names[0]!, args: {} } }] }, finishReason: 'STOP' },
        ],
      },
      { ...c.answer, restoreToolName: restoreToolName! },
    );
    assert.equal((answer.choices[0]!.content[0] as { name: string }).name, long);
  });

  it('declares a free-text tool as a function and gives its call back as free text', () => {
    const c = contexts();
    const tools: Tool[] = [
      {
        type: 'custom',
        name: 'apply_patch',
        description: 'P',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
      },
    ];
    const { body, customToolNames } = gemini.encodeRequest(asked({ tools }), c.encode);
    assert.match(JSON.stringify(body['tools']), /"name":"apply_patch".*"required":\["input"\]/);
    assert.match(JSON.stringify(body['tools']), /start: x/);
    assert.equal(c.warnings[0]?.type, 'changed');
    const answer = gemini.decodeResponse(
      {
        candidates: [
          {
            content: {
              parts: [{ functionCall: { id: 'i', name: 'apply_patch', args: { input: '*** Begin' } } }],
            },
            finishReason: 'STOP',
          },
        ],
      },
      { ...c.answer, customToolNames: customToolNames! },
    );
    assert.deepEqual(answer.choices[0]!.content, [
      { type: 'tool-call', id: 'i', name: 'apply_patch', kind: 'custom', input: '*** Begin' },
    ]);
  });

  it('sends cleaned schemas as JSON Schema, and none for a tool without parameters', () => {
    const { body } = gemini.encodeRequest(
      asked({
        tools: [
          {
            type: 'function',
            name: 'a',
            description: 'A',
            parameters: {
              type: 'object',
              properties: { n: { type: 'integer', exclusiveMinimum: 0 } },
              $schema: 'x',
            },
          },
          { type: 'function', name: 'b', parameters: { type: 'object', properties: {} } },
        ],
      }),
      contexts().encode,
    );
    assert.deepEqual(body['tools'], [
      {
        functionDeclarations: [
          {
            name: 'a',
            description: 'A',
            parametersJsonSchema: { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } },
          },
          { name: 'b' },
        ],
      },
    ]);
  });

  it('maps built-in tools alone, leaves foreign ones out beside functions, and keeps its own', () => {
    const search: Tool = {
      type: 'built-in',
      kind: 'web-search',
      dialect: 'anthropic',
      value: { type: 'web_search_20250305', name: 'web_search' },
    };
    const own: Tool = {
      type: 'built-in',
      kind: 'web-search',
      dialect: 'gemini',
      value: { googleSearch: { k: 1 } },
    };
    const alone = contexts();
    assert.deepEqual(gemini.encodeRequest(asked({ tools: [search] }), alone.encode).body['tools'], [
      { googleSearch: {} },
    ]);
    assert.deepEqual(alone.warnings, []);
    const beside = contexts();
    assert.deepEqual(
      gemini.encodeRequest(asked({ tools: [search, own, { type: 'function', name: 'f' }] }), beside.encode)
        .body['tools'],
      [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: { k: 1 } }],
    );
    assert.equal(beside.warnings[0]?.field, 'tools[0]');
  });

  it('writes the generation settings, and warns of what Gemini has not', () => {
    const c = contexts();
    const { body } = gemini.encodeRequest(
      asked({
        maxOutputTokens: 9,
        temperature: 0.1,
        topP: 0.2,
        topK: 3,
        stop: ['1', '2', '3', '4', '5', '6'],
        seed: 2 ** 40 + 5,
        presencePenalty: 1,
        frequencyPenalty: 2,
        candidates: 2,
        logprobs: true,
        topLogprobs: 4,
        parallelToolCalls: false,
        promptCacheKey: 'k',
        userId: 'u',
        metadata: { 'openai-chat': { logit_bias: {} } },
        responseFormat: {
          type: 'json-schema',
          schema: { type: 'object', properties: { a: { type: 'string' } } },
          name: 'n',
          description: 'D',
        },
      }),
      c.encode,
    );
    assert.deepEqual(body['generationConfig'], {
      maxOutputTokens: 9,
      temperature: 0.1,
      topP: 0.2,
      topK: 3,
      stopSequences: ['1', '2', '3', '4', '5'],
      seed: 5,
      presencePenalty: 1,
      frequencyPenalty: 2,
      candidateCount: 2,
      responseLogprobs: true,
      logprobs: 4,
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object', properties: { a: { type: 'string' } }, description: 'D' },
    });
    assert.deepEqual(c.warnings.map((warning) => warning.field).sort(), [
      'logit_bias',
      'parallel_tool_calls',
      'prompt_cache_key',
      'seed',
      'stop[5]',
      'user',
    ]);
  });

  it('gives a Gemini request back as it came', () => {
    const body: JsonObject = {
      systemInstruction: { parts: [{ text: 'S' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Go' }, { inlineData: { mimeType: 'image/png', data: 'AA' } }] },
        {
          role: 'model',
          parts: [
            { text: 'hm', thought: true },
            { functionCall: { id: 'i', name: 'f', args: { a: [1] } }, thoughtSignature: 'c2ln' },
          ],
        },
        {
          role: 'user',
          parts: [{ functionResponse: { id: 'i', name: 'f', response: { any: { thing: 1 } } } }],
        },
        {
          role: 'model',
          parts: [
            { text: 'Done', thoughtSignature: 'dGV4dA' },
            { executableCode: { language: 'PYTHON', code: '1' } },
          ],
        },
        { role: 'user', parts: [{ text: 'Thanks' }] },
      ],
      tools: [
        {
          functionDeclarations: [
            {
              name: 'f',
              parametersJsonSchema: {
                type: 'object',
                properties: { a: { type: 'array', items: { type: 'number' } } },
              },
            },
          ],
        },
        { googleSearch: {} },
      ],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } },
      generationConfig: {
        temperature: 1,
        thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true },
        imageConfig: { imageSize: '4K' },
      },
      safetySettings: [{ category: 'X', threshold: 'Y' }],
    };
    const c = contexts();
    assert.deepEqual(
      gemini.encodeRequest(gemini.decodeRequest(body, { warn: c.warn, model: 'm' }), c.encode).body,
      body,
    );
    assert.deepEqual(c.warnings, []);
  });

  it('counts a whole request', () => {
    const { path, body } = gemini.count!.encodeRequest(asked(), contexts('m').encode);
    assert.equal(path, '/v1beta/models/m:countTokens');
    assert.deepEqual(body, {
      generateContentRequest: { model: 'models/m', contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    });
  });

  it('refuses to send nothing', () => {
    assert.throws(
      () => contentsOf([{ role: 'user', content: [{ type: 'text', text: '' }] }]),
      /no message with content/,
    );
  });
});
