/** What an upstream for Responses was asked. */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { member, textMember } from '../../support/stream-reading';
import { objects, present } from './neutral';
import type { Ask, Part, Tool, Turn } from './neutral';
import { readFormat, readUrl } from './read-openai-chat';

function readPart(part: JsonObject): Part {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: textMember(part, 'text') };
    case 'input_image': {
      const detail = textMember(part, 'detail');
      const said = detail === 'auto' || detail === '' ? {} : { detail };
      return { type: 'image', ...readUrl(textMember(part, 'image_url')), ...said };
    }
    case 'input_file': {
      const read = readUrl(textMember(part, 'file_data'));
      if (!('data' in read) || read.mediaType !== 'application/pdf') throw new Error('not a PDF in base64');
      return { type: 'pdf', data: read.data, name: textMember(part, 'filename') };
    }
    default:
      throw new Error(`a part of type ${String(part.type)}`);
  }
}

function readContent(content: Json | undefined): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return objects(content).map(readPart);
}

const texts = (content: Json | undefined) =>
  readContent(content).map((part) => {
    if (part.type !== 'text') throw new Error(`${part.type} where only text may be`);
    return part.text;
  });

function readMessage(item: JsonObject): Turn {
  switch (item.role) {
    case 'system':
    case 'developer':
      return { role: 'system', texts: texts(item.content) };
    case 'user':
      return { role: 'user', parts: readContent(item.content) };
    case 'assistant': {
      const said = typeof item.content === 'string' ? [] : objects(item.content);
      for (const part of said)
        if (part.type !== 'output_text' && part.type !== 'refusal')
          throw new Error(`an assistant's part of type ${String(part.type)}`);
      const refusal = said.find((part) => part.type === 'refusal');
      return {
        role: 'assistant',
        text:
          typeof item.content === 'string'
            ? item.content
            : said.map((part) => textMember(part, 'text')).join(''),
        ...(refusal && { refusal: textMember(refusal, 'refusal') }),
      };
    }
    default:
      throw new Error(`a message of ${String(item.role)}`);
  }
}

function readItem(item: JsonObject): Turn[] {
  const id = textMember(item, 'call_id');
  switch (item.type) {
    case undefined:
    case 'message':
      return [readMessage(item)];
    case 'function_call':
      return [
        {
          role: 'assistant',
          calls: [{ id, name: textMember(item, 'name'), input: textMember(item, 'arguments') }],
        },
      ];
    case 'custom_tool_call':
      return [
        {
          role: 'assistant',
          calls: [{ id, name: textMember(item, 'name'), input: textMember(item, 'input'), custom: true }],
        },
      ];
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [{ role: 'tool', results: [{ id, parts: readContent(item.output) }] }];
    case 'reasoning':
      return [];
    default:
      throw new Error(`an item of type ${String(item.type)}`);
  }
}

function readTool(tool: JsonObject): Tool {
  const named = {
    name: textMember(tool, 'name'),
    description: textMember(tool, 'description') || undefined,
  };
  if (tool.type === 'custom') {
    const grammar = textMember(member(tool, 'format'), 'definition');
    return present<Tool>({ ...named, custom: grammar ? { grammar } : {} });
  }
  return present<Tool>({
    ...named,
    parameters: isObject(tool.parameters) ? tool.parameters : undefined,
    // Absent means strict in this protocol, which most schemas of others do not allow.
    strict: tool.strict === false ? undefined : true,
  });
}

function readChoice(choice: Json | undefined): Ask['choice'] {
  if (!isObject(choice)) return choice as Ask['choice'];
  if (choice.type !== 'allowed_tools') return { tool: textMember(choice, 'name') };
  if (choice.mode !== 'required') throw new Error('a choice of some tools that requires none');
  return { some: objects(choice.tools).map((tool) => textMember(tool, 'name')) };
}

const number = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);
const string = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);

/** Fields that OpenAI's API refuses with `unknown_parameter`. */
const UNKNOWN = ['stop', 'seed', 'presence_penalty', 'frequency_penalty', 'n', 'top_k', 'logprobs'];

/** The body of a Responses request as a conversation. Throws on what the protocol does not allow. */
export function readOpenaiResponses(body: JsonObject): Ask {
  for (const field of UNKNOWN) if (field in body) throw new Error(`the Responses API has no ${field}`);
  const format = member(member(body, 'text'), 'format');
  const effort = string(member(body, 'reasoning').effort);
  const tools = objects(body.tools)
    .filter((tool) => tool.type !== 'web_search')
    .map(readTool);
  const searches = objects(body.tools).some((tool) => tool.type === 'web_search');
  const instructions = string(body.instructions);
  const include = Array.isArray(body.include) ? body.include : [];
  const logprobs = include.includes('message.output_text.logprobs');
  return present<Ask>({
    turns: [
      ...(instructions === undefined ? [] : [{ role: 'system' as const, texts: [instructions] }]),
      ...(typeof body.input === 'string'
        ? [{ role: 'user' as const, parts: readContent(body.input) }]
        : objects(body.input).flatMap(readItem)),
    ],
    tools: tools.length > 0 ? tools : undefined,
    choice: readChoice(body.tool_choice),
    webSearch: searches ? true : undefined,
    parallel: body.parallel_tool_calls === false ? false : undefined,
    maxTokens: number(body.max_output_tokens),
    temperature: number(body.temperature),
    topP: number(body.top_p),
    logprobs: logprobs ? (number(body.top_logprobs) ?? 0) : undefined,
    format: readFormat(format, format),
    thinking: effort === undefined ? undefined : { effort },
    userId: string(body.user) ?? string(body.safety_identifier),
    cacheKey: string(body.prompt_cache_key),
  });
}
