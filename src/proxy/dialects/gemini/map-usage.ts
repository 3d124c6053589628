import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { Usage } from '../canonical';
import { field } from './wire';

/**
 * `usageMetadata` (https://ai.google.dev/api/generate-content#UsageMetadata) to usage. In streams it is cumulative:
 * the last one counts. Undefined when it holds no counts (Vertex AI sends `trafficType` alone at first).
 */
export function decodeUsage(metadata: unknown): Usage | undefined {
  if (!isObject(metadata)) return undefined;
  const count = (name: string) => {
    const value = field(metadata, name);
    return typeof value === 'number' && value >= 0 ? value : undefined;
  };
  const prompt = count('promptTokenCount');
  const candidates = count('candidatesTokenCount');
  const total = count('totalTokenCount');
  if (prompt === undefined && candidates === undefined && total === undefined) return undefined;
  const inputTokens = (prompt ?? 0) + (count('toolUsePromptTokenCount') ?? 0);
  const thoughts = count('thoughtsTokenCount');
  const cached = count('cachedContentTokenCount');
  const generated = candidates === undefined ? undefined : candidates + (thoughts ?? 0);
  return {
    inputTokens,
    outputTokens: generated ?? Math.max(thoughts ?? 0, (total ?? 0) - inputTokens),
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(thoughts !== undefined && { reasoningTokens: thoughts }),
  };
}

/** Usage as `usageMetadata`. */
export function encodeUsage(usage: Usage): JsonObject {
  const thoughts = usage.reasoningTokens ?? 0;
  return {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: Math.max(0, usage.outputTokens - thoughts),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    ...(usage.cachedInputTokens && { cachedContentTokenCount: usage.cachedInputTokens }),
    ...(usage.reasoningTokens !== undefined && { thoughtsTokenCount: usage.reasoningTokens }),
  };
}
