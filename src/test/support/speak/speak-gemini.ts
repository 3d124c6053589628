/** Gemini as a server speaks it (ai.google.dev/api/generate-content). */
import type { JsonObject } from '../../../shared/json';
import { DEFAULT_USAGE, pieces } from '../upstream/scripted-answer';
import type { ScriptedAnswer, SpeakContext, SpokenAnswer } from '../upstream/scripted-answer';

const FINISH = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
} as const;

/** The answer as a `GenerateContentResponse` and as the chunks of its stream. */
export function speakGemini(answer: ScriptedAnswer, context: SpeakContext): SpokenAnswer {
  const model = answer.model ?? context.model;
  const used = answer.usage ?? DEFAULT_USAGE;
  const reasoning = used.reasoning ?? 0;
  const usage: JsonObject = {
    promptTokenCount: used.input,
    candidatesTokenCount: used.output - reasoning,
    totalTokenCount: used.input + used.output,
    ...(reasoning && { thoughtsTokenCount: reasoning }),
    ...(used.cached && { cachedContentTokenCount: used.cached }),
  };
  const finish = FINISH[answer.stop ?? 'stop'];
  const sign = (signature: string | undefined): JsonObject =>
    signature ? { thoughtSignature: signature } : {};
  const calls: JsonObject[] = (answer.toolCalls ?? []).map((call) => ({
    functionCall: { ...(call.id && { id: call.id }), name: call.name, args: call.arguments },
    ...sign(call.signature),
  }));
  const said = answer.text ?? answer.refusal;
  const token = (one: { token: string; logprob: number }, id: number): JsonObject => ({
    token: one.token,
    tokenId: id,
    logProbability: one.logprob,
  });
  const logprobsResult = answer.logprobs && {
    chosenCandidates: answer.logprobs.map(token),
    topCandidates: answer.logprobs.map((one) => ({ candidates: one.top.map(token) })),
  };
  const response = (parts: JsonObject[], finishReason?: string): JsonObject => ({
    candidates: [
      {
        content: { parts, role: 'model' },
        ...(finishReason && { finishReason, ...(logprobsResult && { logprobsResult }) }),
        index: 0,
      },
      ...(finishReason ? (answer.alternatives ?? []) : []).map((text, at) => ({
        content: { parts: [{ text }], role: 'model' },
        finishReason,
        index: at + 1,
      })),
    ],
    usageMetadata: usage,
    modelVersion: model,
    responseId: 'scriptedResponse',
    ...answer.extra,
  });

  const whole: JsonObject[] = [];
  if (answer.reasoning) whole.push({ text: answer.reasoning, thought: true });
  if (said !== undefined) whole.push({ text: said, ...sign(answer.signature) });
  const pictures: JsonObject[] =
    answer.image === undefined ? [] : [{ inlineData: { mimeType: 'image/png', data: answer.image } }];
  whole.push(...pictures, ...calls);

  const chunks: JsonObject[][] = [
    ...pieces(answer.reasoning ?? '', answer.pieceSize).map((text) => [{ text, thought: true }]),
    ...pieces(said ?? '', answer.pieceSize).map((text, index) => [
      { text, ...(index === 0 && sign(answer.signature)) },
    ]),
    ...(pictures.length ? [pictures] : []),
    ...(calls.length ? [calls] : []),
  ];
  if (chunks.length === 0) chunks.push([{ text: '' }]);
  return {
    body: response(whole, finish),
    events: chunks.map((parts, index) => ({
      data: JSON.stringify(response(parts, index === chunks.length - 1 ? finish : undefined)),
    })),
  };
}
