/** Answers of any dialect into the vocabulary and out of it, whole and streamed; for tables that concern all four. */
import type { AnswerContext, ReplyContext } from '../../../../proxy/dialects/adapter';
import type {
  CanonicalRequest,
  CanonicalResponse,
  Dialect,
  StreamPart,
  Warning,
} from '../../../../proxy/dialects/canonical';
import { collectStream } from '../../../../proxy/dialects/collect-stream';
import { adapterOf } from '../../../../proxy/dialects/registry';
import { replayResponse } from '../../../../proxy/dialects/replay-response';
import { createSignatureStore } from '../../../../proxy/dialects/signatures/signature-store';
import type { JsonObject } from '../../../../shared/json';
import { foldStream } from '../../../protocol/matrix/fold-stream';
import { readAnswer } from '../../../protocol/matrix/read-answer';
import type { Answer } from '../../../protocol/matrix/neutral';
import { readEvents } from '../../../support/read-events';
import type { ScriptedAnswer, SpokenAnswer } from '../../../support/upstream/scripted-answer';
import { speakAnthropic } from '../../../support/speak/speak-anthropic';
import { speakGemini } from '../../../support/speak/speak-gemini';
import { speakOpenaiChat } from '../../../support/speak/speak-openai-chat';
import { speakOpenaiResponses } from '../../../support/speak/speak-openai-responses';

const SPEAK = {
  'openai-chat': speakOpenaiChat,
  'openai-responses': speakOpenaiResponses,
  anthropic: speakAnthropic,
  gemini: speakGemini,
};

/** What an upstream of that dialect says; `rewrite` changes the text of its JSON. */
export function spoken(
  dialect: Dialect,
  answer: ScriptedAnswer,
  rewrite: (json: string) => string = (json) => json,
): SpokenAnswer {
  const { body, events } = SPEAK[dialect](answer, { model: 'm', streamUsage: true });
  return {
    body: JSON.parse(rewrite(JSON.stringify(body))) as JsonObject,
    events: events.map((event) => ({ ...event, data: rewrite(event.data) })),
  };
}

/** Decodes it, whole and streamed. */
export function heard(
  dialect: Dialect,
  { body, events }: SpokenAnswer,
): [whole: CanonicalResponse, streamed: CanonicalResponse] {
  const adapter = adapterOf(dialect);
  const context = (): AnswerContext => ({
    warn: () => undefined,
    signatures: createSignatureStore(),
    newId: (prefix) => `${prefix}1`,
  });
  const collected = collectStream();
  const decoder = adapter.createStreamDecoder(context());
  const parts: StreamPart[] = [...events.flatMap((event) => decoder.push(event)), ...decoder.end()];
  for (const part of parts) {
    if (part.type === 'error') throw new Error(part.error.message);
    collected.push(part);
  }
  return [adapter.decodeResponse(body, context()), collected.response()];
}

/** Encodes it for a client of that dialect, whole and streamed, and reads what the client is told. */
export function told(
  dialect: Dialect,
  response: CanonicalResponse,
  request: Partial<CanonicalRequest> = {},
): { answers: Answer[]; warnings: Warning[] } {
  const adapter = adapterOf(dialect);
  const warnings: Warning[] = [];
  const context = (stream: boolean): ReplyContext => ({
    model: 'asked',
    now: 1_700_000_000,
    newId: (prefix) => `${prefix}1`,
    warn: (warning) => void warnings.push(warning),
    request: { model: 'asked', stream, messages: [], tools: [], streamUsage: true, ...request },
  });
  const encoder = adapter.createStreamEncoder(context(true));
  const text =
    replayResponse(response)
      .map((part) => encoder.push(part))
      .join('') + encoder.end();
  return {
    answers: [
      readAnswer(dialect, adapter.encodeResponse(response, context(false))),
      readAnswer(dialect, foldStream(dialect, readEvents(text))),
    ],
    warnings,
  };
}
