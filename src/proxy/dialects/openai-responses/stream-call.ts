/** A call of a tool in a stream to a client. Several may be open at the same time. */
import { isObject, type JsonObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import { clientCallItem, plainCallItem, type CallHead, type ItemStatus } from './encode-items';
import type { ItemPlace } from './stream-message';
import type { DeltaHead, StreamWriter } from './stream-writer';

/** One call: its input goes out as it comes, except for tools whose items cannot be begun before it is whole. */
export class CallStream {
  private place: ItemPlace | undefined;
  private head: DeltaHead = '';
  private input = '';

  constructor(
    private readonly call: CallHead,
    private readonly context: ReplyContext,
    private readonly writer: StreamWriter,
    /** The next place in `output`: they are taken in the order of the announcements. */
    private readonly nextPlace: () => ItemPlace,
  ) {}

  private get custom(): boolean {
    return this.call.kind === 'custom';
  }

  begin(): string {
    if (this.call.tool.client) return '';
    const place = this.nextPlace();
    this.place = place;
    const type = this.custom
      ? 'response.custom_tool_call_input.delta'
      : 'response.function_call_arguments.delta';
    this.head = this.writer.head(type, place);
    return this.announce(place, plainCallItem(this.call, '', 'in_progress'));
  }

  say(text: string): string {
    if (text === '') return '';
    this.input += text;
    return this.place ? this.writer.delta(this.head, text) : '';
  }

  /** The events before the item's last one, and the item. */
  end(status: ItemStatus): { text: string; place: ItemPlace; item: JsonObject } {
    const { writer, call } = this;
    if (!this.place) return this.endClientCall(call.tool.client);
    let text = '';
    // Clients parse the arguments of a call that has none, too.
    if (!this.custom && this.input.trim() === '') text += this.say('{}');
    text += this.custom
      ? writer.event('response.custom_tool_call_input.done', { ...this.place, input: this.input })
      : writer.event('response.function_call_arguments.done', {
          ...this.place,
          name: call.tool.name,
          arguments: this.input,
        });
    return { text, place: this.place, item: plainCallItem(call, this.input, status) };
  }

  private announce(place: ItemPlace, item: JsonObject): string {
    return this.writer.event('response.output_item.added', { output_index: place.output_index, item });
  }

  private endClientCall(client: CallHead['tool']['client']): {
    text: string;
    place: ItemPlace;
    item: JsonObject;
  } {
    const place = this.nextPlace();
    const item = client
      ? clientCallItem(this.call, client, this.input, this.context)
      : plainCallItem(this.call, this.input, 'completed');
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
