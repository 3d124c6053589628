/** Which accounts can serve a model name, and by what name each knows it (SPEC 5.10). */
import type { Account, ProxySettings } from '../../shared/settings';
import type { Dialect } from '../dialects/canonical';
import { providerOf } from '../providers/registry';
import { familyOf, matchRoute } from './match-route';
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
function serves(account: Account, model: string, listed: Listed): Serves {
  if (account.models?.length) return account.models.includes(model) ? 'yes' : 'no';
  if (listed(account.id)?.has(model)) return 'yes';
  const { models } = providerOf(account.provider);
  if (!models) return 'unknown';
  return models.test(model) ? 'yes' : 'no';
}

function defaultModelOf(account: Account, model: string): string {
  return account.defaultModel ?? account.models?.[0] ?? providerOf(account.provider).defaultModel ?? model;
}

/** Models that an account was seen to list, where known. */
export type Listed = (id: string) => ReadonlySet<string> | undefined;

/** How the accounts for a model were found. */
export type Found = 'route' | 'account' | 'served' | 'family' | 'unknown' | 'default';

export interface Resolved {
  found: Found;
  /** A chain: the accounts of one group have equal claim, and a later group serves where nobody of the earlier ones can. */
  groups: Candidate[][];
}

/**
 * Who may serve a model, and by what name.
 * @param accounts enabled accounts that can take the client's dialect
 * @param isAccount whether an id is an account's, also of one that cannot serve now: a route's target that names it
 * is then left out and not taken for a model's name
 * @param native whether an account speaks the client's own dialect: for a model that nobody knows such accounts come first
 */
export function resolveModel(
  model: string,
  accounts: Account[],
  routes: ProxySettings['routes'],
  listed: Listed,
  isAccount?: (id: string) => boolean,
  native: (account: Account) => boolean = () => true,
): Resolved {
  const route = matchRoute(model, routes);
  const find = (text: string, among?: (id: string) => boolean) =>
    candidatesFor(parseTarget(text, accounts, among), accounts, listed, native);
  if (!route) return underWholeName(find(model), model, accounts, listed);
  const all = route.targets.flatMap((text) => find(text, isAccount).groups);
  // An account's default stands in only where no target of the chain can be had.
  const meant = all.filter((group) => group.some((each) => !each.substituted));
  return { found: 'route', groups: withoutRepeats(meant.length > 0 ? meant : all) };
}

/**
 * Some models have a provider's or an account's name in theirs (`openai/gpt-oss-20b`, `groq/compound`). Who lists such a name
 * whole has the model, and comes first unless the account that is named lists what remains of it.
 */
function underWholeName(named: Resolved, model: string, accounts: Account[], listed: Listed): Resolved {
  if (named.found !== 'account') return named;
  const whole = accounts.filter(({ id }) => listed(id)?.has(model)).map((account) => ({ account, model }));
  if (whole.length === 0) return named;
  const isMeant = named.groups.flat().some((each) => lists(each.account, each.model, listed));
  return isMeant
    ? { found: 'account', groups: [...named.groups, whole] }
    : { found: 'served', groups: [whole, ...named.groups] };
}

/** Whether a model stands in an account's own list or in what it was seen to list. */
export function lists(account: Account, model: string, listed: Listed): boolean {
  return account.models?.length ? account.models.includes(model) : listed(account.id)?.has(model) === true;
}

function withoutRepeats(groups: Candidate[][]): Candidate[][] {
  const seen = new Set<string>();
  return groups
    .map((group) =>
      group.filter(({ account, model }) => {
        const key = `${account.id}\n${model}`;
        return !seen.has(key) && seen.add(key);
      }),
    )
    .filter((group) => group.length > 0);
}

function candidatesFor(
  { model, only }: Target,
  accounts: Account[],
  listed: Listed,
  native: (account: Account) => boolean,
): Resolved {
  const as = (found: Found, chosen: Account[]): Resolved => ({
    found,
    groups: chosen.length === 0 ? [] : [chosen.map((account) => ({ account, model }))],
  });
  if (only !== undefined)
    return as(
      'account',
      accounts.filter((account) => account.id === only || account.provider === only),
    );
  const sure = accounts.filter((account) => serves(account, model, listed) === 'yes');
  if (sure.length > 0) return as('served', sure);
  // Agents name snapshots by their date; an account that lists the model without one has it.
  const family = familyOf(model);
  const kin = family === undefined ? [] : accounts.filter(({ models }) => models?.includes(family));
  if (family !== undefined && kin.length > 0)
    return {
      found: 'family',
      groups: [kin.map((account) => ({ account, model: family, substituted: true }))],
    };
  const perhaps = accounts.filter((account) => serves(account, model, listed) === 'unknown');
  if (perhaps.length > 0) return as('unknown', perhaps);
  const standIns = accounts.map((account): Candidate => {
    const served = defaultModelOf(account, model);
    return { account, model: served, substituted: served !== model };
  });
  const groups = [
    standIns.filter(({ account }) => native(account)),
    standIns.filter(({ account }) => !native(account)),
  ];
  return { found: 'default', groups: groups.filter((group) => group.length > 0) };
}

/** How an account speaks a dialect that its provider's table does not have: the user says that it does. */
function foreignEndpoint(dialect: Dialect): DialectEndpoint {
  if (dialect === 'anthropic') return { dialect, auth: xApiKey, headers: ANTHROPIC_VERSION };
  if (dialect === 'gemini') return { dialect, auth: xGoogApiKey };
  return { dialect, auth: bearer };
}

/**
 * The endpoint an account uses for a client: the client's own dialect if it has it, else its first.
 * @param model leaves out endpoints that do not serve it; absent or empty: any model
 */
export function endpointFor(account: Account, client: Dialect, model = ''): DialectEndpoint | undefined {
  const { endpoints } = providerOf(account.provider);
  if (account.dialect) {
    return endpoints.find((each) => each.dialect === account.dialect) ?? foreignEndpoint(account.dialect);
  }
  const able = model ? endpoints.filter(({ serves }) => !serves || serves.test(model)) : endpoints;
  return able.find((each) => each.dialect === client) ?? able[0];
}
