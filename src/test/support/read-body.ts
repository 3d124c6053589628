/** Reads whole answers of three protocols, independently of the product's decoders. */
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
      throw new Error('whole answers of this protocol are passed through, not read');
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
      .map((call) => member(call, 'function'))
      .map((call) => ({
        name: textMember(call, 'name'),
        input: JSON.parse(textMember(call, 'arguments') || '{}') as unknown,
      })),
    stop: textMember(choice, 'finish_reason'),
    usage: readUsageTotals('openai-chat', member(body, 'usage')),
  };
}
