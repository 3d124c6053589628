/**
 * The Responses API over one WebSocket: `response.create` frames in, the events of the stream as frames out. Every turn is
 * an HTTP request within the process, so that routes, accounts, records and limits are the same.
 * https://developers.openai.com/api/docs/guides/websocket-mode
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { isObject, type Json, type JsonObject } from '../../shared/json';
import type { SseEvent } from '../dialects/adapter';
import { encodeUsage } from '../dialects/openai-responses/map-usage';
import { openaiErrorObject } from '../dialects/openai/errors';
import { inputItems, previousId, withHistory } from '../responses/continue-conversation';
import { ResponseStore } from '../responses/response-store';
import { ProxyError } from '../errors';
import { newId } from '../exchange/new-id';
import type { LocalAnswer, LocalCall } from './call-locally';

/** What a connection may keep of its conversations: forks and lanes go on from any of these. */
const KEPT = { entries: 64, characters: 64 * 1024 * 1024, ttlMs: 3_600_000 };
/** Turns that may wait in one connection. */
const WAITING = 64;
/** Bytes on their way to a slow reader before the upstream has to wait. */
const BUFFERED = 1_048_576;

/** Sends a turn; `answer` gets what becomes of it. */
export type CallTurn = (body: Buffer, answer: LocalAnswer) => LocalCall;

interface Turn {
  body: JsonObject;
  /** Turns of one lane are served one after another; lanes run side by side. */
  lane: string | undefined;
  generate: boolean;
}

/** Fields that belong to the transport, or say what the transport says already. */
function withoutTransport(frame: JsonObject): JsonObject {
  const { type: _type, response, stream_id: _lane, generate: _generate, event_id: _event, ...body } = frame;
  // The form of the first previews had the request inside.
  return isObject(response) ? { ...body, ...response } : body;
}

/** One WebSocket's conversations. Ends with its socket. */
export class ResponsesSession {
  readonly #turns: ResponseStore;
  readonly #lanes = new Map<string | undefined, Turn[]>();
  readonly #calls = new Set<LocalCall>();
  #waiting = 0;

  /** @param now Unix time in milliseconds */
  constructor(
    private readonly socket: WebSocket,
    private readonly call: CallTurn,
    now: () => number,
  ) {
    this.#turns = new ResponseStore(now, KEPT);
    socket.on('message', (data, binary) => {
      this.#onMessage(data, binary);
    });
    socket.on('close', () => {
      for (const each of this.#calls) each.cancel();
      this.#calls.clear();
      this.#lanes.clear();
    });
    // A broken connection closes; there is nobody to tell.
    socket.on('error', () => undefined);
  }

  /** Whether a turn is under way. */
  get busy(): boolean {
    return this.#calls.size > 0;
  }

  #onMessage(data: RawData, binary: boolean): void {
    let turn: Turn;
    try {
      turn = readTurn(data, binary);
    } catch (error) {
      this.#refuse(error, undefined);
      return;
    }
    const lane = this.#lanes.get(turn.lane);
    if (lane && this.#waiting >= WAITING) {
      const message = `More than ${WAITING} turns wait in this connection.`;
      this.#refuse(new ProxyError(429, 'rate_limit', message), turn.lane);
      return;
    }
    if (lane) {
      this.#waiting++;
      lane.push(turn);
      return;
    }
    this.#lanes.set(turn.lane, []);
    this.#serve(turn);
  }

  #serve(turn: Turn): void {
    let body: JsonObject;
    let input: Json[];
    try {
      const id = previousId(turn.body);
      const previous = id === undefined ? undefined : this.#turns.get(id);
      body = { ...(previous ? withHistory(turn.body, previous) : turn.body), stream: true };
      input = inputItems(body.input);
    } catch (error) {
      this.#refuse(error, turn.lane);
      this.#next(turn.lane);
      return;
    }
    if (!turn.generate) {
      this.#prepare(turn, body, input);
      return;
    }
    const bytes = Buffer.from(JSON.stringify(body));
    const output: Json[] = [];
    const call = this.call(bytes, {
      onEvent: (event) => {
        this.#note(event, input, output, bytes.length);
        return this.#send(inLane(event.data, turn.lane), call);
      },
      onWhole: (status, headers, text) => {
        this.#send(inLane(errorFrame(status, headers, text), turn.lane));
      },
      onEnd: () => {
        this.#calls.delete(call);
        this.#next(turn.lane);
      },
    });
    this.#calls.add(call);
  }

  /** `generate: false`: the connection takes the conversation in, and nobody is asked yet. */
  #prepare(turn: Turn, body: JsonObject, input: Json[]): void {
    const id = newId('resp_');
    const response: JsonObject = {
      id,
      object: 'response',
      created_at: Math.floor(Date.now() / 1000),
      status: 'in_progress',
      model: body.model ?? null,
      error: null,
      incomplete_details: null,
      output: [],
      usage: null,
    };
    const usage = encodeUsage({ inputTokens: 0, outputTokens: 0 });
    const completed: JsonObject = { ...response, status: 'completed', usage };
    this.#turns.keep(id, { response: completed, input });
    const events: JsonObject[] = [
      { type: 'response.created', sequence_number: 0, response },
      { type: 'response.completed', sequence_number: 1, response: completed },
    ];
    for (const event of events) this.#send(inLane(JSON.stringify(event), turn.lane));
    this.#next(turn.lane);
  }

  /** Keeps a turn that is complete, for the next one to go on from. */
  #note({ event, data }: SseEvent, input: Json[], output: Json[], characters: number): void {
    const done = event === 'response.output_item.done';
    if (!done && event !== 'response.completed' && event !== 'response.incomplete') return;
    let parsed: unknown;
    try {
      parsed = JSON.parse(data);
    } catch {
      return;
    }
    if (!isObject(parsed)) return;
    if (done) {
      if (parsed.item !== undefined) output.push(parsed.item);
      return;
    }
    const { response } = parsed;
    if (!isObject(response) || typeof response.id !== 'string') return;
    // Some servers leave the output out of the last event.
    const whole = Array.isArray(response.output) && response.output.length > 0;
    const kept = whole ? response : { ...response, output };
    this.#turns.keep(response.id, { response: kept, input }, characters + data.length);
  }

  #next(name: string | undefined): void {
    const lane = this.#lanes.get(name);
    const turn = lane?.shift();
    if (!turn) {
      this.#lanes.delete(name);
      return;
    }
    this.#waiting--;
    this.#serve(turn);
  }

  #refuse(error: unknown, lane: string | undefined): void {
    const known =
      error instanceof ProxyError
        ? error
        : new ProxyError(500, 'internal', 'Portside met an internal error.');
    const frame = { type: 'error', status: known.status, error: openaiErrorObject(known.info()) };
    this.#send(inLane(JSON.stringify(frame), lane));
  }

  /** @returns false when the client reads slower than the upstream writes */
  #send(text: string, call?: LocalCall): boolean {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return true;
    let waiting = false;
    socket.send(text, () => {
      if (waiting && socket.bufferedAmount < BUFFERED / 2) call?.resume();
    });
    waiting = socket.bufferedAmount > BUFFERED;
    return !waiting;
  }
}

/** @throws InvalidRequestError */
function readTurn(data: RawData, binary: boolean): Turn {
  const refuse = (message: string, param: string | null, code: string) =>
    new ProxyError(400, 'invalid_request', message, { code, ...(param !== null && { param }) });
  if (binary) throw refuse('Only text frames are taken.', null, 'invalid_frame');
  let frame: unknown;
  try {
    frame = JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    throw refuse('The frame is not valid JSON.', null, 'invalid_json');
  }
  if (!isObject(frame)) throw refuse('The frame must be a JSON object.', null, 'invalid_json');
  if (frame.type !== 'response.create')
    throw refuse(
      `Events of type ${JSON.stringify(frame.type ?? null).slice(0, 100)} are not taken; send "response.create".`,
      'type',
      'unsupported_event',
    );
  const lane = frame.stream_id ?? undefined;
  if (lane !== undefined && (typeof lane !== 'string' || lane.length > 256))
    throw refuse('"stream_id" must be a string of at most 256 characters.', 'stream_id', 'invalid_type');
  const body = withoutTransport(frame);
  return { body, lane, generate: (frame.generate ?? body.generate) !== false };
}

/** The frame with the name of its lane, which is how a client tells lanes apart. */
function inLane(data: string, lane: string | undefined): string {
  if (lane === undefined || !data.startsWith('{')) return data;
  const name = `"stream_id":${JSON.stringify(lane)}`;
  return data === '{}' ? `{${name}}` : `{${name},${data.slice(1)}`;
}

/** An answer that is an error, as a frame: status and the headers that say when to come back go with it. */
function errorFrame(status: number, headers: IncomingHttpHeaders, text: string): string {
  let error: Json = { type: 'server_error', code: null, message: text.slice(0, 1000), param: null };
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body) && isObject(body.error)) error = body.error;
  } catch {
    // Not JSON: its beginning is the message.
  }
  const told = Object.fromEntries(
    ['retry-after', 'x-request-id'].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  return JSON.stringify({ type: 'error', status, error, headers: told });
}
