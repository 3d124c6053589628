/** The items of a streamed answer, each a small state machine from its events to parts. */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { AnswerContext } from '../adapter';
import type { StreamPart } from '../canonical';
import {
  callOf,
  messageNote,
  opaquePart,
  reasoningNote,
  uniqueCallId,
  warnNameless,
  wholeInput,
  type ItemCall,
} from './decode-output';
import { contentsOf, filled, noted, objectsIn, textOf } from './read-item';
import type { ReasoningTrail } from './reasoning-memory';

/** What the items of one answer share. */
export interface StreamScope {
  context: AnswerContext;
  trail: ReasoningTrail;
  usedIds: Set<string>;
  /** Counts parts, for ids that are unique in the stream. */
  parts: number;
  calls: number;
  refused: boolean;
}

/** One item. Parts go to `out`, in order. */
export interface StreamItem {
  /** Calls may be open at the same time; nothing else may be open beside anything. */
  readonly isCall: boolean;
  /** A part of it has begun and not ended. */
  readonly isOpen: boolean;
  /** An event between the item's beginning and its end; unknown ones are let pass. */
  push(type: string, payload: JsonObject, out: StreamPart[]): void;
  /**
   * The item as it is at its end, or nothing where the server does not say. What was not streamed follows; asked again
   * with a later form of the item, only what is new.
   */
  finish(item: JsonObject | undefined, out: StreamPart[]): void;
  /** Something else begins: ends what is open. */
  interrupt(out: StreamPart[]): void;
}

const indexOf = (value: Json | undefined): number =>
  typeof value === 'number' && value >= 0 && value < 10_000 ? value : 0;

/** A message: one part for each of its contents. */
export class MessageItem implements StreamItem {
  readonly isCall = false;
  private open: { kind: 'text' | 'refusal'; content: number; id: string } | undefined;
  /** Characters sent, by content index. */
  private readonly sent: number[] = [];
  private readonly annotations: Json[][] = [];
  private finished = false;

  constructor(
    private item: JsonObject,
    private readonly scope: StreamScope,
  ) {}

  get isOpen(): boolean {
    return this.open !== undefined;
  }

  push(type: string, payload: JsonObject, out: StreamPart[]): void {
    const content = indexOf(payload.content_index);
    switch (type) {
      case 'response.output_text.delta':
        return this.say('text', content, payload.delta, payload.logprobs, out);
      case 'response.refusal.delta':
        return this.say('refusal', content, payload.delta, undefined, out);
      case 'response.output_text.done':
        return this.complete('text', content, payload.text, out);
      case 'response.refusal.done':
        return this.complete('refusal', content, payload.refusal, out);
      case 'response.output_text.annotation.added':
        if (payload.annotation !== undefined) (this.annotations[content] ??= []).push(payload.annotation);
        return;
      case 'response.content_part.done':
        if (isObject(payload.part)) this.endContent(content, payload.part, out);
        return;
    }
  }

  finish(item: JsonObject | undefined, out: StreamPart[]): void {
    if (item) {
      this.item = item;
      contentsOf(item).forEach((part, index) => {
        this.endContent(index, part, out);
      });
    }
    this.interrupt(out);
    if (!this.finished && this.sent.length > 0) {
      this.finished = true;
      this.scope.trail.add(this.item);
    }
  }

  interrupt(out: StreamPart[]): void {
    const { open } = this;
    if (!open) return;
    this.open = undefined;
    if (open.kind === 'refusal') {
      out.push({ type: 'refusal-end', id: open.id });
      return;
    }
    const annotations = this.annotations[open.content];
    const note = { ...messageNote(this.item), ...(annotations && { annotations }) };
    out.push({ type: 'text-end', id: open.id, ...noted(note) });
  }

  private say(
    kind: 'text' | 'refusal',
    content: number,
    delta: Json | undefined,
    logprobs: Json | undefined,
    out: StreamPart[],
  ): void {
    if (typeof delta !== 'string' || delta === '') return;
    let { open } = this;
    if (open?.content !== content || open.kind !== kind) {
      this.interrupt(out);
      open = { kind, content, id: `${kind}-${this.scope.parts++}` };
      this.open = open;
      if (kind === 'refusal') {
        this.scope.refused = true;
        out.push({ type: 'refusal-start', id: open.id });
      } else out.push({ type: 'text-start', id: open.id, ...noted(messageNote(this.item)) });
    }
    this.sent[content] = (this.sent[content] ?? 0) + delta.length;
    out.push(
      kind === 'text'
        ? { type: 'text-delta', id: open.id, text: delta }
        : { type: 'refusal-delta', id: open.id, text: delta },
    );
    if (Array.isArray(logprobs) && logprobs.length > 0)
      out.push({ type: 'logprobs', value: { content: logprobs } });
  }

  /** The whole text is known: what was not streamed follows. Lengths tell; the text itself is not kept. */
  private complete(
    kind: 'text' | 'refusal',
    content: number,
    whole: Json | undefined,
    out: StreamPart[],
  ): void {
    const sent = this.sent[content] ?? 0;
    if (typeof whole === 'string' && whole.length > sent)
      this.say(kind, content, whole.slice(sent), undefined, out);
  }

  private endContent(content: number, part: JsonObject, out: StreamPart[]): void {
    const annotations = objectsIn(part.annotations);
    if (annotations.length > 0) this.annotations[content] = annotations;
    if (part.type === 'refusal') this.complete('refusal', content, part.refusal, out);
    else if (typeof part.text === 'string') this.complete('text', content, part.text, out);
    else if (this.sent[content] === undefined) {
      this.interrupt(out);
      this.sent[content] = 0;
      out.push({ type: 'opaque', part: opaquePart(part) });
    }
    if (this.open?.content === content) this.interrupt(out);
  }
}

/** A reasoning item: its summaries, or its content where there are none, as one part. */
export class ReasoningItem implements StreamItem {
  readonly isCall = false;
  private id: string | undefined;
  private source: 'summary' | 'content' | undefined;
  /** Characters sent, by summary or content index. */
  private readonly sent: number[] = [];
  private paragraph = 0;
  private finished = false;

  constructor(
    private readonly item: JsonObject,
    private readonly scope: StreamScope,
  ) {}

  get isOpen(): boolean {
    return this.id !== undefined;
  }

  push(type: string, payload: JsonObject, out: StreamPart[]): void {
    switch (type) {
      case 'response.reasoning_summary_text.delta':
        return this.say('summary', indexOf(payload.summary_index), payload.delta, out);
      case 'response.reasoning_text.delta':
        return this.say('content', indexOf(payload.content_index), payload.delta, out);
      case 'response.reasoning_summary_text.done':
        return this.complete('summary', indexOf(payload.summary_index), payload.text, out);
      case 'response.reasoning_text.done':
        return this.complete('content', indexOf(payload.content_index), payload.text, out);
    }
  }

  finish(item: JsonObject | undefined, out: StreamPart[]): void {
    if (this.finished) return;
    if (item) {
      this.finished = true;
      this.scope.trail.add(item);
      const complete = (source: 'summary' | 'content') => (part: JsonObject, index: number) => {
        this.complete(source, index, part.text, out);
      };
      objectsIn(item.summary).forEach(complete('summary'));
      objectsIn(item.content).forEach(complete('content'));
      if (filled(item.encrypted_content) !== undefined) this.begin(out);
    }
    if (this.id === undefined) return;
    const note = item ? reasoningNote(item) : messageNote(this.item);
    out.push({ type: 'reasoning-end', id: this.id, ...noted(note) });
    this.id = undefined;
  }

  interrupt(out: StreamPart[]): void {
    this.finish(undefined, out);
  }

  private begin(out: StreamPart[]): string {
    if (this.id === undefined) {
      this.id = `reasoning-${this.scope.parts++}`;
      out.push({ type: 'reasoning-start', id: this.id });
    }
    return this.id;
  }

  private say(
    source: 'summary' | 'content',
    index: number,
    delta: Json | undefined,
    out: StreamPart[],
  ): void {
    this.source ??= source;
    if (typeof delta !== 'string' || delta === '' || source !== this.source) return;
    const id = this.begin(out);
    if (index !== this.paragraph) {
      this.paragraph = index;
      if (this.sent.length > 0) out.push({ type: 'reasoning-delta', id, text: '\n\n' });
    }
    this.sent[index] = (this.sent[index] ?? 0) + delta.length;
    out.push({ type: 'reasoning-delta', id, text: delta });
  }

  private complete(
    source: 'summary' | 'content',
    index: number,
    whole: Json | undefined,
    out: StreamPart[],
  ): void {
    if (typeof whole !== 'string' || whole === '' || (this.source ?? source) !== source) return;
    const sent = this.sent[index] ?? 0;
    if (whole.length > sent) this.say(source, index, whole.slice(sent), out);
  }
}

/** A call that the client is to run. */
export class CallItem implements StreamItem {
  readonly isCall = true;
  private id: string | undefined;
  private sent = 0;
  /** Input that cannot be passed on yet: the call has no name, or its text must be unwrapped. */
  private held = '';
  private call: ItemCall;
  private finished = false;

  constructor(
    private item: JsonObject,
    private readonly scope: StreamScope,
    call: ItemCall,
  ) {
    this.call = call;
  }

  get isOpen(): boolean {
    return this.id !== undefined && !this.finished;
  }

  get callId(): string | undefined {
    return this.call.callId;
  }

  push(type: string, payload: JsonObject, out: StreamPart[]): void {
    switch (type) {
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return this.say(textOf(payload.delta), out);
      case 'response.function_call_arguments.done':
        if (this.call.name === undefined && filled(payload.name))
          this.read({ ...this.item, name: payload.name });
        return this.complete(payload.arguments, out);
      case 'response.custom_tool_call_input.done':
        return this.complete(payload.input, out);
    }
  }

  finish(item: JsonObject | undefined, out: StreamPart[]): void {
    if (this.finished) return;
    this.read(item ?? this.item);
    const { call } = this;
    if (call.name === undefined) {
      this.finished = true;
      return warnNameless(this.scope.context);
    }
    const id = this.begin(call.name, out);
    const rest =
      this.sent > 0 ? call.input.slice(this.sent) : wholeInput({ ...call, input: call.input || this.held });
    if (rest !== '') out.push({ type: 'tool-input-delta', id, text: rest });
    this.finished = true;
    this.scope.trail.endWithCall(id);
    out.push({ type: 'tool-input-end', id, ...noted(call.note) });
  }

  interrupt(): void {
    // Calls may run in parallel.
  }

  /** Opens the call at once where everything is known, so that the client sees which tool is coming. */
  start(out: StreamPart[]): void {
    const { name, callId, note } = this.call;
    if (name !== undefined && callId !== undefined && note.item === undefined) this.begin(name, out);
  }

  private read(item: JsonObject): void {
    this.item = item;
    this.call = callOf(item, this.scope.context) ?? this.call;
  }

  private begin(name: string, out: StreamPart[]): string {
    if (this.id !== undefined) return this.id;
    const { scope, call } = this;
    const id = uniqueCallId(call.callId, scope.context, scope.usedIds);
    this.id = id;
    scope.calls++;
    out.push({ type: 'tool-input-start', id, name, kind: call.kind, ...noted(call.note) });
    return id;
  }

  private say(delta: string, out: StreamPart[]): void {
    const { name, wrapped } = this.call;
    if (delta === '' || this.finished) return;
    if (name === undefined || wrapped) {
      this.held += delta;
      return;
    }
    const id = this.begin(name, out);
    const text = this.held === '' ? delta : this.held + delta;
    this.held = '';
    this.sent += text.length;
    out.push({ type: 'tool-input-delta', id, text });
  }

  private complete(whole: Json | undefined, out: StreamPart[]): void {
    const known = this.held.length + this.sent;
    if (typeof whole === 'string' && whole.length > known) this.say(whole.slice(known), out);
  }
}

/** An item that only this API understands: passed on whole, when it is complete. */
export class OpaqueItem implements StreamItem {
  readonly isCall = false;
  readonly isOpen = false;
  private finished = false;

  constructor(private readonly item: JsonObject) {}

  push(): void {
    // Progress of tools that the provider runs; the item at its end says it all.
  }

  finish(item: JsonObject | undefined, out: StreamPart[]): void {
    if (this.finished) return;
    this.finished = true;
    out.push({ type: 'opaque', part: opaquePart(item ?? this.item) });
  }

  interrupt(): void {
    // Nothing is ever open.
  }
}
