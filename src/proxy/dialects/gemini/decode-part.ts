import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { InvalidRequestError } from '../../errors';
import type {
  FilePart,
  Metadata,
  OpaquePart,
  ReasoningPart,
  ServerStep,
  TextPart,
  ToolResultPart,
} from '../canonical';
import { isEnvelope, unwrapReasoning } from '../signatures/envelope';
import { field, listField, objectField, SKIP_SIGNATURE, textField } from './wire';

/** The signature of a part, when Gemini made it: neither another provider's envelope nor the stand-in for none. */
function ownSignature(part: JsonObject): { thoughtSignature?: string } {
  const signature = field(part, 'thoughtSignature');
  return typeof signature === 'string' &&
    signature !== '' &&
    signature !== SKIP_SIGNATURE &&
    !isEnvelope(signature)
    ? { thoughtSignature: signature }
    : {};
}

/** Reasoning of another provider that the part's signature is the envelope of; `text` stands beside it. */
export function foreignReasoning(part: JsonObject, text: string): ReasoningPart[] | undefined {
  const signature = field(part, 'thoughtSignature');
  return typeof signature === 'string' ? unwrapReasoning(signature, text) : undefined;
}

/** What goes back to Gemini with a part: its signature and fields that no other protocol has. */
export function partMetadata(part: JsonObject, more: JsonObject = {}): { metadata?: Metadata } {
  const own: JsonObject = {
    ...ownSignature(part),
    ...more,
  };
  return Object.keys(own).length > 0 ? { metadata: { gemini: own } } : {};
}

/** `inlineData` or `fileData` of a part (https://ai.google.dev/api/caching#Part), if it has one. */
export function decodeFile(part: JsonObject, path: string): FilePart | undefined {
  const inline = objectField(part, 'inlineData', path);
  const file = objectField(part, 'fileData', path);
  const data = inline ?? file;
  if (!data) return undefined;
  const inner = `${path}.${inline ? 'inlineData' : 'fileData'}`;
  const mediaType = textField(data, 'mimeType', inner);
  const content = textField(data, inline ? 'data' : 'fileUri', inner);
  const missing = content === undefined ? (inline ? 'data' : 'fileUri') : undefined;
  if (content === undefined)
    throw new InvalidRequestError(`${inner}.${missing} is missing.`, `${inner}.${missing}`);
  if (inline && mediaType === undefined)
    throw new InvalidRequestError(`${inner}.mimeType is missing.`, `${inner}.mimeType`);
  const filename = textField(data, 'displayName', inner);
  const level = field(objectField(part, 'mediaResolution', path) ?? {}, 'level');
  const detail =
    typeof level === 'string' ? level.replace(/^MEDIA_RESOLUTION_/, '').toLowerCase() : undefined;
  const video = objectField(part, 'videoMetadata', path);
  return {
    type: 'file',
    mediaType: mediaType ?? 'application/octet-stream',
    source: inline ? { type: 'base64', data: content } : { type: 'url', url: content },
    ...(filename !== undefined && { filename }),
    ...(detail !== undefined && { detail }),
    ...partMetadata(part, video ? { videoMetadata: video } : {}),
  };
}

/** A piece that only Gemini understands (`executableCode`, `codeExecutionResult`, `toolCall`); undefined when empty. */
export function decodeOpaque(part: JsonObject): OpaquePart | undefined {
  const label = Object.keys(part).find((key) => !/^thought_?signature$/i.test(key) && part[key] != null);
  if (label === undefined) return undefined;
  const step = stepOf(part);
  return { type: 'opaque', dialect: 'gemini', label, value: part, ...(step && { step }) };
}

/**
 * Code that Gemini ran, or what came of it (https://ai.google.dev/api/caching#ExecutableCode, #CodeExecutionResult). Ids are
 * newer than the parts: without them a result answers the code before it.
 */
function stepOf(part: JsonObject): ServerStep | undefined {
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');
  const code = field(part, 'executableCode');
  if (isObject(code)) {
    const id = text(field(code, 'id')) || 'code';
    const language = text(field(code, 'language')).toLowerCase();
    return { type: 'code-execution', id, language, code: text(field(code, 'code')) };
  }
  const result = field(part, 'codeExecutionResult');
  if (!isObject(result)) return undefined;
  const outcome = text(field(result, 'outcome'));
  return {
    type: 'code-execution',
    id: text(field(result, 'id')) || 'code',
    output: text(field(result, 'output')),
    ...(outcome !== '' && outcome !== 'OUTCOME_OK' && { failed: true }),
  };
}

/** A `functionResponse` as the result of the call `callId`. */
export function decodeResult(
  response: JsonObject,
  callId: string,
  name: string,
  path: string,
): ToolResultPart {
  const value = field(response, 'response');
  const { text, isError } = readResponse(value);
  const files = (listField(response, 'parts', path) ?? []).flatMap((part, index) => {
    const inner = `${path}.parts[${index}]`;
    const file = decodeFile(asObject(part, inner), inner);
    return file ? [file] : [];
  });
  const content: (TextPart | FilePart)[] =
    text === '' && files.length > 0 ? files : [{ type: 'text', text }, ...files];
  return {
    type: 'tool-result',
    callId,
    name,
    content,
    ...(isError && { isError }),
    ...(value !== undefined && { metadata: { gemini: { response: value } } }),
  };
}

/** A value that must be an object. */
export function asObject(value: Json | undefined, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidRequestError(`${path} must be an object.`, path);
}

/** `output` and `error` are documented; `result` is what the documentation's examples and many clients write. */
function readResponse(value: Json | undefined): { text: string; isError: boolean } {
  if (value === undefined || value === null) return { text: '', isError: false };
  if (typeof value !== 'object') return { text: String(value), isError: false };
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  const [key] = keys;
  if (!Array.isArray(value) && keys.length === 1 && key !== undefined) {
    const inner = value[key];
    const text = typeof inner === 'string' ? inner : JSON.stringify(inner);
    if (key === 'error') return { text, isError: true };
    if (key === 'output' || key === 'result' || key === 'content') return { text, isError: false };
  }
  return { text: JSON.stringify(value), isError: false };
}
