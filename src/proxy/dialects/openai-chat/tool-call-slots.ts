import type { AnswerContext } from '../adapter';
import type { StreamPart } from '../canonical';
import { unwrapCustomInput } from '../tools/custom-tools';
import type { CallFragment } from './decode-answer-content';

interface Slot {
  index: number | undefined;
  /** As the server wrote it; several calls may share one. */
  wireId: string | undefined;
  /** Unique in the stream. */
  id: string;
  /** Undefined until a chunk brings it; the call begins then. */
  name: string | undefined;
  kind: 'function' | 'custom';
  input: string;
  /** A custom tool in a function's clothes: its text can be taken out at the end only. */
  wrapped: boolean;
  closed: boolean;
}

const isComplete = (input: string): boolean => {
  if (!/[}\]]\s*$/.test(input)) return false;
  try {
    JSON.parse(input);
    return true;
  } catch {
    return false;
  }
};

/**
 * Puts the pieces of tool calls together, in all the forms in which servers send them: by index; without an index; the
 * whole call at once; several calls in one chunk; one index for all calls but new ids (Gemini's endpoint); id and name
 * repeated in every chunk; a new id in every chunk (some vLLM versions, then without a name).
 */
export class ToolCallSlots {
  private readonly slots: Slot[] = [];

  constructor(
    private readonly context: AnswerContext,
    private readonly choice: { choice?: number },
    /** Ids given so far in the whole stream. */
    private readonly usedIds: Set<string>,
  ) {}

  /** The first call, with its arguments as they stand on the wire. */
  get first(): { id: string; input: string } | undefined {
    return this.slots[0];
  }

  get isEmpty(): boolean {
    return this.slots.length === 0;
  }

  /** Whether every open call looks finished, so that something else may follow. */
  get isSettled(): boolean {
    return this.slots.every((slot) => slot.closed || (slot.kind === 'function' && isComplete(slot.input)));
  }

  get hasOpen(): boolean {
    return this.slots.some((slot) => !slot.closed);
  }

  push(fragment: CallFragment): StreamPart[] {
    const slot = this.find(fragment) ?? this.open(fragment);
    const began = slot.name !== undefined;
    slot.name ??= fragment.name && (this.context.restoreToolName?.(fragment.name) ?? fragment.name);
    slot.input += fragment.input;
    if (slot.name === undefined) return [];
    const parts: StreamPart[] = [];
    if (!began) {
      slot.wrapped = slot.kind === 'function' && this.context.customToolNames?.has(slot.name) === true;
      const kind = slot.wrapped ? 'custom' : slot.kind;
      parts.push({ type: 'tool-input-start', id: slot.id, name: slot.name, kind, ...this.choice });
    }
    const text = began ? fragment.input : slot.input;
    if (text !== '' && !slot.wrapped)
      parts.push({ type: 'tool-input-delta', id: slot.id, text, ...this.choice });
    return parts;
  }

  /** See `StreamDecoder.skipped`. */
  skipped(id: string, text: string): void {
    const slot = this.slots.find((candidate) => candidate.id === id);
    if (slot) slot.input += text;
  }

  /** Ends every open call. */
  close(): StreamPart[] {
    return this.slots.flatMap((slot): StreamPart[] => {
      if (slot.closed) return [];
      slot.closed = true;
      if (slot.name === undefined) {
        this.context.warn({
          type: 'dropped',
          field: 'tool_calls',
          message: 'The upstream named no tool for a call.',
        });
        return [];
      }
      const rest = slot.wrapped
        ? unwrapCustomInput(slot.input)
        : slot.input === '' && slot.kind === 'function'
          ? '{}'
          : '';
      const end: StreamPart = { type: 'tool-input-end', id: slot.id, ...this.choice };
      return rest === ''
        ? [end]
        : [{ type: 'tool-input-delta', id: slot.id, text: rest, ...this.choice }, end];
    });
  }

  private find({ index, id, name, input }: CallFragment): Slot | undefined {
    const byId =
      id === undefined ? undefined : this.slots.findLast((slot) => slot.wireId === id && !slot.closed);
    if (index === undefined) {
      if (id !== undefined) return byId;
      const last = this.slots.findLast((slot) => !slot.closed);
      // A name where the last call is whole begins another one.
      return last && name !== undefined && isComplete(last.input) && input !== '' ? undefined : last;
    }
    const slot = this.slots.findLast((candidate) => candidate.index === index && !candidate.closed);
    if (!slot) return undefined;
    if (id !== undefined && slot.wireId !== undefined && id !== slot.wireId) {
      if (byId?.index === index) return byId;
      if (name !== undefined) return undefined;
    }
    if (id === undefined && name !== undefined && input !== '' && isComplete(slot.input)) return undefined;
    return slot;
  }

  private open({ index, id, kind }: CallFragment): Slot {
    const unique = id !== undefined && !this.usedIds.has(id) ? id : this.context.newId('call_');
    this.usedIds.add(unique);
    const slot: Slot = {
      index,
      wireId: id,
      id: unique,
      name: undefined,
      kind,
      input: '',
      wrapped: false,
      closed: false,
    };
    this.slots.push(slot);
    return slot;
  }
}
