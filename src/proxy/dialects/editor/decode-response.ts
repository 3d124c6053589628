import type { JsonObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { AnswerContext } from '../adapter';
import type { CanonicalResponse } from '../canonical';
import { collectStream } from '../collect-stream';
import { createStreamDecoder } from './decode-stream';

/** A whole answer: its parts, as a stream has them. Throws `UpstreamError` for one that is none, or broke off. */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  if (!Array.isArray(body.parts)) throw new UpstreamError('The editor answered without any content.');
  const decoder = createStreamDecoder(context);
  const collected = collectStream();
  for (const part of body.parts)
    for (const each of decoder.push({ data: JSON.stringify(part) })) collected.push(each);
  for (const each of decoder.end()) collected.push(each);
  if (collected.error) throw new UpstreamError(collected.error.message);
  return collected.response();
}
