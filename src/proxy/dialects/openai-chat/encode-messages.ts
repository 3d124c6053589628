import { isObject, type JsonObject } from '../../../shared/json';
import type { EncodeContext } from '../adapter';
import type {
  AssistantPart,
  FilePart,
  Message,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../canonical';
import { limitCallId } from '../tools/call-ids';
import { wrapCustomInput } from '../tools/custom-tools';
import { argumentsText, wrappedArguments } from '../openai/limits';
import { orderMessages, type Turn } from '../order-messages';
import { encodeContent, joinText } from './encode-content';
import { recallReasoning } from './reasoning-memory';
import { DIALECT, filled, MAX_CALL_ID, ownMetadata } from './wire';

/** A call's id within OpenAI's limit; call and result get the same. */
function wireCallId(id: string): string {
  return limitCallId(id, MAX_CALL_ID);
}

/** Messages of one request; reports each kind of loss once. */
class MessageEncoder {
  private readonly out: JsonObject[] = [];
  private lostReasoning = 0;
  private lostErrorMarks = 0;

  constructor(
    private readonly context: EncodeContext,
    private readonly toWire: (name: string) => string,
  ) {}

  encode(messages: Message[]): JsonObject[] {
    for (const turn of orderMessages(messages)) this.addTurn(turn);
    const { warn } = this.context;
    if (this.lostReasoning > 0) {
      warn({
        type: 'dropped',
        field: 'messages',
        message: `Reasoning of ${this.lostReasoning} earlier answer(s) came from another protocol and is not sent.`,
      });
    }
    if (this.lostErrorMarks > 0) {
      warn({
        type: 'dropped',
        field: 'messages',
        message: `${this.lostErrorMarks} tool result(s) are marked as errors, for which chat completions have no field.`,
      });
    }
    return this.out;
  }

  private addTurn(turn: Turn): void {
    const path = `messages[${turn.index}]`;
    switch (turn.kind) {
      case 'message': {
        const { message } = turn;
        if (message.role === 'system') {
          const own = ownMetadata(message.metadata);
          const name = filled(own.name);
          const role = own.role === 'developer' ? 'developer' : 'system';
          const content = joinText(message.content);
          // Some servers refuse instructions that say nothing.
          if (content !== '') this.out.push({ role, content, ...(name && { name }) });
          return;
        }
        const content = encodeContent(message.content, `${path}.content`, this.context.warn);
        this.out.push({ role: 'user', content, ...(message.name && { name: message.name }) });
        return;
      }
      case 'assistant':
        this.addAssistant(turn.message.content, path);
        this.addResults(turn.answered, path);
        return;
      case 'orphan': {
        const { result } = turn;
        this.context.warn({
          type: 'changed',
          field: path,
          message: `The tool result "${result.callId}" answers no call before it and is given as a user message.`,
        });
        const label = `[Result of the tool call ${result.callId}${result.name ? ` (${result.name})` : ''}]`;
        const parts: (TextPart | FilePart)[] = [{ type: 'text', text: label }, ...result.content];
        this.out.push({ role: 'user', content: encodeContent(parts, path, this.context.warn) });
        return;
      }
    }
  }

  private addAssistant(parts: AssistantPart[], path: string): void {
    const { warn } = this.context;
    const calls = parts.filter((part) => part.type === 'tool-call');
    const message: JsonObject = { role: 'assistant' };
    const text: string[] = [];
    parts.forEach((part, index) => {
      const field = `${path}.content[${index}]`;
      switch (part.type) {
        case 'text':
          text.push(part.text);
          return;
        case 'refusal':
          message.refusal = part.text;
          return;
        case 'file':
          warn({
            type: 'dropped',
            field,
            message: `Files (${part.mediaType}) in earlier answers cannot be sent back.`,
          });
          return;
        case 'opaque':
          if (part.dialect === DIALECT && part.label === 'audio') message.audio = part.value;
          else
            warn({
              type: 'dropped',
              field,
              message: `"${part.label}" is understood by ${part.dialect} only.`,
            });
          return;
        case 'reasoning':
        case 'tool-call':
          return;
      }
    });
    const said = text.join('');
    // Null is for messages that only call or refuse; an empty string is what every server takes.
    message.content = said === '' && (calls.length > 0 || message.refusal !== undefined) ? null : said;
    this.addReasoning(
      message,
      parts.filter((part) => part.type === 'reasoning'),
      calls,
      said,
    );
    if (calls.length > 0) message.tool_calls = calls.map((call) => this.encodeCall(call, path));
    this.out.push(message);
  }

  /** Reasoning goes back to the kind of server it came from, and nowhere else. */
  private addReasoning(
    message: JsonObject,
    parts: ReasoningPart[],
    calls: ToolCallPart[],
    said: string,
  ): void {
    const wanted = this.context.traits?.reasoningContent !== false;
    const own = parts.filter((part) => part.metadata?.[DIALECT]);
    if (wanted && own.length > 0) {
      for (const part of own) {
        const { field, reasoning_details: details } = ownMetadata(part.metadata);
        const name = filled(field);
        if (name) message[name] = `${filled(message[name]) ?? ''}${part.text}`;
        if (Array.isArray(details)) message.reasoning_details = details;
      }
    } else {
      const call = calls[0] && { id: calls[0].id, input: this.argumentsOf(calls[0]) };
      const kept = wanted ? recallReasoning(this.context.signatures, { call, text: said }) : undefined;
      if (kept) {
        if (kept.text !== '') message[kept.field] = kept.text;
        if (kept.details) message.reasoning_details = kept.details;
      } else if (parts.length > 0) this.lostReasoning++;
      return;
    }
    if (own.length < parts.length) this.lostReasoning++;
  }

  private encodeCall(call: ToolCallPart, path: string): JsonObject {
    const id = wireCallId(call.id);
    const name = this.toWire(call.name);
    if (call.kind === 'custom' && this.context.traits?.customTools) {
      return { id, type: 'custom', custom: { name, input: call.input } };
    }
    const args = argumentsText(this.argumentsOf(call), () => {
      this.context.warn(wrappedArguments(path, call.name));
    });
    return { id, type: 'function', function: { name, arguments: args } };
  }

  private argumentsOf(call: ToolCallPart): string {
    if (call.kind !== 'custom') return call.input || '{}';
    return this.context.traits?.customTools ? call.input : wrapCustomInput(call.input);
  }

  /**
   * One tool message per call. Chat completions take only text there: images follow in a user message behind the
   * last of them, and the tool message says so.
   */
  private addResults(
    answered: { call: ToolCallPart; result: ToolResultPart | undefined }[],
    path: string,
  ): void {
    const attached: (TextPart | FilePart)[] = [];
    for (const { call, result } of answered) {
      const id = wireCallId(call.id);
      if (!result) {
        this.context.warn({
          type: 'changed',
          field: path,
          message: `The call "${call.id}" has no result in the conversation; the model is told so.`,
        });
        this.out.push({ role: 'tool', tool_call_id: id, content: 'No result was recorded for this call.' });
        continue;
      }
      if (result.isError) this.lostErrorMarks++;
      const files = result.content.filter((part) => part.type === 'file');
      const text = joinText(result.content.filter((part) => part.type === 'text'));
      const notice =
        files.length > 0 ? `[${files.length} file(s) of this result follow in the next user message.]` : '';
      const said = [text, notice].filter((line) => line !== '').join('\n\n');
      this.out.push({
        role: 'tool',
        tool_call_id: id,
        content: said === '' && result.isError ? 'Error' : said,
      });
      if (files.length === 0) continue;
      this.context.warn({
        type: 'changed',
        field: path,
        message: `Files in the result of "${call.name}" are sent in a user message behind it.`,
      });
      attached.push(
        { type: 'text', text: `[Files of the result of the tool call ${id} (${call.name})]` },
        ...files,
      );
    }
    if (attached.length === 0) return;
    this.out.push({ role: 'user', content: encodeContent(attached, path, this.context.warn) });
  }
}

/**
 * The conversation as `messages`; system messages stay where they are.
 * @param toWire the tool names as the upstream accepts them
 */
export function encodeMessages(
  messages: Message[],
  context: EncodeContext,
  toWire: (name: string) => string,
): JsonObject[] {
  return new MessageEncoder(context, toWire).encode(messages).filter(isObject);
}
