import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { FilePart, OpaquePart, TextPart } from '../canonical';
import { DIALECT } from './wire';

const base64Text = (data: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));

/** Stands where nothing is left: empty content would be refused, and the model is to know. */
const LEFT_OUT = '[What stood here could not be carried over.]';

const asText = (text: string): JsonObject => ({ type: 'text', text });

/** A file as a content part; as words where chat completions have no part for it. */
function encodeFile(file: FilePart, field: string, warn: Warn): JsonObject | undefined {
  const { mediaType, source, filename } = file;
  const named = filename === undefined ? '' : ` "${filename}"`;
  const drop = (reason: string): undefined => {
    warn({ type: 'dropped', field, message: `${mediaType}${named}: ${reason}` });
    return undefined;
  };
  if (source.type === 'id') {
    // An id of another provider's storage means nothing here.
    if (file.metadata?.[DIALECT]) return { type: 'file', file: { file_id: source.id } };
    return drop('the uploaded file lives with another provider.');
  }
  // Google's storage, for one: `gs://`.
  if (source.type === 'url' && !/^https?:/i.test(source.url))
    return drop('only its own provider can reach the address.');
  if (mediaType.startsWith('image/')) {
    const url = source.type === 'url' ? source.url : `data:${mediaType};base64,${source.data}`;
    const detail =
      file.detail && ['auto', 'low', 'high'].includes(file.detail) ? { detail: file.detail } : {};
    return { type: 'image_url', image_url: { url, ...detail } };
  }
  if (source.type === 'url') {
    warn({
      type: 'changed',
      field,
      message: `${mediaType} is given as its address: chat completions take images by URL only.`,
    });
    return asText(`[File${named} (${mediaType}): ${source.url}]`);
  }
  if (mediaType.startsWith('audio/')) {
    const format = /mpeg|mp3/.test(mediaType) ? 'mp3' : /wav/.test(mediaType) ? 'wav' : undefined;
    if (!format) return drop('chat completions take wav and mp3 audio only.');
    return { type: 'input_audio', input_audio: { data: source.data, format } };
  }
  if (mediaType.startsWith('video/')) return drop('chat completions take no video.');
  if (mediaType.startsWith('text/') || mediaType === 'application/json') {
    warn({ type: 'changed', field, message: `${mediaType}${named} is given as text.` });
    return asText(base64Text(source.data));
  }
  return {
    type: 'file',
    file: {
      filename: filename ?? (mediaType === 'application/pdf' ? 'document.pdf' : 'file'),
      file_data: `data:${mediaType};base64,${source.data}`,
    },
  };
}

/**
 * Content of a user message: one string where there is only text (many compatible servers know nothing else),
 * parts otherwise.
 */
export function encodeContent(parts: (TextPart | FilePart | OpaquePart)[], path: string, warn: Warn): Json {
  if (parts.every((part) => part.type === 'text')) return joinText(parts);
  const encoded = parts.flatMap((part, index): JsonObject[] => {
    const field = `${path}[${index}]`;
    switch (part.type) {
      case 'text':
        return part.text === '' ? [] : [asText(part.text)];
      case 'file': {
        const encoded = encodeFile(part, field, warn);
        return encoded ? [encoded] : [];
      }
      case 'opaque':
        if (part.dialect === DIALECT && isObject(part.value)) return [part.value];
        warn({ type: 'dropped', field, message: `"${part.label}" is understood by ${part.dialect} only.` });
        return [];
    }
  });
  return encoded.length > 0 ? encoded : LEFT_OUT;
}

/** Text blocks as one string, separated by blank lines: a block never runs into the next. */
export function joinText(parts: TextPart[]): string {
  return parts
    .map((part) => part.text)
    .filter((text) => text !== '')
    .join('\n\n');
}
