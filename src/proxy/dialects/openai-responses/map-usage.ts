import { isObject, type JsonObject } from '../../../shared/json';
import type { Usage } from '../canonical';

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/**
 * Usage in a whole response, or in an event's data that holds one (`response.completed`).
 * Reference: https://platform.openai.com/docs/api-reference/responses/object#responses-object-usage
 */
export function readUsage(payload: JsonObject): Usage | undefined {
  const response = isObject(payload.response) ? payload.response : payload;
  const usage = response.usage;
  if (!isObject(usage)) return undefined;
  const inputTokens = count(usage.input_tokens);
  const outputTokens = count(usage.output_tokens);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const input = isObject(usage.input_tokens_details) ? usage.input_tokens_details : {};
  const output = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  const cached = count(input.cached_tokens);
  const written = count(input.cache_write_tokens);
  const reasoning = count(output.reasoning_tokens);
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(written !== undefined && { cacheWriteTokens: written }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  };
}

/**
 * Usage as a `response` object has it; the details are always there, as the official SDKs' types demand.
 * Reference: https://platform.openai.com/docs/api-reference/responses/object#responses-object-usage
 */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens ?? 0,
      ...(usage.cacheWriteTokens !== undefined && { cache_write_tokens: usage.cacheWriteTokens }),
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
