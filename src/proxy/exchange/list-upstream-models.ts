import { isObject } from '../../shared/json';
import type { Account } from '../../shared/settings';
import { UpstreamError } from '../errors';
import { DEMO_MODEL } from '../providers/demo';
import { providerOf } from '../providers/registry';
import { endpointFor } from '../routing/resolve-model';
import type { Dispatchers } from '../upstream/dispatcher';
import type { JsonAnswer } from '../upstream/request-json';
import { askUpstream } from './ask-upstream';
import { targetOf } from './attempts/candidates';
import { translatedHeaders } from './upstream-headers';

const LIST_PATHS = {
  'openai-chat': '/models',
  'openai-responses': '/models',
  anthropic: '/v1/models?limit=1000',
  gemini: '/v1beta/models?pageSize=1000',
  bedrock: '/foundation-models?byOutputModality=TEXT',
  editor: '/models',
} as const;

/** Asks an account for its list of models: the cheapest call that proves a key. Rejects when nothing answers. */
export async function askModels(
  dispatchers: Dispatchers,
  account: Account,
  connectMs: number,
): Promise<JsonAnswer> {
  const endpoint = endpointFor(account, 'openai-chat');
  if (!endpoint) throw new UpstreamError(`${providerOf(account.provider).label} has no list of models.`);
  const target = targetOf(account, endpoint, '');
  const ask = (path: string, from = target) =>
    askUpstream(dispatchers, from, {
      path,
      method: 'GET',
      headers: translatedHeaders(target),
      body: null,
      timeoutMs: Math.max(connectMs, 10_000),
    });
  const { lists } = endpoint;
  if (!lists) return ask(LIST_PATHS[endpoint.dialect]);
  const { origin, pathname } = new URL(lists.baseUrl(account));
  const from = { ...target, origin, basePath: pathname.replace(/\/+$/, '') };
  return joinLists(
    lists.paths.map((path) => ask(path, from)),
    lists.read,
  );
}

/** Several lists as one, in the form that most have. The first must be there; the others add what they have. */
async function joinLists(
  asked: Promise<JsonAnswer>[],
  read: (body: unknown) => string[] | undefined,
): Promise<JsonAnswer> {
  const [first, ...others] = await Promise.allSettled(asked);
  if (!first || first.status === 'rejected') throw first?.reason as Error;
  const ids = first.value.status === 200 ? read(first.value.body) : undefined;
  if (!ids) return first.value;
  for (const other of others)
    if (other.status === 'fulfilled' && other.value.status === 200)
      ids.push(...(read(other.value.body) ?? []));
  return { ...first.value, body: { data: ids.map((id) => ({ id })) } };
}

/** The ids in an answer of any dialect's list; undefined when it is none. */
export function modelIds(body: unknown): string[] | undefined {
  if (!isObject(body)) return undefined;
  const list = body.data ?? body.models;
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((each) => {
    if (!isObject(each)) return [];
    const id = each.id ?? each.name;
    return typeof id === 'string' ? [id.replace(/^models\//, '')] : [];
  });
}

/** The models an account lists. Rejects when it does not say. */
export async function listUpstreamModels(
  dispatchers: Dispatchers,
  account: Account,
  connectMs: number,
): Promise<string[]> {
  if (account.provider === 'demo') return [DEMO_MODEL];
  if (providerOf(account.provider).listsOthersModels) return [];
  const { status, body } = await askModels(dispatchers, account, connectMs);
  const ids = status === 200 ? modelIds(body) : undefined;
  if (!ids) throw new UpstreamError(`The list of models was answered with status ${status}.`);
  return ids;
}
