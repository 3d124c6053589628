/**
 * What the window that owns the proxy and the windows that are attached to it say to each other (SPEC 1.10), over a loopback
 * connection that begins as an HTTP upgrade on the proxy's own port: whoever listens there answers, and so proves who it is.
 *
 * Both sides prove that they know a secret which the editor keeps for all windows: the window sends a nonce, the owner answers
 * with its own and an HMAC (SHA-256) over both, then the window sends one. Afterwards each line is one message as JSON. Keys
 * never cross.
 */
import type { MonitorCall, MonitorEvent } from './monitor';
import type { Dialect } from './setting-names';
import type { ProxyStatus } from './status';

export const PEER_PATH = '/portside/peer';
export const PEER_PROTOCOL = 'portside-peer';
export const NONCE_HEADER = 'x-portside-nonce';
export const PROOF_HEADER = 'x-portside-proof';

/** What the HMAC of one side is made of. Each side's own word keeps one proof from being given back as the other. */
export const proofText = (side: 'owner' | 'window', windowNonce: string, ownerNonce: string): string =>
  `portside-peer-1\n${side}\n${windowNonce}\n${ownerNonce}`;

/** Who owns the proxy, as far as proxies know of it. */
export interface Ownership {
  /** Known to all windows of this user's editor. */
  secret: string;
  version: string;
}

/** The window's first line. */
export interface PeerHello {
  proof: string;
  version: string;
  /** A name of the window's own. */
  window: string;
}

/** What an attached window may ask of the owner. */
export type PeerCall =
  /** For all windows. */
  | { type: 'stop' }
  /** The asking window (a newer version) takes the port; the others attach to it. */
  | { type: 'handOver' }
  /** Accounts or settings changed: the owner's host reads them again. */
  | { type: 'reload' }
  | { type: 'status' }
  | { type: 'clearCooling'; account: string; model?: string }
  /** An account's key was tested well. */
  | { type: 'revive'; account: string }
  | { type: 'explainRoute'; model: string; protocol: Dialect }
  | { type: 'monitor'; call: MonitorCall }
  | { type: 'watchMonitor'; watch: boolean };

/**
 * Why an owner goes. `stopped`: by the user, for all windows. `closing`: its window closes or reloads, and another takes over.
 * `handedOver`: the window `to` takes over.
 */
export type Leaving = { reason: 'stopped' | 'closing' } | { reason: 'handedOver'; to: string };

export type PeerToOwner = PeerHello | { id: number; call: PeerCall };

export type OwnerToPeer =
  | { type: 'welcome'; version: string; status: ProxyStatus }
  | { type: 'answer'; id: number; ok: true; answer: unknown }
  | { type: 'answer'; id: number; ok: false; message: string }
  | { type: 'status'; status: ProxyStatus }
  | { type: 'monitor'; event: MonitorEvent }
  /** How many other windows come before this one when the owner goes. Told anew when that changes. */
  | { type: 'rank'; rank: number }
  | { type: 'leaving'; leaving: Leaving };

/** Puts lines together from pieces of text. */
export class LineReader {
  /** Pieces of the line that is not complete: put together once, however many there are. */
  #pieces: string[] = [];
  #length = 0;

  /** @param longest a line beyond this many characters is refused */
  constructor(
    private readonly longest: number,
    begun = '',
  ) {
    this.#keep(begun);
  }

  /** What has come of a line that is not complete. */
  get rest(): string {
    return this.#pieces.join('');
  }

  /** @returns the lines that are complete. @throws RangeError when one is too long */
  push(text: string): string[] {
    const [end = '', ...begun] = text.split('\n');
    this.#keep(end);
    const last = begun.pop();
    if (last === undefined) return [];
    const lines = [this.rest, ...begun];
    this.#pieces = [];
    this.#length = 0;
    this.#keep(last);
    return lines.filter((line) => line !== '');
  }

  #keep(text: string): void {
    this.#length += text.length;
    if (this.#length > this.longest) throw new RangeError('A line is too long.');
    if (text !== '') this.#pieces.push(text);
  }
}

/** Whether the version `a` is newer than `b`: `1.10.0` than `1.9.3`. What follows a `-` or `+` does not count. */
export function isNewer(a: string, b: string): boolean {
  const parts = (version: string) => (version.split(/[-+]/)[0] ?? '').split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
