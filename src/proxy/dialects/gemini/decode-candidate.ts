import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { Finish } from '../canonical';
import { decodeStopReason } from './map-stop-reason';
import { field, others } from './wire';

/** The parts of a candidate; none when a filter took them. */
export function partsOfCandidate(candidate: JsonObject): JsonObject[] {
  const content = field(candidate, 'content');
  const parts = isObject(content) ? field(content, 'parts') : undefined;
  return Array.isArray(parts) ? parts.filter(isObject) : [];
}

/** The candidates of a payload, with their index. */
export function candidatesOf(payload: JsonObject): { index: number; candidate: JsonObject }[] {
  const candidates = field(payload, 'candidates');
  if (!Array.isArray(candidates)) return [];
  return candidates.filter(isObject).map((candidate, position) => {
    const index = field(candidate, 'index');
    return { index: typeof index === 'number' ? index : position, candidate };
  });
}

/** Why the prompt was refused (https://ai.google.dev/api/generate-content#BlockReason), when it was. */
export function blockReason(payload: JsonObject): string | undefined {
  const feedback = field(payload, 'promptFeedback');
  const reason = isObject(feedback) ? field(feedback, 'blockReason') : undefined;
  return typeof reason === 'string' && reason !== 'BLOCK_REASON_UNSPECIFIED' ? reason : undefined;
}

/** How a blocked prompt ends. */
export function blockedFinish(reason: string): Finish {
  return { reason: 'content-filter', raw: reason };
}

/** The candidate's other fields: grounding, citations, safety ratings. They go back to Gemini clients only. */
export function candidateDetails(candidate: JsonObject): JsonObject | undefined {
  return others(candidate, ['content', 'finishReason', 'index', 'logprobsResult']);
}

/** A finish from `finishReason`. */
export function decodeFinish(
  finishReason: string,
  hasToolCalls: boolean,
  details: JsonObject | undefined,
): Finish {
  return {
    reason: decodeStopReason(finishReason, hasToolCalls),
    raw: finishReason,
    ...(details && { metadata: { gemini: details } }),
  };
}

/** `logprobsResult` in OpenAI's form, which the vocabulary uses. */
export function decodeLogprobs(candidate: JsonObject): Json | undefined {
  const result = field(candidate, 'logprobsResult');
  if (!isObject(result)) return undefined;
  const chosen = field(result, 'chosenCandidates');
  const top = field(result, 'topCandidates');
  if (!Array.isArray(chosen)) return undefined;
  const one = (entry: Json | undefined): JsonObject => ({
    token: isObject(entry) ? (field(entry, 'token') ?? '') : '',
    logprob: isObject(entry) ? (field(entry, 'logProbability') ?? 0) : 0,
    bytes: null,
  });
  return {
    content: chosen.map((entry, index) => {
      const row = Array.isArray(top) ? top[index] : undefined;
      const alternatives = isObject(row) ? field(row, 'candidates') : undefined;
      return { ...one(entry), top_logprobs: Array.isArray(alternatives) ? alternatives.map(one) : [] };
    }),
    refusal: null,
  };
}
