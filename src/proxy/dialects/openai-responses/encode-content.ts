/** Content of users and of tools' results. https://platform.openai.com/docs/api-reference/responses/create#responses-create-input */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { NotSupportedError } from '../../errors';
import type { Warn } from '../adapter';
import type { FilePart, TextPart } from '../canonical';
import { DIALECT } from './wire';

const DETAILS = ['auto', 'low', 'high', 'original'];

const base64Text = (data: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));

export const inputText = (text: string): JsonObject => ({ type: 'input_text', text });

function encodeImage(file: FilePart): JsonObject {
  const { source, mediaType, detail } = file;
  return {
    type: 'input_image',
    ...(source.type === 'id'
      ? { file_id: source.id }
      : { image_url: source.type === 'url' ? source.url : `data:${mediaType};base64,${source.data}` }),
    detail: detail !== undefined && DETAILS.includes(detail) ? detail : 'auto',
  };
}

/** A file as a content part; as words where the API has no part for it; undefined (and warned of) where neither does. */
function encodeFile(file: FilePart, field: string, warn: Warn): JsonObject | undefined {
  const { mediaType, source, filename } = file;
  const named = filename === undefined ? '' : ` "${filename}"`;
  const drop = (reason: string): undefined => {
    warn({ type: 'dropped', field, message: `${mediaType}${named}: ${reason}` });
    return undefined;
  };
  // An id of another provider's storage means nothing here.
  if (source.type === 'id' && !file.metadata?.[DIALECT])
    return drop('the uploaded file lives with another provider.');
  // Google's storage, for one: `gs://`.
  if (source.type === 'url' && !/^https?:/i.test(source.url))
    return drop('only its own provider can reach the address.');
  if (mediaType.startsWith('image/')) return encodeImage(file);
  // What the question is about cannot be left out of it: another account may take it.
  if (mediaType.startsWith('audio/') || mediaType.startsWith('video/'))
    throw new NotSupportedError(`The Responses API takes neither audio nor video (${mediaType}).`, field);
  const name = filename === undefined ? {} : { filename };
  if (source.type === 'id') return { type: 'input_file', ...name, file_id: source.id };
  // The address names the file itself.
  if (source.type === 'url') return { type: 'input_file', file_url: source.url };
  if (mediaType.startsWith('text/') || mediaType === 'application/json') {
    warn({ type: 'changed', field, message: `${mediaType}${named} is given as text.` });
    return inputText(base64Text(source.data));
  }
  return {
    type: 'input_file',
    filename: filename ?? (mediaType === 'application/pdf' ? 'document.pdf' : 'file'),
    file_data: `data:${mediaType};base64,${source.data}`,
  };
}

/** Text and files as content parts. Empty texts are left out. */
export function encodeParts(parts: (TextPart | FilePart)[], path: string, warn: Warn): JsonObject[] {
  return parts.flatMap((part, index): JsonObject[] => {
    if (part.type === 'text') return part.text === '' ? [] : [inputText(part.text)];
    const encoded = encodeFile(part, `${path}[${index}]`, warn);
    return encoded ? [encoded] : [];
  });
}

/** What a tool answered: text, or parts where there are files among it. */
export function encodeOutput(parts: (TextPart | FilePart)[], path: string, warn: Warn): Json {
  if (parts.every((part) => part.type === 'text')) return joinText(parts);
  const encoded = encodeParts(parts, path, warn);
  // An empty list would be refused, and the model is to know.
  return encoded.length > 0 ? encoded : '[What stood here could not be carried over.]';
}

/** Text blocks as one string, separated by blank lines: a block never runs into the next. */
export function joinText(parts: TextPart[]): string {
  return parts
    .map((part) => part.text)
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Content parts that only this API understands stand in user messages as they came. */
export function isContentPart(value: Json): value is JsonObject {
  return isObject(value) && typeof value.type === 'string' && value.type.startsWith('input_');
}
