import type { Account } from '../../shared/settings';
import type { Provider } from './provider';

const apiKey = (key: string): Record<string, string> => ({ 'api-key': key });

/** Hosts of Azure's own, in its three clouds, where nothing but resources is below the root. */
const AZURE_HOST = /\.(azure\.com|azure\.us|azure\.cn)$/;

/**
 * The v1 API's base URL for whatever of the portal's URLs was given: a resource's root, `/openai`, a deployment's whole URL, a
 * project's. Gateways may have the API below a path of their own.
 * https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
 */
export function azureBaseUrl({ baseUrl = '' }: Pick<Account, 'baseUrl'>): string {
  if (!URL.canParse(baseUrl)) return baseUrl;
  const { origin, hostname, pathname } = new URL(baseUrl);
  if (AZURE_HOST.test(hostname)) return `${origin}/openai/v1`;
  const path = pathname.replace(/\/+$/, '');
  const gateway = /^(.*?)\/openai(\/|$)/.exec(path)?.[1];
  if (gateway !== undefined) return `${origin}${gateway}/openai/v1`;
  return path.endsWith('/v1') ? origin + path : `${origin}${path}/openai/v1`;
}

/** Its models are deployments that the user has named; its list is of what could be deployed. */
export const azure: Provider = {
  name: 'azure',
  label: 'Azure OpenAI',
  endpoints: [
    // First, as with OpenAI itself: only here reasoning can go on from turn to turn.
    { dialect: 'openai-responses', baseUrl: azureBaseUrl, auth: apiKey },
    {
      dialect: 'openai-chat',
      baseUrl: azureBaseUrl,
      auth: apiKey,
      traits: { maxTokensField: 'max_completion_tokens', customTools: true, reasoningContent: false },
    },
  ],
  needsKey: true,
  listsOthersModels: true,
};
