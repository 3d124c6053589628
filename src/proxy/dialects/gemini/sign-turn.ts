import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { field, SKIP_SIGNATURE } from './wire';

const partsOf = (content: Json | undefined): JsonObject[] => {
  const parts = isObject(content) ? field(content, 'parts') : undefined;
  return (Array.isArray(parts) ? parts : [parts]).filter(isObject);
};

/**
 * Since the last content of the user's own, the first call of every step must be signed, or Gemini 3 answers 400;
 * history that has no signature gets the documented stand-in (https://ai.google.dev/gemini-api/docs/thought-signatures).
 * Signs in place.
 */
export function signCurrentTurn(contents: readonly Json[]): void {
  const turn = contents.findLastIndex(
    (content) =>
      isObject(content) &&
      content['role'] !== 'model' &&
      !partsOf(content).some((part) => field(part, 'functionResponse') !== undefined),
  );
  for (const content of contents.slice(turn + 1)) {
    if (!isObject(content) || content['role'] !== 'model') continue;
    const first = partsOf(content).find((part) => field(part, 'functionCall') !== undefined);
    if (first && field(first, 'thoughtSignature') === undefined) first['thoughtSignature'] = SKIP_SIGNATURE;
  }
}
