/** Server-sent events off the hot path (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import { createParser } from 'eventsource-parser';
import type { SseEvent } from '../dialects/adapter';

export interface SseParser {
  /** Takes bytes split anywhere; gives the events that are complete with them. */
  push(bytes: Uint8Array): SseEvent[];
  /** At the end of the bytes: the last event, if it lacked its empty line. */
  end(): SseEvent[];
}

/** Makes a parser that accepts CR, LF and CRLF, a BOM, comments, and bytes cut inside characters or fields. */
export function createSseParser(): SseParser {
  let events: SseEvent[] = [];
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: ({ event, data }) => events.push(event === undefined ? { data } : { event, data }),
  });
  const take = () => {
    const taken = events;
    events = [];
    return taken;
  };
  return {
    push(bytes) {
      parser.feed(decoder.decode(bytes, { stream: true }));
      return take();
    },
    end() {
      parser.feed(`${decoder.decode()}\n\n`);
      return take();
    },
  };
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * The offset just after the last complete event in the bytes (its empty line included); 0 when there is none.
 * Understands `\n\n`, `\r\n\r\n` and `\r\r`.
 */
export function lastEventEnd(bytes: Buffer): number {
  let end = bytes.length;
  let lf = end;
  let cr = end;
  while (end > 1) {
    const last = bytes[end - 1];
    if (last === LF) {
      const before = bytes[end - 2];
      if (before === LF) return end;
      if (before === CR && end > 2 && (bytes[end - 3] === LF || bytes[end - 3] === CR)) return end;
    } else if (last === CR && bytes[end - 2] === CR) return end;
    // Each is looked for from where it was last found: a stream without any CR is searched for one only once.
    if (lf > end - 2) lf = bytes.lastIndexOf(LF, end - 2);
    if (cr > end - 2) cr = bytes.lastIndexOf(CR, end - 2);
    end = Math.max(lf, cr) + 1;
  }
  return 0;
}
