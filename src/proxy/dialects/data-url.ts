/** `data:` URLs of OpenAI's requests. https://www.rfc-editor.org/rfc/rfc2397 */
import type { FilePart } from './canonical';
import { wrongValue } from './openai/fields';

const DATA_URL = /^data:([^;,]*)((?:;[^;,]*)*?)(;base64)?,/i;

/**
 * The file behind a URL: its bytes where it is a `data:` URL, else a reference.
 * @param fallbackType media type where the URL does not tell
 * @param path of the field, for the error
 * @throws InvalidRequestError for other schemes
 */
export function decodeUrl(
  url: string,
  fallbackType: string,
  path: string,
): Pick<FilePart, 'mediaType' | 'source'> {
  if (!/^data:/i.test(url)) {
    if (!/^https?:\/\//i.test(url)) throw wrongValue(path, url.slice(0, 40), 'http, https and data URLs');
    return { mediaType: fallbackType, source: { type: 'url', url } };
  }
  const head = DATA_URL.exec(url);
  if (!head) throw wrongValue(path, url.slice(0, 40), 'base64 data URLs');
  const data = url.slice(head[0].length);
  return {
    mediaType: head[1] || fallbackType,
    source: { type: 'base64', data: head[3] ? data : btoa(decodeURIComponent(data)) },
  };
}
