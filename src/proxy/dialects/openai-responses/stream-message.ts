/** The message and the reasoning that are open in a stream to a client. */
import type { Json, JsonObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type { Citation, Metadata } from '../canonical';
import {
  encodeCitation,
  messageItem,
  reasoningItem,
  refusalContent,
  textContent,
  type ItemStatus,
  type OutputItem,
} from './encode-items';
import { GatheredText } from '../gathered-text';
import type { DeltaHead, StreamWriter } from './stream-writer';

/** Where an item stands: its id and its place in `output`. */
export interface ItemPlace extends JsonObject {
  item_id: string;
  output_index: number;
}

interface OpenContent {
  kind: 'text' | 'refusal';
  place: JsonObject;
  head: DeltaHead;
  text: GatheredText;
  annotations: Json[];
  logprobs: Json[];
}

/** A message: contents one after the other, the item's end when something else begins. */
export class MessageStream {
  private readonly content: JsonObject[] = [];
  private open: OpenContent | undefined;
  /** Log probabilities that wait for the text they belong to. */
  private waiting: Json[] | undefined;

  constructor(
    readonly place: ItemPlace,
    private readonly phase: string | undefined,
    private readonly writer: StreamWriter,
  ) {}

  get id(): string {
    return this.place.item_id;
  }

  begin(): string {
    const item = messageItem(this.id, 'in_progress', [], this.phase);
    return this.writer.event('response.output_item.added', { output_index: this.place.output_index, item });
  }

  /** Opens the next content. */
  beginContent(kind: 'text' | 'refusal'): string {
    const place = { ...this.place, content_index: this.content.length };
    const type = kind === 'text' ? 'response.output_text.delta' : 'response.refusal.delta';
    const head = this.writer.head(type, place);
    this.open = { kind, place, head, text: new GatheredText(), annotations: [], logprobs: [] };
    const part = kind === 'text' ? textContent('', [], []) : refusalContent('');
    return this.writer.event('response.content_part.added', { ...place, part });
  }

  say(text: string): string {
    const { open } = this;
    if (!open) return '';
    open.text.push(text);
    if (open.kind === 'refusal') return this.writer.delta(open.head, text);
    const logprobs = this.takeLogprobs(open);
    return this.writer.textDelta(open.head, text, logprobs);
  }

  /** {@link say} for text that is escaped already; undefined where it cannot be said so. */
  sayEscaped(escaped: string): string | undefined {
    const { open } = this;
    if (open?.kind !== 'text' || this.waiting) return undefined;
    open.text.pushEscaped(escaped);
    return this.writer.escapedTextDelta(open.head, escaped);
  }

  addLogprobs(logprobs: Json[]): void {
    this.waiting = this.waiting ? [...this.waiting, ...logprobs] : logprobs;
  }

  /** A citation of the text that is open. */
  cite(citation: Citation, context: ReplyContext): string {
    const { open } = this;
    if (open?.kind !== 'text') return '';
    const annotation = encodeCitation(citation, open.text.text, context);
    if (!annotation) return '';
    const annotation_index = open.annotations.length;
    open.annotations.push(annotation);
    return this.writer.event('response.output_text.annotation.added', {
      ...open.place,
      annotation_index,
      annotation,
    });
  }

  /** Ends the content that is open. */
  endContent(): string {
    const { open, writer } = this;
    if (!open) return '';
    let out = '';
    if (open.kind === 'text' && this.waiting) out += writer.textDelta(open.head, '', this.takeLogprobs(open));
    this.open = undefined;
    const { place, logprobs } = open;
    const { text } = open.text;
    const part = open.kind === 'text' ? textContent(text, open.annotations, logprobs) : refusalContent(text);
    this.content.push(part);
    out +=
      open.kind === 'text'
        ? writer.event('response.output_text.done', { ...place, text, logprobs })
        : writer.event('response.refusal.done', { ...place, refusal: text });
    return out + writer.event('response.content_part.done', { ...place, part });
  }

  /** The item as it is at its end. */
  item(status: ItemStatus): OutputItem {
    const item = messageItem(this.id, status, this.content, this.phase);
    return { sent: item, kept: item };
  }

  private takeLogprobs(open: OpenContent): Json[] | undefined {
    const { waiting } = this;
    if (!waiting) return undefined;
    this.waiting = undefined;
    open.logprobs.push(...waiting);
    return waiting;
  }
}

/** Reasoning: one summary, where there is any text. */
export class ReasoningStream {
  private head: DeltaHead = '';
  private readonly text = new GatheredText();

  constructor(
    readonly place: ItemPlace,
    private readonly writer: StreamWriter,
  ) {}

  begin(): string {
    const item = { id: this.place.item_id, type: 'reasoning', summary: [] };
    return this.writer.event('response.output_item.added', { output_index: this.place.output_index, item });
  }

  say(text: string): string {
    let out = '';
    if (this.head === '') {
      const place = { ...this.place, summary_index: 0 };
      this.head = this.writer.head('response.reasoning_summary_text.delta', place);
      const part = { type: 'summary_text', text: '' };
      out = this.writer.event('response.reasoning_summary_part.added', { ...place, part });
    }
    this.text.push(text);
    return out + this.writer.delta(this.head, text);
  }

  /** {@link say} for text that is escaped already; undefined where it cannot be said so. */
  sayEscaped(escaped: string): string | undefined {
    if (this.head === '') return undefined;
    this.text.pushEscaped(escaped);
    return this.writer.escapedDelta(this.head, escaped);
  }

  /** Ends the summary, if there is one. */
  end(): string {
    if (this.head === '') return '';
    const { writer } = this;
    const { text } = this.text;
    const place = { ...this.place, summary_index: 0 };
    const part = { type: 'summary_text', text };
    return (
      writer.event('response.reasoning_summary_text.done', { ...place, text }) +
      writer.event('response.reasoning_summary_part.done', { ...place, part })
    );
  }

  /** The item as it is at its end. */
  item(metadata: Metadata | undefined, encrypted: boolean): OutputItem {
    return reasoningItem(this.place.item_id, this.text.text, metadata, encrypted);
  }
}
