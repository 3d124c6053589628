import type { ProxyError } from '../errors';
import { UpstreamError } from '../errors';
import type { Dialect, ErrorInfo } from '../dialects/canonical';
import { LastWordWatch } from '../stream/last-word-watch';
import { ChunkWriter } from '../stream/chunk-writer';
import { latin1 } from '../stream/latin1';
import {
  badBeginning,
  formOf,
  hasFirstEvent,
  HOLD_LIMIT,
  isError,
  isWholeEvent,
} from '../stream/first-event';
import { lastEventEnd } from '../stream/sse';
import { StreamTail } from '../stream/stream-tail';
import { Attempt, type Call, type Done, type Target } from './attempts/attempt';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { answerInOtherForm, type Expected } from './other-form';
import { noteOwner } from './attempts/note-owner';
import { renameModelInEvents, renameModelInJson } from './rename-model';
import { maskKey, starredOut } from './mask-key';
import { downstreamHeaders, headerOf, passedHeaders, withoutHeaders } from './upstream-headers';

/** Longest body that is written as a string. */
const WHOLE_LIMIT = 8192;
const OURS_IN_STREAMS = /^(cache-control|x-accel-buffering|content-length)$/i;
const STREAM_HEADERS = ['cache-control', 'no-cache', 'x-accel-buffering', 'no'];

/** Bytes of an answer's end that are kept for its usage: Responses repeat the whole answer in their last event. */
const tailLimit = (dialect: Dialect) => (dialect === 'openai-responses' ? 65_536 : 4096);

/**
 * Sends a request on to an account of its own dialect, with the client's headers.
 * @param expected for calls of models: what the answer must be, to be made of whatever comes
 */
export function passThrough(
  core: Core,
  exchange: Exchange,
  target: Target,
  call: Omit<Call, 'headers'>,
  done: Done,
  expected?: Expected,
): void {
  const headers = passedHeaders(exchange.incoming, target);
  new PassThrough(core, exchange, target, expected).run({ ...call, headers }, done);
}

/**
 * An answer in the client's own dialect: its bytes go on as they are (SPEC 4.1). Of a stream only whole events are
 * written, so that an error event or a heart-beat can follow at any time.
 */
class PassThrough extends Attempt {
  #status = 200;
  #headers: string[] = [];
  #stream = false;
  /** The announced length of the body. */
  #length = -1;
  /** The whole body is written, its end too. */
  #over = false;
  /** Compressed by the upstream although it was asked not to: nothing can be read or changed. */
  #opaque = false;
  /** Before the commit: what has come. After it: the unfinished last event of a stream. */
  #held: Buffer | undefined;
  /** The whole body, when the model's name in it must be changed. */
  #body: Buffer[] | undefined;
  #tail: StreamTail | undefined;
  /** The answer is a stream in one JSON array. */
  #array: LastWordWatch | undefined;
  #broken = false;
  #writer: ChunkWriter | undefined;
  /** The answer is not in the form that was asked for: it is read whole and put into that form. */
  #otherForm = false;

  constructor(
    core: Core,
    exchange: Exchange,
    target: Target,
    private readonly expected: Expected | undefined,
  ) {
    super(core, exchange, target);
  }

  /** The model's name in the answer is put back to what the client asked for (SPEC 4.13). */
  get #renames(): boolean {
    const { modelAsked } = this.exchange;
    return modelAsked !== undefined && modelAsked !== this.target.model && !this.#opaque;
  }

  protected onGoodHead(status: number, headers: string[]): void {
    this.#status = status;
    const type = headerOf(headers, 'content-type') ?? '';
    this.#stream = /^text\/event-stream/i.test(type);
    this.#opaque = headerOf(headers, 'content-encoding') !== undefined;
    this.#length = Number(headerOf(headers, 'content-length') ?? -1);
    this.#headers = downstreamHeaders(headers, this.target.account.key);
    // A JSON array of Gemini's chunks is a stream, too: it flows, and keeps the name it came with.
    const chunks = this.exchange.path.route === '/v1beta/streamGenerateContent';
    if (!this.#stream && chunks && !this.#opaque) this.#array = new LastWordWatch();
    if (!this.#stream && !chunks && this.#renames) this.#body = [];
    if (/^text\/html/i.test(type)) {
      // No interface of a model answers with a page: it is a login, a gateway, or a wrong base URL.
      this.failWith('answered with a web page. Check its base URL');
    } else if (this.expected && !this.#opaque) {
      this.#otherForm = (this.expected.form === 'events') !== this.#stream;
      if (this.#otherForm) this.#body = [];
    }
  }

  protected onGoodData(bytes: Buffer): boolean {
    if (this.committed) return this.#forward(bytes);
    if (this.#body) {
      this.#body.push(bytes);
      // Servers that stream under a wrong name.
      if (this.#otherForm && !this.#stream && formOf(bytes) === 'events' && this.#body.length === 1) {
        this.#otherForm = false;
        this.#stream = true;
        this.#headers = [
          ...withoutHeaders(this.#headers, /^content-type$/i),
          'content-type',
          'text/event-stream; charset=utf-8',
        ];
        this.#body = undefined;
        return this.onGoodData(bytes);
      }
      return true;
    }
    if (!this.#stream || this.#opaque) {
      // An object, as nearly every whole answer is, is told by its first byte.
      const whole = this.expected?.form === 'whole' && !this.#opaque;
      if (whole && bytes[0] !== 0x7b && formOf(bytes) === 'other') {
        this.failWith('answered with something that is not JSON');
        return true;
      }
      if (whole && isError(bytes)) {
        this.#otherForm = true;
        this.#body = [bytes];
        return true;
      }
      this.#commit();
      if (!this.#opaque) noteOwner(this.core, this.exchange, this.target.account.id, bytes);
      if (!this.#stream && bytes.length === this.#length) {
        this.#forwardWhole(bytes);
        return true;
      }
      return this.#forward(bytes);
    }
    if (this.expected && !this.#held && bytes[0] === 0x7b) {
      // A whole body, of an error mostly, that is sent under the name of a stream.
      this.#otherForm = true;
      this.#stream = false;
      this.#body = [bytes];
      return true;
    }
    const held = this.#held ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#held = undefined;
    // Nobody waits for a beginning that could be nobody else's.
    if (!hasFirstEvent(held, this.exchange.alternatives > 0)) {
      this.#held = held;
      return true;
    }
    if (this.#beginsBadly(held)) return true;
    this.#commit();
    if (!this.#opaque) noteOwner(this.core, this.exchange, this.target.account.id, held);
    return this.#forward(held);
  }

  protected onGoodEnd(): void {
    if (this.#body && this.#otherForm) {
      this.#endInOtherForm(this.#masked(Buffer.concat(this.#body)));
      return;
    }
    if (this.#body) {
      this.#endRenamed(Buffer.concat(this.#body));
      return;
    }
    if (!this.committed) {
      const held = this.#held;
      this.#held = undefined;
      if (!held && this.#status !== 204 && this.exchange.incoming.method !== 'HEAD') {
        this.#failEmpty();
        return;
      }
      if (held && this.#stream && !this.#opaque && this.#beginsBadly(held, true)) return;
      this.#commit();
      if (held) this.#forward(held);
    }
    if (this.#stream && !this.#opaque) this.#endStream();
    else if (!this.#over && this.#array?.complete === false) this.#endCut();
    else if (!this.#over) this.exchange.outgoing.end();
    this.#summarize();
    this.settle({ served: true });
  }

  override clientGone(): void {
    // What was read so far has been paid for.
    this.#summarize();
    super.clientGone();
  }

  protected endBroken(error: ProxyError): void {
    if (this.#broken) return;
    this.#broken = true;
    this.exchange.noteError(error.message);
    this.#summarize();
    // Within a body of announced length, or in the middle of an event too large to hold, only a cut tells the truth.
    if (this.#stream && !this.#opaque && !this.#tail?.midEvent)
      this.#end(this.exchange.adapter.encodeStreamError(error.info(this.exchange.id)));
    else this.exchange.cut();
  }

  protected override onTick(elapsedMs: number): void {
    if (!this.#stream || this.#opaque || this.#body || this.#tail?.midEvent) return;
    if (!this.heartbeatDue(elapsedMs)) return;
    if (!this.committed) {
      // A client that hears nothing for long gives up: a sign of life is worth more than the choice of another account.
      const held = this.#held;
      this.#held = undefined;
      this.#commit();
      if (held) this.#forward(held);
    }
    this.#write(Buffer.from(this.exchange.adapter.heartbeat));
  }

  #commit(): void {
    this.committed = true;
    const { exchange } = this;
    exchange.firstByte();
    const { served } = this.target;
    exchange.head(
      this.#status,
      this.#stream
        ? [...served, ...withoutHeaders(this.#headers, OURS_IN_STREAMS), ...STREAM_HEADERS]
        : [...served, ...this.#headers],
    );
    if (this.#stream && !this.#opaque) this.#writer = new ChunkWriter(exchange.outgoing);
    if (this.core.recording || this.#stream)
      this.#tail = new StreamTail(this.core.recording ? tailLimit(exchange.dialect) : 4096);
  }

  /**
   * A body that came in one piece goes out in one, with its head. As a Latin-1 string, which keeps every byte, Node
   * joins it to the head and writes both without allocating a request for it.
   */
  #forwardWhole(bytes: Buffer): void {
    this.#over = true;
    this.#tail?.push(bytes);
    const { outgoing } = this.exchange;
    if (bytes.length > WHOLE_LIMIT) {
      outgoing.end(this.#masked(bytes));
      return;
    }
    const text = latin1(bytes);
    const { key } = this.target.account;
    const told = this.target.secret !== undefined && !this.#opaque && text.includes(key);
    outgoing.end(told ? starredOut(text, key) : text, 'latin1');
  }

  #write(bytes: Buffer): boolean {
    return this.#writer?.write(bytes) ?? this.exchange.outgoing.write(bytes);
  }

  /** Ends a stream, with a last event where there is one. */
  #end(text: string): void {
    if (this.#writer) this.#writer.end(text);
    else this.exchange.outgoing.end(text);
  }

  #forward(bytes: Buffer): boolean {
    const { outgoing } = this.exchange;
    this.wrote();
    const tail = this.#tail;
    if (!this.#stream || this.#opaque) {
      const masked = this.#masked(bytes);
      tail?.push(masked);
      this.#array?.push(masked);
      return this.flow(outgoing.write(masked));
    }
    let whole = bytes;
    if (this.#held) {
      whole = Buffer.concat([this.#held, bytes]);
      this.#held = undefined;
    }
    const end = lastEventEnd(whole);
    if (end < whole.length) {
      if (whole.length - end < HOLD_LIMIT) {
        this.#held = whole.subarray(end);
        whole = whole.subarray(0, end);
        if (end === 0) return true;
        if (tail) tail.midEvent = false;
      } else if (tail) tail.midEvent = true;
    } else if (tail) tail.midEvent = false;
    whole = this.#masked(whole);
    tail?.push(whole);
    return this.flow(this.#write(this.#renamed(whole)));
  }

  #masked(bytes: Buffer): Buffer {
    return this.#opaque ? bytes : maskKey(bytes, this.target.secret);
  }

  #renamed(events: Buffer): Buffer {
    const { modelAsked } = this.exchange;
    return modelAsked === undefined || modelAsked === this.target.model
      ? events
      : renameModelInEvents(events, modelAsked);
  }

  /** A bad beginning fails the attempt before anything is sent on. */
  #beginsBadly(bytes: Buffer, over = false): boolean {
    const bad = badBeginning(bytes, this.exchange.adapter, over);
    if (bad === undefined) return false;
    this.#failBadly(bad);
    return true;
  }

  /** The upstream closed the stream: lets it end only if it said so in its own protocol (SPEC 4.10). */
  #endStream(): void {
    const { adapter } = this.exchange;
    const held = this.#held;
    this.#held = undefined;
    // A part of an event would be the last thing that a client understands.
    if (held && isWholeEvent(held)) {
      // The last event lacks its empty line: with it, every client reads it.
      const completed = this.#masked(
        Buffer.concat([held, Buffer.from(held.at(-1) === 0x0a ? '\n' : '\n\n')]),
      );
      this.#tail?.push(completed);
      this.#write(this.#renamed(completed));
    }
    const ending = this.#tail?.ending(adapter);
    if (ending?.complete === false) {
      this.#endCut();
      return;
    }
    if (ending?.error) this.exchange.noteError(this.scrub(ending.error.message));
    // A server that ends without the protocol's last word: clients wait for it.
    const chat = adapter.dialect === 'openai-chat' && this.exchange.voice === undefined;
    this.#end(chat && ending?.done === false && !ending.error ? 'data: [DONE]\n\n' : '');
  }

  #endCut(): void {
    this.endBroken(new UpstreamError(`The account "${this.label}" ended its answer before it was complete.`));
  }

  /** A success without content is none (SPEC 4.10): another account may do better. */
  #failEmpty(): void {
    this.failWith(`answered ${this.#status} without any content`);
  }

  /** @param bad an error that the upstream told of, or what is wrong with its answer */
  #failBadly(bad: ErrorInfo | string): void {
    if (typeof bad === 'string') this.failWith(bad);
    else this.failBefore(this.told(bad));
  }

  #endInOtherForm(body: Buffer): void {
    const { core, exchange, expected } = this;
    const bad = expected && answerInOtherForm(core, exchange, expected, body, this.target.served);
    if (bad !== undefined) {
      this.#failBadly(bad);
      return;
    }
    this.committed = true;
    this.settle({ served: true });
  }

  #endRenamed(body: Buffer): void {
    if (body.length === 0) {
      this.#failEmpty();
      return;
    }
    if (this.expected && (formOf(body) === 'other' || isError(body))) {
      this.#endInOtherForm(this.#masked(body));
      return;
    }
    const { exchange } = this;
    const renamed = renameModelInJson(body, exchange.modelAsked ?? this.target.model);
    this.#headers = withoutHeaders(this.#headers, /^content-length$/i);
    this.#headers.push('content-length', String(renamed.length));
    this.#commit();
    if (!this.#opaque) noteOwner(this.core, this.exchange, this.target.account.id, body);
    this.#tail?.push(renamed);
    exchange.outgoing.end(renamed);
    this.#summarize();
    this.settle({ served: true });
  }

  #summarize(): void {
    if (!this.core.recording || this.#opaque) return;
    const usage = this.#tail?.usage(this.exchange.adapter);
    if (usage) this.exchange.usage = usage;
  }
}
