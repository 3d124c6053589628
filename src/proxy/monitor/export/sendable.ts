/** What of a kept request may be sent again: neither keys nor what belongs to one connection or one encoding of the body. */
import { OF_ONE_DELIVERY } from '../../../shared/connection-headers';
import type { CapturedMessage } from '../../../shared/monitor';
import { MASK } from '../../../shared/redact';
import { judgeHeader } from '../redact/secret-names';

const NOT_AGAIN = new Set(OF_ONE_DELIVERY);

/** Headers that are the same for whoever sends the request; masked and secret ones are left out. */
export function endToEndHeaders(headers: CapturedMessage['headers']): CapturedMessage['headers'] {
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((each) => each.trim().toLowerCase()));
  return headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (NOT_AGAIN.has(lower) || named.includes(lower)) return false;
    return judgeHeader(name) !== 'secret' && !value.includes(MASK) && !name.includes(MASK);
  });
}

/**
 * The path, and the query ('' or with its `?`) without parameters that were masked.
 * @param url path and query, or a whole address
 */
export function withoutMaskedParameters(url: string): { path: string; query: string } {
  const target = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  const at = target.indexOf('?');
  const path = (at < 0 ? target : target.slice(0, at)) || '/';
  const kept = (at < 0 ? '' : target.slice(at + 1))
    .split('&')
    .filter((pair) => pair !== '' && !pair.includes(MASK));
  return { path, query: kept.length > 0 ? `?${kept.join('&')}` : '' };
}
