import { Duplex } from 'node:stream';

/** The addresses that a connection is judged by. */
export interface ConnectionAddresses {
  remoteAddress: string | undefined;
  localAddress: string | undefined;
}

/** One end of a connection within the process. What is written here is read at the other end. */
class LocalSocket extends Duplex {
  peer: LocalSocket | undefined;
  /** Continues the peer's writing, when this end has room again. */
  #resume: (() => void) | undefined;

  constructor(
    readonly remoteAddress: string | undefined,
    readonly localAddress: string | undefined,
  ) {
    // A half that ends closes the whole, as an HTTP connection does.
    super({ allowHalfOpen: true });
  }

  override _read(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const { peer } = this;
    if (!peer || peer.destroyed) {
      done(Object.assign(new Error('The other end is closed.'), { code: 'EPIPE' }));
      return;
    }
    if (peer.push(bytes)) done();
    else peer.#resume = done;
  }

  override _final(done: () => void): void {
    this.peer?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const { peer } = this;
    this.peer = undefined;
    // The other end learns of it in its own time: it may be in the middle of a call of this one.
    if (peer && !peer.destroyed) queueMicrotask(() => peer.destroy());
    done(error);
  }
}

/**
 * A connection within the process: what a client writes to its end, an HTTP server reads from the other. Nothing leaves
 * the process, and the server needs no second way to be asked.
 * @param addresses those of the connection that it stands for: the guard judges by them
 */
export function connectLocally(addresses: ConnectionAddresses): { client: Duplex; server: Duplex } {
  const client = new LocalSocket(addresses.localAddress, addresses.remoteAddress);
  const server = new LocalSocket(addresses.remoteAddress, addresses.localAddress);
  client.peer = server;
  server.peer = client;
  return { client, server };
}
