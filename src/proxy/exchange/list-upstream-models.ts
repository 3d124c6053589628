import { isObject } from '../../shared/json';
import type { Account } from '../../shared/settings';
import { UpstreamError } from '../errors';
import { DEMO_MODEL } from '../providers/demo';
import { providerOf } from '../providers/registry';
import { endpointFor } from '../routing/resolve-model';
import type { Dispatchers } from '../upstream/dispatcher';
import type { JsonAnswer } from '../upstream/request-json';
import { askUpstream } from './ask-upstream';
import { targetOf } from './candidates';
import { translatedHeaders } from './upstream-headers';

const LIST_PATHS = {
  'openai-chat': '/models',
  'openai-responses': '/models',
  anthropic: '/v1/models?limit=1000',
  gemini: '/v1beta/models?pageSize=1000',
  bedrock: '/foundation-models',
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
  return askUpstream(dispatchers, target, {
    path: LIST_PATHS[endpoint.dialect],
    method: 'GET',
    headers: translatedHeaders(target),
    body: null,
    timeoutMs: Math.max(connectMs, 10_000),
  });
}

/** The ids in an answer of any dialect's list; undefined when it is none. */
export function modelIds(body: unknown): string[] | undefined {
  if (!isObject(body)) return undefined;
  const list = body.data ?? body.models ?? body.publisherModels;
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((each) => {
    if (!isObject(each)) return [];
    const id = each.id ?? each.name;
    return typeof id === 'string' ? [id.replace(/^(publishers\/[\w-]+\/)?models\//, '')] : [];
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
