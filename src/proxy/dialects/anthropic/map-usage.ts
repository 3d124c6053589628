import { isObject, type JsonObject } from '../../../shared/json';
import type { Usage } from '../canonical';
import { omitFields, type WireUsage } from './wire';

const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);
const NAMED = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens', 'output_tokens'];

/** Later cumulative counts over earlier ones; what a later event leaves out or sets to null stays. */
export function mergeWireUsage(before: WireUsage, after: unknown): WireUsage {
  if (!isObject(after)) return before;
  const present = Object.entries(after).filter(([, value]) => value !== null && value !== undefined);
  return { ...before, ...Object.fromEntries(present) };
}

/**
 * Anthropic counts cached input apart from `input_tokens`; canonical input is the total of all three.
 * https://platform.claude.com/docs/en/api/messages#response-usage
 */
export function decodeUsage(wire: WireUsage): Usage {
  const read = count(wire.cache_read_input_tokens);
  const written = count(wire.cache_creation_input_tokens);
  const details = isObject(wire['output_tokens_details']) ? wire['output_tokens_details'] : undefined;
  const kept = isObject(wire['cache_creation']) ? wire['cache_creation'] : undefined;
  const hourly = count(kept?.['ephemeral_1h_input_tokens']);
  const rest = omitFields(wire, NAMED);
  return {
    inputTokens: count(wire.input_tokens) + read + written,
    ...(typeof wire.cache_read_input_tokens === 'number' && { cachedInputTokens: read }),
    ...(typeof wire.cache_creation_input_tokens === 'number' && { cacheWriteTokens: written }),
    ...(hourly > 0 && { cacheWrite1hTokens: hourly }),
    outputTokens: count(wire.output_tokens),
    ...(typeof details?.['thinking_tokens'] === 'number' && { reasoningTokens: details['thinking_tokens'] }),
    ...(rest && { metadata: { anthropic: rest } }),
  };
}

/**
 * Usage with the complete set of keys that clients read: Claude Code fails on a `message_start` whose usage lacks
 * `cache_creation`. Unknown usage is zero.
 */
export function encodeUsage(usage: Usage | undefined): JsonObject {
  // Some servers count tokens that were just written as read too; here the three add up to the input.
  const input = usage?.inputTokens ?? 0;
  const read = Math.min(usage?.cachedInputTokens ?? 0, input);
  const written = Math.min(usage?.cacheWriteTokens ?? 0, input - read);
  const own = usage?.metadata?.anthropic;
  return {
    input_tokens: input - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
    output_tokens: usage?.outputTokens ?? 0,
    service_tier: 'standard',
    ...(usage?.reasoningTokens !== undefined && {
      output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    }),
    ...own,
  };
}

/**
 * Usage in one payload: a whole message, a `message_start`, or a `message_delta`. A delta may carry output alone;
 * its `inputTokens` is 0 then, and the earlier event holds the truth.
 */
export function readUsage(payload: JsonObject): Usage | undefined {
  const message = payload['message'];
  const usage = payload['usage'] ?? (isObject(message) ? message['usage'] : undefined);
  return isObject(usage) ? decodeUsage(usage as WireUsage) : undefined;
}
