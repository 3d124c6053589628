import type { IncomingHttpHeaders } from 'node:http';

/**
 * Every key that a request presents (SPEC 2.2): `Authorization` with or without `Bearer`, `x-api-key`,
 * `x-goog-api-key`, and `?key=` where the path is Gemini's. Empty values count as absent.
 */
export function presentedKeys(headers: IncomingHttpHeaders, query: string, geminiPath: boolean): string[] {
  const keys: string[] = [];
  const add = (value: string | string[] | undefined) => {
    for (const each of Array.isArray(value) ? value : [value]) {
      const key = each?.trim();
      if (!key) continue;
      keys.push(key);
      // Node joins a header that was sent twice; any one right key admits.
      if (key.includes(', ')) keys.push(...key.split(', ').filter((part) => part.trim() !== ''));
    }
  };
  const { authorization } = headers;
  if (authorization !== undefined) add(authorization.replace(/^\s*bearer(\s+|$)/i, ''));
  add(headers['x-api-key']);
  add(headers['x-goog-api-key']);
  if (geminiPath && query.includes('key=')) add(new URLSearchParams(query).getAll('key'));
  return keys;
}
