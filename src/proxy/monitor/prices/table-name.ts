import type { ProviderName } from '../../../shared/setting-names';

/** What belongs to the user alone costs as nobody else knows: tuned models, endpoints. */
function googleName(model: string): string | undefined {
  const name = model.replace(/^\//, '');
  const published = /(?:^|\/)publishers\/[^/]+\/models\/([^/]+)$/.exec(name)?.[1];
  if (published !== undefined) return published;
  return /^(projects|endpoints|tunedModels)\//.test(name)
    ? undefined
    : name.replace(/^(models|google|anthropic)\//, '');
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-use.html */
function awsName(model: string): string | undefined {
  if (!model.startsWith('arn:')) return model;
  return /:(?:foundation-model|inference-profile)\/([^/]+)$/.exec(model)?.[1];
}

/**
 * A model's name without what its provider writes around it; undefined where the name is the user's own, and tells nothing.
 * @param model as the provider was asked for it
 */
export function tableName(provider: ProviderName, model: string): string | undefined {
  if (provider === 'gemini' || provider === 'vertex') return googleName(model);
  return provider === 'bedrock' ? awsName(model) : model;
}
