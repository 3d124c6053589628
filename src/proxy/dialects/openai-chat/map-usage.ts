import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Usage } from '../canonical';

const count = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/**
 * The `usage` object of chat completions and of servers like it.
 * Reference: https://platform.openai.com/docs/api-reference/completions/object#completions/object-usage
 */
export function decodeUsage(given: Json | undefined): Usage | undefined {
  if (!isObject(given)) return undefined;
  const input = count(given.prompt_tokens);
  const output = count(given.completion_tokens);
  if (input === undefined && output === undefined) return undefined;
  const prompt = isObject(given.prompt_tokens_details) ? given.prompt_tokens_details : {};
  const completion = isObject(given.completion_tokens_details) ? given.completion_tokens_details : {};
  // DeepSeek's and Moonshot's older spellings come second.
  const cached =
    count(prompt.cached_tokens) ?? count(given.prompt_cache_hit_tokens) ?? count(given.cached_tokens);
  const written = count(prompt.cache_write_tokens);
  const reasoning = count(completion.reasoning_tokens);
  const inputTokens = input ?? 0;
  let outputTokens = output ?? 0;
  // xAI counts reasoning beside the completion, and only its total tells.
  if (reasoning && count(given.total_tokens) === inputTokens + outputTokens + reasoning)
    outputTokens += reasoning;
  return {
    inputTokens,
    outputTokens,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(written !== undefined && { cacheWriteTokens: written }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  };
}

/** Usage in one payload: a whole answer or a chunk; Groq's older place included. */
export function readUsage(payload: JsonObject): Usage | undefined {
  return (
    decodeUsage(payload.usage) ?? (isObject(payload.x_groq) ? decodeUsage(payload.x_groq.usage) : undefined)
  );
}

/** Usage for a client, with the details that OpenAI's clients read. */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInputTokens ?? 0,
      ...(usage.cacheWriteTokens !== undefined && { cache_write_tokens: usage.cacheWriteTokens }),
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  };
}
