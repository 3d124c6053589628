import type { Account } from '../../shared/settings';
import type { DialectEndpoint } from './provider';

const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '');

/** The path that all of a provider's own base URLs begin with, in segments. */
function commonRoot(urls: readonly URL[]): string[] {
  const [first = [], ...rest] = urls.map((url) => segmentsOf(url.pathname));
  let length = first.length;
  for (const path of rest) {
    let same = 0;
    while (same < length && path[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, length);
}

/**
 * Where an account's endpoint is: the provider's own base URL, or what follows from the user's.
 *
 * One URL is all that a user gives, and a provider with several protocols has them at different paths below a common root
 * (`https://api.z.ai/api`: `/anthropic`, `/paas/v4`). A URL that ends as one of these paths tells the root, and the others
 * follow; any other URL is the first protocol's, and the root of the rest (less a `/v1`, which many add). Where the user says
 * which protocol is meant, the URL is that protocol's, as it is.
 * @param endpoints all of the account's provider
 * @returns '' where neither provider nor user has one
 */
export function endpointUrl(
  account: Account,
  endpoint: DialectEndpoint,
  endpoints: readonly DialectEndpoint[],
): string {
  if (typeof endpoint.baseUrl === 'function') return endpoint.baseUrl(account);
  const given = account.baseUrl;
  const own = endpoint.baseUrl;
  if (given === undefined) return own ?? '';
  const others = endpoints.flatMap(({ baseUrl }) => (typeof baseUrl === 'string' ? [new URL(baseUrl)] : []));
  if (account.dialect !== undefined || own === undefined || others.length < 2) return given;
  const root = commonRoot(others).length;
  const pathOf = (url: URL) =>
    segmentsOf(url.pathname)
      .slice(root)
      .map((segment) => `/${segment}`)
      .join('');
  const mine = pathOf(new URL(own));
  const known = others.map(pathOf).filter((path) => path !== '' && given.endsWith(path));
  const [longest] = known.sort((a, b) => b.length - a.length);
  if (longest !== undefined) return given.slice(0, -longest.length) + mine;
  const isFirst = mine === pathOf(others[0] ?? new URL(own));
  return isFirst ? given : given.replace(/\/v1$/, '') + mine;
}
