import ipaddr from 'ipaddr.js';
import { ForbiddenError } from '../errors';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** IPv4 in four decimal parts or IPv6; not `10` or `010.0.0.1`, which the library would take for 0.0.0.10 and 8.0.0.1. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function parseRange(entry: string): Range | undefined {
  const text = entry.trim();
  try {
    if (!isAddress(text.split('/', 1)[0] ?? '')) return undefined;
    if (!text.includes('/')) {
      const address = ipaddr.process(text);
      return [address, address.kind() === 'ipv4' ? 32 : 128];
    }
    const [address, bits] = ipaddr.parseCIDR(text);
    // Clients' addresses are compared as IPv4 where they are mapped ones, so ranges of mapped ones are IPv4, too.
    return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96
      ? [address.toIPv4Address(), bits - 96]
      : [address, bits];
  } catch {
    return undefined;
  }
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
