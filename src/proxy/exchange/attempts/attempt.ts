import type { Account } from '../../../shared/settings';
import type { ErrorInfo } from '../../dialects/canonical';
import { upstreamAdapterOf } from '../../dialects/registry';
import { ProxyError, UpstreamError } from '../../errors';
import { limitAfterSuccess } from '../../pool/limits/after-success';
import { judge } from '../../pool/limits/judge';
import type { Refusal, Verdict } from '../../pool/verdict';
import type { DialectEndpoint } from '../../providers/provider';
import type { Ticking } from '../../stream/ticker';
import { send, type UpstreamCall, type UpstreamRequest, type UpstreamSink } from '../../upstream/send';
import { AttemptNotes } from './attempt-notes';
import type { Core } from '../core';
import type { Exchange } from '../exchange';
import { answeredFailure, networkFailure, type Failure } from '../failure';
import { downstreamHeaders, headerOf } from '../upstream-headers';

/** The client was answered (well or with an error it has seen), or nothing has reached it yet. */
export type Outcome = { served: true } | { served: false; failure: Failure };

/** Takes what became of an attempt. */
export type Done = (outcome: Outcome) => void;

/** Whom to ask, and for what. */
export interface Target {
  account: Account;
  endpoint: DialectEndpoint;
  /** Where the account's base URL leads: `https://api.openai.com` and `/v1`. */
  origin: string;
  basePath: string;
  /** The header lines that carry the account's key, flat. */
  auth: string[];
  /** The key's bytes, to be looked for in what the upstream sends; absent for keys too short to be secrets. */
  secret?: Buffer;
  /** The account's name, and both names made fit for headers. */
  label: string;
  served: string[];
  model: string;
}

export interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below the base URL, with its query. */
  path: string;
  headers: string[];
  body: Buffer | null;
  /** Whether the answer comes as a stream; decides which time limit its beginning has. */
  streamed: boolean;
}

const ERROR_BODY_LIMIT = 1_048_576;

/**
 * One request to one account. Watches over time limits, the client's leaving and the server's stopping; what a good
 * answer becomes is up to the subclass. Until {@link committed} nothing has reached the client and another account
 * may take over.
 */
export abstract class Attempt implements UpstreamSink, Ticking {
  place = -1;
  protected committed = false;
  protected readonly label: string;
  protected resume: (() => void) | undefined;
  #call: UpstreamCall | undefined;
  #settle!: Done;
  #settled = false;
  #limitMs = 0;
  #waitedMs = 0;
  /** A stream of which no byte has come. */
  #awaited = false;
  #silentMs = 0;
  #idleMs = 0;
  /** For how long the client has taken nothing. */
  #stalledMs = 0;
  /** What the monitor keeps. */
  readonly #notes: AttemptNotes | undefined;
  #error: { status: number; headers: string[]; chunks: Buffer[]; size: number } | undefined;

  constructor(
    protected readonly core: Core,
    protected readonly exchange: Exchange,
    protected readonly target: Target,
  ) {
    this.label = target.label;
    this.#notes = core.monitor.recording ? new AttemptNotes(core.monitor, exchange) : undefined;
  }

  /**
   * Sends.
   * @param done called once, when the answer is over or the attempt has failed. A callback: on the hot path a chain
   * of promises costs more than routing, headers and guard together.
   */
  run(call: Call, done: Done): void {
    const { core, exchange, target } = this;
    const { firstByteMs, totalMs } = core.settings.timeouts;
    // An answer that is not streamed begins when it is complete: minutes after a stream's first byte would have come.
    this.#limitMs = call.streamed ? firstByteMs : totalMs;
    this.#awaited = call.streamed;
    this.#settle = done;
    exchange.work = this;
    core.ticker.add(this);
    const { endpoint, account, model } = target;
    const { path, body } = endpoint.place
      ? endpoint.place(call, { account, model, streamed: call.streamed })
      : call;
    const request = {
      origin: target.origin,
      path: target.basePath + path,
      method: call.method,
      headers: call.headers,
      body,
    };
    if (endpoint.authorize) this.#authorize(request, endpoint.authorize);
    else this.#send(request);
  }

  #send(request: UpstreamRequest): void {
    this.#notes?.request(request);
    this.#call = send(this.core.dispatchers.for(request.origin), request, this);
  }

  /** Fetches or makes what the request must carry to be let in, then sends it. */
  #authorize(request: UpstreamRequest, authorize: NonNullable<DialectEndpoint['authorize']>): void {
    const stop = new AbortController();
    let stopped: Error | undefined;
    this.#call = {
      abort: (reason) => {
        if (stopped) return;
        stopped = reason;
        stop.abort(reason);
        this.onFailure(reason);
      },
    };
    const { method, headers, body } = request;
    const url = request.origin + request.path;
    const asked = { method, url, headers, body, signal: stop.signal };
    authorize(this.target.account, asked, this.core.dispatchers).then(
      (lines) => {
        if (stopped) return;
        this.#send({ ...request, headers: [...headers, ...lines] });
      },
      (error: unknown) => {
        if (!stopped) this.onFailure(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  /** The client closed its connection: the upstream stops generating (SPEC 5.11). */
  clientGone(): void {
    this.stopUpstream(new ProxyError(499, 'invalid_request', 'The client closed the connection.'));
  }

  /** The time of streams in flight is over (SPEC 1.6). */
  serverStops(): void {
    const error = new ProxyError(503, 'unavailable', 'Portside was stopped.');
    if (this.committed) this.endBroken(error);
    else {
      this.exchange.fail(error);
      this.settle({ served: true });
    }
    this.stopUpstream(error);
  }

  /** Takes the head of a good answer (2xx). */
  protected abstract onGoodHead(status: number, headers: string[]): void;
  /** @returns false to pause the upstream */
  protected abstract onGoodData(bytes: Buffer): boolean;
  protected abstract onGoodEnd(): void;
  /** The answer has begun and cannot go on: ends it so that the client sees a failure. */
  protected abstract endBroken(error: ProxyError): void;
  /** Called about four times a second. */
  protected onTick(_elapsedMs: number): void {}

  onHead(status: number, headers: string[], resume: () => void): boolean {
    this.resume = resume;
    this.#idleMs = 0;
    this.#notes?.head(status, headers);
    if (status >= 200 && status < 300) {
      if (this.exchange.alternatives > 0) this.#noteSpent(headers);
      this.onGoodHead(status, headers);
    } else this.#error = { status, headers, chunks: [], size: 0 };
    return true;
  }

  /** An answer that says that it used up what there was: others are asked until more is there. */
  #noteSpent(headers: string[]): void {
    const spent = limitAfterSuccess(headers, this.core.now());
    if (spent) this.core.pool.spent(this.target.account.id, this.target.model, spent.what, spent.seconds);
  }

  onData(bytes: Buffer): boolean {
    this.#idleMs = 0;
    // After a pause undici hands out an empty piece, which is neither within an event nor at its end.
    if (bytes.length === 0) return true;
    this.#awaited = false;
    this.#notes?.data(bytes);
    if (!this.#error) return this.onGoodData(bytes);
    this.#error.size += bytes.length;
    if (this.#error.size <= ERROR_BODY_LIMIT) this.#error.chunks.push(bytes);
    return true;
  }

  onEnd(): void {
    if (this.#settled) return;
    if (!this.#error) {
      this.onGoodEnd();
      return;
    }
    const { status, headers, chunks } = this.#error;
    this.failBefore(this.#answered(status, headers, Buffer.concat(chunks)));
  }

  onFailure(error: Error & { code?: string }): void {
    if (this.#settled) return;
    if (this.exchange.gone) {
      this.settle({ served: true });
      return;
    }
    const failure = networkFailure(error, this.label, this.committed);
    if (this.committed) {
      this.endBroken(failure.error);
      this.settle({ served: true });
    } else this.failBefore(failure);
  }

  /** Acts on both time limits: no timer of its own for each request. */
  tick(elapsedMs: number): void {
    this.#idleMs += elapsedMs;
    this.#waitedMs += elapsedMs;
    // Headers alone are no answer while another account could give one.
    if (!this.resume || (this.#awaited && !this.committed && this.exchange.alternatives > 0)) {
      if (this.#waitedMs > this.#limitMs) {
        this.#timeOut(`sent no answer within ${this.#limitMs} ms`);
        return;
      }
      if (!this.resume) return;
    }
    const { idleMs } = this.core.settings.timeouts;
    if (this.paused()) {
      // It is the client that is waited for. One that takes nothing for as long keeps a place from others.
      this.#idleMs = 0;
      this.#stalledMs += elapsedMs;
      if (this.#stalledMs > idleMs) {
        this.exchange.noteError(`The client took nothing of its answer for ${idleMs} ms.`);
        this.exchange.outgoing.destroy();
        return;
      }
    } else this.#stalledMs = 0;
    if (this.#idleMs > idleMs) {
      this.#timeOut('went silent in the middle of its answer');
      return;
    }
    this.onTick(elapsedMs);
  }

  #timeOut(what: string): void {
    this.stopUpstream(
      new UpstreamError(`The account "${this.label}" ${what}.`, { status: 504, kind: 'timeout' }),
    );
  }

  /** Whether we wait for the client rather than for the upstream. */
  protected paused(): boolean {
    return this.exchange.outgoing.writableNeedDrain;
  }

  /**
   * Takes what writing to the client said. When its buffer is full the upstream waits until it is empty.
   * @returns the same: false pauses the upstream
   */
  protected flow(writable: boolean): boolean {
    if (!writable && this.resume) this.exchange.outgoing.once('drain', this.resume);
    return writable;
  }

  /** Counts silence towards the client. @returns true when a heart-beat is due */
  protected heartbeatDue(elapsedMs: number): boolean {
    this.#silentMs += elapsedMs;
    if (this.#silentMs < 15_000) return false;
    this.#silentMs = 0;
    return true;
  }

  /** Something was written to the client. */
  protected wrote(): void {
    this.#silentMs = 0;
  }

  /** Closes the upstream connection; `onFailure` follows with this error unless the attempt is over. */
  protected stopUpstream(reason: Error): void {
    this.#call?.abort(reason);
  }

  /** Nothing has reached the client: says why, and leaves the rest to whoever called {@link run}. */
  protected failBefore(failure: Failure): void {
    this.settle({ served: false, failure });
    this.stopUpstream(failure.error);
  }

  /** {@link failBefore} for an answer that is none: another account may do better. `what`: "answered without …". */
  protected failWith(what: string, cause?: unknown): void {
    this.failBefore({
      error: new UpstreamError(`The account "${this.label}" ${what}.`, { cause }),
      verdict: { type: 'failed' },
    });
  }

  protected settle(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.core.ticker.remove(this);
    this.exchange.work = undefined;
    this.#settle(outcome);
  }

  /** Takes the account's key out of what an upstream said. */
  protected scrub(text: string): string {
    const { key } = this.target.account;
    if (key.length < 6) return text;
    // Of a pair of keys (`id:secret:token`) each may be repeated alone.
    const parts = key.includes(':') ? key.split(':').filter((part) => part.length >= 16) : [];
    return [key, ...parts].reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
  }

  #answered(status: number, headers: string[], raw: Buffer): Failure {
    const text = this.scrub(raw.toString('utf8'));
    const parsed = parsedOrBeginning(text);
    const upstream = upstreamAdapterOf(this.target.endpoint.dialect);
    const decoded = upstream.decodeError(status, parsed, headers);
    // Where an upstream would send a client, or what it wants of its own proxy, is not for the client.
    const isOurs = status < 400 || status === 407;
    const info = isOurs ? { ...decoded, status } : decoded;
    const sameDialect =
      !isOurs && this.target.endpoint.dialect === this.exchange.dialect && typeof parsed === 'object';
    const encoded = headerOf(headers, 'content-encoding') !== undefined;
    const failure = answeredFailure(
      info,
      this.label,
      this.#judge({ status, headers, body: parsed }, info),
      sameDialect && !encoded
        ? {
            status,
            headers: downstreamHeaders(headers, this.target.account.key),
            body: Buffer.from(text),
          }
        : undefined,
    );
    return failure.error.status === status ? failure : { ...failure, answered: status };
  }

  /** An error that the upstream told of inside a good answer. */
  protected told(info: ErrorInfo): Failure {
    const said = { ...info, message: this.scrub(info.message) };
    // What is left of the event: some providers tell limits apart by their code alone.
    const body = { error: { message: said.message, ...(info.code !== undefined && { code: info.code }) } };
    return answeredFailure(said, this.label, this.#judge({ status: info.status, headers: [], body }, said));
  }

  #judge(refusal: Refusal, info: ErrorInfo): Verdict {
    const { account, endpoint } = this.target;
    return judge(refusal, info, { provider: account.provider, dialect: endpoint.dialect }, this.core.now());
  }
}

/** The JSON of an error body; of anything else (some gateways answer with HTML) the beginning is worth telling. */
function parsedOrBeginning(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.slice(0, 500);
  }
}
