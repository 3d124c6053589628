import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Attempt, ExchangeRecord, Skipped } from '../../shared/exchange';
import type { Json } from '../../shared/json';
import type { DialectAdapter } from '../dialects/adapter';
import type { Usage, Warning } from '../dialects/canonical';
import type { Dialect, UpstreamDialect } from '../dialects/canonical';
import { adapterOf } from '../dialects/registry';
import type { KnownClient } from '../access/client-keys';
import { ProxyError } from '../errors';
import type { Capture } from '../monitor/capture';
import { clientName } from '../monitor/client-name';
import type { RoutePath } from '../routes/normalize-path';

const RUN = randomBytes(6).toString('hex');
let count = 0;

/** Most warnings kept for one exchange. */
const WARNING_LIMIT = 100;

/** One request of a client and all that becomes of it. Writes to the raw response; knows its own record. */
export class Exchange {
  place = -1;
  /** `x-request-id`, and the record's id. */
  readonly id = `req_${RUN}${(count++).toString(36).padStart(8, '0')}`;
  readonly time: number;
  /** Orders exchanges by their beginning, and names their record: Unix ms × 1000 and a count. */
  readonly seq: number;
  readonly query: string;
  /** CORS headers for an allowed origin, flat. */
  cors: string[] = [];
  /** Whose client key it came with (SPEC 2.10). */
  client: KnownClient | undefined;
  /** The key's expiry, limit or list of models refused it. */
  refusedByKey = false;
  modelAsked: string | undefined;
  modelServed: string | undefined;
  account: string | undefined;
  upstreamDialect: UpstreamDialect | undefined;
  readonly attempts: Attempt[] = [];
  /** How many accounts could still be asked after the one that is. */
  alternatives = 0;
  readonly warnings: Warning[] = [];
  usage: Usage | undefined;
  /** Speaks to the client in place of its dialect's adapter, at endpoints whose answers have a form of their own. */
  voice: DialectAdapter | undefined;
  /** Names the conversation, for accounts that it shall stay with; computed when it makes a difference. */
  session: (() => string | undefined) | undefined;
  /** How its first account was chosen. */
  chosenBy: string | undefined;
  /** Accounts that could have served and were not asked. */
  skipped: Skipped[] = [];
  /** Milliseconds that it waited for a place at an account. */
  queuedMs = 0;
  /** Told of the first byte of an answer: the account has served. */
  onFirstByte: (() => void) | undefined;
  /** Responses: the input items to keep with the answer, when it is to be stored here. */
  storedInput: Json[] | undefined;
  /** Set once the first byte of the answer's body has gone out. */
  firstByteAt: number | undefined;
  /** What is under way for this exchange, to be told when it can end no longer as it should. */
  work:
    | {
        clientGone(): void;
        serverStops(): void;
        /** The server begins to stop: what would never end by itself ends now. */
        serverDrains?(): void;
      }
    | undefined;
  gone = false;
  done = false;
  /** Not worth a record: telemetry of agents, the monitor itself. */
  silent: boolean;
  /** What is kept of its messages for the monitor. */
  capture: Capture | undefined;
  /** The head of the answer, flat. */
  sentHead: string[] | undefined;
  /** The id of the exchange whose request this one sends again. */
  replayOf: string | undefined;
  #error: string | undefined;
  #cut = false;

  constructor(
    readonly incoming: IncomingMessage,
    readonly outgoing: ServerResponse,
    readonly path: RoutePath,
    /** The client's dialect: from the path, else from the headers it sent. */
    readonly dialect: Dialect,
    private readonly now: () => number,
    private readonly finished: (exchange: Exchange) => void,
  ) {
    this.silent = path.owner === true;
    this.time = now();
    this.seq = this.time * 1000 + (count % 1000);
    const url = incoming.url ?? '/';
    const mark = url.indexOf('?');
    this.query = mark < 0 ? '' : url.slice(mark + 1);
    outgoing.on('close', () => {
      if (!outgoing.writableFinished && !this.done && !this.#cut) {
        this.gone = true;
        this.work?.clientGone();
      }
      this.#close();
    });
  }

  /** The name of the client key it came with. */
  get clientKey(): string | undefined {
    return this.client?.name;
  }

  get adapter() {
    return this.voice ?? adapterOf(this.dialect);
  }

  /** Notes what a translation lost or changed; the same loss counts once. */
  warn(warning: Warning): void {
    if (this.warnings.length >= WARNING_LIMIT) return;
    if (this.warnings.some((each) => each.field === warning.field && each.message === warning.message))
      return;
    this.warnings.push(warning);
  }

  /** {@link warn}, to be handed to a dialect. */
  get warner(): (warning: Warning) => void {
    return (warning) => {
      this.warn(warning);
    };
  }

  /** Writes status and headers. `headers` is a flat list. */
  head(status: number, headers: string[]): void {
    const all = ['x-request-id', this.id, ...headers];
    if (this.cors.length > 0) all.push(...this.cors);
    this.sentHead = all;
    this.outgoing.writeHead(status, all);
  }

  /** Answers with JSON. */
  json(status: number, body: unknown, headers: string[] = []): void {
    if (this.outgoing.headersSent || this.outgoing.destroyed) return;
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    this.head(status, [
      'content-type',
      'application/json',
      'content-length',
      String(bytes.length),
      ...headers,
    ]);
    this.outgoing.end(bytes);
  }

  /** Answers with an error in the client's protocol. Anything that is no ProxyError is ours: 500 without details. */
  fail(error: unknown): void {
    const known =
      error instanceof ProxyError
        ? error
        : new ProxyError(500, 'internal', 'Portside met an internal error.');
    this.#error = known.message;
    const headers = Object.entries(known.headers).flat();
    if (known.retryAfterSeconds !== undefined)
      headers.push('retry-after', String(Math.max(1, Math.ceil(known.retryAfterSeconds))));
    if (this.adapter.dialect === 'anthropic') headers.push('request-id', this.id);
    this.json(known.status, this.adapter.encodeError(known.info(this.id)), headers);
  }

  /** Why it did not end well, as far as is known. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Remembers why a stream that had begun did not end well. */
  noteError(message: string): void {
    this.#error = message;
  }

  /** Closes the connection in the middle of the answer, where nothing else tells the client that no more will come. */
  cut(): void {
    this.#cut = true;
    this.outgoing.destroy();
  }

  /** Notes the moment of the answer's first byte. */
  firstByte(): void {
    if (this.firstByteAt !== undefined) return;
    this.firstByteAt = this.now();
    this.onFirstByte?.();
  }

  /** Milliseconds until the first byte of the answer; undefined before it. */
  get firstByteMs(): number | undefined {
    return this.firstByteAt === undefined ? undefined : Math.max(0, this.firstByteAt - this.time);
  }

  /** Milliseconds since a moment; none where the system's clock was set back meanwhile. */
  since(moment: number): number {
    return Math.max(0, this.now() - moment);
  }

  #close(): void {
    if (this.done) return;
    this.done = true;
    this.work = undefined;
    // They hold the request's body, and a connection holds its last exchange.
    this.session = undefined;
    this.onFirstByte = undefined;
    this.finished(this);
  }

  /** The record of an exchange that is over. Holds no content and no secret. */
  record(): ExchangeRecord {
    const status = this.gone && !this.outgoing.headersSent ? 499 : this.outgoing.statusCode;
    const outcome = this.gone
      ? 'cancelled'
      : this.#error === undefined
        ? 'completed'
        : this.attempts.length === 0
          ? 'rejected'
          : 'failed';
    const record: ExchangeRecord = {
      seq: this.seq,
      id: this.id,
      time: this.time,
      method: this.incoming.method ?? '',
      path: (this.incoming.url ?? '').split('?', 1)[0] ?? '',
      clientDialect: this.dialect,
      attempts: this.attempts,
      status,
      outcome,
      durationMs: this.since(this.time),
      warnings: this.warnings,
    };
    const client = clientName(this.incoming.headers['user-agent']);
    if (client) {
      record.client = client.name;
      if (client.version !== undefined) record.clientVersion = client.version;
    }
    if (this.replayOf !== undefined) record.replayOf = this.replayOf;
    if (this.chosenBy !== undefined) record.chosenBy = this.chosenBy;
    if (this.skipped.length > 0) record.skipped = this.skipped;
    if (this.queuedMs > 0) record.queuedMs = this.queuedMs;
    if (this.upstreamDialect) record.upstreamDialect = this.upstreamDialect;
    if (this.client) record.clientKey = this.client.name;
    if (this.modelAsked !== undefined) record.modelAsked = this.modelAsked;
    if (this.modelServed !== undefined) record.modelServed = this.modelServed;
    if (this.account !== undefined) record.account = this.account;
    const { firstByteMs } = this;
    if (firstByteMs !== undefined) record.firstByteMs = firstByteMs;
    if (this.usage) {
      // What only the provider's own clients understand is not for the record.
      const { metadata: _metadata, ...usage } = this.usage;
      record.usage = usage;
    }
    if (this.#error !== undefined) record.error = this.#error;
    return record;
  }
}
