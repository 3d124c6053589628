/** Which accounts can serve a model name, and by what name each knows it (SPEC 5.10). */
import type { Account, ProxySettings } from '../../shared/settings';
import type { Dialect } from '../dialects/canonical';
import { providerOf } from '../providers/registry';
import { ANTHROPIC_VERSION, bearer, xApiKey, xGoogApiKey, type DialectEndpoint } from '../providers/provider';

/** One way to serve a request. */
export interface Candidate {
  account: Account;
  /** The model to ask the upstream for. */
  model: string;
  /** Set when the name was not the client's nor a route's choice but the account's default. */
  substituted?: boolean;
}

/** What a route's target means. */
interface Target {
  model: string;
  /** Only these accounts: an account's id, or a provider's name. */
  only?: string;
}

const escape = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

function matches(pattern: string, model: string): boolean {
  if (!pattern.includes('*')) return pattern === model;
  return new RegExp(`^${pattern.split('*').map(escape).join('.*')}$`, 's').test(model);
}

/** The targets that the routes give a model: exact name first, else the pattern with the most literal characters. */
export function routeTargets(model: string, routes: ProxySettings['routes']): string[] | undefined {
  const exact = Object.hasOwn(routes, model) ? routes[model] : undefined;
  const found =
    exact ??
    Object.entries(routes)
      .filter(([pattern]) => pattern.includes('*') && matches(pattern, model))
      .sort(([a], [b]) => b.replaceAll('*', '').length - a.replaceAll('*', '').length)[0]?.[1];
  if (found === undefined) return undefined;
  return typeof found === 'string' ? [found] : found;
}

function parseTarget(target: string, accounts: Account[]): Target {
  const slash = target.indexOf('/');
  if (slash > 0) {
    const owner = target.slice(0, slash);
    if (accounts.some((account) => account.id === owner || account.provider === owner))
      return { only: owner, model: target.slice(slash + 1) };
  }
  return { model: target };
}

type Serves = 'yes' | 'no' | 'unknown';

/** Whether an account has a model: by its own list, else by what its provider's names look like. */
function serves(
  account: Account,
  model: string,
  listed: (id: string) => ReadonlySet<string> | undefined,
): Serves {
  if (account.models?.length) return account.models.includes(model) ? 'yes' : 'no';
  if (listed(account.id)?.has(model)) return 'yes';
  const { models } = providerOf(account.provider);
  if (!models) return 'unknown';
  return models.test(model) ? 'yes' : 'no';
}

function defaultModelOf(account: Account, model: string): string {
  return account.defaultModel ?? account.models?.[0] ?? providerOf(account.provider).defaultModel ?? model;
}

/**
 * The candidates for a model, best first.
 * @param accounts enabled accounts that can take the client's dialect
 * @param order puts accounts of equal claim into the pool's order
 * @param listed models that an account was seen to list, where known
 */
export function resolveModel(
  model: string,
  accounts: Account[],
  routes: ProxySettings['routes'],
  order: (accounts: Account[]) => Account[],
  listed: (id: string) => ReadonlySet<string> | undefined,
): Candidate[] {
  const named = routeTargets(model, routes);
  if (named) {
    return named.flatMap((text) => {
      const target = parseTarget(text, accounts);
      return candidatesFor(target, accounts, order, listed);
    });
  }
  const direct = parseTarget(model, accounts);
  return candidatesFor(direct, accounts, order, listed);
}

function candidatesFor(
  target: Target,
  accounts: Account[],
  order: (accounts: Account[]) => Account[],
  listed: (id: string) => ReadonlySet<string> | undefined,
): Candidate[] {
  const { model, only } = target;
  const as = (chosen: Account[]) => order(chosen).map((account) => ({ account, model }));
  if (only !== undefined)
    return as(accounts.filter((account) => account.id === only || account.provider === only));
  const sure = accounts.filter((account) => serves(account, model, listed) === 'yes');
  if (sure.length > 0) return as(sure);
  const perhaps = accounts.filter((account) => serves(account, model, listed) === 'unknown');
  if (perhaps.length > 0) return as(perhaps);
  return order(accounts).map((account) => {
    const served = defaultModelOf(account, model);
    return { account, model: served, substituted: served !== model };
  });
}

/** How an account speaks a dialect that its provider's table does not have: the user says that it does. */
function foreignEndpoint(dialect: Dialect): DialectEndpoint {
  if (dialect === 'anthropic') return { dialect, auth: xApiKey, headers: ANTHROPIC_VERSION };
  if (dialect === 'gemini') return { dialect, auth: xGoogApiKey };
  return { dialect, auth: bearer };
}

/** The endpoint an account uses for a client: the client's own dialect if it has it, else its first. */
export function endpointFor(account: Account, client: Dialect): DialectEndpoint | undefined {
  const { endpoints } = providerOf(account.provider);
  if (account.dialect) {
    return endpoints.find((each) => each.dialect === account.dialect) ?? foreignEndpoint(account.dialect);
  }
  return endpoints.find((each) => each.dialect === client) ?? endpoints[0];
}
