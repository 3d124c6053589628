import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { StreamPart } from '../canonical';
import { decodeAnnotation } from '../openai/citations';
import { messageNote, opaquePart } from './decode-output';
import { contentsOf, noted, objectsIn } from './read-item';
import { DIALECT } from './wire';
import { indexOf, type StreamItem, type StreamScope } from './stream-item';

/** A message: one part for each of its contents. */
export class MessageItem implements StreamItem {
  readonly isCall = false;
  private open: { kind: 'text' | 'refusal'; content: number; id: string; from: number } | undefined;
  /** What was sent, by content index: the places of citations count in it. */
  private readonly sent: string[] = [];
  /** Citations that were told, by content index, and those that wait for their text. */
  private readonly cited: number[] = [];
  private readonly waiting: JsonObject[][] = [];
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
        if (isObject(payload.annotation)) this.cite(content, payload.annotation, out);
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
    const waiting = open.kind === 'text' ? (this.waiting[open.content]?.splice(0) ?? []) : [];
    for (const annotation of waiting) this.cite(open.content, annotation, out);
    this.open = undefined;
    if (open.kind === 'refusal') {
      out.push({ type: 'refusal-end', id: open.id });
      return;
    }
    this.scope.said += (this.sent[open.content] ?? '').slice(open.from);
    out.push({ type: 'text-end', id: open.id, ...noted(messageNote(this.item)) });
  }

  skipped(id: string, text: string): void {
    const { open } = this;
    if (open?.id === id) this.sent[open.content] = (this.sent[open.content] ?? '') + text;
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
      open = { kind, content, id: `${kind}-${this.scope.parts++}`, from: (this.sent[content] ?? '').length };
      this.open = open;
      if (kind === 'refusal') {
        this.scope.refused = true;
        out.push({ type: 'refusal-start', id: open.id });
      } else out.push({ type: 'text-start', id: open.id, ...noted(messageNote(this.item)) });
    }
    this.sent[content] = (this.sent[content] ?? '') + delta;
    out.push(
      kind === 'text'
        ? { type: 'text-delta', id: open.id, text: delta }
        : { type: 'refusal-delta', id: open.id, text: delta },
    );
    if (Array.isArray(logprobs) && logprobs.length > 0)
      out.push({ type: 'logprobs', value: { content: logprobs } });
  }

  private cite(content: number, annotation: JsonObject, out: StreamPart[]): void {
    const { open } = this;
    if (open?.kind !== 'text' || open.content !== content) {
      (this.waiting[content] ??= []).push(annotation);
      return;
    }
    this.cited[content] = (this.cited[content] ?? 0) + 1;
    const cited = { text: this.sent[content] ?? '', from: open.from };
    const citation = decodeAnnotation(annotation, DIALECT, cited);
    const { said: before } = this.scope;
    const said = before + cited.text.slice(open.from);
    out.push({ type: 'citation', id: open.id, citation, said, from: before.length });
  }

  /** The whole text is known: what was not streamed follows. Lengths tell. */
  private complete(
    kind: 'text' | 'refusal',
    content: number,
    whole: Json | undefined,
    out: StreamPart[],
  ): void {
    const sent = (this.sent[content] ?? '').length;
    if (typeof whole === 'string' && whole.length > sent)
      this.say(kind, content, whole.slice(sent), undefined, out);
  }

  private endContent(content: number, part: JsonObject, out: StreamPart[]): void {
    if (part.type === 'refusal') this.complete('refusal', content, part.refusal, out);
    else if (typeof part.text === 'string') this.complete('text', content, part.text, out);
    else if (this.sent[content] === undefined) {
      this.interrupt(out);
      this.sent[content] = '';
      out.push({ type: 'opaque', part: opaquePart(part) });
    }
    if (this.open?.content !== content) return;
    // The whole list is the truth where it is given; servers may leave out the events.
    const listed = objectsIn(part.annotations);
    if (listed.length > 0) this.waiting[content] = listed.slice(this.cited[content] ?? 0);
    this.interrupt(out);
  }
}
