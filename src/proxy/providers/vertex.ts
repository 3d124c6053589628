import { isObject } from '../../shared/json';
import type { Account } from '../../shared/settings';
import { ANTHROPIC_VERSION, xGoogApiKey, type DialectEndpoint, type Provider } from './provider';
import { authorizeVertex } from './vertex/authorize';
import { placeClaude } from './vertex/place-claude';
import { placeGemini } from './vertex/place-gemini';
import { isApiKey, regionOf } from './vertex/project';

/**
 * The host of an account's location: one for all, one for each of two continents, one for each region.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
 */
function vertexBaseUrl(account: Account): string {
  if (account.baseUrl !== undefined) return account.baseUrl.replace(/\/v1(beta1)?$/, '');
  const region = regionOf(account);
  if (region === 'global' || isApiKey(account.key)) return 'https://aiplatform.googleapis.com';
  if (region === 'us' || region === 'eu') return `https://aiplatform.${region}.rep.googleapis.com`;
  return `https://${region}-aiplatform.googleapis.com`;
}

const MODELS = /^(gemini|claude)-/;

/** The names in a publisher's list: those that are spoken to, of all that it has made. */
function publisherModels(body: unknown): string[] | undefined {
  if (!isObject(body) || !Array.isArray(body.publisherModels)) return undefined;
  return body.publisherModels.flatMap((model) => {
    const name = isObject(model) && typeof model.name === 'string' ? model.name.replace(/^.*\//, '') : '';
    return MODELS.test(name) ? [name] : [];
  });
}

const common = {
  baseUrl: vertexBaseUrl,
  // Lists have no project, and are in the beta alone.
  lists: {
    baseUrl: vertexBaseUrl,
    paths: ['google', 'anthropic'].map((publisher) => `/v1beta1/publishers/${publisher}/models?pageSize=200`),
    read: publisherModels,
  },
  auth: (key) => (isApiKey(key) ? xGoogApiKey(key) : {}),
  authorize: authorizeVertex,
} satisfies Partial<DialectEndpoint>;

/**
 * https://cloud.google.com/vertex-ai/generative-ai/docs: Google's models in the words of the Gemini API, Anthropic's in those of
 * the messages API. The key is the JSON of a service account (or of gcloud's login), an API key of express mode, or empty for
 * Application Default Credentials.
 */
export const vertex: Provider = {
  name: 'vertex',
  label: 'Vertex AI',
  endpoints: [
    {
      ...common,
      dialect: 'gemini',
      serves: /^(?!(anthropic\/|publishers\/anthropic\/models\/)?claude)/,
      place: placeGemini,
    },
    {
      ...common,
      dialect: 'anthropic',
      serves: /^(anthropic\/|publishers\/anthropic\/models\/)?claude/,
      place: placeClaude,
      headers: ANTHROPIC_VERSION,
    },
  ],
  needsKey: false,
  models: MODELS,
  defaultModel: 'gemini-flash-latest',
};
