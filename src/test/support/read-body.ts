/** Reads whole answers, independently of the product's decoders. */
import type { Dialect } from '../../proxy/dialects/canonical';
import { isObject } from '../../shared/json';
import type { Json, JsonObject } from '../../shared/json';
import { member, readChatText, textMember } from './stream-reading';

export interface BodyFacts {
  text: string;
  reasoning: string;
  calls: { name: string; input: unknown }[];
  stop: string;
  usage: { input: number; output: number };
}

/** What a whole answer says. Only the first choice is read. */
export function readBody(dialect: Dialect, body: JsonObject): BodyFacts {
  switch (dialect) {
    case 'anthropic':
      return readAnthropic(body);
    case 'gemini':
      return readGemini(body);
    case 'openai-chat':
      return readChat(body);
    case 'openai-responses':
      return readResponses(body);
  }
}

/** All tokens in and out, from the protocol's own usage object. */
export function readUsageTotals(dialect: Dialect, usage: JsonObject): { input: number; output: number } {
  const number = (key: string) => (typeof usage[key] === 'number' ? usage[key] : 0);
  switch (dialect) {
    case 'anthropic':
      return {
        input:
          number('input_tokens') + number('cache_read_input_tokens') + number('cache_creation_input_tokens'),
        output: number('output_tokens'),
      };
    case 'gemini':
      return {
        input: number('promptTokenCount') + number('toolUsePromptTokenCount'),
        output: number('candidatesTokenCount') + number('thoughtsTokenCount'),
      };
    case 'openai-chat':
      return { input: number('prompt_tokens'), output: number('completion_tokens') };
    case 'openai-responses':
      return { input: number('input_tokens'), output: number('output_tokens') };
  }
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function readAnthropic(body: JsonObject): BodyFacts {
  const blocks = objects(body.content);
  const join = (type: string, key: string) =>
    blocks.map((block) => (block.type === type ? textMember(block, key) : '')).join('');
  return {
    text: join('text', 'text'),
    reasoning: join('thinking', 'thinking'),
    calls: blocks
      .filter((block) => block.type === 'tool_use')
      .map((block) => ({ name: textMember(block, 'name'), input: block.input })),
    stop: textMember(body, 'stop_reason'),
    usage: readUsageTotals('anthropic', member(body, 'usage')),
  };
}

function readGemini(body: JsonObject): BodyFacts {
  const candidate = objects(body.candidates)[0] ?? {};
  const parts = objects(member(candidate, 'content').parts);
  const join = (thought: boolean) =>
    parts.map((part) => ((part.thought === true) === thought ? textMember(part, 'text') : '')).join('');
  return {
    text: join(false),
    reasoning: join(true),
    calls: parts
      .filter((part) => isObject(part.functionCall))
      .map((part) => member(part, 'functionCall'))
      .map((call) => ({ name: textMember(call, 'name'), input: call.args ?? {} })),
    stop: textMember(candidate, 'finishReason'),
    usage: readUsageTotals('gemini', member(body, 'usageMetadata')),
  };
}

function readChat(body: JsonObject): BodyFacts {
  const choice = objects(body.choices)[0] ?? {};
  const message = member(choice, 'message');
  return {
    ...readChatText(message),
    calls: objects(message.tool_calls)
      .map((call) => member(call, call.type === 'custom' ? 'custom' : 'function'))
      .map((call) => ({
        name: textMember(call, 'name'),
        input: parsedInput(call.input ?? call.arguments ?? ''),
      })),
    stop: textMember(choice, 'finish_reason'),
    usage: readUsageTotals('openai-chat', member(body, 'usage')),
  };
}

/** Where the items of calls that clients run say what is to be done. */
const CALL_FIELDS: Record<string, string> = {
  function_call: 'arguments',
  custom_tool_call: 'input',
  local_shell_call: 'action',
  shell_call: 'action',
  apply_patch_call: 'operation',
  tool_search_call: 'arguments',
};

function readResponses(body: JsonObject): BodyFacts {
  const items = objects(body.output);
  const texts = (value: Json | undefined) => objects(value).map((part) => textMember(part, 'text'));
  return {
    text: items
      .filter((item) => item.type === 'message')
      .flatMap((item) => texts(item.content))
      .join(''),
    reasoning: items
      .filter((item) => item.type === 'reasoning')
      .map((item) => texts(item.summary).join('\n\n') || texts(item.content).join('\n\n'))
      .join(''),
    calls: items.flatMap((item) => {
      const field = CALL_FIELDS[String(item.type)];
      if (field === undefined) return [];
      const name = textMember(item, 'name') || String(item.type).replace(/_call$/, '');
      return [{ name, input: parsedInput(item[field]) }];
    }),
    stop: textMember(body, 'status'),
    usage: readUsageTotals('openai-responses', member(body, 'usage')),
  };
}

/** Arguments as what they say: parsed where they are JSON, free text as it is. */
export function parsedInput(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input === '' ? '{}' : input) as unknown;
  } catch {
    return input;
  }
}
