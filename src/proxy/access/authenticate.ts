import { timingSafeEqual } from 'node:crypto';
import type { ResolvedAuthMode } from '../../shared/settings';
import { UnauthorizedError } from '../errors';
import { ClientKeys, type KnownClient } from './client-keys';
import { keyDigest } from './key-digest';

const ACCEPTED =
  'Send it as "Authorization: Bearer <key>", "x-api-key: <key>" or "x-goog-api-key: <key>" (Gemini paths also take "?key=<key>").';

/** Compares keys in constant time, on digests (SPEC 2.3). */
export class Authenticator {
  readonly clients = new ClientKeys();
  #digest: Buffer | undefined;
  #key = '';

  /** Takes the configured key; an empty one admits nobody while auth is on. */
  setKey(key: string): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#digest = key ? keyDigest(key) : undefined;
  }

  /**
   * Admits or throws `UnauthorizedError`. With auth off, too, a client key that is presented is found: its limits hold.
   * @param health whether the request is for the health check, which `all_except_health` leaves open
   * @param now Unix time in milliseconds
   * @returns the client whose key was presented, expired ones included; undefined beside the local key, which may do
   * everything, and where nobody's was
   */
  check(
    mode: ResolvedAuthMode,
    keys: string[],
    health: boolean,
    now: number = Date.now(),
  ): KnownClient | undefined {
    const open = mode === 'off' || (mode === 'all_except_health' && health);
    const { clients } = this;
    if (open && (health || clients.none)) return undefined;
    const wanted = this.#digest;
    const digests = keys.map(keyDigest);
    let admitted = false;
    for (const each of digests) {
      // Every key is compared, so that the time tells nothing of which one was right.
      if (wanted && timingSafeEqual(each, wanted)) admitted = true;
    }
    if (admitted) return undefined;
    const client = clients.none ? undefined : clients.find(digests, timingSafeEqual, now);
    if (client ?? open) return client;
    if (!wanted && clients.none)
      throw new UnauthorizedError('Portside has no API key configured, so no request can be admitted.');
    throw new UnauthorizedError(
      keys.length === 0
        ? `No API key was sent. Use Portside's local API key. ${ACCEPTED}`
        : `The API key is not Portside's local API key${clients.none ? '' : ' and no client key'}. ${ACCEPTED}`,
    );
  }
}
