/** A call of a tool in a stream to a client. Several may be open at the same time. */
import { isObject, type JsonObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import { clientCallItem, misfitHead, plainCallItem, type CallHead, type ItemStatus } from './encode-items';
import { GatheredText } from '../gathered-text';
import type { ItemPlace } from './stream-message';
import type { DeltaHead, StreamWriter } from './stream-writer';

/** The events before the last one of an item, and the item. */
export interface CallEnd {
  text: string;
  place: ItemPlace;
  item: JsonObject;
}

/** One call: its input goes out as it comes, except for tools whose items cannot be begun before it is whole. */
export class CallStream {
  private place: ItemPlace | undefined;
  private head: DeltaHead = '';
  private gathered = new GatheredText();

  constructor(
    private call: CallHead,
    private readonly context: ReplyContext,
    private readonly writer: StreamWriter,
    /** The next place in `output`: they are taken in the order of the announcements. */
    private readonly nextPlace: (id: string) => ItemPlace,
  ) {}

  begin(): string {
    return this.call.tool.client ? '' : this.beginPlain();
  }

  say(text: string): string {
    if (text === '') return '';
    this.gathered.push(text);
    return this.place ? this.writer.delta(this.head, text) : '';
  }

  /** {@link say} for text that is escaped already. */
  sayEscaped(escaped: string): string {
    this.gathered.pushEscaped(escaped);
    return this.place ? this.writer.escapedDelta(this.head, escaped) : '';
  }

  end(status: ItemStatus): CallEnd {
    const { client } = this.call.tool;
    if (this.place) return this.endPlain(this.place, status, '');
    const item = client && clientCallItem(this.call, client, this.input, this.context);
    if (item) return this.endClientCall(item);
    this.call = misfitHead(this.call, this.context);
    const whole = this.input;
    this.gathered = new GatheredText();
    const before = this.beginPlain() + this.say(whole);
    return this.endPlain(this.place ?? this.nextPlace(this.call.id), status, before);
  }

  private get input(): string {
    return this.gathered.text;
  }

  private get custom(): boolean {
    return this.call.kind === 'custom';
  }

  private beginPlain(): string {
    const place = this.nextPlace(this.call.id);
    this.place = place;
    const type = this.custom
      ? 'response.custom_tool_call_input.delta'
      : 'response.function_call_arguments.delta';
    this.head = this.writer.head(type, place);
    return this.announce(place, plainCallItem(this.call, '', 'in_progress'));
  }

  private announce(place: ItemPlace, item: JsonObject): string {
    return this.writer.event('response.output_item.added', { output_index: place.output_index, item });
  }

  private endPlain(place: ItemPlace, status: ItemStatus, before: string): CallEnd {
    const { writer, call } = this;
    let text = before;
    // Clients parse the arguments of a call that has none, too.
    if (!this.custom && this.input.trim() === '') text += this.say('{}');
    text += this.custom
      ? writer.event('response.custom_tool_call_input.done', { ...place, input: this.input })
      : writer.event('response.function_call_arguments.done', {
          ...place,
          name: call.tool.name,
          arguments: this.input,
        });
    return { text, place, item: plainCallItem(call, this.input, status) };
  }

  private endClientCall(item: JsonObject): CallEnd {
    const place = this.nextPlace(this.call.id);
    const { operation } = item;
    const diff = isObject(operation) ? operation.diff : undefined;
    const announced =
      isObject(operation) && diff !== undefined ? { operation: { ...operation, diff: '' } } : {};
    let text = this.announce(place, { ...item, ...announced, status: 'in_progress' });
    if (typeof diff === 'string') {
      const type = 'response.apply_patch_call_operation_diff';
      if (diff !== '') text += this.writer.delta(this.writer.head(`${type}.delta`, place), diff);
      text += this.writer.event(`${type}.done`, { ...place, diff });
    }
    return { text, place, item };
  }
}
