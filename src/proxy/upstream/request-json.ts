import type { Dispatchers } from './dispatcher';
import { send } from './send';

export interface JsonAnswer {
  status: number;
  /** Flat list: name, value, name, value. */
  headers: string[];
  /** Parsed, or the text where it is not JSON. */
  body: unknown;
}

export interface JsonQuestion {
  origin: string;
  basePath: string;
  /** Below the base path, query included. */
  path: string;
  method: 'GET' | 'POST';
  headers: string[];
  body: Buffer | null;
  /** For the whole call. */
  timeoutMs: number;
  signal?: AbortSignal;
}

const LIMIT = 8 * 1_048_576;

/** A small call off the hot path: the whole answer, parsed. Rejects when the connection fails or time is up. */
export function requestJson(dispatchers: Dispatchers, question: JsonQuestion): Promise<JsonAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let head: { status: number; headers: string[] } | undefined;
    const timer = setTimeout(() => {
      call.abort(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    }, question.timeoutMs);
    const stop = () => {
      call.abort(new Error('cancelled'));
    };
    const over = () => {
      clearTimeout(timer);
      question.signal?.removeEventListener('abort', stop);
    };
    const call = send(
      dispatchers.for(question.origin),
      {
        origin: question.origin,
        path: question.basePath + question.path,
        method: question.method,
        headers: question.headers,
        body: question.body,
      },
      {
        onHead(status, headers) {
          head = { status, headers };
          return true;
        },
        onData(bytes) {
          size += bytes.length;
          if (size > LIMIT) call.abort(new Error('the answer is too large'));
          else chunks.push(bytes);
          return true;
        },
        onEnd() {
          over();
          const text = Buffer.concat(chunks).toString('utf8');
          let body: unknown = text;
          try {
            body = JSON.parse(text);
          } catch {
            // The text itself is the answer.
          }
          resolve({ status: head?.status ?? 0, headers: head?.headers ?? [], body });
        },
        onFailure(error) {
          over();
          reject(error);
        },
      },
    );
    question.signal?.addEventListener('abort', stop);
  });
}
