import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';

const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Token ids are left out: other providers do not tell theirs, and the field is optional. */
function candidate(entry: JsonObject): JsonObject {
  return { token: entry['token'] ?? '', logProbability: entry['logprob'] ?? 0 };
}

/**
 * Log probabilities in OpenAI's form (of one answer or of one piece of it) as `logprobsResult`
 * (https://ai.google.dev/api/generate-content#LogprobsResult); undefined when there are none in it.
 */
export function encodeLogprobs(pieces: readonly Json[]): JsonObject | undefined {
  const tokens = pieces.flatMap((piece) => (isObject(piece) ? list(piece['content']) : []));
  if (tokens.length === 0) return undefined;
  return {
    chosenCandidates: tokens.map(candidate),
    topCandidates: tokens.map((token) => ({ candidates: list(token['top_logprobs']).map(candidate) })),
  };
}
