import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { FilePart, RefusalPart, TextPart } from '../canonical';
import { decodeUrl } from '../data-url';
import { missing, readString, requireObject, requireString, wrongType, wrongValue } from '../openai/fields';
import { DIALECT } from './wire';

/** Media types of the files that this API takes, by the ending of their names; everything else is taken for a PDF. */
const BY_ENDING: Record<string, string> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  xml: 'text/xml',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
};

function guessType(name: string | undefined): string {
  const ending = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(name ?? '')?.[1]?.toLowerCase();
  return (ending !== undefined && BY_ENDING[ending]) || 'application/pdf';
}

/** An id of this API's own storage means something to this API only. */
const uploaded = (id: string, mediaType: string): FilePart => ({
  type: 'file',
  mediaType,
  source: { type: 'id', id },
  metadata: { [DIALECT]: { uploaded: true } },
});

function decodeImage(part: JsonObject, path: string): FilePart {
  const detail = readString(part.detail, `${path}.detail`);
  const shown = detail === undefined ? {} : { detail };
  const id = readString(part.file_id, `${path}.file_id`);
  if (id) return { ...uploaded(id, 'image/*'), ...shown };
  // Chat completions nest the URL, and clients mix the two up.
  const given = isObject(part.image_url) ? part.image_url.url : part.image_url;
  const url = requireString(given, `${path}.image_url`);
  return { type: 'file', ...decodeUrl(url, 'image/*', `${path}.image_url`), ...shown };
}

function decodeFile(part: JsonObject, path: string): FilePart {
  const filename = readString(part.filename, `${path}.filename`);
  const named = filename === undefined ? {} : { filename };
  const id = readString(part.file_id, `${path}.file_id`);
  if (id) return { ...uploaded(id, 'application/octet-stream'), ...named };
  const url = readString(part.file_url, `${path}.file_url`);
  if (url) {
    const type = guessType(filename ?? url);
    return { type: 'file', ...decodeUrl(url, type, `${path}.file_url`), ...named };
  }
  const data = readString(part.file_data, `${path}.file_data`);
  if (!data) throw missing(`${path}.file_data`);
  const type = guessType(filename);
  // The API wants a data URL; plain Base64 is met as well.
  const file = /^(data|https?):/i.test(data)
    ? decodeUrl(data, type, `${path}.file_data`)
    : { mediaType: type, source: { type: 'base64' as const, data } };
  return { type: 'file', ...file, ...named };
}

function decodeAudio(part: JsonObject, path: string): FilePart {
  const url = readString(part.audio_url, `${path}.audio_url`);
  if (url) return { type: 'file', ...decodeUrl(url, 'audio/wav', `${path}.audio_url`) };
  const audio = requireObject(part.input_audio, `${path}.input_audio`);
  const data = requireString(audio.data, `${path}.input_audio.data`);
  const format = requireString(audio.format, `${path}.input_audio.format`);
  const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`;
  return { type: 'file', mediaType, source: { type: 'base64', data } };
}

export type DecodedPart = TextPart | FilePart | RefusalPart;

/** Citations of a text; empty lists say nothing. */
function annotationsOf(part: JsonObject): Pick<TextPart, 'metadata'> {
  const { annotations } = part;
  if (!Array.isArray(annotations) || annotations.length === 0) return {};
  return { metadata: { [DIALECT]: { annotations } } };
}

/**
 * Content of a message or of a tool's result: absent, null, a string, or parts.
 * @param path of the content: `input[2].content`
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeContent(content: Json | undefined, path: string, warn: Warn): DecodedPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrongType(path, 'a string or an array of content parts', content);
  return content.flatMap((given, index): DecodedPart[] => {
    const at = `${path}[${index}]`;
    if (typeof given === 'string') return [{ type: 'text', text: given }];
    const part = requireObject(given, at);
    switch (part.type) {
      case 'input_text':
      case 'output_text':
      case 'text':
      case 'summary_text':
      case 'reasoning_text': {
        const text = readString(part.text, `${at}.text`);
        if (text === undefined) throw missing(`${at}.text`);
        return [{ type: 'text', text, ...annotationsOf(part) }];
      }
      case 'refusal':
        return [{ type: 'refusal', text: readString(part.refusal, `${at}.refusal`) ?? '' }];
      case 'input_image':
      case 'image_url':
      case 'computer_screenshot':
        return [decodeImage(part, at)];
      case 'input_file':
        return [decodeFile(part, at)];
      case 'input_audio':
        return [decodeAudio(part, at)];
      case 'encrypted_content':
        warn({ type: 'dropped', field: at, message: 'Only OpenAI can read its encrypted content.' });
        return [];
      case undefined:
        throw missing(`${at}.type`);
      default:
        throw typeof part.type === 'string'
          ? wrongValue(
              `${at}.type`,
              part.type,
              "'input_text', 'input_image', 'input_file', 'input_audio', 'output_text' and 'refusal'",
            )
          : wrongType(`${at}.type`, 'a string', part.type);
    }
  });
}
