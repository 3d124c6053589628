import assert from 'node:assert/strict';
import type { Message } from '../../../../../proxy/dialects/canonical';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import type { JsonObject } from '../../../../../shared/json';
import { asked, contexts } from './fixtures';

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
      'parallel_tool_calls',
      'prompt_cache_key',
      'seed',
      'stop[5]',
      'user',
    ]);
  });

  it('puts a word of the user before calls that come first', () => {
    const c = contexts();
    const call = { type: 'tool-call' as const, id: 'c', name: 'f', kind: 'function' as const, input: '{}' };
    const result = { type: 'tool-result' as const, callId: 'c', content: [] };
    const messages: Message[] = [
      { role: 'assistant', content: [call] },
      { role: 'tool', content: [result] },
    ];
    const { body } = gemini.encodeRequest(asked({ messages }), c.encode);
    assert.deepEqual(
      (body.contents as JsonObject[]).map(({ role }) => role),
      ['user', 'model', 'user'],
    );
    assert.equal(c.warnings.length, 1);
  });

  it('asks for JSON in words beside tools, where the model does not take both', () => {
    const schema: JsonObject = { type: 'object', properties: { a: { type: 'string' } } };
    const request = asked({
      tools: [{ type: 'function', name: 'f' }],
      responseFormat: { type: 'json-schema', schema },
    });
    const sent = (model: string, given = request) => {
      const c = contexts(model);
      const { body } = gemini.encodeRequest(given, c.encode);
      const { responseMimeType = null } = (body.generationConfig ?? {}) as JsonObject;
      return { format: responseMimeType, said: JSON.stringify(body.systemInstruction ?? '') };
    };
    const before = sent('gemini-2.5-pro');
    assert.equal(before.format, null);
    assert.match(before.said, /JSON schema.*properties/);
    for (const model of ['gemini-3-pro-preview', 'gemini-flash-latest'])
      assert.deepEqual(sent(model), { format: 'application/json', said: '""' });
    assert.equal(sent('gemini-2.5-pro', { ...request, tools: [] }).format, 'application/json');
  });

  it('lets the user say the instructions where nobody else speaks', () => {
    const instructions: Message = { role: 'system', content: [{ type: 'text', text: 'Be a potato.' }] };
    const silence: Message = { role: 'user', content: [{ type: 'text', text: '' }] };
    for (const messages of [[instructions], [instructions, silence]]) {
      const c = contexts();
      const { body } = gemini.encodeRequest(asked({ messages }), c.encode);
      assert.deepEqual(body.contents, [{ role: 'user', parts: [{ text: 'Be a potato.' }] }]);
      assert.equal(body.systemInstruction, undefined);
      assert.equal(c.warnings.length, 1);
    }
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
      gemini.encodeRequest(gemini.decodeRequest(body, { warn: () => undefined, model: 'm' }), c.encode).body,
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
});
