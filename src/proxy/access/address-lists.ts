import ipaddr from 'ipaddr.js';
import { ForbiddenError } from '../errors';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

function parseRange(text: string): Range | undefined {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    return undefined;
  }
}

/** Entries of an address list that are neither an address nor a CIDR range. */
export function badAddresses(list: string[]): string[] {
  return list.filter((text) => parseRange(text) === undefined);
}

/** Admits client addresses by allow and block list (SPEC 2.8). The socket's address counts, no header does. */
export class AddressLists {
  #allow: Range[] = [];
  #block: Range[] = [];

  /** Takes the lists. An allow list whose entries are all unreadable admits nobody. */
  set(allow: string[], block: string[]): void {
    this.#allow = allow.map(parseRange).filter((range) => range !== undefined);
    this.#block = block.map(parseRange).filter((range) => range !== undefined);
    this.#empty = allow.length === 0 && block.length === 0;
    this.#open = allow.length === 0;
  }
  #empty = true;
  #open = true;

  /** Throws `ForbiddenError` for an address that may not ask. */
  check(address: string | undefined): void {
    if (this.#empty) return;
    if (address === undefined || !ipaddr.isValid(address))
      throw new ForbiddenError('This address is not admitted.');
    const parsed = ipaddr.process(address);
    const within = ([base, bits]: Range) => parsed.kind() === base.kind() && parsed.match(base, bits);
    if (this.#block.some(within) || !(this.#open || this.#allow.some(within)))
      throw new ForbiddenError(`The address ${parsed.toString()} is not admitted.`);
  }
}
