import type { JsonObject } from '../../shared/json';
import { isObject } from '../../shared/json';
import type {
  AnswerContext,
  EncodeContext,
  ReplyContext,
  StreamDecoder,
  StreamEncoder,
  ToolMemory,
} from '../dialects/adapter';
import type { CanonicalRequest, CanonicalResponse, ErrorInfo, StreamPart } from '../dialects/canonical';
import { collectStream } from '../dialects/collect-stream';
import { upstreamAdapterOf } from '../dialects/registry';
import { replayResponse } from '../dialects/replay-response';
import { UpstreamError, type ProxyError } from '../errors';
import { estimateRoughly } from '../monitor/estimate-tokens';
import { ChunkWriter } from '../stream/chunk-writer';
import { DeltaShortcut } from '../stream/delta-shortcut';
import { createEventStreamSplitter, EVENT_STREAM_TYPE } from '../stream/aws-event-stream';
import { createBlockSplitter, readEvent, type BlockSplitter } from '../stream/event-splitter';
import { errorInBody, formOf } from '../stream/first-event';
import { Attempt, type Target } from './attempts/attempt';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { newId } from './new-id';
import { headerOf } from './upstream-headers';

/** Largest whole answer that is translated, in bytes. */
const ANSWER_LIMIT = 256 * 1_048_576;

/** Whether a stream for this client consists of events: Gemini's without `alt=sse` is a JSON array. */
export function hasEvents({ dialect, query }: Exchange): boolean {
  return dialect !== 'gemini' || /(^|&)alt=sse(&|$)/.test(query);
}

/** What encoding a request for an account must know. */
export function encodeContext(
  core: Core,
  exchange: Exchange,
  { model, endpoint }: Target,
  stream: boolean,
): EncodeContext {
  return {
    model,
    stream,
    warn: exchange.warner,
    signatures: core.signatures,
    ...(endpoint.traits && { traits: endpoint.traits }),
  };
}

/** What an encoder must know of the exchange. */
export function replyContext(core: Core, exchange: Exchange, request: CanonicalRequest): ReplyContext {
  const { storedInput } = exchange;
  return {
    model: exchange.modelAsked ?? request.model,
    now: Math.floor(core.now() / 1000),
    newId,
    warn: exchange.warner,
    request,
    framing: hasEvents(exchange) ? 'sse' : 'json-array',
    estimateInput: () => estimateRoughly(request),
    ...(storedInput && {
      completed: (response: JsonObject) => {
        if (typeof response.id === 'string')
          core.responses.keep(response.id, { response, input: storedInput });
      },
    }),
  };
}

/** Headers of a translated stream. */
export function streamHeaders(context: ReplyContext): string[] {
  return [
    'content-type',
    context.framing === 'json-array' ? 'application/json' : 'text/event-stream; charset=utf-8',
    'cache-control',
    'no-cache',
    'x-accel-buffering',
    'no',
  ];
}

/** An answer that holds nothing at all: no text, no call, no file, and no reason why. */
export function isEmpty(response: CanonicalResponse): boolean {
  return response.choices.every(
    ({ content, finish }) =>
      content.every((part) => (part.type === 'text' || part.type === 'reasoning') && part.text === '') &&
      (finish.reason === 'stop' || finish.reason === 'other'),
  );
}

/** An answer in another dialect than the client's: decoded into the canonical form, encoded for the client. */
export class Translate extends Attempt {
  readonly #upstream: ReturnType<typeof upstreamAdapterOf>;
  readonly #answer: AnswerContext;
  readonly #reply: ReplyContext;
  #heard = false;
  #chunks: Buffer[] = [];
  #size = 0;
  #splitter: BlockSplitter | undefined;
  #decoder: StreamDecoder | undefined;
  #encoder: StreamEncoder | undefined;
  #writer: ChunkWriter | undefined;
  #shortcut: DeltaShortcut | undefined;
  /** Parts that came before the first content. */
  #waiting: StreamPart[] = [];
  #collected: ReturnType<typeof collectStream> | undefined;
  #ended = false;

  constructor(
    core: Core,
    exchange: Exchange,
    target: Target,
    private readonly request: CanonicalRequest,
    memory: ToolMemory,
  ) {
    super(core, exchange, target);
    this.#upstream = upstreamAdapterOf(target.endpoint.dialect);
    this.#answer = { ...memory, warn: exchange.warner, signatures: core.signatures, newId };
    this.#reply = replyContext(core, exchange, request);
  }

  protected onGoodHead(_status: number, headers: string[]): void {
    const encoding = headerOf(headers, 'content-encoding');
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      this.#ended = true;
      this.failWith(
        `answered in the encoding "${encoding.slice(0, 40)}" although none was asked for, and its answer has to be translated`,
      );
      return;
    }
    const type = headerOf(headers, 'content-type')?.toLowerCase() ?? '';
    if (type.startsWith('text/event-stream')) this.#beginStream(createBlockSplitter());
    else if (type.startsWith(EVENT_STREAM_TYPE)) this.#beginStream(createEventStreamSplitter());
  }

  #beginStream(splitter: BlockSplitter): BlockSplitter {
    this.#decoder = this.#upstream.createStreamDecoder(this.#answer);
    if (!this.request.stream) this.#collected = collectStream();
    else this.#shortcut = new DeltaShortcut(this.#decoder);
    return (this.#splitter = splitter);
  }

  protected onGoodData(bytes: Buffer): boolean {
    if (this.#ended) return true;
    // Whole bodies, of errors mostly, that are sent under the name of a stream.
    if (this.#splitter && !this.#heard && formOf(bytes) === 'json') this.#splitter = undefined;
    this.#heard = true;
    if (this.#splitter) return this.#decode(this.#splitter.push(bytes));
    // Servers that stream under a wrong name.
    if (this.#size === 0 && formOf(bytes) === 'events')
      return this.#decode(this.#beginStream(createBlockSplitter()).push(bytes));
    this.#size += bytes.length;
    if (this.#size > ANSWER_LIMIT) {
      this.failBefore({
        error: new UpstreamError(
          `The answer of the account "${this.label}" is larger than ${ANSWER_LIMIT} bytes.`,
        ),
        verdict: { type: 'request' },
      });
      return true;
    }
    this.#chunks.push(bytes);
    return true;
  }

  protected onGoodEnd(): void {
    if (this.#ended) return;
    if (this.#splitter && this.#decoder) {
      this.#decode(this.#splitter.end());
      this.#shortcut?.settle();
      if (!this.#over()) this.#take(this.#decoder.end());
      if (this.#over()) return;
      if (this.#collected) this.#answerWhole(this.#collected.response());
      else this.#endStream();
      return;
    }
    this.#decodeWhole(Buffer.concat(this.#chunks));
  }

  protected endBroken(error: ProxyError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.exchange.noteError(error.message);
    this.#endWith(
      this.#reply.framing === 'json-array'
        ? `,${JSON.stringify(this.exchange.adapter.encodeError(error.info(this.exchange.id)))}]`
        : this.exchange.adapter.encodeStreamError(error.info(this.exchange.id)),
    );
  }

  protected override onTick(elapsedMs: number): void {
    if (this.#ended || !this.#splitter || this.#collected || !this.heartbeatDue(elapsedMs)) return;
    // A client that hears nothing for long gives up: a sign of life is worth more than the choice of another account.
    const begun = this.committed ? '' : this.#commitStream();
    this.#writer?.writeText(begun + (this.#encoder?.heartbeat() ?? ''));
  }

  #over(): boolean {
    return this.#ended || this.exchange.outgoing.destroyed;
  }

  /** @returns false when the client reads slower than the upstream writes */
  #decode(blocks: string[]): boolean {
    const decoder = this.#decoder;
    if (!decoder) return true;
    let text = '';
    for (const block of blocks) {
      if (this.#over()) return true;
      const copied = this.#encoder && this.#shortcut?.take(block, this.#encoder);
      if (copied !== undefined) {
        text += copied;
        continue;
      }
      const event = readEvent(block);
      if (!event) continue;
      const parts = decoder.push(event);
      if (this.#encoder) this.#shortcut?.learn(block, parts);
      text += this.#encode(parts, text);
    }
    return this.#write(text);
  }

  #take(parts: StreamPart[]): boolean {
    return this.#write(this.#encode(parts, ''));
  }

  #write(text: string): boolean {
    if (!text || !this.#writer || this.#over()) return true;
    this.wrote();
    return this.flow(this.#writer.writeText(text));
  }

  /**
   * What parts become for the client.
   * @param before text that is still to be written, ahead of an error
   */
  #encode(parts: StreamPart[], before: string): string {
    let text = '';
    for (const part of parts) {
      if (part.type === 'error') {
        if (before || text) this.#writer?.writeText(before + text);
        this.#takeError(part.error);
        return '';
      }
      if (part.type === 'usage' || (part.type === 'start' && part.usage))
        this.exchange.usage = part.usage ?? this.exchange.usage;
      if (this.#collected) this.#collected.push(part);
      else if (this.committed) text += this.#encoder?.push(part) ?? '';
      else text += this.#wait(part);
    }
    return text;
  }

  /** Holds parts back until the first content: with it the answer is committed to this account (SPEC 5.6). */
  #wait(part: StreamPart): string {
    this.#waiting.push(part);
    const empty =
      part.type === 'start' ||
      part.type === 'usage' ||
      part.type === 'text-start' ||
      part.type === 'text-end' ||
      part.type === 'reasoning-start' ||
      part.type === 'logprobs' ||
      part.type === 'refusal-start' ||
      (part.type === 'text-delta' && part.text === '') ||
      (part.type === 'finish' && (part.finish.reason === 'stop' || part.finish.reason === 'other'));
    if (empty) return '';
    return this.#commitStream();
  }

  #commitStream(): string {
    this.committed = true;
    this.exchange.firstByte();
    this.exchange.head(200, [...streamHeaders(this.#reply), ...this.target.served]);
    this.#writer = new ChunkWriter(this.exchange.outgoing);
    const encoder = this.exchange.adapter.createStreamEncoder(this.#reply);
    this.#encoder = encoder;
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.map((part) => encoder.push(part)).join('');
  }

  #takeError(info: ErrorInfo): void {
    const failure = this.told(info);
    if (this.committed) {
      this.endBroken(failure.error);
      this.settle({ served: true });
      this.stopUpstream(failure.error);
      return;
    }
    this.#ended = true;
    this.failBefore(failure);
  }

  #endStream(): void {
    if (!this.committed) {
      this.#emptyAnswer();
      return;
    }
    this.#ended = true;
    this.#endWith(this.#encoder?.end() ?? '');
    this.settle({ served: true });
  }

  #endWith(text: string): void {
    if (this.#writer) this.#writer.end(text);
    else this.exchange.outgoing.end(text);
  }

  #emptyAnswer(): void {
    this.#ended = true;
    this.failWith('answered without any content');
  }

  #decodeWhole(bytes: Buffer): void {
    let body: JsonObject;
    try {
      const parsed = JSON.parse(bytes.toString('utf8')) as unknown;
      if (!isObject(parsed)) throw new TypeError('not an object');
      body = parsed;
    } catch (error) {
      this.failWith(
        bytes.length === 0 ? 'answered without any content' : 'answered with something that is not JSON',
        error,
      );
      return;
    }
    const error = errorInBody(body, this.#upstream);
    if (error) {
      this.failBefore(this.told(error));
      return;
    }
    let response: CanonicalResponse;
    try {
      response = this.#upstream.decodeResponse(body, this.#answer);
    } catch (error) {
      this.failBefore({
        error: new UpstreamError(
          `The answer of the account "${this.label}" could not be understood: ${this.scrub((error as Error).message)}`,
          { cause: error },
        ),
        verdict: { type: 'failed' },
      });
      return;
    }
    if (response.usage) this.exchange.usage = response.usage;
    if (isEmpty(response)) {
      this.#emptyAnswer();
      return;
    }
    if (!this.request.stream) {
      this.#answerWhole(response);
      return;
    }
    // The upstream ignored `stream`: its whole answer is played as one.
    this.#take(replayResponse(response));
    if (!this.#over()) this.#endStream();
  }

  #answerWhole(response: CanonicalResponse): void {
    if (isEmpty(response)) {
      this.#emptyAnswer();
      return;
    }
    this.#ended = true;
    this.committed = true;
    this.exchange.firstByte();
    const { adapter } = this.exchange;
    this.exchange.json(200, adapter.encodeResponse(response, this.#reply), this.target.served);
    this.settle({ served: true });
  }
}
