import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { AnswerContext } from '../adapter';
import type { AssistantPart, CanonicalResponse } from '../canonical';
import { decodeOpenaiError } from '../openai/errors';
import { decodeItem, logprobsOf } from './decode-output';
import { decodeFinish } from './map-stop-reason';
import { readUsage } from './map-usage';
import { filled, objectsIn } from './read-item';
import { ReasoningTrail } from './reasoning-memory';

/**
 * A whole response. Reference: https://platform.openai.com/docs/api-reference/responses/object
 * @throws UpstreamError when it failed in spite of its status, or has no output
 */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  if (isObject(body.error) || body.status === 'failed') {
    const error = body.error ?? { message: 'The response failed.' };
    const { status, kind, message, code, retryAfterSeconds } = decodeOpenaiError(0, { error });
    throw new UpstreamError(message, {
      status,
      kind,
      ...(code !== undefined && { code }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
  if (!Array.isArray(body.output)) throw new UpstreamError('The upstream answered without any output.');
  const content: AssistantPart[] = [];
  const logprobs: Json[] = [];
  const usedIds = new Set<string>();
  const trail = new ReasoningTrail(context.signatures);
  for (const item of objectsIn(body.output)) {
    const parts = decodeItem(item, context, usedIds);
    content.push(...parts);
    trail.add(item);
    for (const part of parts) if (part.type === 'tool-call') trail.endWithCall(part.id);
    if (item.type === 'message') logprobs.push(...logprobsOf(item));
  }
  trail.end();
  const usage = readUsage(body);
  const id = filled(body.id);
  const model = filled(body.model);
  const calls = content.some((part) => part.type === 'tool-call');
  const refused = content.some((part) => part.type === 'refusal');
  return {
    ...(id !== undefined && { id }),
    ...(model !== undefined && { model }),
    ...(typeof body.created_at === 'number' && { created: Math.floor(body.created_at) }),
    choices: [
      {
        content,
        finish: decodeFinish(body, { calls, refused }),
        ...(logprobs.length > 0 && { logprobs: { content: logprobs } }),
      },
    ],
    ...(usage && { usage }),
  };
}
