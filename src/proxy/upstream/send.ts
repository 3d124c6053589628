/** Sends one request through undici's dispatcher with raw handlers: the cheapest client Node has. */
import type { Dispatcher } from 'undici';
import { latin1 } from '../stream/latin1';

export interface UpstreamRequest {
  /** `http://127.0.0.1:11434` */
  origin: string;
  path: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Flat list: name, value, name, value. */
  headers: string[];
  body: Buffer | null;
}

/** What a call tells its owner. Exactly one of `onEnd` and `onFailure` comes, last. */
export interface UpstreamSink {
  /** @returns false to pause the answer until `resume` is called. */
  onHead(status: number, headers: string[], resume: () => void): boolean;
  /** @returns false to pause. */
  onData(bytes: Buffer): boolean;
  onEnd(): void;
  /** The connection failed, timed out, or was aborted by {@link UpstreamCall.abort}. */
  onFailure(error: Error & { code?: string }): void;
}

export interface UpstreamCall {
  /** Closes the upstream connection now; the sink hears `onFailure`. Idempotent. */
  abort(reason: Error): void;
}

/** undici's raw handler, called by its HTTP/1 client without any wrapping. */
class RawHandler implements UpstreamCall {
  #abort: ((reason: Error) => void) | undefined;
  #aborted: Error | undefined;

  constructor(private readonly sink: UpstreamSink) {}

  abort(reason: Error): void {
    if (this.#aborted) return;
    this.#aborted = reason;
    this.#abort?.(reason);
  }

  onConnect(abort: (reason: Error) => void): void {
    if (this.#aborted) {
      abort(this.#aborted);
      return;
    }
    this.#abort = abort;
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    if (status < 200) return true;
    const headers: string[] = [];
    for (const each of rawHeaders) headers.push(latin1(each));
    return this.sink.onHead(status, headers, resume);
  }

  onData(bytes: Buffer): boolean {
    return this.sink.onData(bytes);
  }

  onComplete(): void {
    this.sink.onEnd();
  }

  onError(error: Error & { code?: string }): void {
    this.sink.onFailure(this.#aborted ?? error);
  }
}

/** Sends. Errors, bad input included, come through the sink, never as a throw. */
export function send(
  dispatcher: Pick<Dispatcher, 'dispatch'>,
  request: UpstreamRequest,
  sink: UpstreamSink,
): UpstreamCall {
  const handler = new RawHandler(sink);
  dispatcher.dispatch(
    {
      origin: request.origin,
      path: request.path,
      method: request.method,
      headers: request.headers,
      body: request.body,
    },
    handler as unknown as Dispatcher.DispatchHandler,
  );
  return handler;
}
