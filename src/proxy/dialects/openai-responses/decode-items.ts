import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { DecodeContext } from '../adapter';
import type {
  AssistantPart,
  Message,
  Metadata,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
} from '../canonical';
import { missing, readString, requireObject, requireString, wrongType, wrongValue } from '../openai/fields';
import { isEnvelope, unwrapMetadata } from '../signatures/envelope';
import { clientToolOf, inputOfItem, isForClient } from './client-tool-items';
import { compactionText, readCompaction } from './compaction';
import { decodeContent } from './decode-content';
import { decodeOutput, decodeShellOutput } from './decode-results';
import { filled, noted, paragraphsOf } from './read-item';
import { DIALECT, flatName } from './wire';

/** What a reasoning item may keep for its own API. */
const REASONING_FIELDS = ['id', 'encrypted_content', 'summary', 'content'] as const;

/**
 * Reads items in order: neighbours that an answer may hold become one assistant message, results in a row one tool
 * message. Knows the calls so far, so that results find their names.
 * Reference: https://platform.openai.com/docs/api-reference/responses/create#responses-create-input
 */
export class ItemDecoder {
  readonly messages: Message[] = [];
  /** Declarations of tools that items brought: results of a tool search, `additional_tools`. */
  readonly loadedTools: { value: Json; path: string }[] = [];
  private readonly calls = new Map<string, ToolCallPart>();
  /** Item id → call id: outputs of the local shell name the item. */
  private readonly callOfItem = new Map<string, string>();

  constructor(private readonly context: DecodeContext) {}

  /** @throws InvalidRequestError with the path of the bad field */
  add(given: Json, path: string): void {
    if (typeof given === 'string') return this.addUser({ content: [{ type: 'text', text: given }] });
    const item = requireObject(given, path);
    const { type } = item;
    switch (type) {
      case undefined:
      case null:
        if (item.role === undefined && filled(item.id)) return this.addOpaque('item_reference', item);
        return this.addMessage(item, path);
      case 'message':
        return this.addMessage(item, path);
      case 'reasoning':
        return this.addReasoning(item);
      case 'function_call':
      case 'custom_tool_call':
        return this.addCall(item, path);
      case 'function_call_output':
      case 'custom_tool_call_output':
      case 'local_shell_call_output':
      case 'shell_call_output':
      case 'apply_patch_call_output':
      case 'tool_search_output':
        return this.addResult(item, type, path);
      case 'additional_tools':
        return this.loadTools(item, path);
      case 'agent_message':
        return this.addAgentMessage(item, path);
      case 'compaction':
      case 'compaction_summary':
      case 'context_compaction': {
        const summary = readCompaction(item);
        if (summary === undefined) return this.addOpaque(type, item);
        return this.addUser({ content: [{ type: 'text', text: compactionText(summary) }] });
      }
      default:
        if (typeof type !== 'string') throw wrongType(`${path}.type`, 'a string', type);
        if (clientToolOf(type) && isForClient(item)) return this.addClientCall(item, type, path);
        return this.addOpaque(type, item);
    }
  }

  private addUser(message: Omit<UserMessage, 'role'>): void {
    this.messages.push({ role: 'user', ...message });
  }

  private addAssistant(...parts: AssistantPart[]): void {
    if (parts.length === 0) return;
    const last = this.messages.at(-1);
    if (last?.role === 'assistant') last.content.push(...parts);
    else this.messages.push({ role: 'assistant', content: parts });
  }

  private addOpaque(label: string, value: JsonObject): void {
    this.addAssistant({ type: 'opaque', dialect: DIALECT, label, value });
  }

  private addMessage(item: JsonObject, path: string): void {
    const at = `${path}.content`;
    const { role } = item;
    const parts = decodeContent(item.content, at, this.context.warn);
    switch (role) {
      case 'user': {
        const content = parts.map((part, index) => {
          if (part.type !== 'refusal') return part;
          throw wrongValue(`${at}[${index}].type`, part.type, "'input_text', 'input_image' and 'input_file'");
        });
        return this.addUser({ content });
      }
      case 'system':
      case 'developer': {
        const content = parts.map((part, index) => {
          if (part.type === 'text') return part;
          throw wrongValue(`${at}[${index}].type`, part.type, "'input_text'");
        });
        this.messages.push({ role: 'system', content, ...noted({ role }) });
        return;
      }
      case 'assistant': {
        const id = filled(item.id);
        const phase = filled(item.phase);
        const own: JsonObject = { ...(id && { id }), ...(phase && { phase }) };
        return this.addAssistant(
          ...parts.map((part): AssistantPart => {
            if (part.type === 'file') return part;
            return { ...part, ...noted({ ...own, ...part.metadata?.[DIALECT] }) };
          }),
        );
      }
      case undefined:
        throw missing(`${path}.role`);
      default:
        throw typeof role === 'string'
          ? wrongValue(`${path}.role`, role, "'assistant', 'system', 'developer' and 'user'")
          : wrongType(`${path}.role`, 'a string', role);
    }
  }

  /** One agent's words to another, of Codex; what is encrypted cannot be said elsewhere. */
  private addAgentMessage(item: JsonObject, path: string): void {
    const parts = decodeContent(item.content, `${path}.content`, this.context.warn);
    const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    if (text.length === 0) return this.addOpaque('agent_message', item);
    const author = filled(item.author);
    if (author) text.unshift(`[Message of ${author}]`);
    this.addUser({ content: [{ type: 'text', text: text.join('\n') }] });
  }

  private addReasoning(item: JsonObject): void {
    const text = paragraphsOf(item.summary) || paragraphsOf(item.content);
    const encrypted = filled(item.encrypted_content);
    if (encrypted !== undefined && isEnvelope(encrypted)) {
      const metadata = unwrapMetadata(encrypted);
      return this.addAssistant({ type: 'reasoning', text, ...(metadata && { metadata }) });
    }
    const own: JsonObject = {};
    for (const field of REASONING_FIELDS) {
      const value = item[field];
      if (value !== undefined && value !== null) own[field] = value;
    }
    this.addAssistant({ type: 'reasoning', text, ...noted(own) });
  }

  private pushCall(call: ToolCallPart, item: JsonObject): void {
    const id = filled(item.id);
    if (id !== undefined) this.callOfItem.set(id, call.id);
    this.calls.set(call.id, call);
    this.addAssistant(call);
  }

  private addCall(item: JsonObject, path: string): void {
    const callId = filled(item.call_id) ?? requireString(item.id, `${path}.call_id`);
    const bare = requireString(item.name, `${path}.name`);
    const namespace = readString(item.namespace, `${path}.namespace`);
    const id = filled(item.id);
    const note: JsonObject = { ...(id && { id }), ...(namespace && { namespace, name: bare }) };
    const custom = item.type === 'custom_tool_call';
    const field = custom ? 'input' : 'arguments';
    const given = item[field];
    const input = isObject(given) ? JSON.stringify(given) : readString(given, `${path}.${field}`);
    this.pushCall(
      {
        type: 'tool-call',
        id: callId,
        name: namespace ? flatName(namespace, bare) : bare,
        kind: custom ? 'custom' : 'function',
        input: custom ? (input ?? '') : input || '{}',
        ...noted(note),
      },
      item,
    );
  }

  private addClientCall(item: JsonObject, type: string, path: string): void {
    const tool = clientToolOf(type);
    if (!tool) return;
    const id = filled(item.id);
    const callId = filled(item.call_id) ?? id;
    if (callId === undefined) throw missing(`${path}.call_id`);
    this.pushCall(
      {
        type: 'tool-call',
        id: callId,
        name: tool,
        kind: 'function',
        input: inputOfItem(tool, item),
        ...noted({ ...(id && { id }), item: type }),
      },
      item,
    );
  }

  private addResult(item: JsonObject, type: string, path: string): void {
    if (type === 'tool_search_output') {
      this.loadTools(item, path);
      // OpenAI's own search: no call waits for its result.
      if (!isForClient(item) || !filled(item.call_id)) return this.addOpaque(type, item);
    }
    const id = filled(item.id);
    const named = filled(item.call_id) ?? (id === undefined ? undefined : (this.callOfItem.get(id) ?? id));
    if (named === undefined) throw missing(`${path}.call_id`);
    const call = this.calls.get(named);
    const { content, isError } = this.decodeResult(item, type, path);
    const usual = type === 'function_call_output' || type === 'custom_tool_call_output';
    const metadata: { metadata?: Metadata } = noted({
      ...(id && { id }),
      ...(!usual && { item: type }),
      ...((type === 'shell_call_output' || type === 'tool_search_output') && { value: item }),
    });
    const result: ToolResultPart = {
      type: 'tool-result',
      callId: named,
      ...(call && { name: call.name }),
      content,
      ...(isError && { isError }),
      ...metadata,
    };
    const last = this.messages.at(-1);
    if (last?.role === 'tool') last.content.push(result);
    else this.messages.push({ role: 'tool', content: [result] });
  }

  private decodeResult(
    item: JsonObject,
    type: string,
    path: string,
  ): Pick<ToolResultPart, 'content' | 'isError'> {
    switch (type) {
      case 'tool_search_output': {
        const names = (Array.isArray(item.tools) ? item.tools : []).flatMap((tool) =>
          isObject(tool) ? (filled(tool.name) ?? filled(tool.type) ?? []) : [],
        );
        const text = names.length > 0 ? `Loaded: ${names.join(', ')}.` : 'No tool was found.';
        return { content: [{ type: 'text', text }] };
      }
      case 'shell_call_output':
        return decodeShellOutput(item, `${path}.output`, this.context.warn);
      default:
        return decodeOutput(item, `${path}.output`, this.context.warn);
    }
  }

  private loadTools(item: JsonObject, path: string): void {
    if (!Array.isArray(item.tools)) return;
    item.tools.forEach((value, index) => {
      this.loadedTools.push({ value, path: `${path}.tools[${index}]` });
    });
  }
}
