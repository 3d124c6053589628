import { isObject } from '../../shared/json';
import type { Account } from '../../shared/settings';
import { BEDROCK_MODELS } from '../dialects/bedrock/vendor';
import { isKeyPair } from '../upstream/credentials/aws/key';
import { bearer, type Provider } from './provider';

const DEFAULT_REGION = 'us-east-1';

/** https://docs.aws.amazon.com/general/latest/gr/bedrock.html */
const endpointUrl = (service: string, region: string): string =>
  `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

/**
 * The account's region; else the one that a URL of the user's names (`https://bedrock-runtime.eu-west-1.amazonaws.com`); else,
 * for accounts that use the machine's credentials, the machine's.
 */
function regionOf({ region, baseUrl, key }: Account): string {
  const named = /\bbedrock(?:-runtime)?(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(baseUrl ?? '')?.[1];
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const own = key === '' ? AWS_REGION || AWS_DEFAULT_REGION : undefined;
  return region ?? named ?? (own || DEFAULT_REGION);
}

/** Models that can be asked as they are, and write text; others are to be had behind inference profiles only. */
function foundationModels(list: unknown[]): string[] {
  return list.flatMap((model) => {
    if (!isObject(model) || typeof model['modelId'] !== 'string') return [];
    const has = (name: string, value: string) => {
      const values = model[name];
      return !Array.isArray(values) || values.includes(value);
    };
    return has('inferenceTypesSupported', 'ON_DEMAND') && has('outputModalities', 'TEXT')
      ? [model['modelId']]
      : [];
  });
}

/** The ids in a list of foundation models or of inference profiles; undefined when it is neither. */
function modelIds(body: unknown): string[] | undefined {
  if (!isObject(body)) return undefined;
  const { modelSummaries, inferenceProfileSummaries } = body;
  if (Array.isArray(modelSummaries)) return foundationModels(modelSummaries);
  if (!Array.isArray(inferenceProfileSummaries)) return undefined;
  return inferenceProfileSummaries.flatMap((profile) =>
    isObject(profile) && typeof profile['inferenceProfileId'] === 'string'
      ? [profile['inferenceProfileId']]
      : [],
  );
}

/**
 * Amazon Bedrock, https://docs.aws.amazon.com/bedrock. The key is one of its API keys, or
 * `accessKeyId:secretAccessKey[:sessionToken]`, or empty for the credentials of the machine.
 */
export const bedrock: Provider = {
  name: 'bedrock',
  label: 'Amazon Bedrock',
  endpoints: [
    {
      dialect: 'bedrock',
      baseUrl: (account) => account.baseUrl ?? endpointUrl('bedrock-runtime', regionOf(account)),
      auth: (key) => (isKeyPair(key) ? {} : bearer(key)),
      authorize: async (account, request) => {
        const { authorizeAws } = await import('../upstream/credentials/aws');
        return authorizeAws(account.key, regionOf(account), request);
      },
      // Streams of its own kind are no `text/event-stream`.
      headers: { accept: '*/*' },
      lists: {
        // A user's own URL, of a gateway or a private endpoint, is asked for everything.
        baseUrl: (account) => account.baseUrl ?? endpointUrl('bedrock', regionOf(account)),
        paths: ['/foundation-models', '/inference-profiles?maxResults=1000'],
        read: modelIds,
      },
    },
  ],
  needsKey: false,
  models: BEDROCK_MODELS,
  defaultModel: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
};
