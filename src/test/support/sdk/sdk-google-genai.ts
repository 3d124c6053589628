/** The `@google/genai` package as a client. */
import { GoogleGenAI } from '@google/genai';
import type { Content, GenerateContentResponse, Part } from '@google/genai';
import type { JsonObject } from '../../../shared/json';
import { ANY_KEY, runTool } from './sdk-clients';
import type { Question, Told } from './sdk-clients';

/** A client for the proxy. */
export function googleGenaiClient(baseUrl: string, key = ANY_KEY): GoogleGenAI {
  return new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl } });
}

/** Asks through generateContent and answers function calls until there is text. Throws the SDK's own errors. */
export async function askGoogleGenai(question: Question): Promise<Told> {
  const client = googleGenaiClient(question.baseUrl, question.key);
  const first: Part[] = [{ text: question.prompt }];
  if (question.image) first.push({ inlineData: { mimeType: 'image/png', data: question.image } });
  const contents: Content[] = [{ role: 'user', parts: first }];
  const told: Told = { text: '', calls: [], stop: '', usage: { input: 0, output: 0 }, model: '' };
  for (;;) {
    const request = {
      model: question.model,
      contents,
      config: {
        maxOutputTokens: 1000,
        ...(question.system && { systemInstruction: question.system }),
        ...(question.signal && { abortSignal: question.signal }),
        ...(question.tools && {
          tools: [
            {
              functionDeclarations: question.tools.map(({ name, description, parameters }) => ({
                name,
                description,
                parametersJsonSchema: parameters,
              })),
            },
          ],
        }),
      },
    };
    const parts: Part[] = [];
    const read = (response: GenerateContentResponse) => {
      const candidate = response.candidates?.[0];
      parts.push(...(candidate?.content?.parts ?? []));
      if (candidate?.finishReason) told.stop = candidate.finishReason;
      if (response.modelVersion) told.model = response.modelVersion;
      const usage = response.usageMetadata;
      if (usage)
        told.usage = {
          input: usage.promptTokenCount ?? -1,
          output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
        };
    };
    if (question.stream) {
      for await (const chunk of await client.models.generateContentStream(request)) read(chunk);
    } else {
      read(await client.models.generateContent(request));
    }
    told.text = parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join('');
    const calls = parts.filter((part) => part.functionCall);
    if (calls.length === 0) return told;
    contents.push({ role: 'model', parts });
    const results: Part[] = [];
    for (const { functionCall } of calls) {
      const name = functionCall?.name ?? '';
      const input = (functionCall?.args ?? {}) as JsonObject;
      told.calls.push({ id: functionCall?.id ?? '', name, input });
      results.push({
        functionResponse: {
          ...(functionCall?.id !== undefined && { id: functionCall.id }),
          name,
          response: { output: runTool(question.tools, name, input) },
        },
      });
    }
    contents.push({ role: 'user', parts: results });
  }
}
