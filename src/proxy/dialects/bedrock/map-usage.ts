import type { JsonObject } from '../../../shared/json';
import type { Usage } from '../canonical';

const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);

/**
 * Bedrock counts cached input apart from `inputTokens`; canonical input is the total of all three.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
 */
export function decodeUsage(wire: JsonObject): Usage {
  const { inputTokens, outputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: written } = wire;
  return {
    inputTokens: count(inputTokens) + count(read) + count(written),
    ...(typeof read === 'number' && { cachedInputTokens: count(read) }),
    ...(typeof written === 'number' && { cacheWriteTokens: count(written) }),
    outputTokens: count(outputTokens),
  };
}
