/** Who can do what is not chat: embeddings, images, transcriptions (SPEC 3.2, 3.4). */
import type { Account } from '../../../shared/settings';
import type { Dialect } from '../../dialects/canonical';
import { NoAccountError, NotFoundError, NotSupportedError } from '../../errors';
import type { DialectEndpoint, MediaKind } from '../../providers/provider';
import { providerOf } from '../../providers/registry';
import { endpointFor, resolveModel, type Candidate } from '../../routing/resolve-model';
import type { Target } from './attempt';
import { noteSubstitution, targetOf, type Choice, type Choices } from './candidates';
import type { Core } from '../core';
import type { Exchange } from '../exchange';

/** What is asked for besides chat. */
export interface Wish {
  kind: MediaKind;
  /** In words, for errors: `embeddings`. */
  what: string;
  /** The dialects whose accounts can do it. */
  dialects: readonly Dialect[];
  /** The one among them whose chat models do it: there an account's default model may stand in. */
  byChat?: Dialect;
  /** Why other dialects cannot take this request, where it is the request's fault. */
  because?: NotSupportedError;
}

const EXAMPLES: Partial<Record<Dialect, string>> = {
  'openai-chat': 'an OpenAI-like account (for example OpenAI, or any OpenAI-compatible server)',
  gemini: 'a Google Gemini account',
};

/** How an account does it; undefined when it cannot. */
function endpointOf(account: Account, wish: Wish, client: Dialect): DialectEndpoint | undefined {
  // The client's own dialect first: nothing is lost there.
  for (const dialect of [...wish.dialects].sort((a, b) => Number(b === client) - Number(a === client))) {
    const endpoint = endpointFor(account, dialect);
    if (endpoint?.dialect === dialect) return endpoint;
    // These endpoints stand beside both of OpenAI's ways to chat.
    if (dialect === 'openai-chat' && endpoint?.dialect === 'openai-responses')
      return { ...endpoint, dialect };
  }
  return undefined;
}

/**
 * The accounts that can, in the order to try, each with the model to ask for there.
 * @param model as the client named it; undefined where it named none: then the upstream or its provider's table decides
 * @throws NoAccountError, NotFoundError, NotSupportedError which says what kind of account is needed
 */
export function capableAccounts(
  core: Core,
  exchange: Exchange,
  model: string | undefined,
  wish: Wish,
): Choices {
  const enabled = core.pool.enabled().filter((account) => account !== core.zaiDispatch);
  const endpoints = new Map<Account, DialectEndpoint>();
  for (const account of enabled) {
    const endpoint = endpointOf(account, wish, exchange.dialect);
    if (endpoint) endpoints.set(account, endpoint);
  }
  const able = [...endpoints.keys()];
  if (core.pool.enabled().length === 0)
    throw new NoAccountError('no available accounts, please add an account first');
  if (able.length === 0) throw wish.because ?? noneCan(wish);
  const groups =
    model === undefined
      ? [able.map((account): Candidate => ({ account, model: '', substituted: true }))]
      : resolveModel(
          model,
          able,
          core.settings.routes,
          (id) => core.catalog.known(id),
          (id) => core.pool.get(id) !== undefined,
        ).groups;
  if (groups.length === 0)
    throw new NotFoundError(
      `No account serves the model "${(model ?? '').slice(0, 200)}".`,
      'model_not_found',
    );
  const guessed: Choice[] = [];
  const known = groups.map((group) =>
    group.flatMap((candidate): Choice[] => {
      const endpoint = endpoints.get(candidate.account);
      if (!endpoint) return [];
      const choose = (name: string): Choice => ({
        type: 'upstream',
        ...targetOf(candidate.account, endpoint, name),
      });
      const standIn = standInFor(candidate, endpoint, wish);
      if (!candidate.substituted) return [choose(candidate.model)];
      if (model === undefined && endpoint.dialect === exchange.dialect) return [choose('')];
      if (standIn !== undefined) return [choose(standIn)];
      // Nothing better is known than the client's own word.
      if (model !== undefined) guessed.push(choose(model));
      return [];
    }),
  );
  const chain = [...known, guessed].filter((group) => group.length > 0);
  if (chain.length === 0) throw noneCan(wish);
  return chain;
}

/** The model for a name that the account does not know: never its chat model, unless chat models do it. */
function standInFor(
  { account, model }: Candidate,
  endpoint: DialectEndpoint,
  wish: Wish,
): string | undefined {
  const own = providerOf(account.provider).mediaModels?.[wish.kind];
  if (own !== undefined) return own;
  if (endpoint.dialect !== wish.byChat) return undefined;
  return model || (account.defaultModel ?? providerOf(account.provider).defaultModel);
}

function noneCan(wish: Wish): NotSupportedError {
  const kinds = wish.dialects.flatMap((dialect) => EXAMPLES[dialect] ?? []);
  return new NotSupportedError(`No account can take this request: ${wish.what} need ${kinds.join(' or ')}.`);
}

/** The upstream of a choice, once its model's name is noted where it is not the one that was asked for. */
export function takeTarget(core: Core, exchange: Exchange, choice: Choice): Target {
  // Never true: accounts without an endpoint are not among the capable ones.
  if (choice.type !== 'upstream') throw new NotSupportedError('The demo account chats only.');
  noteSubstitution(core, exchange, choice);
  return choice;
}
