/** Streams as real servers write them and as nobody's specification says, with what a client must understand. */
import type { Dialect } from '../../../../proxy/dialects/canonical';
import type { Json, JsonObject } from '../../../../shared/json';

export interface ServerStream {
  /** The case in CASES.md, and what is odd. */
  name: string;
  account: Dialect;
  /** The bytes of the stream. */
  body: string;
  text?: string;
  reasoning?: string;
  calls?: [name: string, input: Json][];
  /** How it ended; absent: `tool-calls` where there are calls, otherwise `stop`. */
  ended?: 'stop' | 'tool-calls' | 'length';
  tokens?: { input: number; output: number };
}

/** What a file of these lists: streams of one kind of account. */
export type Streams = Omit<ServerStream, 'account'>[];

export const sse = (events: (JsonObject | string)[]) =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
export const named = (events: JsonObject[]) =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join('');
