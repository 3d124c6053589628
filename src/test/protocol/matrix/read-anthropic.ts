/** What an upstream for Messages was asked. */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { member, textMember } from '../../support/stream-reading';
import { objects, present } from './neutral';
import type { Ask, Call, Part, Result, Turn } from './neutral';

function readBlock(block: JsonObject): Part {
  const source = member(block, 'source');
  switch (block.type) {
    case 'text': {
      const text = textMember(block, 'text');
      if (text.trim() === '') throw new Error('text blocks must hold more than white space');
      return { type: 'text', text };
    }
    case 'image':
      return source.type === 'url'
        ? { type: 'image', url: textMember(source, 'url') }
        : { type: 'image', mediaType: textMember(source, 'media_type'), data: textMember(source, 'data') };
    case 'document': {
      if (source.media_type !== 'application/pdf') throw new Error('not a PDF in base64');
      const name = textMember(block, 'title');
      return { type: 'pdf', data: textMember(source, 'data'), ...(name && { name }) };
    }
    default:
      throw new Error(`a block of type ${String(block.type)}`);
  }
}

function readContent(content: Json | undefined): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return objects(content).map(readBlock);
}

function readUser(content: Json | undefined): Turn[] {
  if (typeof content === 'string') return [{ role: 'user', parts: readContent(content) }];
  const results: Result[] = [];
  const parts: Part[] = [];
  for (const block of objects(content)) {
    if (block.type !== 'tool_result') {
      parts.push(readBlock(block));
      continue;
    }
    if (parts.length > 0) throw new Error('tool results must come first');
    results.push({
      id: textMember(block, 'tool_use_id'),
      parts: readContent(block.content),
      ...(block.is_error === true && { error: true }),
    });
  }
  return [
    ...(results.length > 0 ? [{ role: 'tool' as const, results }] : []),
    ...(parts.length > 0 ? [{ role: 'user' as const, parts }] : []),
  ];
}

function readAssistant(content: Json | undefined): Turn {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : objects(content);
  const calls = blocks
    .filter((block) => block.type === 'tool_use')
    .map((block): Call => ({
      id: textMember(block, 'id'),
      name: textMember(block, 'name'),
      input: JSON.stringify(member(block, 'input')),
    }));
  for (const call of calls)
    if (!/^[a-zA-Z0-9_-]+$/.test(call.id))
      throw new Error(`tool_use.id ${call.id} does not match the pattern`);
  return {
    role: 'assistant',
    text: blocks.map((block) => (block.type === 'text' ? textMember(block, 'text') : '')).join(''),
    ...(calls.length > 0 && { calls }),
  };
}

function readChoice(choice: JsonObject): Ask['choice'] {
  switch (choice.type) {
    case 'any':
      return 'required';
    case 'tool':
      return { tool: textMember(choice, 'name') };
    default:
      return choice.type as 'auto' | 'none' | undefined;
  }
}

function readThinking(body: JsonObject): Ask['thinking'] {
  const thinking = member(body, 'thinking');
  const effort = textMember(member(body, 'output_config'), 'effort');
  if (thinking.type === undefined && !effort) return undefined;
  if (thinking.type === 'disabled') return { effort: 'none' };
  return present({
    effort: effort || undefined,
    budget: typeof thinking.budget_tokens === 'number' ? thinking.budget_tokens : undefined,
  });
}

const number = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);

/** Fields that the API refuses as extra inputs. */
const UNKNOWN = [
  'seed',
  'n',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'user',
  'prompt_cache_key',
];

/** The body of a Messages request as a conversation. Throws on what the protocol does not allow. */
export function readAnthropic(body: JsonObject): Ask {
  for (const field of UNKNOWN) if (field in body) throw new Error(`${field}: Extra inputs are not permitted`);
  const system = readContent(body.system).map((part) => (part.type === 'text' ? part.text : ''));
  const messages = objects(body.messages);
  messages.forEach((message, index) => {
    if (message.role !== (index % 2 === 0 ? 'user' : 'assistant')) throw new Error('turns must alternate');
  });
  const format = member(member(body, 'output_config'), 'format');
  const choice = member(body, 'tool_choice');
  const isSearch = (tool: JsonObject) => String(tool.type ?? '').startsWith('web_search_');
  const own = objects(body.tools).filter((tool) => !isSearch(tool));
  const tools = own.map((tool) =>
    present<NonNullable<Ask['tools']>[number]>({
      name: textMember(tool, 'name'),
      description: textMember(tool, 'description') || undefined,
      parameters: member(tool, 'input_schema'),
      strict: tool.strict === true ? true : undefined,
    }),
  );
  return present<Ask>({
    turns: [
      ...(system.length > 0 ? [{ role: 'system' as const, texts: system }] : []),
      ...messages.flatMap(({ role, content }) =>
        role === 'user' ? readUser(content) : [readAssistant(content)],
      ),
    ],
    tools: tools.length > 0 ? tools : undefined,
    choice: readChoice(choice),
    webSearch: objects(body.tools).some(isSearch) ? true : undefined,
    parallel: choice.disable_parallel_tool_use === true ? false : undefined,
    maxTokens: number(body.max_tokens),
    temperature: number(body.temperature),
    topP: number(body.top_p),
    topK: number(body.top_k),
    stop: Array.isArray(body.stop_sequences) ? (body.stop_sequences as string[]) : undefined,
    format: isObject(format.schema) ? { name: '', schema: format.schema } : undefined,
    thinking: readThinking(body),
    userId: textMember(member(body, 'metadata'), 'user_id') || undefined,
  });
}
