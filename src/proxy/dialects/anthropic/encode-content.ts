import { NotSupportedError } from '../../errors';
import { isObject, type JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { FilePart, TextPart, ToolResultPart } from '../canonical';
import { imageType } from '../image-type';
import type { WireBlock } from './wire';

/** A text block; undefined for text that is empty or blank, which the API refuses. */
export function encodeText(part: TextPart): WireBlock | undefined {
  const own = part.metadata?.anthropic;
  if (isObject(own?.['block'])) return own['block'] as WireBlock;
  return part.text.trim() === '' ? undefined : { type: 'text', text: part.text, ...own };
}

function decodeUtf8(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

/** `data:` URLs hold their bytes, whatever source they were given as. */
function unfoldDataUrl(part: FilePart): FilePart {
  if (part.source.type !== 'url') return part;
  const match = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(part.source.url);
  if (!match) return part;
  return { ...part, mediaType: match[1] || part.mediaType, source: { type: 'base64', data: match[2] ?? '' } };
}

/**
 * An image or document block. Throws `NotSupportedError` for what the API has no block for (audio, video).
 * https://platform.claude.com/docs/en/build-with-claude/vision, …/pdf-support
 */
export function encodeFile(given: FilePart, path: string): WireBlock {
  const part = unfoldDataUrl(given);
  const { mediaType, source } = part;
  const own = part.metadata?.anthropic;
  if (source.type === 'url' && !/^https?:/i.test(source.url))
    throw new NotSupportedError('Anthropic takes files from http and https addresses only.', path);
  if (mediaType.startsWith('image/')) return { type: 'image', source: imageSource(part, path), ...own };
  const title = part.filename === undefined ? {} : { title: part.filename };
  if (source.type === 'id')
    return { type: 'document', source: { type: 'file', file_id: source.id }, ...title, ...own };
  if (mediaType === 'application/pdf') {
    const wire: JsonObject =
      source.type === 'url'
        ? { type: 'url', url: source.url }
        : { type: 'base64', media_type: mediaType, data: source.data };
    return { type: 'document', source: wire, ...title, ...own };
  }
  const isText = mediaType.startsWith('text/') || mediaType === 'application/json';
  if (isText && source.type === 'base64') {
    const wire = { type: 'text', media_type: 'text/plain', data: decodeUtf8(source.data) };
    return { type: 'document', source: wire, ...title, ...own };
  }
  throw new NotSupportedError(`Anthropic does not take files of type ${mediaType}.`, path);
}

function imageSource(part: FilePart, path: string): JsonObject {
  const { source } = part;
  if (source.type === 'id') return { type: 'file', file_id: source.id };
  if (source.type === 'url') return { type: 'url', url: source.url };
  const mediaType = imageType(source.data, part.mediaType);
  if (mediaType === undefined)
    throw new NotSupportedError(
      `Anthropic takes JPEG, PNG, GIF and WebP images, not ${part.mediaType}.`,
      path,
    );
  return { type: 'base64', media_type: mediaType, data: source.data };
}

/** A tool's answer under the call's id as sent upstream. A failed call must say something. */
export function encodeToolResult(part: ToolResultPart, callId: string, path: string): WireBlock {
  const content = part.content.flatMap((inner): WireBlock[] =>
    inner.type === 'text' ? ((encodeText(inner) ?? []) as WireBlock[]) : [encodeFile(inner, path)],
  );
  const only = content.length === 1 ? content[0] : undefined;
  const plain = only?.type === 'text' && Object.keys(only).length === 2 ? only['text'] : undefined;
  return {
    type: 'tool_result',
    tool_use_id: callId,
    ...(content.length > 0 && { content: plain ?? content }),
    ...(part.isError && content.length === 0 && { content: 'The tool failed without a message.' }),
    ...(part.isError !== undefined && { is_error: part.isError }),
    ...part.metadata?.anthropic,
  };
}

/** The results' text, for a result that no call asked for. */
export function describeToolResult(part: ToolResultPart): string {
  const text = part.content
    .map((inner) => (inner.type === 'text' ? inner.text : `[${inner.mediaType}]`))
    .join('\n');
  return `Result of the tool ${part.name ?? part.callId}:\n${text}`;
}

/** Warns of a part that is left out. */
export function warnDropped(warn: Warn, field: string, message: string): void {
  warn({ type: 'dropped', field, message });
}
