/**
 * A reader of event streams that is stricter than the specification, for what Portside itself writes: LF or CRLF,
 * every event ended by a blank line, `event` and `data` fields and comments only. Not the product's parser.
 */
import type { WireEvent } from './upstream/scripted-answer';

/** All events of a whole stream. Throws on anything a strict reader would not take. */
export function readEvents(text: string): WireEvent[] {
  const events: WireEvent[] = [];
  const normal = text.replaceAll('\r\n', '\n');
  if (normal !== '' && !normal.endsWith('\n\n')) throw new Error('the stream does not end with a blank line');
  for (const block of normal.split('\n\n')) {
    let event: string | undefined;
    const data: string[] = [];
    for (const line of block.split('\n')) {
      if (line === '' || line.startsWith(':')) continue;
      const field = /^(event|data): ?(.*)$/s.exec(line);
      if (!field) throw new Error(`not a field of an event stream: ${JSON.stringify(line.slice(0, 80))}`);
      if (field[1] === 'event') event = field[2];
      else data.push(field[2] ?? '');
    }
    if (data.length === 0) {
      if (event !== undefined) throw new Error(`event ${event} has no data`);
      continue;
    }
    events.push({ ...(event !== undefined && { event }), data: data.join('\n') });
  }
  return events;
}
