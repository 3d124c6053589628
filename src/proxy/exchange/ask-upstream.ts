import type { Dispatchers } from '../upstream/dispatcher';
import { requestJson, type JsonAnswer, type JsonQuestion } from '../upstream/request-json';
import type { Target } from './attempts/attempt';

/**
 * A small call to an account off the hot path: placed and authorised as its provider wants it.
 * @returns the whole answer, parsed. Rejects when the connection fails or time is up.
 */
export async function askUpstream(
  dispatchers: Dispatchers,
  target: Target,
  question: Omit<JsonQuestion, 'origin' | 'basePath'>,
): Promise<JsonAnswer> {
  const { account, endpoint, model, origin, basePath } = target;
  const { path, body } = endpoint.place?.(question, { account, model, streamed: false }) ?? question;
  const { method, headers, signal } = question;
  const url = origin + basePath + path;
  const asked = { method, url, headers, body, ...(signal && { signal }) };
  const lines = await endpoint.authorize?.(account, asked, dispatchers);
  return requestJson(dispatchers, {
    ...question,
    origin,
    basePath,
    path,
    body,
    headers: lines ? [...headers, ...lines] : headers,
  });
}
