/** A record as a line of JSON Lines (https://jsonlines.org). */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { StoredMessage } from '../store/record-store';

/** A message as exports hold it: the body is text. */
export function exportedMessage(message: StoredMessage, mask: (text: string) => string): object {
  const { seq: _seq, body, ...head } = message;
  return { ...head, ...(body && { body: mask(Buffer.from(body).toString('utf8')) }) };
}

/**
 * One line, with its line feed.
 * @param messages what was kept; the line has no `messages` where there is nothing
 */
export function toJsonLine(
  record: ExchangeRecord,
  messages: StoredMessage[],
  mask: (text: string) => string,
): string {
  const kept = messages.map((message) => exportedMessage(message, mask));
  return `${JSON.stringify({ ...record, ...(kept.length > 0 && { messages: kept }) })}\n`;
}
