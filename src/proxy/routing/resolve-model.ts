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

/** Whether a name fits a pattern, in one pass: no pattern of the user makes a long name slow. */
function matches(pattern: string, model: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return first === model;
  if (!model.startsWith(first) || !model.endsWith(last) || model.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const piece of rest) {
    const found = model.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= model.length - last.length;
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

function parseTarget(target: string, accounts: Account[], isAccount?: (id: string) => boolean): Target {
  const slash = target.indexOf('/');
  // Some models have a provider's name in theirs (`openai/gpt-oss-20b`): an account that lists it whole has it.
  if (slash > 0 && !accounts.some((account) => account.models?.includes(target))) {
    const owner = target.slice(0, slash);
    if (isAccount?.(owner) || accounts.some((account) => account.id === owner || account.provider === owner))
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
 * @param isAccount whether an id is an account's, also of one that cannot serve now: a route's target that names it
 * is then left out and not taken for a model's name
 */
export function resolveModel(
  model: string,
  accounts: Account[],
  routes: ProxySettings['routes'],
  order: (accounts: Account[]) => Account[],
  listed: (id: string) => ReadonlySet<string> | undefined,
  isAccount?: (id: string) => boolean,
): Candidate[] {
  const named = routeTargets(model, routes);
  if (named) {
    const all = named.flatMap((text) =>
      candidatesFor(parseTarget(text, accounts, isAccount), accounts, order, listed),
    );
    // An account's default stands in only where no target of the chain can be had.
    const meant = all.filter((each) => !each.substituted);
    return withoutRepeats(meant.length > 0 ? meant : all);
  }
  const direct = parseTarget(model, accounts);
  return candidatesFor(direct, accounts, order, listed);
}

function withoutRepeats(candidates: Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ account, model }) => {
    const key = `${account.id}\n${model}`;
    return !seen.has(key) && seen.add(key);
  });
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
