/**
 * What we read and write of Gemini's generateContent (https://ai.google.dev/api/generate-content), loosely typed.
 * Requests may spell fields in camelCase or snake_case: protobuf's JSON takes both.
 */
import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { InvalidRequestError } from '../../errors';

/** A piece of a content. Exactly one of the data fields is set. */
export interface WirePart extends JsonObject {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  inlineData?: JsonObject;
  fileData?: JsonObject;
  functionCall?: JsonObject;
  functionResponse?: JsonObject;
}

export interface WireContent extends JsonObject {
  role?: string;
  parts: WirePart[];
}

/** Separates server-sent events on Gemini's wire. */
export const EVENT_END = '\r\n\r\n';

/**
 * A chunk with an empty text. Comments would break the parser of `@google/generative-ai`, which takes `data:` lines
 * only; a chunk without parts would make the chats of `@google/genai` forget the whole turn.
 */
export const HEARTBEAT = `data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"index":0}]}${EVENT_END}`;

/**
 * Documented for history whose signatures do not exist, because another model or a person wrote it
 * (https://ai.google.dev/gemini-api/docs/thought-signatures).
 */
export const SKIP_SIGNATURE = 'skip_thought_signature_validator';

/** The field `name` in either spelling; null counts as absent. */
export function field(object: JsonObject, name: string): Json | undefined {
  const value = object[name] ?? object[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  return value === null ? undefined : value;
}

/** A field that must be an object when it is there. Throws `InvalidRequestError` with its path. */
export function objectField(object: JsonObject, name: string, path: string): JsonObject | undefined {
  const value = field(object, name);
  if (value === undefined || isObject(value)) return value;
  throw new InvalidRequestError(`${at(path, name)} must be an object.`, at(path, name));
}

/** A field that must be text when it is there. Throws `InvalidRequestError` with its path. */
export function textField(object: JsonObject, name: string, path: string): string | undefined {
  const value = field(object, name);
  if (value === undefined || typeof value === 'string') return value;
  throw new InvalidRequestError(`${at(path, name)} must be a string.`, at(path, name));
}

/** A field that must be a number, or a number as text (protobuf's int64), when it is there. */
export function numberField(object: JsonObject, name: string, path: string): number | undefined {
  const value = field(object, name);
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new InvalidRequestError(`${at(path, name)} must be a number.`, at(path, name));
}

/** A field that must be a list when it is there; a single object stands for a list of one. */
export function listField(object: JsonObject, name: string, path: string): Json[] | undefined {
  const value = field(object, name);
  if (value === undefined || Array.isArray(value)) return value;
  if (isObject(value)) return [value];
  throw new InvalidRequestError(`${at(path, name)} must be a list.`, at(path, name));
}

/** `path.name`, or `name` at the top. */
export function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** The members of an object except those named, in either spelling; undefined when none is left. */
export function others(object: JsonObject, names: readonly string[]): JsonObject | undefined {
  const known = new Set(
    names.flatMap((name) => [name, name.replace(/[A-Z]/g, (one) => `_${one.toLowerCase()}`)]),
  );
  const rest = Object.entries(object).filter(([key, value]) => !known.has(key) && value != null);
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
}
