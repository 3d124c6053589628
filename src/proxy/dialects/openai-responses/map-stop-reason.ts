/** How a response ended: `status` and `incomplete_details`, or an error, and what they mean. */
import { isObject, type JsonObject } from '../../../shared/json';
import type { Finish, StopReason } from '../canonical';

/** https://platform.openai.com/docs/api-reference/responses/object#responses-object-incomplete_details */
const INCOMPLETE: Record<string, StopReason> = {
  max_output_tokens: 'length',
  max_tokens: 'length',
  length: 'length',
  content_filter: 'content-filter',
};

/**
 * What the `response` object says of its end. A complete one that calls tools means the calls.
 * @param content what the answer holds
 */
export function decodeFinish(response: JsonObject, content: { calls: boolean; refused: boolean }): Finish {
  const { status } = response;
  const details = isObject(response.incomplete_details) ? response.incomplete_details : {};
  const reason = typeof details.reason === 'string' ? details.reason : undefined;
  if (status === 'incomplete' || reason !== undefined) {
    // Without a reason the output limit is the only one that is met in practice.
    const raw = reason ?? 'incomplete';
    return { reason: reason === undefined ? 'length' : (INCOMPLETE[reason] ?? 'other'), raw };
  }
  const meant = content.calls ? 'tool-calls' : content.refused ? 'refusal' : 'stop';
  return { reason: meant, ...(typeof status === 'string' && { raw: status }) };
}

/** The end as the `response` object tells it. */
export interface WireEnd {
  status: 'completed' | 'incomplete' | 'failed';
  incomplete_details: { reason: 'max_output_tokens' | 'content_filter' } | null;
  error: { code: string; message: string } | null;
}

/** What it means → how the response ends. `refused`: the answer holds a refusal in words. */
export function encodeFinish({ reason }: Finish, content: { refused: boolean }): WireEnd {
  switch (reason) {
    case 'stop':
    case 'stop-sequence':
    case 'tool-calls':
    case 'pause':
    case 'malformed-tool-call':
    case 'other':
      return { status: 'completed', incomplete_details: null, error: null };
    case 'length':
      return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, error: null };
    case 'refusal':
      // The words of a refusal are an answer of their own; without them the filter is the nearest.
      if (content.refused) return { status: 'completed', incomplete_details: null, error: null };
      return { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, error: null };
    case 'content-filter':
      return { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, error: null };
    case 'context-length':
      // Codex compacts the conversation at this code; "incomplete" would make it ask the same again.
      return {
        status: 'failed',
        incomplete_details: null,
        error: {
          code: 'context_length_exceeded',
          message: "The conversation and its answer exceed the model's context window.",
        },
      };
  }
}
