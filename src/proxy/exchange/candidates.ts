import type { Account } from '../../shared/settings';
import type { Dialect, UpstreamDialect } from '../dialects/canonical';
import { NoAccountError, NotFoundError } from '../errors';
import { labelOf } from '../pool/pool';
import { providerOf } from '../providers/registry';
import type { DialectEndpoint } from '../providers/provider';
import { endpointFor, resolveModel, routeTargets, type Candidate } from '../routing/resolve-model';
import type { Target } from './attempt';
import type { Core } from './core';
import type { Exchange } from './exchange';

/** Most accounts that one request tries. */
const ATTEMPT_LIMIT = 10;

/** The account that demo answers come from has no endpoint. */
export type Choice = { type: 'demo'; candidate: Candidate } | ({ type: 'upstream' } & Target);

type Address = Omit<Target, 'model' | 'served'>;

/** Makes a name fit for a header. */
const fit = (text: string) => text.replace(/[^\x20-\x7e]/g, '?');

/** Where an account is reached does not change while its settings stay: the object is replaced with them. */
const addresses = new WeakMap<Account, Map<UpstreamDialect, Address>>();

function addressOf(account: Account, endpoint: DialectEndpoint): Address {
  let known = addresses.get(account);
  if (!known) addresses.set(account, (known = new Map()));
  let address = known.get(endpoint.dialect);
  if (!address) {
    const own = typeof endpoint.baseUrl === 'function' ? endpoint.baseUrl(account) : endpoint.baseUrl;
    const url = new URL(account.baseUrl ?? own ?? '');
    address = {
      account,
      endpoint,
      origin: url.origin,
      basePath: url.pathname.replace(/\/+$/, ''),
      auth: account.key ? Object.entries(endpoint.auth(account.key)).flat() : [],
      label: labelOf(account),
      ...(account.key.length >= 6 && { secret: Buffer.from(account.key) }),
    };
    known.set(endpoint.dialect, address);
  }
  return address;
}

/** The endpoint's address for an account, and the model to ask for there. */
export function targetOf(account: Account, endpoint: DialectEndpoint, model: string): Target {
  const address = addressOf(account, endpoint);
  // Which account and model served, for the client to see (SPEC 3.10).
  const served = ['x-portside-account', fit(address.label), 'x-portside-model', fit(model)];
  return { ...address, model, served };
}

/** Puts z.ai's account where its dispatch mode wants it (SPEC 5.9); clients of other protocols never see it. */
function withZai(core: Core, client: Dialect): { accounts: readonly Account[]; last?: Account } {
  const zai = core.zaiDispatch;
  if (!zai) return { accounts: core.pool.enabled() };
  const own = core.pool.enabled().filter((account) => account !== zai);
  if (client !== 'anthropic') return { accounts: own };
  switch (core.settings.zai.dispatchMode) {
    case 'exclusive':
      return { accounts: [zai] };
    case 'pooled':
      return { accounts: [...own, zai] };
    case 'fallback':
      return { accounts: own, last: zai };
    case 'off':
      return { accounts: own };
  }
}

/**
 * Who may serve this request, in the order to try.
 * @param only dialects that an account must speak, for requests that cannot be translated
 * @throws NoAccountError, NotFoundError
 */
export function chooseAccounts(core: Core, exchange: Exchange, model: string, only?: Dialect): Choice[] {
  const { dialect } = exchange;
  // With one account there is no turn to take: the same question has the same answer until the settings change.
  if (core.pool.enabled().length > 1) return choose(core, dialect, model, only);
  // The question is told by the model's name, then by who asks: the same two strings each time, none made here.
  let known = core.choices.get(model);
  const asker = only === undefined ? dialect : `${dialect} ${only}`;
  let choices = known?.get(asker);
  if (!choices) {
    choices = choose(core, dialect, model, only);
    if (core.choices.size >= 200) core.choices.clear();
    if (!known) core.choices.set(model, (known = new Map()));
    known.set(asker, choices);
  }
  return choices;
}

function choose(core: Core, client: Dialect, model: string, only?: Dialect): Choice[] {
  const speaks = (account: Account) => only === undefined || endpointFor(account, only)?.dialect === only;
  const order = (accounts: Account[]) => core.pool.order(accounts);
  const { accounts, last } = withZai(core, client);
  const able = accounts.filter(speaks);
  if (able.length === 0 && !last) {
    throw core.pool.enabled().length === 0
      ? new NoAccountError('no available accounts, please add an account first')
      : new NotFoundError(
          `No account can take this request: it needs one that speaks ${only ?? client} (${needed(only ?? client)}).`,
        );
  }
  const listed = (id: string) => core.catalog.known(id);
  const candidates = resolveModel(
    model,
    able,
    core.settings.routes,
    order,
    listed,
    (id) => core.pool.get(id) !== undefined,
  );
  // z.ai's own models map the names of Claude's families; the name goes there as it is.
  const pooledZai = core.zaiDispatch;
  const all: Candidate[] = candidates.map((each) =>
    each.account.id === pooledZai?.id && each.substituted ? { account: each.account, model } : each,
  );
  if (last) all.push({ account: last, model });
  if (all.length === 0)
    throw new NotFoundError(`No account serves the model "${model.slice(0, 200)}".`, 'model_not_found');
  return all.slice(0, ATTEMPT_LIMIT).flatMap((candidate): Choice[] => {
    if (candidate.account.provider === 'demo') return [{ type: 'demo', candidate }];
    const endpoint = core.responsesOnly.has(modelKey(candidate.account, candidate.model))
      ? responsesEndpoint(candidate.account)
      : endpointFor(candidate.account, client);
    return endpoint ? [{ type: 'upstream', ...targetOf(candidate.account, endpoint, candidate.model) }] : [];
  });
}

/** An account's model, as {@link Core.responsesOnly} names it. */
export function modelKey(account: Account, model: string): string {
  return `${account.id}\n${model}`;
}

/** How an account is asked over the Responses API, where its provider has it. */
export function responsesEndpoint(account: Account): DialectEndpoint | undefined {
  const endpoint = endpointFor(account, 'openai-responses');
  return endpoint?.dialect === 'openai-responses' ? endpoint : undefined;
}

function needed(dialect: Dialect): string {
  switch (dialect) {
    case 'openai-chat':
      return 'for example OpenAI, or any OpenAI-compatible server';
    case 'openai-responses':
      return 'for example OpenAI, or an OpenAI-compatible account with "dialect": "openai-responses"';
    case 'anthropic':
      return 'for example Anthropic or z.ai';
    case 'gemini':
      return 'for example Google Gemini';
  }
}

/** Notes that an account is asked for another model than the client named, where no route of the user's says so. */
export function noteSubstitution(
  core: Core,
  exchange: Exchange,
  target: { account: Account; model: string },
): void {
  const asked = exchange.modelAsked;
  if (asked === undefined || asked === target.model) return;
  if (routeTargets(asked, core.settings.routes) !== undefined || asked.endsWith(`/${target.model}`)) return;
  exchange.warn({
    type: 'changed',
    field: 'model',
    message: `No account has the model "${asked}"; ${providerOf(target.account.provider).label} was asked for "${target.model}". Set a route to choose another.`,
  });
}
