import type { Json, JsonObject } from '../../../shared/json';
import type { StreamPart } from '../canonical';
import { callOf, opaquePart, uniqueCallId, warnNameless, wholeInput, type ItemCall } from './decode-output';
import { filled, noted, textOf } from './read-item';
import type { StreamItem, StreamScope } from './stream-item';

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
    if (item && !callOf(item, this.scope.context)) {
      // Only now it says that the provider has run it.
      this.finished = true;
      out.push({ type: 'opaque', part: opaquePart(item) });
      return;
    }
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

  skipped(id: string, text: string): void {
    if (this.id === id) this.sent += text.length;
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

  skipped(): void {
    // Has no text.
  }
}
