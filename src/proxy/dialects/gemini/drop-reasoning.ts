/** Takes thoughts and their signatures out of a request of this dialect, so that the API accepts what is left. */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { isEnvelope } from '../signatures/envelope';
import { signCurrentTurn } from './sign-turn';
import { field } from './wire';

const isThought = (part: Json | undefined): boolean => isObject(part) && part['thought'] === true;
const signatureOf = (part: Json | undefined): Json | undefined =>
  isObject(part) ? field(part, 'thoughtSignature') : undefined;

function withoutSignature(part: JsonObject): JsonObject {
  const { thoughtSignature: _camel, thought_signature: _snake, ...rest } = part;
  return rest;
}

/** Says nothing: an empty text that was there to carry its signature. */
const isEmpty = (part: JsonObject): boolean =>
  Object.keys(part).length === 0 || (Object.keys(part).length === 1 && part['text'] === '');

/** The list of parts without what is unwanted; undefined when that changes nothing. */
function cleanParts(parts: Json[], all: boolean): Json[] | undefined {
  const unwanted = (part: Json | undefined) =>
    signatureOf(part) !== undefined && (all || isEnvelope(signatureOf(part)));
  /** Streams write a thought piece by piece and sign it at the end: the pieces belong to the signature after them. */
  const isForeignThought = (index: number): boolean => {
    if (all) return true;
    const end = parts.slice(index).findIndex((part) => !isThought(part) || signatureOf(part) !== undefined);
    const last = end < 0 ? undefined : parts[index + end];
    return isThought(last) && unwanted(last);
  };
  const kept = parts.flatMap((part, index): Json[] => {
    if (isThought(part)) return isForeignThought(index) ? [] : [part];
    if (!unwanted(part) || !isObject(part)) return [part];
    const bare = withoutSignature(part);
    return isEmpty(bare) ? [] : [bare];
  });
  const changed = kept.length < parts.length || kept.some((part, index) => part !== parts[index]);
  return changed ? kept : undefined;
}

function clean(body: JsonObject, all: boolean): boolean {
  const given = field(body, 'contents');
  const contents = Array.isArray(given) ? given : isObject(given) ? [given] : [];
  let dropped = false;
  const cleaned: Json[] = [];
  for (const content of contents) {
    const parts = isObject(content) ? field(content, 'parts') : undefined;
    const list = Array.isArray(parts) ? parts : isObject(parts) ? [parts] : [];
    const kept = isObject(content) ? cleanParts(list, all) : undefined;
    if (kept === undefined) cleaned.push(content);
    else {
      dropped = true;
      // A content without parts is refused, so it goes as a whole.
      if (kept.length > 0 && isObject(content)) cleaned.push({ ...content, parts: kept });
    }
  }
  if (!dropped) return false;
  body['contents'] = cleaned;
  signCurrentTurn(cleaned);
  return true;
}

/** See `DialectAdapter.dropEnvelopes`. */
export function dropEnvelopes(body: JsonObject): void {
  clean(body, false);
}

/**
 * See `DialectAdapter.dropReasoning`: all thoughts and signatures; calls of the current turn get the documented
 * stand-in. https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export function dropReasoning(body: JsonObject): boolean {
  return clean(body, true);
}
