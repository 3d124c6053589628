/** A generateContent request, as the `@google/genai` package sends it. */
import type { JsonObject } from '../../../shared/json';
import type { Ask, Part, Turn } from './neutral';

function wirePart(part: Part): JsonObject {
  switch (part.type) {
    case 'text':
      return { text: part.text };
    case 'image':
      return part.url
        ? { fileData: { fileUri: part.url, mimeType: 'image/png' } }
        : { inlineData: { mimeType: part.mediaType, data: part.data } };
    case 'pdf':
      return { inlineData: { mimeType: 'application/pdf', data: part.data } };
    case 'audio':
      return { inlineData: { mimeType: 'audio/wav', data: part.data } };
  }
}

function content(turn: Turn, names: Map<string, string>, ids: boolean): JsonObject {
  const id = (given: string) => (ids ? { id: given } : {});
  switch (turn.role) {
    case 'system':
      throw new Error('generateContent has one place for system text');
    case 'user':
      return { role: 'user', parts: turn.parts.map(wirePart) };
    case 'assistant':
      for (const call of turn.calls ?? []) names.set(call.id, call.name);
      return {
        role: 'model',
        parts: [
          ...(turn.text === undefined ? [] : [{ text: turn.text }]),
          ...(turn.calls ?? []).map((call) => ({
            functionCall: {
              ...id(call.id),
              name: call.name,
              args: JSON.parse(call.input) as JsonObject,
            },
          })),
        ],
      };
    case 'tool':
      return {
        role: 'user',
        parts: turn.results.map((result) => {
          const said = result.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
          const files = result.parts.filter((part) => part.type !== 'text');
          return {
            functionResponse: {
              ...id(result.id),
              name: names.get(result.id) ?? '',
              response: result.error ? { error: said } : { output: said },
              ...(files.length > 0 && { parts: files.map(wirePart) }),
            },
          };
        }),
      };
  }
}

function calling(choice: Ask['choice']): JsonObject | undefined {
  if (choice === undefined) return undefined;
  const config =
    typeof choice === 'object'
      ? { mode: 'ANY', allowedFunctionNames: 'some' in choice ? choice.some : [choice.tool] }
      : { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice] };
  return { functionCallingConfig: config };
}

/**
 * The body of `:generateContent`.
 * @param ids whether calls have ids, which older models and clients do not give
 */
export function writeGemini(ask: Ask, ids = true): JsonObject {
  const names = new Map<string, string>();
  const system = ask.turns.flatMap((turn) => (turn.role === 'system' ? turn.texts : []));
  const rest = ask.turns.filter((turn) => turn.role !== 'system');
  const generationConfig = {
    maxOutputTokens: ask.maxTokens,
    temperature: ask.temperature,
    topP: ask.topP,
    topK: ask.topK,
    stopSequences: ask.stop,
    seed: ask.seed,
    presencePenalty: ask.presencePenalty,
    frequencyPenalty: ask.frequencyPenalty,
    candidateCount: ask.n,
    responseLogprobs: ask.logprobs === undefined ? undefined : true,
    logprobs: ask.logprobs,
    ...(ask.format !== undefined && { responseMimeType: 'application/json' }),
    ...(typeof ask.format === 'object' && { responseJsonSchema: ask.format.schema }),
    thinkingConfig:
      ask.thinking?.effort === 'none'
        ? { thinkingBudget: 0 }
        : ask.thinking && {
            includeThoughts: true,
            ...(ask.thinking.budget !== undefined && { thinkingBudget: ask.thinking.budget }),
            ...(ask.thinking.effort !== undefined && { thinkingLevel: ask.thinking.effort.toUpperCase() }),
          },
  };
  const body = {
    systemInstruction:
      system.length > 0 ? { role: 'user', parts: system.map((one) => ({ text: one })) } : undefined,
    contents: rest.map((turn) => content(turn, names, ids)),
    tools: ask.webSearch
      ? [{ googleSearch: {} }]
      : ask.tools && [
          {
            functionDeclarations: ask.tools.map(({ name, description, parameters }) => ({
              name,
              ...(description !== undefined && { description }),
              ...(parameters && { parametersJsonSchema: parameters }),
            })),
          },
        ],
    toolConfig: calling(ask.choice),
    generationConfig,
  };
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}
