import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { AnswerContext, EscapedDelta, SseEvent, StreamDecoder } from '../adapter';
import type { ErrorInfo, StreamPart } from '../canonical';
import { parseData } from '../openai/errors';
import { callOf } from './decode-output';
import { decodeFinish } from './map-stop-reason';
import { readUsage } from './map-usage';
import { CallItem, OpaqueItem } from './read-call-item';
import { filled, objectsIn, textOf } from './read-item';
import { MessageItem } from './read-message-item';
import { ReasoningItem } from './read-reasoning-item';
import { ReasoningTrail } from './reasoning-memory';
import { readStreamError } from './stream-events';
import type { StreamItem, StreamScope } from './stream-item';

/** An item with what later events may call it by: some servers repeat indexes, others change ids in every event. */
interface Slot {
  index: number | undefined;
  id: string | undefined;
  type: string;
  item: StreamItem;
  /** Found in the final `output`. */
  matched: boolean;
}

const cut = (message: string): ErrorInfo => ({ status: 502, kind: 'upstream', message });

/** The type of the item that an event speaks of, for servers that never announced it. */
function impliedType(event: string): string | undefined {
  if (/^response\.(output_text|refusal)\./.test(event)) return 'message';
  if (/^response\.reasoning_(summary_)?text\./.test(event)) return 'reasoning';
  if (event.startsWith('response.function_call_arguments.')) return 'function_call';
  return event.startsWith('response.custom_tool_call_input.') ? 'custom_tool_call' : undefined;
}

/**
 * A stream of the Responses API. Tolerant where servers stray: items without a beginning or an end, missing sequence
 * numbers and indexes, ids that change, whole arguments instead of deltas, an answer that stands in the last event only.
 * Reference: https://platform.openai.com/docs/api-reference/responses-streaming
 */
class ResponsesStreamDecoder implements StreamDecoder {
  private readonly slots: Slot[] = [];
  private readonly scope: StreamScope;
  private current: Slot | undefined;
  /** Events of other items that came while a call was open: parts must not overlap, so they follow it. */
  private late: { slot: Slot; say: (out: StreamPart[]) => void }[] = [];
  private started = false;
  private ended = false;

  constructor(private readonly context: AnswerContext) {
    this.scope = {
      context,
      trail: new ReasoningTrail(context.signatures),
      usedIds: new Set(),
      said: '',
      parts: 0,
      calls: 0,
      refused: false,
    };
  }

  push(event: SseEvent): StreamPart[] {
    if (this.ended || event.data === '' || event.data === '[DONE]') return [];
    const payload = parseData(event.data);
    const out: StreamPart[] = [];
    if (!isObject(payload)) {
      this.fail(cut('The upstream sent an event that is not an object.'), out);
      return out;
    }
    const type = filled(payload.type) ?? event.event ?? '';
    switch (type) {
      case 'response.created':
      case 'response.in_progress':
      case 'response.queued':
        this.start(payload.response, out);
        break;
      case 'response.output_item.added':
        if (isObject(payload.item)) this.open(payload.item, payload.output_index, out);
        break;
      case 'response.output_item.done':
        if (isObject(payload.item)) this.finishItem(payload.item, payload.output_index, out);
        break;
      case 'response.completed':
      case 'response.incomplete':
        this.complete(payload, out);
        break;
      case 'response.failed':
      case 'error':
        this.fail(readStreamError({ event: type, data: event.data }) ?? cut('The response failed.'), out);
        break;
      default:
        // Compatible servers put an error into an event without a type.
        if (type === '' && payload.error !== undefined)
          this.fail(
            readStreamError({ event: 'error', data: event.data }) ?? cut('The response failed.'),
            out,
          );
        else this.pushToItem(type, payload, out);
    }
    return out;
  }

  skipped(_type: EscapedDelta['type'], id: string, text: string): void {
    for (const { item } of this.slots) item.skipped(id, text);
  }

  end(): StreamPart[] {
    const out: StreamPart[] = [];
    if (!this.ended)
      this.fail(
        cut(
          this.slots.length > 0
            ? 'The upstream ended its answer before it was complete.'
            : 'The upstream answered without content.',
        ),
        out,
      );
    return out;
  }

  private start(response: Json | undefined, out: StreamPart[]): void {
    if (this.started) return;
    this.started = true;
    const given = isObject(response) ? response : {};
    const id = filled(given.id);
    const model = filled(given.model);
    out.push({
      type: 'start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(typeof given.created_at === 'number' && { created: Math.floor(given.created_at) }),
    });
  }

  private open(item: JsonObject, index: Json | undefined, out: StreamPart[]): Slot {
    this.start(undefined, out);
    const slot: Slot = {
      index: typeof index === 'number' ? index : undefined,
      id: filled(item.id),
      type: textOf(item.type),
      item: this.makeItem(item),
      matched: false,
    };
    this.slots.push(slot);
    if (slot.item instanceof CallItem) {
      const { item: call } = slot;
      this.speak(slot, out, (parts) => {
        call.start(parts);
      });
    }
    return slot;
  }

  private makeItem(item: JsonObject): StreamItem {
    if (item.type === 'message') return new MessageItem(item, this.scope);
    if (item.type === 'reasoning') return new ReasoningItem(item, this.scope);
    const call = callOf(item, this.context);
    return call ? new CallItem(item, this.scope, call) : new OpaqueItem(item);
  }

  private pushToItem(type: string, payload: JsonObject, out: StreamPart[]): void {
    const { current } = this;
    let slot =
      current && current.id !== undefined && payload.item_id === current.id
        ? current
        : this.find(filled(payload.item_id), payload.output_index);
    if (!slot) {
      const implied = impliedType(type);
      if (implied === undefined) return;
      const last = this.slots.at(-1);
      const nameless = payload.item_id === undefined && payload.output_index === undefined;
      slot =
        nameless && last?.type === implied
          ? last
          : this.open({ type: implied, id: payload.item_id, name: payload.name }, payload.output_index, out);
    }
    // The way of every delta: nothing is made here but the part.
    if (slot === this.current && (this.late.length === 0 || slot.item.isCall)) {
      slot.item.push(type, payload, out);
      return;
    }
    const { item } = slot;
    this.speak(slot, out, (parts) => {
      item.push(type, payload, parts);
    });
  }

  private find(id: string | undefined, index: Json | undefined): Slot | undefined {
    return (
      (id === undefined ? undefined : this.slots.findLast((slot) => slot.id === id)) ??
      (typeof index === 'number' ? this.slots.findLast((slot) => slot.index === index) : undefined)
    );
  }

  private finishItem(item: JsonObject, index: Json | undefined, out: StreamPart[]): void {
    const type = textOf(item.type);
    const known = this.find(filled(item.id), index);
    const last = this.slots.at(-1);
    const same = known ?? (index === undefined && item.id === undefined ? last : undefined);
    this.finishSlot(same?.type === type ? same : this.open(item, index, out), item, out);
  }

  private finishSlot(slot: Slot, item: JsonObject | undefined, out: StreamPart[]): void {
    this.speak(slot, out, (parts) => {
      slot.item.finish(item, parts);
    });
    if (slot.item.isCall) this.sayLate(out);
  }

  /** Lets an item speak, in its turn. */
  private speak(slot: Slot, out: StreamPart[], say: (out: StreamPart[]) => void): void {
    if (!slot.item.isCall && (this.late.length > 0 || this.hasOpenCall())) {
      this.late.push({ slot, say });
      return;
    }
    if (slot !== this.current) this.current?.item.interrupt(out);
    this.current = slot;
    say(out);
  }

  private hasOpenCall(): boolean {
    return this.slots.some(({ item }) => item.isCall && item.isOpen);
  }

  private sayLate(out: StreamPart[]): void {
    if (this.late.length === 0 || this.hasOpenCall()) return;
    const { late } = this;
    this.late = [];
    for (const { slot, say } of late) this.speak(slot, out, say);
  }

  private complete(payload: JsonObject, out: StreamPart[]): void {
    const response = isObject(payload.response) ? payload.response : {};
    this.start(response, out);
    objectsIn(response.output).forEach((item, position) => {
      const slot = this.match(item, position) ?? this.open(item, undefined, out);
      slot.matched = true;
      this.finishSlot(slot, item, out);
    });
    if (isObject(response.error) || response.status === 'failed') {
      const error = readStreamError({ event: 'response.failed', data: JSON.stringify({ response }) });
      return this.fail(error ?? cut('The response failed.'), out);
    }
    this.close(out);
    this.ended = true;
    this.scope.trail.end();
    const usage = readUsage(payload);
    if (usage) out.push({ type: 'usage', usage });
    const { calls, refused } = this.scope;
    out.push({ type: 'finish', finish: decodeFinish(response, { calls: calls > 0, refused }) });
  }

  /** The item that a member of the final `output` means: by id, by call, by position, else the next of its type. */
  private match(item: JsonObject, position: number): Slot | undefined {
    const id = filled(item.id);
    const callId = filled(item.call_id);
    const open = this.slots.filter((slot) => !slot.matched && slot.type === item.type);
    return (
      open.find((slot) => id !== undefined && slot.id === id) ??
      open.find(
        ({ item: call }) => callId !== undefined && call instanceof CallItem && call.callId === callId,
      ) ??
      open.find((slot) => slot.index === position) ??
      open[0]
    );
  }

  /** Ends whatever was begun, calls first: others may wait for them. */
  private close(out: StreamPart[]): void {
    for (const slot of this.slots) if (slot.item.isCall) slot.item.finish(undefined, out);
    this.sayLate(out);
    this.current?.item.interrupt(out);
  }

  private fail(error: ErrorInfo, out: StreamPart[]): void {
    this.ended = true;
    this.close(out);
    out.push({ type: 'error', error });
  }
}

/** A decoder for one upstream answer. */
export function createStreamDecoder(context: AnswerContext): StreamDecoder {
  return new ResponsesStreamDecoder(context);
}
