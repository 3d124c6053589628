/** What an upstream for chat completions was asked. */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { member, textMember } from '../../support/stream-reading';
import { objects, present } from './neutral';
import type { Ask, Call, Part, Tool, Turn } from './neutral';

/** `data:` URLs hold their bytes. */
export function readUrl(url: string): { url: string } | { mediaType: string; data: string } {
  const inline = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  return inline ? { mediaType: inline[1]!, data: inline[2]! } : { url };
}

function readPart(part: JsonObject): Part {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: textMember(part, 'text') };
    case 'image_url': {
      const image = member(part, 'image_url');
      const detail = textMember(image, 'detail');
      return {
        type: 'image',
        ...readUrl(textMember(image, 'url')),
        ...(detail && detail !== 'auto' && { detail }),
      };
    }
    case 'file': {
      const file = member(part, 'file');
      const read = readUrl(textMember(file, 'file_data'));
      if (!('data' in read) || read.mediaType !== 'application/pdf') throw new Error('not a PDF in base64');
      return { type: 'pdf', data: read.data, name: textMember(file, 'filename') };
    }
    case 'input_audio':
      return { type: 'audio', data: textMember(member(part, 'input_audio'), 'data') };
    default:
      throw new Error(`a part of type ${String(part.type)}`);
  }
}

function readContent(content: Json | undefined): Part[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return objects(content).map(readPart);
}

const texts = (content: Json | undefined) =>
  readContent(content).map((part) => {
    if (part.type !== 'text') throw new Error(`${part.type} where only text may be`);
    return part.text;
  });

function readCall(call: JsonObject): Call {
  const id = textMember(call, 'id');
  if (call.type === 'custom') {
    const custom = member(call, 'custom');
    return { id, name: textMember(custom, 'name'), input: textMember(custom, 'input'), custom: true };
  }
  const words = member(call, 'function');
  return { id, name: textMember(words, 'name'), input: textMember(words, 'arguments') };
}

function readMessage(message: JsonObject): Turn {
  const { content } = message;
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', texts: texts(content) };
    case 'user':
      return { role: 'user', parts: readContent(content) };
    case 'assistant': {
      const calls = objects(message.tool_calls).map(readCall);
      return {
        role: 'assistant',
        text: texts(content).join(''),
        ...(typeof message.refusal === 'string' && { refusal: message.refusal }),
        ...(calls.length > 0 && { calls }),
      };
    }
    case 'tool':
      // Only text may stand here.
      return {
        role: 'tool',
        results: [
          {
            id: textMember(message, 'tool_call_id'),
            parts: texts(content).map((text) => ({ type: 'text', text })),
          },
        ],
      };
    default:
      throw new Error(`a message of ${String(message.role)}`);
  }
}

function readTool(tool: JsonObject): Tool {
  if (tool.type === 'custom') {
    const custom = member(tool, 'custom');
    const grammar = textMember(member(member(custom, 'format'), 'grammar'), 'definition');
    return present({
      name: textMember(custom, 'name'),
      description: textMember(custom, 'description') || undefined,
      custom: grammar ? { grammar } : {},
    });
  }
  const words = member(tool, 'function');
  return present<Tool>({
    name: textMember(words, 'name'),
    description: textMember(words, 'description') || undefined,
    parameters: isObject(words.parameters) ? words.parameters : undefined,
    strict: words.strict === true ? true : undefined,
  });
}

function readChoice(choice: Json | undefined): Ask['choice'] {
  if (!isObject(choice)) return choice as Ask['choice'];
  if (choice.type === 'allowed_tools') throw new Error('most servers do not know allowed_tools');
  return { tool: textMember(member(choice, String(choice.type)), 'name') };
}

/** A schema under its name, as both OpenAI protocols write it. */
export function readFormat(format: JsonObject, inner: JsonObject): Ask['format'] {
  switch (format.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json_object':
      return 'json';
    default:
      return present<Exclude<Ask['format'], 'json' | undefined>>({
        name: textMember(inner, 'name'),
        description: textMember(inner, 'description') || undefined,
        schema: member(inner, 'schema'),
      });
  }
}

const number = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);
const string = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);

/** The body of a chat completion request as a conversation. Throws on what the protocol does not allow. */
export function readOpenaiChat(body: JsonObject): Ask {
  const format = member(body, 'response_format');
  const effort = string(body.reasoning_effort);
  const tools = objects(body.tools).map(readTool);
  return present<Ask>({
    turns: objects(body.messages).map(readMessage),
    tools: tools.length > 0 ? tools : undefined,
    webSearch: isObject(body.web_search_options) ? true : undefined,
    choice: readChoice(body.tool_choice),
    parallel: body.parallel_tool_calls === false ? false : undefined,
    maxTokens: number(body.max_tokens) ?? number(body.max_completion_tokens),
    temperature: number(body.temperature),
    topP: number(body.top_p),
    topK: number(body.top_k),
    stop: Array.isArray(body.stop) ? (body.stop as string[]) : undefined,
    seed: number(body.seed),
    presencePenalty: number(body.presence_penalty),
    frequencyPenalty: number(body.frequency_penalty),
    n: number(body.n),
    logprobs: body.logprobs === true ? (number(body.top_logprobs) ?? 0) : undefined,
    format: readFormat(format, member(format, 'json_schema')),
    thinking: effort === undefined ? undefined : { effort },
    userId: string(body.user),
    cacheKey: string(body.prompt_cache_key),
  });
}
