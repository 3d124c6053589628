/** Who may be asked for a request: accounts as groups of a chain, each with its address and the model to ask for. */
import type { Account } from '../../../shared/settings';
import type { Dialect, UpstreamDialect } from '../../dialects/canonical';
import { NoAccountError, NotFoundError } from '../../errors';
import { labelOf } from '../../pool/pool';
import { DEMO_MODEL } from '../../providers/demo';
import { endpointUrl } from '../../providers/endpoint-url';
import { providerOf } from '../../providers/registry';
import type { DialectEndpoint } from '../../providers/provider';
import { matchRoute } from '../../routing/match-route';
import { endpointFor, resolveModel, type Candidate, type Found } from '../../routing/resolve-model';
import { zaiModel } from '../../routing/zai-models';
import type { Target } from './attempt';
import type { Core } from '../core';
import type { Exchange } from '../exchange';

/** One way to serve a request. The account that demo answers come from has no endpoint. */
export type Choice = { type: 'demo'; account: Account; model: string } | ({ type: 'upstream' } & Target);

/** A chain: the accounts of one group have equal claim, and a later group serves where nobody of the earlier ones can. */
export type Choices = readonly (readonly Choice[])[];

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
    const url = new URL(endpointUrl(account, endpoint, providerOf(account.provider).endpoints));
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

/** Who may serve, and how they were found: `zai` is its dispatch in exclusive mode. */
export interface Chosen {
  found: Found | 'zai';
  choices: Choices;
}

/**
 * Who may serve this request: the same until settings, lists of models or what was learned of accounts change.
 * @param only the dialect that an account must speak, for requests that cannot be translated
 * @throws NoAccountError, NotFoundError
 */
export function chooseAccounts(core: Core, exchange: Exchange, model: string, only?: Dialect): Choices {
  return chosenFor(core, exchange.dialect, model, only).choices;
}

/** {@link chooseAccounts} with the way they were found. */
export function chosenFor(core: Core, dialect: Dialect, model: string, only?: Dialect): Chosen {
  // The question is told by the model's name, then by who asks: the same two strings each time, none made here.
  let known = core.choices.get(model);
  const asker = only === undefined ? dialect : `${dialect} ${only}`;
  let chosen = known?.get(asker);
  if (!chosen) {
    chosen = choose(core, dialect, model, only);
    if (core.choices.size >= 200) core.choices.clear();
    if (!known) core.choices.set(model, (known = new Map()));
    known.set(asker, chosen);
  }
  return chosen;
}

/**
 * {@link chosenFor} without its memory.
 * @throws NoAccountError, NotFoundError
 */
function choose(core: Core, client: Dialect, model: string, only?: Dialect): Chosen {
  const zai = client === 'anthropic' ? core.zaiDispatch : undefined;
  const mode = zai ? core.settings.zai.dispatchMode : 'off';
  const place = (candidate: Candidate): Choice[] => choiceFor(core, candidate, client);
  const own = core.pool.enabled().filter((account) => account !== core.zaiDispatch);
  const slot = zai ? place({ account: zai, model: zaiModel(model, core.settings.zai.models) }) : [];
  if (mode === 'exclusive') return { found: 'zai', choices: [slot] };
  const able = own.filter((account) => only === undefined || endpointFor(account, only)?.dialect === only);
  if (able.length === 0 && slot.length === 0) {
    throw core.pool.enabled().length === 0
      ? new NoAccountError('no available accounts, please add an account first')
      : new NotFoundError(
          `No account can take this request: it needs one that speaks ${only ?? client} (${needed(only ?? client)}).` +
            (core.zaiDispatch ? ' z.ai dispatch serves clients of Anthropic’s protocol only.' : ''),
        );
  }
  const { found, groups } = resolveModel(
    model,
    able,
    core.settings.routes,
    (id) => core.catalog.known(id),
    (id) => core.pool.get(id) !== undefined,
    (account) => endpointFor(account, client)?.dialect === client,
  );
  const chain = groups.map((group) => group.flatMap(place)).filter((group) => group.length > 0);
  // One slot in the rotation, wherever the names of models lead (SPEC 5.9).
  if (mode === 'pooled') chain.splice(0, 1, [...(chain[0] ?? []), ...slot]);
  if (mode === 'fallback') chain.push(slot);
  if (chain.length === 0) {
    const route = matchRoute(model, core.settings.routes);
    const why = route
      ? ` Its route "${route.pattern}" leads to ${route.targets.join(', ')} alone, which is not enabled.`
      : '';
    throw new NotFoundError(`No account serves the model "${model.slice(0, 200)}".${why}`, 'model_not_found');
  }
  return { found, choices: chain };
}

function choiceFor(core: Core, candidate: Candidate, client: Dialect): Choice[] {
  const { account, model } = candidate;
  if (account.provider === 'demo') return [{ type: 'demo', account, model: DEMO_MODEL }];
  const endpoint = core.responsesOnly.has(modelKey(account, model))
    ? responsesEndpoint(account)
    : endpointFor(account, client, model);
  return endpoint ? [{ type: 'upstream', ...targetOf(account, endpoint, model) }] : [];
}

/** The chain without the choices that are not wanted; groups that become empty go. */
export function onlyThose(choices: Choices, wanted: (choice: Choice) => boolean): Choices {
  return choices.map((group) => group.filter(wanted)).filter((group) => group.length > 0);
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
  const { model } = target;
  const isNamed = (name: string) => name === model || name.endsWith(`/${model}`);
  if (isNamed(asked) || target.account === core.zaiDispatch) return;
  if (matchRoute(asked, core.settings.routes)?.targets.some(isNamed)) return;
  exchange.warn({
    type: 'changed',
    field: 'model',
    message: `No account has the model "${asked}"; ${providerOf(target.account.provider).label} was asked for "${model}". Set a route to choose another.`,
  });
}
