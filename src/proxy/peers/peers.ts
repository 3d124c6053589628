/** The owner's end: other windows of the same editor that are attached to this proxy (SPEC 1.10). */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { MonitorEvent } from '../../shared/monitor';
import {
  LineReader,
  NONCE_HEADER,
  PEER_PROTOCOL,
  PROOF_HEADER,
  proofText,
  type Leaving,
  type OwnerToPeer,
  type Ownership,
  type PeerCall,
  type PeerToOwner,
} from '../../shared/peer-messages';
import type { ProxyStatus } from '../../shared/status';
import { isLoopbackAddress } from '../access/guard-browser';

/** Windows of one user; more are no windows. As many may be about to prove themselves: then the oldest must go. */
const MOST = 64;
/** A window that does not close its end is suspended: nobody waits for it. */
const LINGER_MS = 500;
/** What has not proved itself by then is closed. */
const HELLO_MS = 5000;
const LONGEST_LINE = 1_048_576;
const LONGEST_HELLO = 4096;
/** What a window has not read may be so much, in bytes: it asks again when it has caught up. */
const BACKLOG = 32 * 1_048_576;

export interface PeerHost {
  status(): ProxyStatus;
  call(call: Exclude<PeerCall, { type: 'watchMonitor' | 'handOver' }>): Promise<unknown>;
  /** The asking window takes the port. */
  handOver(to: string): Promise<void>;
  listen(listener: (event: MonitorEvent) => void): () => void;
}

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest();

/** Attached windows. Without an {@link Ownership} nobody can attach. */
export class Peers {
  readonly #peers = new Set<Peer>();
  #ownership: Ownership | undefined;
  #leaving = false;

  constructor(private readonly host: PeerHost) {}

  /** Takes who owns the proxy; a new secret does not end what was proved with the old one. */
  configure(ownership: Ownership | undefined): void {
    this.#ownership = ownership;
  }

  /** The proxy listens: windows may attach again. */
  begin(): void {
    this.#leaving = false;
  }

  /**
   * Takes a connection over that asks to be upgraded.
   * @returns false when it is not for windows: it came from elsewhere, from a web page, or nobody can attach
   */
  accept(incoming: IncomingMessage, socket: Duplex): boolean {
    const ownership = this.#ownership;
    const { headers } = incoming;
    const nonce = headers[NONCE_HEADER];
    const local = isLoopbackAddress(incoming.socket.remoteAddress);
    const meant =
      headers.upgrade === PEER_PROTOCOL && typeof nonce === 'string' && /^[\w-]{16,128}$/.test(nonce);
    if (!ownership || !local || !meant || headers.origin !== undefined) return false;
    const strangers = [...this.#peers].filter(({ proved }) => !proved);
    if (this.#leaving || this.#peers.size - strangers.length >= MOST) {
      socket.destroy();
      return true;
    }
    if (strangers.length >= MOST) strangers[0]?.end();
    const peer: Peer = new Peer(socket, this.host, ownership, nonce, {
      proved: () => {
        this.#rank();
      },
      gone: () => {
        this.#peers.delete(peer);
        this.#rank();
      },
    });
    this.#peers.add(peer);
    return true;
  }

  /** Tells every window the status of the moment. */
  tellStatus(status: ProxyStatus): void {
    for (const peer of this.#peers) peer.tell({ type: 'status', status });
  }

  /** In the order in which they attached. */
  #rank(): void {
    let rank = 0;
    for (const peer of this.#peers) if (peer.proved) peer.tell({ type: 'rank', rank: rank++ });
  }

  /** Says goodbye, and closes every connection. */
  leave(leaving: Leaving): void {
    this.#leaving = true;
    for (const peer of this.#peers) {
      peer.tell({ type: 'leaving', leaving });
      peer.end();
    }
  }
}

class Peer {
  #proved = false;
  #window = '';
  #unwatch: (() => void) | undefined;
  readonly #expected: Buffer;

  constructor(
    private readonly socket: Duplex,
    private readonly host: PeerHost,
    private readonly ownership: Ownership,
    windowNonce: string,
    private readonly on: { proved(): void; gone(): void },
  ) {
    const nonce = randomBytes(24).toString('base64url');
    const proof = hmac(ownership.secret, proofText('owner', windowNonce, nonce));
    this.#expected = hmac(ownership.secret, proofText('window', windowNonce, nonce));
    let reader = new LineReader(LONGEST_HELLO);
    const silence = setTimeout(() => socket.destroy(), HELLO_MS);
    silence.unref();
    socket.on('close', () => {
      clearTimeout(silence);
      this.#unwatch?.();
      on.gone();
    });
    // A connection of an HTTP server stays open when its other end closes.
    socket.on('end', () => socket.destroy());
    // It takes no encoding.
    const decoder = new StringDecoder('utf8');
    socket.on('data', (bytes: Buffer) => {
      try {
        const before = this.#proved;
        for (const line of reader.push(decoder.write(bytes))) this.#hear(JSON.parse(line) as PeerToOwner);
        if (!this.#proved || before) return;
        clearTimeout(silence);
        reader = new LineReader(LONGEST_LINE, reader.rest);
      } catch {
        socket.destroy();
      }
    });
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${PEER_PROTOCOL}\r\n` +
        `${NONCE_HEADER}: ${nonce}\r\n${PROOF_HEADER}: ${proof.toString('base64url')}\r\n\r\n`,
    );
  }

  get proved(): boolean {
    return this.#proved;
  }

  /** Tells the window something, once it has proved itself. */
  tell(message: OwnerToPeer): void {
    if (!this.#proved || this.socket.destroyed) return;
    // A window that does not read (it is suspended) is dropped: it attaches anew.
    if (this.socket.writableLength > BACKLOG) this.socket.destroy();
    else this.socket.write(`${JSON.stringify(message)}\n`);
  }

  end(): void {
    if (!this.#proved) {
      this.socket.destroy();
      return;
    }
    this.socket.end();
    setTimeout(() => this.socket.destroy(), LINGER_MS).unref();
  }

  #hear(message: PeerToOwner): void {
    if (!this.#proved) {
      this.#prove(message);
      return;
    }
    if (!('call' in message)) return;
    const { id, call } = message;
    this.#answer(call).then(
      (answer) => {
        this.tell({ type: 'answer', id, ok: true, answer });
      },
      (error: unknown) => {
        this.tell({ type: 'answer', id, ok: false, message: (error as Error).message });
      },
    );
  }

  #prove(message: PeerToOwner): void {
    const proof = 'proof' in message ? Buffer.from(String(message.proof), 'base64url') : Buffer.alloc(0);
    if (proof.length !== this.#expected.length || !timingSafeEqual(proof, this.#expected)) {
      this.socket.destroy();
      return;
    }
    this.#proved = true;
    this.#window = 'window' in message ? String(message.window).slice(0, 100) : '';
    this.tell({ type: 'welcome', version: this.ownership.version, status: this.host.status() });
    this.on.proved();
  }

  #answer(call: PeerCall): Promise<unknown> {
    switch (call.type) {
      case 'watchMonitor':
        this.#unwatch?.();
        this.#unwatch = call.watch
          ? this.host.listen((event) => {
              this.tell({ type: 'monitor', event });
            })
          : undefined;
        return Promise.resolve(null);
      case 'handOver':
        return this.host.handOver(this.#window);
      case 'stop':
      case 'reload':
      case 'status':
      case 'clearCooling':
      case 'revive':
      case 'explainRoute':
      case 'monitor':
        return this.host.call(call);
    }
  }
}
