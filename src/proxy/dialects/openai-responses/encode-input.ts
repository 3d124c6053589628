/** The conversation as items. https://platform.openai.com/docs/api-reference/responses/create#responses-create-input */
import { isObject, type JsonObject } from '../../../shared/json';
import type { EncodeContext } from '../adapter';
import type {
  AssistantPart,
  Message,
  OpaquePart,
  ReasoningPart,
  RefusalPart,
  SystemMessage,
  TextPart,
  UserMessage,
} from '../canonical';
import { orderMessages, type Turn } from '../order-messages';
import { textKey } from '../signatures/text-key';
import { encodeCall, encodeResult, ownId, wireCallId } from './encode-call';
import { encodeOutput, encodeParts, inputText, isContentPart, joinText } from './encode-content';
import { filled } from './read-item';
import { isSelfContained, reasoningItem, recallTrail } from './reasoning-memory';
import { DIALECT, noteOf } from './wire';

/** How much of the conversation the server has already, and keeps. */
export interface InputSettings {
  /** The request goes on from a stored response: results may answer calls that are not in it. */
  continued: boolean;
  /** Responses are stored there, so that items may be meant by their ids. */
  stored: boolean;
}

type Said = TextPart | RefusalPart;

/** Items of one request; reports each kind of loss once. */
class InputEncoder {
  private readonly out: JsonObject[] = [];
  private lostReasoning = 0;
  private lostErrorMarks = 0;
  /** What the assistant said and is not yet an item. */
  private said: Said[] = [];
  /** Whether items of the current answer may say their ids: not without the reasoning that belongs to them. */
  private keepIds = true;

  constructor(
    private readonly context: EncodeContext,
    private readonly toWire: (name: string) => string,
    private readonly settings: InputSettings,
  ) {}

  encode(messages: Message[]): JsonObject[] {
    for (const turn of orderMessages(messages)) this.addTurn(turn);
    const { warn } = this.context;
    if (this.lostReasoning > 0)
      warn({
        type: 'dropped',
        field: 'messages',
        message: `Reasoning of ${this.lostReasoning} earlier answer(s) cannot be sent: another provider made it, or its encrypted form is missing.`,
      });
    if (this.lostErrorMarks > 0)
      warn({
        type: 'dropped',
        field: 'messages',
        message: `${this.lostErrorMarks} tool result(s) are marked as errors, for which the Responses API has no field.`,
      });
    return this.out;
  }

  private addTurn(turn: Turn): void {
    const path = `messages[${turn.index}]`;
    switch (turn.kind) {
      case 'message':
        if (turn.message.role === 'system') this.addSystem(turn.message);
        else this.addUser(turn.message, path);
        return;
      case 'assistant':
        this.addAssistant(turn.message.content, path);
        for (const { call, result } of turn.answered) {
          if (!result && this.settings.continued) continue;
          if (!result)
            this.context.warn({
              type: 'changed',
              field: path,
              message: `The call "${call.id}" has no result in the conversation; the model is told so.`,
            });
          if (result?.isError) this.lostErrorMarks++;
          this.out.push(encodeResult(call, result, path, this.context));
        }
        return;
      case 'orphan': {
        const { result } = turn;
        if (this.settings.continued) {
          const output = encodeOutput(result.content, path, this.context.warn);
          const { item, value } = noteOf(result.metadata);
          const own = isObject(value) ? value : undefined;
          const type = item === undefined ? 'function_call_output' : item;
          this.out.push(own ?? { type, call_id: wireCallId(result.callId), output });
          return;
        }
        this.context.warn({
          type: 'changed',
          field: path,
          message: `The tool result "${result.callId}" answers no call before it and is given as a user message.`,
        });
        const label = `[Result of the tool call ${result.callId}${result.name ? ` (${result.name})` : ''}]`;
        const content = [inputText(label), ...encodeParts(result.content, path, this.context.warn)];
        this.out.push({ type: 'message', role: 'user', content });
        return;
      }
    }
  }

  private addSystem(message: SystemMessage): void {
    const role = noteOf(message.metadata).role === 'developer' ? 'developer' : 'system';
    const text = joinText(message.content);
    if (text !== '') this.out.push({ type: 'message', role, content: [inputText(text)] });
  }

  private addUser(message: UserMessage, path: string): void {
    const { warn } = this.context;
    if (message.name !== undefined)
      warn({ type: 'dropped', field: `${path}.name`, message: 'The Responses API has no names of users.' });
    const before = this.out.length;
    let content: JsonObject[] = [];
    const flush = () => {
      if (content.length > 0) this.out.push({ type: 'message', role: 'user', content });
      content = [];
    };
    message.content.forEach((part, index) => {
      const field = `${path}.content[${index}]`;
      if (part.type !== 'opaque') content.push(...encodeParts([part], field, warn));
      else if (part.dialect === DIALECT && isContentPart(part.value)) content.push(part.value);
      else {
        flush();
        this.addOpaque(part, field);
      }
    });
    flush();
    if (this.out.length === before)
      this.out.push({ type: 'message', role: 'user', content: [inputText('')] });
  }

  private addOpaque(part: OpaquePart, field: string): void {
    if (part.dialect === DIALECT && isObject(part.value)) this.out.push(part.value);
    else
      this.context.warn({
        type: 'dropped',
        field,
        message: `"${part.label}" is understood by ${part.dialect} only.`,
      });
  }

  private addAssistant(parts: AssistantPart[], path: string): void {
    const { context } = this;
    const reasoning = parts.filter((part) => part.type === 'reasoning');
    const own = reasoning.filter((part) => part.metadata?.[DIALECT]);
    const usable = own.filter((part) => this.isUsable(part));
    this.keepIds = usable.length === own.length;
    let recalled = 0;
    parts.forEach((part, index) => {
      const field = `${path}.content[${index}]`;
      switch (part.type) {
        case 'text':
        case 'refusal':
          this.said.push(part);
          return;
        case 'reasoning':
          if (!usable.includes(part)) return;
          this.flushSaid();
          this.out.push(this.encodeReasoning(part));
          return;
        case 'tool-call':
          if (own.length === 0) recalled += this.putBack(part.id);
          this.flushSaid();
          this.out.push(encodeCall(part, context, this.toWire, this.keepIds));
          return;
        case 'opaque':
          this.flushSaid();
          this.addOpaque(part, field);
          return;
        case 'file':
          context.warn({
            type: 'dropped',
            field,
            message: `Files (${part.mediaType}) in earlier answers cannot be sent back.`,
          });
          return;
      }
    });
    const calls = parts.some((part) => part.type === 'tool-call');
    const key = calls || own.length > 0 ? undefined : textKey(this.said.map((part) => part.text).join(''));
    if (key !== undefined) recalled += this.putBack(key);
    this.flushSaid();
    if (usable.length < reasoning.length && recalled === 0) this.lostReasoning++;
  }

  private isUsable(part: ReasoningPart): boolean {
    const note = noteOf(part.metadata);
    return isSelfContained(note) || (this.settings.stored && filled(note.id)?.startsWith('rs_') === true);
  }

  private encodeReasoning(part: ReasoningPart): JsonObject {
    const note = noteOf(part.metadata);
    const item = reasoningItem(note);
    // The words may have come another way than the rest of the item.
    if (note.summary === undefined && note.content === undefined && part.text !== '')
      item.summary = [{ type: 'summary_text', text: part.text }];
    return item;
  }

  /**
   * Puts back what stood before a call, or in an answer without one.
   * @returns how many reasoning items that were
   */
  private putBack(key: string): number {
    const trail = recallTrail(this.context.signatures, key);
    let messages = trail.filter((item) => item.type === 'message').length;
    let count = 0;
    for (const item of trail) {
      if (item.type === 'message') {
        // Each message takes one text; the last one what is left, because clients divide texts otherwise.
        const rest = messages-- > 1 ? this.said.splice(1) : [];
        this.flushSaid(filled(item.phase));
        this.said = rest;
        continue;
      }
      count++;
      this.out.push(item);
    }
    return count;
  }

  /** Makes messages of what was said: parts that were one item become one again. */
  private flushSaid(phase?: string): void {
    const { said } = this;
    this.said = [];
    let last: { id: string | undefined; content: JsonObject[] } | undefined;
    for (const part of said) {
      if (part.text === '') continue;
      const note = noteOf(part.metadata);
      const id = filled(note.id);
      if (last?.id !== id || !last) {
        last = { id, content: [] };
        const known = filled(note.phase) ?? phase;
        const own = this.keepIds ? ownId('message', note) : {};
        this.out.push({
          type: 'message',
          ...own,
          role: 'assistant',
          content: last.content,
          ...(known !== undefined && { phase: known }),
          ...(own.id !== undefined && { status: 'completed' }),
        });
      }
      last.content.push(
        part.type === 'refusal'
          ? { type: 'refusal', refusal: part.text }
          : {
              type: 'output_text',
              text: part.text,
              annotations: Array.isArray(note.annotations) ? note.annotations : [],
            },
      );
    }
  }
}

/** An instruction as an item. */
export const developerItem = (text: string): JsonObject => ({
  type: 'message',
  role: 'developer',
  content: [inputText(text)],
});

/**
 * The conversation as `input`.
 * @param toWire the tool names as the upstream accepts them
 */
export function encodeInput(
  messages: Message[],
  context: EncodeContext,
  toWire: (name: string) => string,
  settings: InputSettings,
): JsonObject[] {
  return new InputEncoder(context, toWire, settings).encode(messages);
}

/**
 * The system messages at the beginning that become `instructions`: those that came as such, and all of clients of other
 * protocols. Those that a client of this API put into `input` stay there, and so does everything where nothing else is said.
 * @returns the instructions, where there are any, and the other messages
 */
export function splitInstructions(messages: Message[]): { instructions?: string; rest: Message[] } {
  const isInstruction = ({ role, metadata }: Message) => {
    const note = noteOf(metadata);
    return role === 'system' && (note.role === undefined || note.instructions === true);
  };
  const first = messages.findIndex((message) => !isInstruction(message));
  if (first <= 0) return { rest: messages };
  const leading = messages.slice(0, first);
  const text = leading
    .flatMap((message) => (message.role === 'system' ? [joinText(message.content)] : []))
    .filter((each) => each !== '')
    .join('\n\n');
  return { ...(text !== '' && { instructions: text }), rest: messages.slice(first) };
}
