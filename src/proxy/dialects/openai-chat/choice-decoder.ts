import { isObject, type JsonObject } from '../../../shared/json';
import type { AnswerContext, EscapedDelta } from '../adapter';
import type { Citation, Metadata, StreamPart } from '../canonical';
import { decodeAnnotation } from '../openai/citations';
import { readAnswerAudio, readAnswerImages, readAnswerText, readCalls } from './decode-answer-content';
import { decodeFinish } from './map-stop-reason';
import { rememberReasoning } from './reasoning-memory';
import { ToolCallSlots } from './tool-call-slots';
import { DIALECT, filled, note, objectsIn, type ReasoningField } from './wire';

type Kind = 'text' | 'reasoning' | 'refusal';

/** One choice of a stream: opens and closes parts as the deltas change their kind. */
export class ChoiceDecoder {
  private readonly choice: { choice?: number };
  private readonly calls: ToolCallSlots;
  private open: { kind: Kind; id: string } | undefined;
  private blocks = 0;
  private reasoning = '';
  private field: ReasoningField = 'reasoning_content';
  private details: JsonObject[] = [];
  private readonly allDetails: JsonObject[] = [];
  private said = '';
  /** Where the text that is open begins in all that was said. */
  private from = 0;
  /** Citations so far: some servers repeat all of them with every chunk. */
  private readonly cited = new Set<string>();
  /** Citations that wait for the end of the text: of no place in it, or come before it. */
  private waiting: (Citation | { annotation: JsonObject })[] = [];
  private refused = false;
  /** Words that came while a tool call was open: parts must not overlap, so they follow it. */
  private late: { kind: Kind; text: string }[] = [];
  private warnedOfAudio = false;
  finishReason: string | undefined;
  finished = false;

  constructor(
    private readonly index: number,
    private readonly context: AnswerContext,
    usedIds: Set<string>,
  ) {
    this.choice = index === 0 ? {} : { choice: index };
    this.calls = new ToolCallSlots(context, this.choice, usedIds);
  }

  /** @param sources that stand beside the choices */
  push(choice: JsonObject, sources: readonly Citation[]): StreamPart[] {
    const parts: StreamPart[] = [];
    const { logprobs } = choice;
    if (logprobs !== undefined && logprobs !== null)
      parts.push({ type: 'logprobs', value: logprobs, ...this.choice });
    // Some servers answer a streamed request with whole messages.
    const delta = isObject(choice.delta) ? choice.delta : isObject(choice.message) ? choice.message : {};
    const { reasoning, text, refusal, field, details } = readAnswerText(delta);
    if (reasoning !== '') this.field = field;
    this.details.push(...details);
    this.allDetails.push(...details);
    parts.push(
      ...this.say('reasoning', reasoning, details.length > 0 && this.open?.kind !== 'reasoning'),
      ...this.say('text', text),
      ...this.say('refusal', refusal),
    );
    for (const part of readAnswerImages(delta)) {
      parts.push(...this.closeBlock(), { type: 'file', part, ...this.choice });
    }
    for (const value of objectsIn(delta.annotations)) parts.push(...this.cite(value));
    for (const source of sources) this.addSource(source);
    if (!this.warnedOfAudio && readAnswerAudio(delta)) {
      this.warnedOfAudio = true;
      this.context.warn({
        type: 'dropped',
        field: 'audio',
        message: 'Spoken answers are not carried to this client.',
      });
    }
    for (const call of readCalls(delta)) parts.push(...this.closeBlock(), ...this.calls.push(call));
    // An empty string is not an end; the last word counts where a server repeats it.
    this.finishReason = filled(choice.finish_reason) ?? this.finishReason;
    return parts;
  }

  /** See `StreamDecoder.skipped`. */
  skipped(type: EscapedDelta['type'], id: string, text: string): void {
    if (type === 'tool-input-delta') this.calls.skipped(id, text);
    else if (this.open?.id !== id) return;
    else if (type === 'reasoning-delta') this.reasoning += text;
    else this.said += text;
  }

  /** Closes what is open. The finish comes apart, so that usage can stand before it. */
  close(): StreamPart[] {
    const parts = [...this.closeBlock(), ...this.calls.close()];
    const late = this.late;
    this.late = [];
    for (const { kind, text } of late) parts.push(...this.say(kind, text));
    parts.push(...this.closeBlock());
    if (this.waiting.length > 0)
      this.context.warn({ type: 'dropped', field: 'annotations', message: 'Citations came without a text.' });
    rememberReasoning(
      this.context.signatures,
      { call: this.calls.first, text: this.said },
      {
        field: this.field,
        text: this.reasoning,
        details: this.allDetails,
      },
    );
    return parts;
  }

  finish(): StreamPart {
    this.finished = true;
    const content: { type: 'tool-call' | 'refusal' }[] = [];
    if (!this.calls.isEmpty) content.push({ type: 'tool-call' });
    if (this.refused) content.push({ type: 'refusal' });
    return { type: 'finish', finish: decodeFinish(this.finishReason, content), ...this.choice };
  }

  get isEmpty(): boolean {
    return this.blocks === 0 && this.calls.isEmpty;
  }

  /** @param silent whether the part is to exist without text too: encrypted reasoning */
  private say(kind: Kind, text: string, silent = false): StreamPart[] {
    if (text === '' && !silent) return [];
    const parts: StreamPart[] = [];
    if (this.calls.hasOpen) {
      if (!this.calls.isSettled) {
        this.late.push({ kind, text });
        return [];
      }
      parts.push(...this.calls.close());
    }
    if (this.open?.kind !== kind) {
      parts.push(...this.closeBlock());
      this.open = { kind, id: `${kind}-${this.index}-${this.blocks++}` };
      if (kind === 'text') this.from = this.said.length;
      parts.push({ type: `${kind}-start`, id: this.open.id, ...this.choice });
    }
    if (kind === 'reasoning') this.reasoning += text;
    if (kind === 'text') this.said += text;
    if (kind === 'refusal') this.refused = true;
    if (text !== '') parts.push({ type: `${kind}-delta`, id: this.open.id, text, ...this.choice });
    return parts;
  }

  private cite(annotation: JsonObject): StreamPart[] {
    const identity = JSON.stringify(annotation);
    if (this.cited.has(identity)) return [];
    this.cited.add(identity);
    if (this.open?.kind === 'text') return [this.citation(this.open.id, { annotation })];
    this.waiting.push({ annotation });
    return [];
  }

  private addSource(source: Citation): void {
    const identity = JSON.stringify(source);
    if (this.cited.has(identity)) return;
    this.cited.add(identity);
    this.waiting.push(source);
  }

  private citeWaiting(id: string): StreamPart[] {
    const waiting = this.waiting.splice(0);
    return waiting.map((each) => this.citation(id, each));
  }

  private citation(id: string, given: Citation | { annotation: JsonObject }): StreamPart {
    const citation =
      'annotation' in given
        ? decodeAnnotation(given.annotation, DIALECT, { text: this.said, from: this.from })
        : given;
    return { type: 'citation', id, citation, said: this.said, from: this.from, ...this.choice };
  }

  private closeBlock(): StreamPart[] {
    const open = this.open;
    if (!open) return [];
    this.open = undefined;
    if (open.kind === 'text')
      return [...this.citeWaiting(open.id), { type: 'text-end', id: open.id, ...this.choice }];
    if (open.kind !== 'reasoning') return [{ type: `${open.kind}-end`, id: open.id, ...this.choice }];
    const details = this.details;
    this.details = [];
    const own: { metadata?: Metadata } = note({
      field: this.field,
      ...(details.length > 0 && { reasoning_details: details }),
    });
    return [{ type: 'reasoning-end', id: open.id, ...this.choice, ...own }];
  }
}
