import type { JsonObject } from '../../../shared/json';
import type { ModelInfo } from '../adapter';

/** One model. An unknown release date is the epoch, as the API itself has it. */
export function encodeModel(model: ModelInfo): JsonObject {
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName ?? model.id,
    created_at: new Date((model.created ?? 0) * 1000).toISOString().replace('.000Z', 'Z'),
    ...(model.inputTokenLimit !== undefined && { max_input_tokens: model.inputTokenLimit }),
    ...(model.outputTokenLimit !== undefined && { max_tokens: model.outputTokenLimit }),
  };
}

/** The list, all on one page. https://platform.claude.com/docs/en/api/models-list */
export function encodeModelList(models: ModelInfo[]): JsonObject {
  return {
    data: models.map(encodeModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}
