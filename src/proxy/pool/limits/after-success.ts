/** A good answer that says that nothing remains: its account is asked last until more is there. */
import { headerMap, momentOf } from './counters';
import { readHeaderLimits } from './header-table';

/** Whether a name begins with these lower-case letters, in any case; without making another string. */
function begins(name: string, start: string): boolean {
  if (name.length < start.length) return false;
  for (let index = 0; index < start.length; index += 1) {
    const code = name.charCodeAt(index);
    if ((code >= 65 && code <= 90 ? code + 32 : code) !== start.charCodeAt(index)) return false;
  }
  return true;
}

/** The shortest is `ratelimit`; the longest that was seen has 48 letters. */
const SHORTEST = 9;
const LONGEST = 64;

/** Whether a header may say that nothing remains. */
function mayBeSpent(name: string, value: string): boolean {
  switch (name.charCodeAt(0) | 32) {
    case 120: // x
      return (
        value === '0' &&
        (begins(name, 'x-ratelimit-remaining') || begins(name, 'x-ratelimitbysize-remaining'))
      );
    case 97: // a
      return value === '0' && begins(name, 'anthropic-ratelimit-');
    case 114: // r
      if (!begins(name, 'ratelimit')) return false;
      return name.length === SHORTEST ? /\b(?:r|remaining)\s*=\s*0\b/i.test(value) : value === '0';
    default:
      return false;
  }
}

/**
 * What a good answer used up, and for how many seconds; undefined in nearly all cases. On the hot path: allocates nothing
 * unless a counter stands at zero.
 * @param headers flat list: name, value, name, value
 * @param now Unix ms
 */
export function limitAfterSuccess(
  headers: readonly string[],
  now: number,
): { what: string; seconds: number } | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (name.length < SHORTEST || name.length > LONGEST) continue;
    if (mayBeSpent(name, headers[index + 1] ?? '')) return spentIn(headers, now);
  }
  return undefined;
}

function spentIn(headers: readonly string[], now: number): { what: string; seconds: number } | undefined {
  const map = headerMap(headers);
  let last: { what: string; seconds: number } | undefined;
  for (const { what, seconds, limit } of readHeaderLimits(map, momentOf(map, now)).spent) {
    // Nothing left of nothing: what is not allowed was not used, either.
    if (limit === 0 || seconds === undefined || seconds <= (last?.seconds ?? 0)) continue;
    last = { what, seconds };
  }
  return last;
}
