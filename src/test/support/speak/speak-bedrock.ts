/** Amazon Bedrock's Converse API as a server speaks it. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
import type { JsonObject } from '../../../shared/json';
import { callId, DEFAULT_USAGE, pieces, type ScriptedAnswer } from '../upstream/scripted-answer';

const STOP = {
  stop: 'end_turn',
  length: 'max_tokens',
  'content-filter': 'guardrail_intervened',
  refusal: 'content_filtered',
  'stop-sequence': 'stop_sequence',
} as const;

/** What a server says: the body of an answer, and the events of a stream with their names. */
export interface SpokenConverse {
  body: JsonObject;
  events: [name: string, payload: JsonObject][];
}

/** The answer as a body and as a stream. Reasoning without a signature of the script's has none. */
export function speakBedrock(answer: ScriptedAnswer): SpokenConverse {
  const used = answer.usage ?? DEFAULT_USAGE;
  const [read, written] = [used.cached ?? 0, used.cacheWrite ?? 0];
  const usage: JsonObject = {
    inputTokens: used.input - read - written,
    outputTokens: used.output,
    totalTokens: used.input + used.output,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
    serverToolUsage: {},
  };
  const calls = answer.toolCalls ?? [];
  const content: JsonObject[] = [];
  const events: SpokenConverse['events'] = [['messageStart', { role: 'assistant', p: 'abcdef' }]];
  const block = (whole: JsonObject, deltas: JsonObject[], start?: JsonObject) => {
    const contentBlockIndex = content.length;
    if (start) events.push(['contentBlockStart', { contentBlockIndex, start, p: 'abc' }]);
    for (const [index, delta] of deltas.entries())
      events.push([
        'contentBlockDelta',
        { contentBlockIndex, delta, p: 'abcdefghijklmnopqrstuvwxyz'.slice(0, 3 + (index % 20)) },
      ]);
    events.push(['contentBlockStop', { contentBlockIndex, p: 'a' }]);
    content.push(whole);
  };
  if (answer.reasoning !== undefined) {
    const { signature } = answer;
    block(
      {
        reasoningContent: {
          reasoningText: { text: answer.reasoning, ...(signature !== undefined && { signature }) },
        },
      },
      [
        ...pieces(answer.reasoning, answer.pieceSize).map((text) => ({ reasoningContent: { text } })),
        ...(signature === undefined ? [] : [{ reasoningContent: { signature } }]),
      ],
    );
  }
  if (answer.redacted !== undefined) {
    const whole = { reasoningContent: { redactedContent: answer.redacted } };
    block(whole, [whole]);
  }
  const text = answer.text ?? answer.refusal;
  if (text !== undefined)
    block(
      { text },
      pieces(text, answer.pieceSize).map((piece) => ({ text: piece })),
    );
  calls.forEach((call, index) => {
    const toolUse = { toolUseId: callId(call, index, 'tooluse_'), name: call.name };
    block(
      { toolUse: { ...toolUse, input: call.arguments } },
      pieces(JSON.stringify(call.arguments), answer.pieceSize).map((input) => ({ toolUse: { input } })),
      { toolUse },
    );
  });
  const stopReason = calls.length > 0 && !answer.stop ? 'tool_use' : STOP[answer.stop ?? 'stop'];
  const sequence = answer.stopSequence;
  events.push([
    'messageStop',
    {
      stopReason,
      ...(sequence !== undefined && {
        additionalModelResponseFields: { delta: { stop_sequence: sequence } },
      }),
      p: 'abcd',
    },
  ]);
  events.push(['metadata', { usage, metrics: { latencyMs: 12 }, p: 'abcdefg' }]);
  return {
    body: {
      output: { message: { role: 'assistant', content } },
      stopReason,
      usage,
      metrics: { latencyMs: 12 },
      ...(sequence !== undefined && { additionalModelResponseFields: { stop_sequence: sequence } }),
    },
    events,
  };
}
