import type { Json, JsonObject } from '../../../shared/json';
import type { EscapedDelta, ReplyContext, StreamEncoder } from '../adapter';
import type { StreamPart, Usage } from '../canonical';
import { encodeStreamError } from './encode-error';
import { encodeAnswerImage, encodeCitation, warnOfLostPart } from './encode-response';
import { encodeFinish } from './map-stop-reason';
import { encodeUsage } from './map-usage';
import { requestMetadata } from './wire';

interface ChoiceState {
  /** The first chunk of a choice names the role. */
  begun: boolean;
  refused: boolean;
  /** Call id → what is known of it. */
  calls: Map<string, { index: number; kind: 'function' | 'custom'; empty: boolean; muted: boolean }>;
  /** Belongs to the text that follows, and goes out with it. */
  logprobs: Json | undefined;
}

/**
 * Parts as `chat.completion.chunk` events, ended by `[DONE]`.
 * Reference: https://platform.openai.com/docs/api-reference/chat-streaming
 */
class ChatStreamEncoder implements StreamEncoder {
  private readonly choices = new Map<number, ChoiceState>();
  private readonly legacy: boolean;
  private readonly withUsage: boolean;
  private id: string | undefined;
  private created: number | undefined;
  /** The same in every chunk: `{"id":…,"model":…,"choices":[`. */
  private head = '';
  private usage: Usage | undefined;
  private finished = false;
  private failed = false;

  constructor(private readonly context: ReplyContext) {
    this.legacy = requestMetadata(context.request.metadata).legacyFunctions === true;
    this.withUsage = context.request.streamUsage === true;
  }

  push(part: StreamPart): string {
    switch (part.type) {
      case 'start':
        this.id ??= part.id;
        this.created ??= part.created;
        if (part.usage) this.usage = part.usage;
        return '';
      case 'text-delta':
        return this.chunk(part.choice, { content: part.text });
      case 'citation': {
        const { citation, said, from } = part;
        const annotation = encodeCitation(citation, { text: said, from }, said.length - from, this.context);
        return annotation ? this.chunk(part.choice, { annotations: [annotation] }) : '';
      }
      case 'reasoning-delta':
        return this.chunk(part.choice, { reasoning_content: part.text });
      case 'refusal-delta':
        this.stateOf(part.choice).refused = true;
        return this.chunk(part.choice, { refusal: part.text });
      case 'tool-input-start':
        return this.beginCall(part);
      case 'tool-input-delta':
        return this.callDelta(part.choice, part.id, part.text);
      case 'tool-input-end': {
        // Clients parse the arguments of a call that has none, too.
        const call = this.stateOf(part.choice).calls.get(part.id);
        return call?.empty && call.kind === 'function' ? this.callDelta(part.choice, part.id, '{}') : '';
      }
      case 'file': {
        const image = encodeAnswerImage(part.part);
        if (image) return this.chunk(part.choice, { images: [image] });
        warnOfLostPart(part.part, this.context);
        return '';
      }
      case 'opaque':
        warnOfLostPart(part.part, this.context);
        return '';
      case 'logprobs': {
        const before = this.flushLogprobs(part.choice);
        this.stateOf(part.choice).logprobs = part.value;
        return before;
      }
      case 'usage':
        this.usage = part.usage;
        return '';
      case 'finish': {
        const state = this.stateOf(part.choice);
        const content = { calls: state.calls.size > 0, refused: state.refused, legacy: this.legacy };
        this.finished = true;
        return (
          this.flushLogprobs(part.choice) + this.chunk(part.choice, {}, encodeFinish(part.finish, content))
        );
      }
      case 'error':
        this.failed = true;
        return encodeStreamError(part.error);
      case 'text-start':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-end':
      case 'refusal-start':
      case 'refusal-end':
        return '';
    }
  }

  pushEscaped({ type, id, choice, escaped }: EscapedDelta): string | undefined {
    const state = this.choices.get(choice ?? 0);
    if (!state?.begun || state.logprobs !== undefined) return undefined;
    if (type === 'text-delta') return this.escapedChunk(choice, `"content":"${escaped}"`);
    if (type === 'reasoning-delta') return this.escapedChunk(choice, `"reasoning_content":"${escaped}"`);
    const call = state.calls.get(id);
    if (!call || call.empty || this.legacy) return undefined;
    const body =
      call.kind === 'custom' ? `"custom":{"input":"${escaped}"}` : `"function":{"arguments":"${escaped}"}`;
    return this.escapedChunk(choice, `"tool_calls":[{"index":${call.index},${body}}]`);
  }

  end(): string {
    // Without a finish there is no good end, and a client must be able to see that.
    if (this.failed || !this.finished) return '';
    const usage =
      this.withUsage && this.usage
        ? `data: ${this.headOf()}],"usage":${JSON.stringify(encodeUsage(this.usage))}}\n\n`
        : '';
    return `${usage}data: [DONE]\n\n`;
  }

  heartbeat(): string {
    return ': ping\n\n';
  }

  private stateOf(choice = 0): ChoiceState {
    let state = this.choices.get(choice);
    if (!state) {
      state = { begun: false, refused: false, calls: new Map(), logprobs: undefined };
      this.choices.set(choice, state);
    }
    return state;
  }

  private headOf(): string {
    if (this.head === '') {
      const { context } = this;
      const common = {
        id: this.id ?? context.newId('chatcmpl-'),
        object: 'chat.completion.chunk',
        created: this.created ?? context.now,
        model: context.model,
      };
      this.head = `${JSON.stringify(common).slice(0, -1)},"choices":[`;
    }
    return this.head;
  }

  private chunk(choice: number | undefined, delta: JsonObject, finish: string | null = null): string {
    const state = this.stateOf(choice);
    // OpenAI's first chunk names the role, with empty text where text follows and null where none does.
    const role = state.begun ? {} : { role: 'assistant', content: delta.content === undefined ? null : '' };
    const logprobs = delta.content === undefined && delta.refusal === undefined ? undefined : state.logprobs;
    if (logprobs !== undefined) state.logprobs = undefined;
    state.begun = true;
    const body = JSON.stringify({
      index: choice ?? 0,
      delta: { ...role, ...delta },
      logprobs: logprobs ?? null,
      finish_reason: finish,
    });
    return `data: ${this.headOf()}${body}]${this.withUsage ? ',"usage":null' : ''}}\n\n`;
  }

  /** {@link chunk} for a delta that is JSON text already, without braces. */
  private escapedChunk(choice: number | undefined, delta: string): string {
    const usage = this.withUsage ? ',"usage":null' : '';
    return `data: ${this.headOf()}{"index":${choice ?? 0},"delta":{${delta}},"logprobs":null,"finish_reason":null}]${usage}}\n\n`;
  }

  /** Logprobs without text of their own still go out, with an empty text. */
  private flushLogprobs(choice: number | undefined): string {
    return this.stateOf(choice).logprobs === undefined ? '' : this.chunk(choice, { content: '' });
  }

  private beginCall(part: Extract<StreamPart, { type: 'tool-input-start' }>): string {
    const { calls } = this.stateOf(part.choice);
    const index = calls.size;
    const muted = this.legacy && index > 0;
    calls.set(part.id, { index, kind: part.kind, empty: true, muted });
    if (muted) {
      this.context.warn({
        type: 'dropped',
        field: 'choices',
        message: '"function_call" holds one call: the others are left out.',
      });
      return '';
    }
    if (this.legacy) return this.chunk(part.choice, { function_call: { name: part.name, arguments: '' } });
    const body =
      part.kind === 'custom'
        ? { type: 'custom', custom: { name: part.name, input: '' } }
        : { type: 'function', function: { name: part.name, arguments: '' } };
    return this.chunk(part.choice, { tool_calls: [{ index, id: part.id, ...body }] });
  }

  private callDelta(choice: number | undefined, id: string, text: string): string {
    const call = this.stateOf(choice).calls.get(id);
    if (!call || text === '') return '';
    call.empty = false;
    if (call.muted) return '';
    if (this.legacy) return this.chunk(choice, { function_call: { arguments: text } });
    const body = call.kind === 'custom' ? { custom: { input: text } } : { function: { arguments: text } };
    return this.chunk(choice, { tool_calls: [{ index: call.index, ...body }] });
  }
}

/** An encoder for one answer to one client. */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  return new ChatStreamEncoder(context);
}
