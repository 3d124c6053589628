import type { Json, JsonObject } from '../../../shared/json';
import type { StreamPart } from '../canonical';
import { messageNote, reasoningNote } from './decode-output';
import { filled, noted, objectsIn } from './read-item';
import { indexOf, type StreamItem, type StreamScope } from './stream-item';

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

  skipped(id: string, text: string): void {
    if (this.id === id) this.sent[this.paragraph] = (this.sent[this.paragraph] ?? 0) + text.length;
  }

  private begin(out: StreamPart[]): string {
    if (this.id === undefined) {
      this.id = `reasoning-${this.scope.parts++}`;
      // The id at once: a client of this API is told it before the end, and the ciphertext belongs to it.
      out.push({ type: 'reasoning-start', id: this.id, ...noted(messageNote(this.item)) });
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
