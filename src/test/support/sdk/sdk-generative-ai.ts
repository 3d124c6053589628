/** The older `@google/generative-ai` package as a client. */
import { GoogleGenerativeAI } from '@google/generative-ai';
import type { Content, FunctionDeclaration, Part } from '@google/generative-ai';
import type { JsonObject } from '../../../shared/json';
import { ANY_KEY, runTool } from './sdk-clients';
import type { Question, Told } from './sdk-clients';

/** Asks through generateContent and answers function calls until there is text. Throws the SDK's own errors. */
export async function askGenerativeAi(question: Question): Promise<Told> {
  const model = new GoogleGenerativeAI(question.key ?? ANY_KEY).getGenerativeModel(
    {
      model: question.model,
      ...(question.system && { systemInstruction: question.system }),
      ...(question.tools && {
        tools: [
          {
            functionDeclarations: question.tools.map(
              ({ name, description, parameters }) =>
                ({ name, description, parameters }) as unknown as FunctionDeclaration,
            ),
          },
        ],
      }),
      generationConfig: { maxOutputTokens: 1000 },
    },
    { baseUrl: question.baseUrl },
  );
  const options = question.signal ? { signal: question.signal } : {};
  const first: Part[] = [{ text: question.prompt }];
  if (question.image) first.push({ inlineData: { mimeType: 'image/png', data: question.image } });
  const contents: Content[] = [{ role: 'user', parts: first }];
  const told: Told = { text: '', calls: [], stop: '', usage: { input: 0, output: 0 }, model: '' };
  for (;;) {
    let response;
    if (question.stream) {
      const result = await model.generateContentStream({ contents }, options);
      for await (const chunk of result.stream) void chunk;
      response = await result.response;
    } else {
      response = (await model.generateContent({ contents }, options)).response;
    }
    const candidate = response.candidates?.[0];
    const parts = candidate?.content.parts ?? [];
    told.text = parts.map((part) => part.text ?? '').join('');
    told.stop = candidate?.finishReason ?? '';
    told.usage = {
      input: response.usageMetadata?.promptTokenCount ?? -1,
      output: response.usageMetadata?.candidatesTokenCount ?? 0,
    };
    const calls = response.functionCalls() ?? [];
    if (calls.length === 0) return told;
    contents.push({ role: 'model', parts });
    const results: Part[] = [];
    for (const call of calls) {
      const input = call.args as JsonObject;
      told.calls.push({ id: (call as { id?: string }).id ?? '', name: call.name, input });
      results.push({
        functionResponse: {
          name: call.name,
          response: { output: runTool(question.tools, call.name, input) },
        },
      });
    }
    contents.push({ role: 'function', parts: results });
  }
}
