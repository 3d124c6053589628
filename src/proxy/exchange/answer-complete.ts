import type { DialectAdapter, ReplyContext } from '../dialects/adapter';
import type { CanonicalResponse } from '../dialects/canonical';
import { replayResponse } from '../dialects/replay-response';
import type { Exchange } from './exchange';
import { streamHeaders } from './translate';

/**
 * Answers with what is complete already: whole, or as the stream it could have been. Usage is noted.
 * @param served the headers that say who served
 */
export function answerComplete(
  exchange: Exchange,
  adapter: DialectAdapter,
  response: CanonicalResponse,
  context: ReplyContext,
  form: 'events' | 'whole',
  served: string[],
): void {
  if (response.usage) exchange.usage = response.usage;
  exchange.firstByte();
  if (form === 'whole') {
    exchange.json(200, adapter.encodeResponse(response, context), served);
    return;
  }
  exchange.head(200, [...streamHeaders(context), ...served]);
  const encoder = adapter.createStreamEncoder(context);
  const text = replayResponse(response).map((part) => encoder.push(part));
  exchange.outgoing.end(text.join('') + encoder.end());
}
