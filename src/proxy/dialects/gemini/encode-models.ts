import type { JsonObject } from '../../../shared/json';
import type { ModelInfo } from '../adapter';

/** A model as `GET /v1beta/models/{model}` answers (https://ai.google.dev/api/models#Model). */
export function encodeModel(model: ModelInfo): JsonObject {
  return {
    name: `models/${model.id}`,
    version: '001',
    displayName: model.displayName ?? model.id,
    ...(model.inputTokenLimit !== undefined && { inputTokenLimit: model.inputTokenLimit }),
    ...(model.outputTokenLimit !== undefined && { outputTokenLimit: model.outputTokenLimit }),
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
  };
}

/** The answer of `GET /v1beta/models`. */
export function encodeModelList(models: ModelInfo[]): JsonObject {
  return { models: models.map(encodeModel) };
}
