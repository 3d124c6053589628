import type { Dispatcher } from 'undici';
import { proxyRefused } from './hop-error';
import type { ForwardProxy } from './network';

/** undici's raw handler, as send.ts has it. */
interface RawHandler {
  onConnect(abort: (reason: Error) => void): void;
  onHeaders(status: number, headers: Buffer[], resume: () => void, statusText: string): boolean;
  onData(bytes: Buffer): boolean;
  onComplete(trailers: unknown): void;
  onError(error: Error): void;
}

/** Passes everything on but the proxy's own 407, which is nothing that an upstream said. */
class BehindProxy implements RawHandler {
  #abort: ((reason: Error) => void) | undefined;

  constructor(
    private readonly handler: RawHandler,
    private readonly proxy: ForwardProxy,
    private readonly target: string,
  ) {}

  onConnect(abort: (reason: Error) => void): void {
    this.#abort = abort;
    this.handler.onConnect(abort);
  }

  onHeaders(status: number, headers: Buffer[], resume: () => void, statusText: string): boolean {
    if (status !== 407) return this.handler.onHeaders(status, headers, resume, statusText);
    this.#abort?.(proxyRefused(this.proxy.label, status, this.target));
    return false;
  }

  onData(bytes: Buffer): boolean {
    return this.handler.onData(bytes);
  }

  onComplete(trailers: unknown): void {
    this.handler.onComplete(trailers);
  }

  onError(error: Error): void {
    this.handler.onError(error);
  }
}

/**
 * Requests to an http origin through a forward proxy: the whole URL stands in the request line. Not CONNECT, which most
 * proxies allow for port 443 alone. https://www.rfc-editor.org/rfc/rfc9112#name-absolute-form
 */
export class AbsoluteForm {
  readonly #own: string[];

  /** @param pool connections to the proxy, for this origin alone */
  constructor(
    private readonly pool: Dispatcher,
    private readonly proxy: ForwardProxy,
    private readonly origin: string,
  ) {
    this.#own = ['host', new URL(origin).host];
    if (proxy.authorization !== undefined) this.#own.push('proxy-authorization', proxy.authorization);
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { path, headers } = options;
    const behind = new BehindProxy(handler as unknown as RawHandler, this.proxy, new URL(this.origin).host);
    return this.pool.dispatch(
      { ...options, path: this.origin + path, headers: [...((headers ?? []) as string[]), ...this.#own] },
      behind as unknown as Dispatcher.DispatchHandler,
    );
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  destroy(): Promise<void> {
    return this.pool.destroy();
  }
}
