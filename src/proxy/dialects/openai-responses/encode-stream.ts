import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { EscapedDelta, ReplyContext, StreamEncoder } from '../adapter';
import type { ErrorInfo, Finish, Metadata, OpaquePart, ServerStep, StreamPart, Usage } from '../canonical';
import { StepJoiner } from '../tools/server-steps';
import { CallStream } from './stream-call';
import {
  callHead,
  createToolLookup,
  droppedChoices,
  imageItem,
  opaqueItem,
  sendsEncrypted,
  type ItemStatus,
  type OutputItem,
} from './encode-items';
import { encodeFinish } from './map-stop-reason';
import { filled } from './read-item';
import { IN_PROGRESS, ResponseObject } from './response-object';
import { announced, stagesOf, stepItem } from './server-steps';
import { encodeStreamError } from './stream-events';
import { MessageStream, ReasoningStream, type ItemPlace } from './stream-message';
import { StreamWriter } from './stream-writer';
import { DIALECT, noteOf } from './wire';

const CUT: ErrorInfo = {
  status: 502,
  kind: 'upstream',
  message: 'The answer ended before it was complete.',
};

/** Reasoning that has begun; its item begins with its first text, or at its end where it has none. */
interface OpenReasoning {
  id: string;
  metadata: Metadata | undefined;
  stream: ReasoningStream | undefined;
}

/** A text or refusal that has begun; its content begins with its first delta, so that an empty one leaves nothing. */
interface OpenText {
  id: string;
  kind: 'text' | 'refusal';
  metadata: Metadata | undefined;
  begun: boolean;
}

const join = (first: Metadata | undefined, second: Metadata | undefined): Metadata | undefined => {
  if (!first || !second) return second ?? first;
  const own = { ...first[DIALECT], ...second[DIALECT] };
  return { ...first, ...second, ...(Object.keys(own).length > 0 && { [DIALECT]: own }) };
};

/** The events of one answer. */
class ResponsesStreamEncoder implements StreamEncoder {
  private readonly writer = new StreamWriter();
  private response: ResponseObject | undefined;
  /** By `output_index`; undefined while open. */
  private readonly output: (OutputItem | undefined)[] = [];
  /** The JSON of the finished ones, as it was sent. */
  private readonly texts: string[] = [];
  private message: MessageStream | undefined;
  private text: OpenText | undefined;
  private reasoning: OpenReasoning | undefined;
  private readonly calls = new Map<string, CallStream>();
  private readonly steps = new StepJoiner();
  private readonly lookup;
  private readonly encrypted: boolean;
  private usage: Usage | undefined;
  private finish: Finish | undefined;
  private refused = false;
  private ended = false;
  private warnedOfChoices = false;

  constructor(private readonly context: ReplyContext) {
    this.lookup = createToolLookup(context.request);
    this.encrypted = sendsEncrypted(context.request);
  }

  push(part: StreamPart): string {
    if (this.ended) return '';
    if ('choice' in part && part.choice !== undefined && part.choice > 0) {
      if (!this.warnedOfChoices) this.context.warn(droppedChoices);
      this.warnedOfChoices = true;
      return '';
    }
    switch (part.type) {
      case 'text-delta':
      case 'refusal-delta':
        return this.say(part.id, part.text);
      case 'reasoning-delta':
        return this.think(part.id, part.text);
      case 'tool-input-delta':
        return this.calls.get(part.id)?.say(part.text) ?? '';
      case 'start':
        this.usage = part.usage ?? this.usage;
        return this.begin(part.id, part.created);
      case 'text-start':
        return this.begin() + this.beginText(part.id, 'text', part.metadata);
      case 'refusal-start':
        return this.begin() + this.beginText(part.id, 'refusal', undefined);
      case 'text-end':
      case 'refusal-end':
        return this.endText(part.id);
      case 'reasoning-start': {
        const before = this.begin() + this.endReasoning(undefined) + this.endMessage();
        this.reasoning = { id: part.id, metadata: part.metadata, stream: undefined };
        return before;
      }
      case 'reasoning-end':
        return this.reasoning?.id === part.id ? this.endReasoning(part.metadata) : '';
      case 'tool-input-start':
        return this.beginCall(part);
      case 'tool-input-end':
        return this.endCall(part.id, 'completed');
      case 'file':
        return this.begin() + this.whole(imageItem(part.part, this.context));
      case 'citation':
        return this.text?.id === part.id && this.text.begun
          ? (this.message?.cite(part.citation, this.context) ?? '')
          : '';
      case 'opaque':
        return this.addOpaque(part.part);
      case 'logprobs':
        return this.addLogprobs(part.value);
      case 'usage':
        this.usage = part.usage;
        return '';
      case 'finish':
        this.finish = part.finish;
        return '';
      case 'error':
        return this.fail(part.error);
    }
  }

  pushEscaped({ type, id, choice, escaped }: EscapedDelta): string | undefined {
    if (this.ended || (choice ?? 0) > 0) return undefined;
    switch (type) {
      case 'text-delta':
        return this.text?.id === id && this.text.begun ? this.message?.sayEscaped(escaped) : undefined;
      case 'reasoning-delta':
        return this.reasoning?.id === id ? this.reasoning.stream?.sayEscaped(escaped) : undefined;
      case 'tool-input-delta':
        return this.calls.get(id)?.sayEscaped(escaped);
    }
  }

  end(): string {
    if (this.ended) return '';
    // Never a clean end that was not one: agents would take half an answer for the whole.
    if (!this.finish) return this.fail(CUT);
    const end = encodeFinish(this.finish, { refused: this.refused });
    const status = end.status === 'incomplete' ? 'incomplete' : 'completed';
    let out = this.begin() + this.endReasoning(undefined) + this.endMessage(status);
    for (const id of [...this.calls.keys()]) out += this.endCall(id, status);
    this.ended = true;
    const state = { ...end, usage: this.usage };
    const { response, context } = this;
    out += this.writer.raw(
      `response.${end.status}`,
      `"response":${response?.write(state, this.texts) ?? ''}`,
    );
    if (response) context.completed?.(response.build(state, this.kept()));
    return out;
  }

  heartbeat(): string {
    return ': ping\n\n';
  }

  /** The first two events, once; later what the provider's own tools did: something else begins, or the answer ends. */
  private begin(id?: string, created?: number): string {
    if (this.response) return this.settleSteps(this.steps.flush());
    this.response = new ResponseObject(this.context, id, created);
    const response = `"response":${this.response.write(IN_PROGRESS, [])}`;
    return this.writer.raw('response.created', response) + this.writer.raw('response.in_progress', response);
  }

  private kept(): JsonObject[] {
    return this.output.flatMap((item) => (item ? [item.kept] : []));
  }

  private fail(error: ErrorInfo): string {
    this.ended = true;
    const { response, writer } = this;
    if (!response) return encodeStreamError(error);
    const sent = this.output.flatMap((item) => (item ? [item.sent] : []));
    const failed = (wire: { code: string; message: string }) =>
      response.build({ status: 'failed', error: wire, incomplete_details: null, usage: this.usage }, sent);
    return encodeStreamError(error, { sequence: writer.sequence, failed });
  }

  private nextPlace(id: string): ItemPlace {
    this.output.push(undefined);
    return { item_id: id, output_index: this.output.length - 1 };
  }

  private done(index: number, item: OutputItem): string {
    this.output[index] = item;
    const text = JSON.stringify(item.sent);
    this.texts[index] = text;
    return this.writer.raw('response.output_item.done', `"output_index":${index},"item":${text}`);
  }

  private beginText(id: string, kind: OpenText['kind'], metadata: Metadata | undefined): string {
    const before = (this.text ? this.endText(this.text.id) : '') + this.endReasoning(undefined);
    this.text = { id, kind, metadata, begun: false };
    return before;
  }

  private say(id: string, text: string): string {
    const open = this.text;
    if (open?.id !== id || text === '') return '';
    const out = open.begun ? '' : this.beginContent(open);
    return out + (this.message?.say(text) ?? '');
  }

  /** Texts and refusals side by side are one message, unless the upstream had several. */
  private beginContent(open: OpenText): string {
    open.begun = true;
    if (open.kind === 'refusal') this.refused = true;
    const note = noteOf(open.metadata);
    const id = filled(note.id);
    let out = '';
    if (this.message && id !== undefined && id !== this.message.id) out += this.closeMessage('completed');
    if (!this.message) {
      const place = this.nextPlace(id ?? this.context.newId('msg_'));
      this.message = new MessageStream(place, filled(note.phase), this.writer);
      out += this.message.begin();
    }
    out += this.message.beginContent(open.kind);
    if (this.waitingLogprobs) this.message.addLogprobs(this.waitingLogprobs);
    this.waitingLogprobs = undefined;
    return out;
  }

  private endText(id: string): string {
    const open = this.text;
    if (open?.id !== id) return '';
    this.text = undefined;
    if (!open.begun) return '';
    return this.message?.endContent() ?? '';
  }

  /** Log probabilities that came before any text. */
  private waitingLogprobs: Json[] | undefined;

  private addLogprobs(value: Json): string {
    const list = isObject(value) && Array.isArray(value.content) ? value.content : [];
    if (list.length === 0) return '';
    if (this.message && this.text?.begun) this.message.addLogprobs(list);
    else this.waitingLogprobs = [...(this.waitingLogprobs ?? []), ...list];
    return '';
  }

  /** Something else begins: ends the text that is open, and the message around it. */
  private endMessage(status: ItemStatus = 'completed'): string {
    return (this.text ? this.endText(this.text.id) : '') + this.closeMessage(status);
  }

  private closeMessage(status: ItemStatus): string {
    const { message } = this;
    if (!message) return '';
    this.message = undefined;
    return this.done(message.place.output_index, message.item(status));
  }

  private think(id: string, text: string): string {
    const open = this.reasoning;
    if (open?.id !== id || text === '') return '';
    let out = '';
    if (!open.stream) {
      open.stream = this.beginReasoning(open.metadata);
      out = open.stream.begin();
    }
    return out + open.stream.say(text);
  }

  private beginReasoning(metadata: Metadata | undefined): ReasoningStream {
    const id = filled(noteOf(metadata).id) ?? this.context.newId('rs_');
    return new ReasoningStream(this.nextPlace(id), this.writer);
  }

  private endReasoning(last: Metadata | undefined): string {
    const open = this.reasoning;
    if (!open) return '';
    this.reasoning = undefined;
    const metadata = join(open.metadata, last);
    let out = '';
    let { stream } = open;
    if (!stream) {
      // Hidden reasoning still has to come back on the next turn.
      if (!metadata) return '';
      stream = this.beginReasoning(metadata);
      out = stream.begin();
    }
    out += stream.end();
    return out + this.done(stream.place.output_index, stream.item(metadata, this.encrypted));
  }

  private beginCall(part: Extract<StreamPart, { type: 'tool-input-start' }>): string {
    const before = this.begin() + this.endReasoning(undefined) + this.endMessage();
    const head = callHead(part, this.lookup, this.context);
    const call = new CallStream(head, this.context, this.writer, (id) => this.nextPlace(id));
    this.calls.set(part.id, call);
    return before + call.begin();
  }

  private endCall(id: string, status: ItemStatus): string {
    const call = this.calls.get(id);
    if (!call) return '';
    this.calls.delete(id);
    const { text, place, item } = call.end(status);
    return text + this.done(place.output_index, { sent: item, kept: item });
  }

  private addOpaque(part: OpaquePart): string {
    if (part.dialect === DIALECT || !part.step)
      return this.begin() + this.whole(opaqueItem(part, this.context));
    const before = this.response ? '' : this.begin();
    return before + this.settleSteps(this.steps.add(part.step));
  }

  private settleSteps(steps: ServerStep[]): string {
    return steps.map((step) => this.whole(stepItem(step, this.context))).join('');
  }

  /** An item that comes in one piece. */
  private whole(item: JsonObject | undefined): string {
    if (!item) return '';
    const before = this.endReasoning(undefined) + this.endMessage();
    const { writer } = this;
    const id = filled(item.id) ?? this.context.newId('item_');
    const place = this.nextPlace(id);
    let out = writer.event('response.output_item.added', {
      output_index: place.output_index,
      item: announced(item),
    });
    for (const [event, fields] of stagesOf(item)) out += writer.event(event, { ...place, ...fields });
    return before + out + this.done(place.output_index, { sent: item, kept: item });
  }
}

/** An encoder for one answer to one client. Reference: https://platform.openai.com/docs/api-reference/responses-streaming */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  return new ResponsesStreamEncoder(context);
}
