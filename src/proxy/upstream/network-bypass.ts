/** Which hosts are reached without the forward proxy. */
import { BlockList, isIP, isIPv4 } from 'node:net';
import { matchesPattern } from '../../shared/matches-pattern';

/** Whether a host name or address (as `URL.hostname` has it, without brackets) is this machine. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  // The unspecified addresses lead to this machine, too, and mean nothing to a proxy.
  return host === '0.0.0.0' || host === '::' || (isIP(host) !== 0 && LOOPBACK.check(host, family(host)));
}

/**
 * Whether a host is one of this machine's surroundings that no proxy can reach for it: link-local addresses, and the name
 * that Google's machines have for theirs (https://cloud.google.com/compute/docs/metadata/overview).
 */
export function isLinkLocalHost(host: string): boolean {
  return host === 'metadata.google.internal' || (isIP(host) !== 0 && LINK_LOCAL.check(host, family(host)));
}

const family = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/** Host and port of a URL as they are compared: no brackets, no trailing dot, lower case, the port always there. */
export function hostAndPort(url: URL): { host: string; port: string } {
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return { host, port: url.port || (url.protocol === 'https:' ? '443' : '80') };
}

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');

type Rule = (host: string, port: string) => boolean;

/** The pattern's host and its port: `[::1]:8080`, `::1`, `example.com:443`. */
function splitPort(pattern: string): { name: string; port: string | undefined } {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(pattern);
  if (bracketed) return { name: bracketed[1] ?? '', port: bracketed[2] };
  // Two colons and no brackets: an IPv6 address or range without a port.
  const [, name = pattern, port] = /^([^:]*):(\d+)$/.exec(pattern) ?? [];
  return { name, port };
}

function subnetOf(name: string): BlockList | undefined {
  const [, address = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(name) ?? [];
  if (isIP(address) === 0 || Number(bits) > (isIPv4(address) ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family(address));
  return list;
}

/** An IPv6 address in the one form that URLs have. */
function canonicalAddress(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;
}

function nameRule(name: string): (host: string) => boolean {
  if (name === '*') return () => true;
  if (name.includes('/')) {
    const subnet = subnetOf(name);
    return (host) => subnet !== undefined && isIP(host) !== 0 && subnet.check(host, family(host));
  }
  if (isIP(name) !== 0) {
    const address = canonicalAddress(name);
    return (host) => host === address;
  }
  if (name.includes('*')) return (host) => matchesPattern(name, host);
  // curl and VS Code agree: with or without the dot, a name stands for itself and all below it.
  const domain = name.replace(/^\.+/, '').replace(/\.$/, '');
  return (host) => host === domain || host.endsWith(`.${domain}`);
}

function ruleOf(pattern: string): Rule | undefined {
  const { name, port } = splitPort(pattern.trim().toLowerCase());
  if (name === '') return undefined;
  const matches = nameRule(name);
  return (host, at) => (port === undefined || port === at) && matches(host);
}

/**
 * Reads `noProxy` patterns as curl and VS Code do: a name (itself and its subdomains), `.suffix`, `*.pattern`
 * (subdomains alone), an address, a CIDR range, each with an optional `:port`; `*` for everything. Case does not count.
 * @returns whether a host (without brackets, lower case) and port are to be reached without the proxy
 */
export function readNoProxy(patterns: readonly string[]): Rule {
  const rules = patterns.map(ruleOf).filter((rule) => rule !== undefined);
  return (host, port) => rules.some((rule) => rule(host, port));
}
