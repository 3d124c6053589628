/** Keeps web pages out: DNS rebinding by `Host`, cross-site calls by `Origin` (SPEC 2.7). */
import { ForbiddenError } from '../errors';

const LOOPBACK_NAME =
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|\[::ffff:(127(\.\d{1,3}){3}|7f[\da-f]{2}:[\da-f]{1,4})\])$/i;

/** The name of a `Host` header, without its port. */
function nameOf(host: string): string {
  return host.replace(/:\d*$/, '').replace(/\.$/, '');
}

/** Whether no stranger can make a name lead here: loopback names and plain addresses. */
function isOwnName(name: string): boolean {
  return LOOPBACK_NAME.test(name) || /^\d{1,3}(\.\d{1,3}){3}$|^\[[\da-f:.]+\]$/i.test(name);
}

/** Whether a socket address is loopback. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}

/** Throws `ForbiddenError` when a request that came over loopback names a host that is not. */
export function checkHost(
  host: string | undefined,
  localAddress: string | undefined,
  allowed: string[],
): void {
  if (!isLoopbackAddress(localAddress)) return;
  const name = nameOf(host ?? '');
  if (LOOPBACK_NAME.test(name) || isAllowed(name, host, allowed)) return;
  throw new ForbiddenError(
    `The host "${name.slice(0, 100)}" is not served here. Use 127.0.0.1 or localhost, or add the name to the setting allowedHosts.`,
  );
}

/**
 * Throws `ForbiddenError` for a name that a stranger could make lead here, wherever the request came from: for what no key
 * guards and a page must not read by such a name, which is its own to the browser (DNS rebinding).
 */
export function checkOwnName(host: string | undefined, allowed: string[]): void {
  const name = nameOf(host ?? '');
  if (isOwnName(name) || isAllowed(name, host, allowed)) return;
  throw new ForbiddenError(
    `Without a key this is not served for the host "${name.slice(0, 100)}". Use the address, or add the name to the setting allowedHosts.`,
  );
}

function isAllowed(name: string, host: string | undefined, allowed: string[]): boolean {
  return allowed.some((each) => each === host || each.toLowerCase() === name.toLowerCase());
}

/**
 * Throws `ForbiddenError` for a foreign `Origin`.
 * @returns CORS headers for an allowed one, flat; empty when there is no `Origin`
 */
export function checkOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: string[],
): string[] {
  if (origin === undefined) return [];
  // A page that this server itself served. A name that anybody can point here does not prove that (DNS rebinding).
  const same = (origin === `http://${host}` || origin === `https://${host}`) && isOwnName(nameOf(host ?? ''));
  if (!same && !allowed.includes(origin)) {
    throw new ForbiddenError(
      'Requests from web pages are refused. If this page is yours, add its origin to the setting allowedOrigins.',
    );
  }
  return ['access-control-allow-origin', origin, 'vary', 'Origin', 'access-control-expose-headers', '*'];
}
