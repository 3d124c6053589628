/** Records as entries of an HTTP archive, HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/). */
import { STATUS_CODES } from 'node:http';
import type { ExchangeRecord } from '../../../shared/exchange';
import type { CapturedMessage } from '../../../shared/monitor';
import type { StoredMessage } from '../store/record-store';
import { exportedMessage } from './to-jsonl';

const HTTP_VERSION = 'HTTP/1.1';
const DEFAULT_HOST = '127.0.0.1:8045';

/** What stands before the first entry, and behind the last. */
export const HAR_BEGIN = '{"log":{"version":"1.2","creator":{"name":"Portside","version":"1"},"entries":[\n';
export const HAR_END = '\n]}}\n';

const headersOf = (message: CapturedMessage | undefined) =>
  (message?.headers ?? []).map(([name, value]) => ({ name, value }));
const textOf = (message: StoredMessage | undefined): string | undefined =>
  message?.body && Buffer.from(message.body).toString('utf8');

function queryOf(url: string): { name: string; value: string }[] {
  const at = url.indexOf('?');
  if (at < 0) return [];
  return [...new URLSearchParams(url.slice(at + 1))].map(([name, value]) => ({ name, value }));
}

/** In milliseconds; their sum is the time of the entry. */
function timingsOf({ durationMs, firstByteMs, queuedMs = 0 }: ExchangeRecord) {
  const whole = Math.max(0, durationMs);
  const first = Math.min(whole, Math.max(0, firstByteMs ?? whole));
  const blocked = Math.min(first, Math.max(0, queuedMs));
  return {
    blocked: blocked > 0 ? blocked : -1,
    send: 0,
    wait: first - blocked,
    receive: whole - first,
  };
}

/**
 * One entry: the client's request and answer. What Portside did between them stands under `_portside`.
 * @param messages what was kept, all parts
 */
export function toHarEntry(
  record: ExchangeRecord,
  messages: StoredMessage[],
  mask: (text: string) => string,
): string {
  const request = messages.find(({ part }) => part === 'request');
  const response = messages.find(({ part }) => part === 'response');
  const host = request?.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? DEFAULT_HOST;
  const target = request?.url ?? record.path;
  const sent = textOf(request);
  const answered = textOf(response);
  const timings = timingsOf(record);
  const upstream = messages.filter(({ part }) => part !== 'request' && part !== 'response');
  const entry = {
    startedDateTime: new Date(record.time).toISOString(),
    time: Math.max(0, record.durationMs),
    request: {
      method: record.method,
      url: /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? target : `http://${host}${target}`,
      httpVersion: HTTP_VERSION,
      cookies: [],
      headers: headersOf(request),
      queryString: queryOf(target),
      headersSize: -1,
      bodySize: request?.size ?? -1,
      ...(sent !== undefined && {
        postData: {
          mimeType: request?.contentType ?? 'application/octet-stream',
          text: mask(sent),
          ...(request?.note !== undefined && { comment: request.note }),
        },
      }),
    },
    response: {
      status: record.status,
      statusText: STATUS_CODES[record.status] ?? '',
      httpVersion: HTTP_VERSION,
      cookies: [],
      headers: headersOf(response),
      content: {
        size: answered === undefined ? (response?.size ?? 0) : Buffer.byteLength(answered),
        mimeType: response?.contentType ?? 'x-unknown',
        ...(answered !== undefined && { text: mask(answered) }),
        ...(response?.note !== undefined && { comment: response.note }),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: response?.size ?? -1,
    },
    cache: {},
    timings,
    ...(record.error !== undefined && { comment: record.error }),
    _portside: {
      ...record,
      ...(upstream.length > 0 && { messages: upstream.map((message) => exportedMessage(message, mask)) }),
    },
  };
  return JSON.stringify(entry);
}
