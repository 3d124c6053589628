/**
 * Models in OpenAI's form, the same for chat completions and Responses.
 * Reference: https://platform.openai.com/docs/api-reference/models/object
 */
import type { JsonObject } from '../../../shared/json';
import type { ModelInfo } from '../adapter';

/** One model: `{id, object: "model", created, owned_by}`; an unknown time is 0. */
export function encodeOpenaiModel(model: ModelInfo): JsonObject {
  return {
    id: model.id,
    object: 'model',
    created: model.created ?? 0,
    owned_by: model.ownedBy ?? 'portside',
  };
}

/** The answer to `GET /v1/models`. */
export function encodeOpenaiModelList(models: ModelInfo[]): JsonObject {
  return { object: 'list', data: models.map(encodeOpenaiModel) };
}
