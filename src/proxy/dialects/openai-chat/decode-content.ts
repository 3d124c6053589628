import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { FilePart, Metadata, ReasoningPart, TextPart } from '../canonical';
import { decodeUrl } from '../data-url';
import { filled, note, objectsIn } from './wire';
import { missing, readString, requireObject, requireString, wrongType, wrongValue } from '../openai/fields';

function decodeImage(part: JsonObject, path: string): FilePart {
  // Some clients write `image_url` as a plain string.
  const given = part.image_url;
  const image = typeof given === 'string' ? { url: given } : requireObject(given, `${path}.image_url`);
  const url = requireString(image.url, `${path}.image_url.url`);
  const detail = readString(image.detail, `${path}.image_url.detail`);
  return {
    type: 'file',
    ...decodeUrl(url, 'image/*', `${path}.image_url.url`),
    ...(detail !== undefined && { detail }),
  };
}

/** An address in a field of the part's own name, as compatible servers have it for other files: text, or `{ url }`. */
function decodeAddress(part: JsonObject, field: string, mediaType: string, path: string): FilePart {
  const given = part[field];
  const address = isObject(given) ? given.url : given;
  const at = isObject(given) ? `${path}.${field}.url` : `${path}.${field}`;
  return { type: 'file', ...decodeUrl(requireString(address, at), mediaType, at) };
}

/** Mistral's reasoning, which stands in the content. */
function decodeThinking({ thinking }: JsonObject): ReasoningPart {
  const texts = objectsIn(thinking).map((inner) => filled(inner.text) ?? '');
  return { type: 'reasoning', text: filled(thinking) ?? texts.join('') };
}

function decodeAudio(part: JsonObject, path: string): FilePart {
  const audio = requireObject(part.input_audio, `${path}.input_audio`);
  const data = requireString(audio.data, `${path}.input_audio.data`);
  const format = requireString(audio.format, `${path}.input_audio.format`);
  return {
    type: 'file',
    mediaType: format === 'mp3' ? 'audio/mpeg' : `audio/${format}`,
    source: { type: 'base64', data },
  };
}

function decodeFile(part: JsonObject, path: string): FilePart {
  const file = requireObject(part.file, `${path}.file`);
  const filename = readString(file.filename, `${path}.file.filename`);
  const named = filename === undefined ? {} : { filename };
  const id = readString(file.file_id, `${path}.file.file_id`);
  if (id) {
    return {
      type: 'file',
      mediaType: 'application/octet-stream',
      source: { type: 'id', id },
      ...named,
      ...note({ uploaded: true }),
    };
  }
  const data = readString(file.file_data, `${path}.file.file_data`);
  if (!data) throw missing(`${path}.file.file_data`);
  const guessed = filename?.toLowerCase().endsWith('.txt') ? 'text/plain' : 'application/pdf';
  // OpenAI takes a data URL; plain base64 is met as well.
  const source = /^(data|https?):/i.test(data)
    ? decodeUrl(data, guessed, `${path}.file.file_data`)
    : { mediaType: guessed, source: { type: 'base64' as const, data } };
  return { type: 'file', ...source, ...named };
}

/**
 * Anthropic's mark for its prompt cache, which clients of OpenRouter and LiteLLM write into parts and tools: to be spread
 * into them. https://openrouter.ai/docs/features/prompt-caching#anthropic-claude
 */
export function cacheMark({ cache_control: mark }: JsonObject): { metadata?: Metadata } {
  return isObject(mark) ? { metadata: { anthropic: { cache_control: mark } } } : {};
}

/** What one content part of a message is; `refusal` and `reasoning` are the assistant's alone. */
export type DecodedPart = TextPart | FilePart | ReasoningPart | { type: 'refusal'; text: string };

/**
 * Content of any role: absent, null, a string, or parts.
 * @param path of the content: `messages[2].content`
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeContent(content: Json | undefined, path: string): DecodedPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongType(path, 'a string or an array of content parts', content);
  return content.map((given, index): DecodedPart => {
    const at = `${path}[${index}]`;
    if (typeof given === 'string') return { type: 'text', text: given };
    const part = requireObject(given, at);
    switch (part.type) {
      // Clients of the Responses API mix up the names.
      case 'text':
      case 'input_text':
      case 'output_text': {
        const text = readString(part.text, `${at}.text`);
        if (text === undefined) throw missing(`${at}.text`);
        return { type: 'text', text, ...cacheMark(part) };
      }
      case 'image_url':
        return { ...decodeImage(part, at), ...cacheMark(part) };
      case 'input_audio':
        return decodeAudio(part, at);
      case 'file':
        return decodeFile(part, at);
      // Mistral's, and OpenRouter's, Qwen's and Moonshot's.
      case 'document_url':
        return decodeAddress(part, 'document_url', 'application/pdf', at);
      case 'video_url':
        return decodeAddress(part, 'video_url', 'video/mp4', at);
      case 'thinking':
        return decodeThinking(part);
      case 'refusal':
        return { type: 'refusal', text: readString(part.refusal, `${at}.refusal`) ?? '' };
      case undefined:
        throw missing(`${at}.type`);
      default:
        throw typeof part.type === 'string'
          ? wrongValue(`${at}.type`, part.type, "'text', 'image_url', 'input_audio', 'file' and 'refusal'")
          : wrongType(`${at}.type`, 'a string', part.type);
    }
  });
}

/** Content of a role that may only say text. */
export function decodeText(content: Json | undefined, path: string): TextPart[] {
  return decodeContent(content, path).map((part, index) => {
    if (part.type === 'text') return part;
    const name = part.type === 'reasoning' ? 'thinking' : part.type;
    throw wrongValue(`${path}[${index}].type`, name, "'text'");
  });
}

/** Content of a role that neither refuses nor thinks. `allowed` is what may stand there, for the message. */
export function decodeGiven(
  content: Json | undefined,
  path: string,
  allowed: string,
): (TextPart | FilePart)[] {
  return decodeContent(content, path).map((part, index) => {
    if (part.type === 'text' || part.type === 'file') return part;
    const name = part.type === 'reasoning' ? 'thinking' : part.type;
    throw wrongValue(`${path}[${index}].type`, name, allowed);
  });
}
