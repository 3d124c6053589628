/** The attached window's end: a connection to the window that owns the proxy. See shared/peer-messages.ts. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { MonitorEvent } from '../../shared/monitor';
import {
  LineReader,
  NONCE_HEADER,
  PEER_PATH,
  PEER_PROTOCOL,
  PROOF_HEADER,
  proofText,
  type Leaving,
  type OwnerToPeer,
  type PeerCall,
} from '../../shared/peer-messages';
import type { ProxyStatus } from '../../shared/status';

/** An owner on this machine answers within a moment, or is none. */
const HELLO_MS = 2000;
/** What is answered at once, if anything is. */
const ANSWER_MS = 10_000;
/** Exports come in pieces of some megabytes. */
const LONGEST_LINE = 64 * 1_048_576;
const LONGEST_HEAD = 16_384;

export interface PeerOptions {
  port: number;
  secret: string;
  version: string;
  /** This window's name. */
  window: string;
  onStatus(status: ProxyStatus): void;
  onMonitorEvent(event: MonitorEvent): void;
  /** So many other windows come before this one when the owner goes. Never before the connection was found. */
  onRank(rank: number): void;
  /** The connection is over; `leaving` is absent where the owner went without a word. */
  onEnd(leaving: Leaving | undefined): void;
}

/**
 * What is at the port: an owner that proved itself, something else (`foreign`), nobody (`none`), an owner that is
 * about to go (`leaving`), or something that takes connections and says nothing (`silent`): an owner that is very busy, or
 * another program.
 */
export type Found = PeerConnection | 'foreign' | 'none' | 'leaving' | 'silent';

/** Looks who listens at a port of this machine, and attaches where it is a window of this editor. Never rejects. */
export function findOwner(options: PeerOptions): Promise<Found> {
  return new Promise((resolve) => {
    const nonce = randomBytes(24).toString('base64url');
    const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
    let head = '';
    let connected = false;
    const settle = (found: Found) => {
      clearTimeout(silence);
      socket.removeAllListeners();
      if (typeof found === 'string') {
        socket.on('error', () => undefined);
        socket.destroy();
      }
      resolve(found);
    };
    const silence = setTimeout(() => settle(connected ? 'silent' : 'none'), HELLO_MS);
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      connected = true;
      socket.write(
        `GET ${PEER_PATH} HTTP/1.1\r\nHost: 127.0.0.1:${options.port}\r\nConnection: Upgrade\r\n` +
          `Upgrade: ${PEER_PROTOCOL}\r\n${NONCE_HEADER}: ${nonce}\r\n\r\n`,
      );
    });
    socket.on('data', (text: string) => {
      head += text;
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        if (head.length > LONGEST_HEAD) settle('foreign');
        return;
      }
      const proof = provenBy(head.slice(0, end), nonce, options.secret);
      if (proof === undefined) {
        settle('foreign');
        return;
      }
      clearTimeout(silence);
      socket.removeAllListeners();
      const rest = head.slice(end + 4);
      PeerConnection.open(socket, options, proof, rest, resolve);
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'ECONNREFUSED' ? 'none' : 'leaving'),
    );
    // It took the connection and closed it without a word: it is about to go.
    socket.on('close', () => settle(head === '' ? 'leaving' : 'foreign'));
  });
}

/** This window's own proof, when the answer proves that the owner knows the secret. */
function provenBy(head: string, nonce: string, secret: string): string | undefined {
  const header = (name: string) => new RegExp(`^${name}: *([\\w-]+) *$`, 'im').exec(head)?.[1];
  const ownerNonce = header(NONCE_HEADER);
  const proof = header(PROOF_HEADER);
  if (!/^HTTP\/1\.1 101 /.test(head) || ownerNonce === undefined || proof === undefined) return undefined;
  const hmac = (side: 'owner' | 'window') =>
    createHmac('sha256', secret)
      .update(proofText(side, nonce, ownerNonce))
      .digest();
  const expected = hmac('owner');
  const given = Buffer.from(proof, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return hmac('window').toString('base64url');
}

/** The owner's window is there, and too busy to answer. */
export class SilentOwnerError extends Error {
  override name = 'SilentOwnerError';

  constructor() {
    super('The window that owns the proxy does not answer.');
  }
}

/** An attachment. Calls reject with the owner's words, or when the connection ends meanwhile. */
export class PeerConnection {
  /** Of the owner. */
  readonly version: string;
  readonly #socket: Socket;
  readonly #options: PeerOptions;
  readonly #pending = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #nextId = 1;
  #leaving: Leaving | undefined;
  #ended = false;
  #rank = 0;

  #status: ProxyStatus;

  private constructor(
    socket: Socket,
    options: PeerOptions,
    { version, status }: Extract<OwnerToPeer, { type: 'welcome' }>,
  ) {
    this.#socket = socket;
    this.#options = options;
    this.version = version;
    this.#status = status;
  }

  /** Sends this window's proof and waits for the owner's welcome. */
  static open(
    socket: Socket,
    options: PeerOptions,
    proof: string,
    begun: string,
    found: (found: Found) => void,
  ): void {
    const reader = new LineReader(LONGEST_LINE);
    let connection: PeerConnection | undefined;
    const silence = setTimeout(() => socket.destroy(), HELLO_MS);
    const take = (text: string) => {
      for (const line of reader.push(text)) {
        const message = JSON.parse(line) as OwnerToPeer;
        if (connection) connection.#hear(message);
        else if (message.type === 'welcome') {
          clearTimeout(silence);
          connection = new PeerConnection(socket, options, message);
          found(connection);
        }
      }
    };
    socket.on('data', (text: string) => {
      try {
        take(text);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(silence);
      if (connection) connection.#end();
      else found('leaving');
    });
    const { version, window } = options;
    socket.write(`${JSON.stringify({ proof, version, window })}\n`);
    if (begun) socket.emit('data', begun);
  }

  /** What the owner said last of the proxy. */
  get status(): ProxyStatus {
    return this.#status;
  }

  /** Whether the connection is over: `onEnd` was called, unless it was closed from here. */
  get ended(): boolean {
    return this.#ended;
  }

  /** How many other windows come before this one when the owner goes. */
  get rank(): number {
    return this.#rank;
  }

  /** Rejects not before `onEnd` was called, where it is the end that it rejects for. */
  call(call: PeerCall): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new Error('The window that owns the proxy is gone.'));
        return;
      }
      const settled = () => {
        clearTimeout(timer);
        this.#pending.delete(id);
      };
      // Questions to the monitor and to providers take as long as they take.
      const timer = /^(stop|status|reload)$/.test(call.type)
        ? setTimeout(() => {
            settled();
            reject(new SilentOwnerError());
          }, ANSWER_MS)
        : undefined;
      this.#pending.set(id, {
        resolve(answer) {
          settled();
          resolve(answer);
        },
        reject(error) {
          settled();
          reject(error);
        },
      });
      if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify({ id, call })}\n`);
    });
  }

  /** Stops the proxy for all windows. @throws SilentOwnerError when the owner does not answer */
  async stop(): Promise<void> {
    await this.call({ type: 'stop' }).catch((error: unknown) => {
      // The answer may be the goodbye itself.
      if (error instanceof SilentOwnerError) throw error;
    });
  }

  /** Detaches: nothing more is heard, `onEnd` is not called. */
  close(): void {
    this.#ended = true;
    this.#socket.removeAllListeners();
    this.#socket.on('error', () => undefined);
    this.#socket.destroy();
    this.#rejectAll();
  }

  #hear(message: OwnerToPeer): void {
    switch (message.type) {
      case 'answer': {
        const asked = this.#pending.get(message.id);
        if (message.ok) asked?.resolve(message.answer);
        else asked?.reject(new Error(message.message));
        return;
      }
      case 'status':
        this.#status = message.status;
        this.#options.onStatus(message.status);
        return;
      case 'monitor':
        this.#options.onMonitorEvent(message.event);
        return;
      case 'rank':
        this.#rank = message.rank;
        this.#options.onRank(message.rank);
        return;
      case 'leaving':
        // The port is free from now on: whoever takes over need not wait for the last stream to end.
        this.#leaving = message.leaving;
        this.#socket.destroy();
        return;
      case 'welcome':
    }
  }

  #end(): void {
    this.#ended = true;
    this.#options.onEnd(this.#leaving);
    this.#rejectAll();
  }

  #rejectAll(): void {
    for (const { reject } of [...this.#pending.values()])
      reject(new Error('The window that owns the proxy is gone.'));
  }
}
