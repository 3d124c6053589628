/** OpenAI chat completions as a server speaks them (platform.openai.com/docs/api-reference/chat). */
import type { JsonObject } from '../../../shared/json';
import { callId, DEFAULT_USAGE, openaiLogprobs, pieces } from '../upstream/scripted-answer';
import type { ScriptedAnswer, SpeakContext, SpokenAnswer } from '../upstream/scripted-answer';

const ID = 'chatcmpl-scripted';
const FINISH = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  // A refusal in words ends as any other answer does.
  refusal: 'stop',
} as const;

/** The answer as a `chat.completion` body and as `chat.completion.chunk` events with `[DONE]`. */
export function speakOpenaiChat(answer: ScriptedAnswer, context: SpeakContext): SpokenAnswer {
  const model = answer.model ?? context.model;
  const used = answer.usage ?? DEFAULT_USAGE;
  const usage: JsonObject = {
    prompt_tokens: used.input,
    completion_tokens: used.output,
    total_tokens: used.input + used.output,
    prompt_tokens_details: {
      cached_tokens: used.cached ?? 0,
      ...(used.cacheWrite !== undefined && { cache_write_tokens: used.cacheWrite }),
    },
    completion_tokens_details: { reasoning_tokens: used.reasoning ?? 0 },
  };
  const calls = (answer.toolCalls ?? []).map((call, index) => ({
    id: callId(call, index, 'call_'),
    name: call.name,
    kind: call.free === undefined ? 'function' : 'custom',
    field: call.free === undefined ? 'arguments' : 'input',
    input: call.free ?? JSON.stringify(call.arguments),
  }));
  const finish = calls.length && !answer.stop ? 'tool_calls' : FINISH[answer.stop ?? 'stop'];

  const message: JsonObject = {
    role: 'assistant',
    content: answer.text ?? null,
    refusal: answer.refusal ?? null,
  };
  const logprobs = answer.logprobs ? { content: openaiLogprobs(answer.logprobs), refusal: null } : null;
  if (answer.reasoning) message.reasoning_content = answer.reasoning;
  if (calls.length)
    message.tool_calls = calls.map((call) => ({
      id: call.id,
      type: call.kind,
      [call.kind]: { name: call.name, [call.field]: call.input },
    }));

  const chunk = (
    delta: JsonObject,
    finishReason: string | null = null,
    index = 0,
    logs: JsonObject | null = null,
  ): JsonObject => ({
    id: ID,
    object: 'chat.completion.chunk',
    created: 1770000000,
    model,
    choices: [
      {
        index,
        delta,
        logprobs: logs,
        finish_reason: finishReason,
      },
    ],
    ...(context.streamUsage && { usage: null }),
    ...answer.extra,
  });
  const chunks: JsonObject[] = [chunk({ role: 'assistant', content: '' })];
  for (const piece of pieces(answer.reasoning ?? '', answer.pieceSize))
    chunks.push(chunk({ reasoning_content: piece }));
  // Log probabilities come with the first words, for all of them.
  pieces(answer.text ?? '', answer.pieceSize).forEach((content, at) => {
    chunks.push(chunk({ content }, null, 0, at === 0 ? logprobs : null));
  });
  for (const piece of pieces(answer.refusal ?? '', answer.pieceSize)) chunks.push(chunk({ refusal: piece }));
  calls.forEach((call, index) => {
    chunks.push(
      chunk({
        tool_calls: [
          { index, id: call.id, type: call.kind, [call.kind]: { name: call.name, [call.field]: '' } },
        ],
      }),
    );
    for (const piece of pieces(call.input, answer.pieceSize))
      chunks.push(chunk({ tool_calls: [{ index, [call.kind]: { [call.field]: piece } }] }));
  });
  chunks.push(chunk({}, finish));
  (answer.alternatives ?? []).forEach((text, at) => {
    chunks.push(chunk({ role: 'assistant', content: text }, null, at + 1), chunk({}, finish, at + 1));
  });
  if (context.streamUsage) chunks.push({ ...chunk({}), choices: [], usage });

  return {
    body: {
      id: ID,
      object: 'chat.completion',
      created: 1770000000,
      model,
      choices: [
        { index: 0, message, logprobs, finish_reason: finish },
        ...(answer.alternatives ?? []).map((text, at) => ({
          index: at + 1,
          message: { role: 'assistant', content: text, refusal: null },
          logprobs: null,
          finish_reason: finish,
        })),
      ],
      usage,
      ...answer.extra,
    },
    events: [...chunks.map((data) => ({ data: JSON.stringify(data) })), { data: '[DONE]' }],
  };
}
