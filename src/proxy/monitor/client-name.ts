/** Longest name that is kept: a User-Agent is the client's own words. */
const LONGEST = 60;

export interface ClientName {
  name: string;
  version?: string;
}

/** The few that come again and again. */
const known = new Map<string, ClientName>();

/**
 * The program that sent a request: the first product of its User-Agent (RFC 9110 §10.1.5), which is
 * `name[/version]`. SDKs put their language where the version belongs (`OpenAI/JS 6.49.0`): what does not begin with a digit
 * is part of the name, and the version follows.
 * @returns undefined where the header names nothing
 */
export function clientName(userAgent: string | undefined): ClientName | undefined {
  if (userAgent === undefined) return undefined;
  let found = known.get(userAgent);
  if (!found) {
    found = parseUserAgent(userAgent);
    if (known.size >= 200) known.clear();
    if (found) known.set(userAgent, found);
  }
  return found;
}

function parseUserAgent(userAgent: string): ClientName | undefined {
  const [, product = '', rest = ''] = /^\s*([^\s(]+)\s*(.*)$/s.exec(userAgent.slice(0, 300)) ?? [];
  if (product === '') return undefined;
  const [, name = product, version] = /^(.+?)\/v?(\d[^/]*)(?:\/|$)/.exec(product) ?? [];
  const after = version ?? /^v?(\d[\w.+-]*)/.exec(rest)?.[1];
  return {
    name: name.slice(0, LONGEST).replace(/[\x00-\x1f\x7f]/g, '?'),
    ...(after !== undefined && { version: after.slice(0, LONGEST) }),
  };
}
