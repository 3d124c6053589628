/**
 * What is kept of the messages of one exchange, on its way past: headers and, up to a limit, bodies. Bytes are copied, never
 * referred to: a piece of 300 bytes of a stream would keep the 64 kB alive that the socket was read into.
 */
import type { ServerResponse } from 'node:http';
import type { Part } from '../../shared/monitor';
import { TAPPED } from '../stream/chunk-writer';
import type { RawMessage } from './keeper/keeper-messages';

/** Most that stands in memory of all exchanges together, in bytes; above, bodies are not kept. */
const HELD_LIMIT = 48 * 1_048_576;
let held = 0;

/** Bytes of bodies that stand in memory, of exchanges that are not over. */
export const heldBytes = (): number => held;

/** The body of one message, as far as it is kept. */
class BodyCapture {
  size = 0;
  note: string | undefined;
  #kept = 0;
  #pieces: Uint8Array[] = [];

  constructor(private readonly limit: number) {}

  add(chunk: unknown, encoding?: unknown): void {
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : chunk instanceof Uint8Array
          ? chunk
          : undefined;
    if (!bytes || bytes.length === 0) return;
    this.size += bytes.length;
    const room = this.limit - this.#kept;
    if (room <= 0) return;
    if (held + Math.min(room, bytes.length) > HELD_LIMIT) {
      this.note ??= 'Too many bodies were on their way at the same time to keep all of this one.';
      this.#kept = this.limit;
      return;
    }
    const piece = Uint8Array.prototype.slice.call(bytes, 0, room);
    held += piece.length;
    this.#kept += piece.length;
    this.#pieces.push(piece);
  }

  /** What was kept; from then on somebody else's, and nothing more is kept. */
  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#kept = this.limit;
    for (const { length } of pieces) held -= length;
    return pieces;
  }

  get cut(): boolean {
    return this.note === undefined && this.size > this.limit;
  }
}

/** A message as it is seen. */
export interface SeenMessage {
  part: Part;
  attempt?: number;
  method?: string;
  url?: string;
  status?: number;
  /** Flat. */
  headers: string[];
}

/** The messages of one exchange. */
export class Capture {
  readonly #messages: { seen: SeenMessage; body: BodyCapture }[] = [];
  #taken = false;

  /** @param limit most that is kept of one body, in bytes; 0: headers alone */
  constructor(private readonly limit: number) {}

  /** Whether bodies are kept, not heads alone. */
  get whole(): boolean {
    return this.limit > 0;
  }

  /** Notes a message's head. @returns what takes its body, piece by piece */
  message(seen: SeenMessage): { add(chunk: unknown, encoding?: unknown): void } {
    // An upstream may still speak when its client has gone: nobody would ever take that.
    if (this.#taken) return new BodyCapture(0);
    const body = new BodyCapture(this.limit);
    this.#messages.push({ seen, body });
    return body;
  }

  /** Listens to what is written to a client: status and headers come with `writeHead`, as all answers of Portside do. */
  listen(outgoing: ServerResponse): void {
    let body: ReturnType<Capture['message']> | undefined;
    const { writeHead, write, end } = outgoing;
    const tapped = outgoing as unknown as Record<string | symbol, unknown>;
    tapped[TAPPED] = true;
    tapped.writeHead = (status: number, ...rest: unknown[]) => {
      const headers = rest.find((each): each is string[] => Array.isArray(each)) ?? [];
      body ??= this.message({ part: 'response', status, headers });
      return Reflect.apply(writeHead, outgoing, [status, ...rest]) as unknown;
    };
    tapped.write = (chunk: unknown, ...rest: unknown[]) => {
      body?.add(chunk, rest[0]);
      return Reflect.apply(write, outgoing, [chunk, ...rest]) as unknown;
    };
    tapped.end = (chunk: unknown, ...rest: unknown[]) => {
      // `end` of Node writes by a way of its own, past `write`.
      if (chunk !== undefined && typeof chunk !== 'function') body?.add(chunk, rest[0]);
      return Reflect.apply(end, outgoing, [chunk, ...rest]) as unknown;
    };
  }

  /** All that was kept, to be handed on: afterwards nothing is held, whatever still comes. */
  take(seq: number): RawMessage[] {
    this.#taken = true;
    return this.#messages.splice(0).map(({ seen, body }) => {
      const pieces = body.take();
      const note =
        body.note ?? (body.cut && this.limit > 0 ? 'Only the beginning of this body was kept.' : undefined);
      return {
        seq,
        ...seen,
        size: body.size,
        ...(pieces.length > 0 && { body: pieces }),
        ...(note !== undefined && { note }),
      };
    });
  }
}
