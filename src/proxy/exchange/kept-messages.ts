/** What the monitor keeps of an exchange's messages: all of them while it keeps bodies, else the heads of what did not go well. */
import type { ExchangeRecord } from '../../shared/exchange';
import type { RawMessage } from '../monitor/keeper/keeper-messages';
import type { Monitor } from '../monitor/monitor';
import type { Exchange } from './exchange';
import { BODY_TAP } from './read-body';

/** Begins to keep the messages of an exchange, bodies included. It ends with {@link keptMessages} or {@link dropMessages}. */
export function keepMessages(exchange: Exchange, monitor: Monitor): void {
  const capture = monitor.createCapture();
  exchange.capture = capture;
  capture.listen(exchange.outgoing);
  const body = capture.message({ part: 'request', ...requestHead(exchange) });
  (exchange.incoming as unknown as Record<symbol, unknown>)[BODY_TAP] = (bytes: Buffer) => {
    body.add(bytes);
  };
}

/** What was kept of an exchange that is over; the exchange keeps nothing of it. */
export function keptMessages(
  exchange: Exchange,
  { outcome, status }: ExchangeRecord,
  monitor: Monitor,
): RawMessage[] | undefined {
  const { capture, sentHead, seq } = exchange;
  exchange.capture = undefined;
  exchange.sentHead = undefined;
  if (capture?.whole) return capture.take(seq);
  if (outcome === 'completed') return capture?.take(seq);
  const heads = capture ?? monitor.createHeadCapture();
  heads.message({ part: 'request', ...requestHead(exchange) });
  if (sentHead) heads.message({ part: 'response', status, headers: sentHead });
  return heads.take(seq);
}

/** Lets go of what was kept of an exchange that makes no record. */
export function dropMessages(exchange: Exchange): void {
  exchange.capture?.take(exchange.seq);
  exchange.capture = undefined;
  exchange.sentHead = undefined;
}

const requestHead = ({ incoming }: Exchange) => ({
  method: incoming.method ?? '',
  url: incoming.url ?? '',
  headers: incoming.rawHeaders,
});
