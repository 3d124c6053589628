import type { JsonObject } from '../../shared/json';
import { mayAsk } from '../access/check-model';
import type { ModelInfo } from '../dialects/adapter';
import { NotFoundError } from '../errors';
import { providerOf } from '../providers/registry';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { PRIVATE_HEADERS } from './monitor/html-page';

/** The longest that a client waits for accounts to say what they have, in milliseconds: agents ask as they start. */
const PATIENCE_MS = 3000;

/** Who refuses its key serves nothing, whatever it lists. */
const aliveAccounts = ({ pool }: Core) =>
  pool.enabled().filter((account) => pool.health(account, '').state !== 'disabled');

/** Every model that this client can ask for: the routes' exact names, then what the accounts list. */
async function allModels(core: Core, { client }: Exchange): Promise<ModelInfo[]> {
  const listed = await core.catalog.union(aliveAccounts(core), PATIENCE_MS);
  const ids = new Set(listed.map(({ id }) => id));
  const routed = Object.keys(core.settings.routes).filter((name) => !name.includes('*') && !ids.has(name));
  const all = [
    ...routed.map((id) => ({ id, displayName: id, ownedBy: 'portside' })),
    ...listed.map(({ id, account }) => ({ id, displayName: id, ownedBy: providerOf(account.provider).name })),
  ];
  return all.filter(({ id }) => mayAsk(client?.models, id));
}

/**
 * Codex asks with its version and wants its own form: each model with the instructions and the tools that Codex shall
 * give it. Nobody but Codex knows these, and it goes on with its own where the list has none.
 * https://github.com/openai/codex, codex-rs/protocol/src/openai_models.rs: ModelsResponse
 */
const FOR_CODEX: JsonObject = { models: [] };

/** `GET /v1/models`, `/v1beta/models`: in the shape of whoever asks. */
export async function serveModelList(core: Core, exchange: Exchange): Promise<void> {
  if (exchange.dialect.startsWith('openai') && /(^|&)client_version=/.test(exchange.query)) {
    exchange.json(200, FOR_CODEX);
    return;
  }
  exchange.json(200, exchange.adapter.encodeModelList(await allModels(core, exchange)));
}

/**
 * `GET /monitor/models`, for the owner alone and never recorded: every model, with the providers of all accounts that list it,
 * in the order of the accounts; none for the exact name of a route. Portside's own windows offer them in the editor's chat.
 */
export async function servePoolModels(core: Core, exchange: Exchange): Promise<void> {
  const providers = new Map<string, Set<string>>();
  for (const name of Object.keys(core.settings.routes))
    if (!name.includes('*')) providers.set(name, new Set());
  const lists = await Promise.all(
    aliveAccounts(core).map((account) => core.catalog.union([account], PATIENCE_MS)),
  );
  for (const { id, account } of lists.flat())
    providers.set(id, (providers.get(id) ?? new Set()).add(providerOf(account.provider).name));
  const models = [...providers].map(([id, names]) => ({ id, providers: [...names] }));
  exchange.json(200, { models }, PRIVATE_HEADERS);
}

/** `GET /v1/models/{id}`. A name that a pattern or another account takes is there, too, when it is called. */
export async function serveModel(core: Core, exchange: Exchange): Promise<void> {
  const wanted = (exchange.path.id ?? '').replace(/^models\//, '');
  const found = (await allModels(core, exchange)).find(({ id }) => id === wanted);
  if (!found)
    throw new NotFoundError(
      `The model "${wanted.slice(0, 200)}" is not listed by any account.`,
      'model_not_found',
    );
  exchange.json(200, exchange.adapter.encodeModel(found));
}
