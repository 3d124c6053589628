/** The grammar of one item within a Responses stream. */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { member, textMember } from '../stream-reading';
import type { StreamReading } from '../stream-reading';

/** A content part, a summary, or the input of a call, between its beginning and its end. */
interface OpenText {
  kind: string;
  index: number;
  text: string;
  deltas: number;
  done: boolean;
}

/** Which events fill which kind of text, and where they say the whole of it. */
const TEXTS: Record<string, { kind: string; whole: string }> = {
  'response.output_text': { kind: 'output_text', whole: 'text' },
  'response.refusal': { kind: 'refusal', whole: 'refusal' },
  'response.reasoning_text': { kind: 'reasoning_text', whole: 'text' },
  'response.reasoning_summary_text': { kind: 'summary_text', whole: 'text' },
};
const INPUTS: Record<string, { type: string; whole: string }> = {
  'response.function_call_arguments': { type: 'function_call', whole: 'arguments' },
  'response.custom_tool_call_input': { type: 'custom_tool_call', whole: 'input' },
};
/** Where items of the tools that clients run say what is to be done. */
const CLIENT_CALLS: Record<string, { name: string; field: string }> = {
  local_shell_call: { name: 'local_shell', field: 'action' },
  shell_call: { name: 'shell', field: 'action' },
  apply_patch_call: { name: 'apply_patch', field: 'operation' },
  tool_search_call: { name: 'tool_search', field: 'arguments' },
};
/** Progress of tools that the provider runs, and of the tools above: told again by the item at its end. */
const PROGRESS =
  /^response\.(web_search_call|file_search_call|code_interpreter_call(_code)?|image_generation_call|mcp_call(_arguments)?|mcp_list_tools|apply_patch_call_operation_diff|shell_call_command|shell_call_output_content)\./;

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** Takes the events of one item in order. */
export class ResponsesItemChecker {
  readonly id: string;
  readonly type: string;
  /** The item at its end. */
  done: JsonObject | undefined;
  private open: OpenText | undefined;
  /** Texts so far, by kind. */
  private readonly told: Record<string, string[]> = {};
  private input: OpenText | undefined;

  constructor(
    added: JsonObject,
    private readonly recorded: boolean,
    private readonly report: (text: string) => void,
  ) {
    this.id = textMember(added, 'id');
    this.type = textMember(added, 'type');
    if (!this.id) report(`an item of type ${this.type} without an id`);
    if (!this.type) report('an item without a type');
    if (this.type === 'message') {
      if (added.role !== 'assistant') report(`a message of ${String(added.role)}`);
      if (JSON.stringify(added.content) !== '[]') this.complain('is added with content');
    }
    if (this.type === 'reasoning' && !Array.isArray(added.summary)) this.complain('has no summary');
    for (const { type, whole } of Object.values(INPUTS)) {
      if (this.type !== type) continue;
      if (added[whole] !== '') this.complain(`is added with ${whole}`);
      if (!textMember(added, 'call_id') || !textMember(added, 'name')) this.complain('lacks call_id or name');
      this.input = { kind: whole, index: 0, text: '', deltas: 0, done: false };
    }
  }

  push(type: string, data: JsonObject): void {
    if (this.done) this.complain(`${type} after its end`);
    if (type === 'response.output_item.done') return this.end(member(data, 'item'));
    // Recorded: GitHub's servers make up an id for every event, and readers go by the index.
    if (data.item_id !== this.id && !this.recorded)
      this.complain(`${type} names item ${String(data.item_id)}`);
    const [, stem = '', verb = ''] = /^(.*)\.(\w+)$/.exec(type) ?? [];
    const text = TEXTS[stem];
    const input = INPUTS[stem];
    if (text && verb === 'delta') return this.addText(type, text.kind, data);
    if (text && verb === 'done') return this.endText(type, text, data);
    if (input) return this.pushInput(type, input, verb, data);
    switch (type) {
      case 'response.content_part.added':
        return this.begin(type, member(data, 'part'), data.content_index);
      case 'response.reasoning_summary_part.added':
        return this.begin(type, member(data, 'part'), data.summary_index);
      case 'response.content_part.done':
        return this.endPart(type, member(data, 'part'), data.content_index);
      case 'response.reasoning_summary_part.done':
        return this.endPart(type, member(data, 'part'), data.summary_index);
      case 'response.output_text.annotation.added':
        if (this.open?.kind !== 'output_text') this.complain('gets an annotation without an open text');
        return;
      default:
        if (!PROGRESS.test(type)) this.complain(`unknown event ${type}`);
    }
  }

  /** Adds what the item says to the answer that is read. */
  read(reading: StreamReading): void {
    const { done } = this;
    if (!done) {
      reading.text += this.textOf('output_text');
      reading.reasoning += this.textOf('summary_text') || this.textOf('reasoning_text');
      return;
    }
    const id = textMember(done, 'call_id');
    const name = textMember(done, 'name');
    switch (this.type) {
      case 'message':
        for (const part of objects(done.content))
          if (part.type === 'output_text') reading.text += textMember(part, 'text');
        return;
      case 'reasoning': {
        const texts = (value: Json | undefined) =>
          objects(value)
            .map((part) => textMember(part, 'text'))
            .join('\n\n');
        reading.reasoning += texts(done.summary) || texts(done.content);
        return;
      }
      case 'function_call':
        reading.calls.push({ id, name, input: textMember(done, 'arguments') });
        return;
      case 'custom_tool_call':
        reading.calls.push({ id, name, input: textMember(done, 'input') });
        return;
    }
    const call = CLIENT_CALLS[this.type];
    const environment = member(done, 'environment').type;
    const remote = done.execution === 'server' || (environment !== undefined && environment !== 'local');
    if (call && !remote) {
      const asked = done[call.field];
      reading.calls.push({ id, name: call.name, input: JSON.stringify(asked ?? {}) });
    }
  }

  private textOf(kind: string): string {
    const open = this.open?.kind === kind ? [this.open.text] : [];
    return [...(this.told[kind] ?? []), ...open].join(kind === 'output_text' ? '' : '\n\n');
  }

  private complain(text: string): void {
    this.report(`item ${this.id} (${this.type}) ${text}`);
  }

  private begin(type: string, part: JsonObject, index: Json | undefined): void {
    const kind = textMember(part, 'type');
    const allowed = this.type === 'message' ? ['output_text', 'refusal'] : ['summary_text', 'reasoning_text'];
    if (!allowed.includes(kind)) this.complain(`gets a part of type ${kind}`);
    if ((type === 'response.content_part.added') === (kind === 'summary_text'))
      this.complain(`opens ${kind} by ${type}`);
    if (this.open) this.complain(`opens a part while another is open`);
    const before =
      this.type === 'message' ? Object.values(this.told).flat().length : (this.told[kind] ?? []).length;
    if (index !== before) this.complain(`opens part ${String(index)} instead of ${before}`);
    if (textMember(part, kind === 'refusal' ? 'refusal' : 'text') !== '')
      this.complain('opens a part with text');
    this.open = { kind, index: before, text: '', deltas: 0, done: false };
  }

  /** The open part, if it is the one that the event means. */
  private part(type: string, kind: string, data: JsonObject): OpenText | undefined {
    const { open } = this;
    const index = kind === 'summary_text' ? data.summary_index : data.content_index;
    if (open?.kind !== kind || open.index !== index) {
      this.complain(`${type} for part ${String(index)}, which is not open`);
      return undefined;
    }
    return open;
  }

  private addText(type: string, kind: string, data: JsonObject): void {
    const open = this.part(type, kind, data);
    if (typeof data.delta !== 'string') this.complain(`${type} without a delta`);
    if (kind === 'output_text' && !this.recorded && !Array.isArray(data.logprobs))
      this.complain(`${type} without logprobs`);
    if (!open) return;
    if (open.done) this.complain(`${type} after its done`);
    open.text += textMember(data, 'delta');
    open.deltas++;
  }

  private endText(type: string, { kind, whole }: { kind: string; whole: string }, data: JsonObject): void {
    const open = this.part(type, kind, data);
    if (!open) return;
    if (open.done) this.complain(`${type} twice`);
    open.done = true;
    this.compare(type, open, data[whole]);
  }

  /** Recordings leave deltas out: there the whole counts. */
  private compare(what: string, open: OpenText, whole: Json | undefined): void {
    if (typeof whole !== 'string') this.complain(`${what} does not say the whole`);
    else if (this.recorded) open.text = whole;
    else if (whole !== open.text)
      this.complain(`${what} says ${JSON.stringify(whole)}, the deltas ${JSON.stringify(open.text)}`);
  }

  private endPart(type: string, part: JsonObject, index: Json | undefined): void {
    const { open } = this;
    if (open?.index !== index || open?.kind !== part.type)
      return this.complain(`${type} for part ${String(index)}, which is not open`);
    if (!open) return;
    if (!open.done) this.complain(`${type} before the text is done`);
    this.compare(type, open, part[open.kind === 'refusal' ? 'refusal' : 'text']);
    (this.told[open.kind] ??= []).push(open.text);
    this.open = undefined;
  }

  private pushInput(
    type: string,
    { type: itemType, whole }: { type: string; whole: string },
    verb: string,
    data: JsonObject,
  ): void {
    const { input } = this;
    if (this.type !== itemType || !input) return this.complain(`gets ${type}`);
    if (input.done) this.complain(`${type} after its done`);
    if (verb === 'delta') {
      input.text += textMember(data, 'delta');
      input.deltas++;
      return;
    }
    input.done = true;
    this.compare(type, input, data[whole]);
  }

  private end(item: JsonObject): void {
    this.done = item;
    if (item.id !== this.id && !this.recorded) this.complain(`ends as ${String(item.id)}`);
    if (item.type !== this.type) this.complain(`ends as ${String(item.type)}`);
    if (this.open) this.complain('ends while a part is open');
    const { status } = item;
    if (status !== undefined && !['completed', 'incomplete', 'failed'].includes(String(status)))
      this.complain(`ends with status ${String(status)}`);
    const says = (kinds: string[], parts: JsonObject[]) => {
      const told = parts.map((part) => textMember(part, part.type === 'refusal' ? 'refusal' : 'text'));
      const before = kinds.flatMap((kind) => this.told[kind] ?? []);
      if (JSON.stringify([...told].sort()) !== JSON.stringify([...before].sort()))
        this.complain(`ends with ${JSON.stringify(told)} after ${JSON.stringify(before)}`);
    };
    if (this.type === 'message') {
      says(['output_text', 'refusal'], objects(item.content));
      if (status === undefined && !this.recorded) this.complain('ends without status');
    }
    if (this.type === 'reasoning') {
      says(['summary_text'], objects(item.summary));
      says(['reasoning_text'], objects(item.content));
    }
    const { input } = this;
    if (!input) return;
    if (!input.done && !this.recorded) this.complain(`ends before its ${input.kind} is done`);
    this.compare('output_item.done', input, item[input.kind]);
  }
}
