import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SseEvent } from '../dialects/adapter';
import { createSseParser } from '../stream/sse';

/** What becomes of a call. */
export interface LocalAnswer {
  /** One event of a stream. @returns false when the reader is slow: {@link LocalCall.resume} goes on */
  onEvent(event: SseEvent): boolean;
  /** An answer that is no stream: an error, mostly. */
  onWhole(status: number, headers: IncomingMessage['headers'], body: string): void;
  /** The answer is over, whole or not. */
  onEnd(): void;
}

export interface LocalCall {
  resume(): void;
  /** Hangs up: the exchange ends as if its client had closed the connection. */
  cancel(): void;
}

/**
 * Sends a request over a connection within the process and reads its answer.
 * @param headers as they came with the WebSocket: host, keys and all that goes on to the upstream
 */
export function callLocally(
  connect: () => Duplex,
  path: string,
  headers: Record<string, string | string[]>,
  body: Buffer,
  answer: LocalAnswer,
): LocalCall {
  let over = false;
  let incoming: IncomingMessage | undefined;
  const end = () => {
    if (over) return;
    over = true;
    answer.onEnd();
  };
  const outgoing = request(
    {
      createConnection: connect,
      method: 'POST',
      path,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': body.length,
        connection: 'close',
      },
    },
    (response) => {
      incoming = response;
      response.on('close', end);
      response.on('error', end);
      if (!/^text\/event-stream/i.test(response.headers['content-type'] ?? '')) {
        const chunks: Buffer[] = [];
        response.on('data', (bytes: Buffer) => chunks.push(bytes));
        response.on('end', () => {
          if (!over)
            answer.onWhole(response.statusCode ?? 500, response.headers, Buffer.concat(chunks).toString());
        });
        return;
      }
      const parser = createSseParser();
      const hand = (events: SseEvent[]) => {
        for (const event of events) if (!over && !answer.onEvent(event)) response.pause();
      };
      response.on('data', (bytes: Buffer) => {
        hand(parser.push(bytes));
      });
      response.on('end', () => {
        hand(parser.end());
      });
    },
  );
  outgoing.on('error', end);
  outgoing.on('close', () => {
    if (!incoming) end();
  });
  outgoing.end(body);
  return {
    resume: () => incoming?.resume(),
    cancel() {
      over = true;
      outgoing.destroy();
    },
  };
}
