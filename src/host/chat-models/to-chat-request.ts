/**
 * What the editor asks a model, as a chat completion. That protocol has a place for all of it (texts, images, calls, their
 * results with images, the tool mode), wants no limit of tokens that nobody here knows, and takes Anthropic's marks for its
 * prompt cache.
 * https://code.visualstudio.com/api/references/vscode-api#LanguageModelChatProvider
 * https://platform.openai.com/docs/api-reference/chat/create
 */
import * as vscode from 'vscode';
import { isObject, type Json, type JsonObject } from '../../shared/json';

/** What a model cannot be told; the message names it. */
export class UnsupportedPartError extends Error {
  override name = 'UnsupportedPartError';
}

export interface ChatRequestOptions {
  tools?: readonly vscode.LanguageModelChatTool[] | undefined;
  toolMode?: vscode.LanguageModelChatToolMode;
  modelOptions?: Readonly<Record<string, unknown>> | undefined;
}

/** Options that chat completions know; others are names of another maker. */
const KNOWN_OPTIONS = new Set([
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'reasoning_effort',
  'parallel_tool_calls',
  'response_format',
]);

/** The proposed role `System` of editors that have it. */
const SYSTEM_ROLE = 3;

/**
 * The body of a streamed chat completion.
 * @param cacheMarks whether the model's provider has a prompt cache that wants marks: servers without one refuse them
 * @param warn hears of options that are left out
 * @throws UnsupportedPartError for content that chat completions have no place for
 */
export function toChatRequest(
  model: string,
  messages: readonly vscode.LanguageModelChatRequestMessage[],
  { tools = [], toolMode, modelOptions = {} }: ChatRequestOptions,
  cacheMarks: boolean,
  warn: (message: string) => void,
): JsonObject {
  const unknown = Object.keys(modelOptions).filter((name) => !KNOWN_OPTIONS.has(name));
  if (unknown.length > 0) warn(`Options that no model of the pool knows are left out: ${unknown.join(', ')}`);
  const options = Object.entries(modelOptions).filter(
    ([name, value]) => KNOWN_OPTIONS.has(name) && value !== undefined,
  );
  return {
    ...(Object.fromEntries(options) as JsonObject),
    model,
    messages: messages.flatMap((message) => toMessages(message, cacheMarks)),
    ...(tools.length > 0 && { tools: tools.map(toTool) }),
    ...(tools.length > 0 &&
      toolMode === vscode.LanguageModelChatToolMode.Required && { tool_choice: 'required' }),
    stream: true,
  };
}

function toTool({ name, description, inputSchema }: vscode.LanguageModelChatTool): JsonObject {
  const parameters = isObject(inputSchema) ? inputSchema : { type: 'object', properties: {} };
  return { type: 'function', function: { name, description, parameters } };
}

/** Results of calls stand in messages of their own, ahead of what the user says beside them. */
function toMessages(
  { role, content, name }: vscode.LanguageModelChatRequestMessage,
  cacheMarks: boolean,
): JsonObject[] {
  const results: { callId: string; parts: JsonObject[] }[] = [];
  const parts: JsonObject[] = [];
  const calls: JsonObject[] = [];
  /** Where a mark would be put. */
  let last: JsonObject | undefined;
  for (const part of content) {
    if (part instanceof vscode.LanguageModelToolResultPart) {
      const given = toParts(part.content);
      results.push({ callId: part.callId, parts: given });
      last = given.at(-1) ?? last;
    } else if (part instanceof vscode.LanguageModelToolCallPart) {
      calls.push({
        id: part.callId,
        type: 'function',
        function: { name: part.name, arguments: JSON.stringify(part.input) },
      });
    } else if (isCacheMark(part)) {
      if (cacheMarks && last) last['cache_control'] = { type: 'ephemeral' };
    } else {
      const given = toParts([part]);
      parts.push(...given);
      last = given.at(-1) ?? last;
    }
  }
  if (role === vscode.LanguageModelChatMessageRole.Assistant) {
    if (parts.length === 0 && calls.length === 0) return [];
    const said: JsonObject = {
      role: 'assistant',
      content: parts.length > 0 ? shorten(parts) : null,
      ...(calls.length > 0 && { tool_calls: calls }),
    };
    return [said];
  }
  const from = (role as number) === SYSTEM_ROLE ? 'system' : 'user';
  // Servers take letters, digits, "_" and "-" alone.
  const named = name !== undefined && /^[\w-]{1,64}$/.test(name) && { name };
  const told = results.map(({ callId, parts: given }): JsonObject => {
    const content = given.every(isPlain) ? given.map(({ text }) => text).join('\n') : given;
    return { role: 'tool', tool_call_id: callId, content };
  });
  return [...told, ...(parts.length > 0 ? [{ role: from, content: shorten(parts), ...named }] : [])];
}

/** A text without a mark. */
const isPlain = (part: JsonObject): boolean => part['type'] === 'text' && !('cache_control' in part);

/** A single text is a string: every server takes that. */
const shorten = (parts: JsonObject[]): Json =>
  parts.length === 1 && parts.every(isPlain) ? (parts[0]?.['text'] ?? '') : parts;

interface Data {
  mimeType: string;
  data: Uint8Array;
}
const isData = (part: unknown): part is Data =>
  typeof part === 'object' &&
  part !== null &&
  typeof (part as Data).mimeType === 'string' &&
  (part as Data).data instanceof Uint8Array;

/** The editor's chat marks the ends of what should be cached; the kind is no MIME type. */
const isCacheMark = (part: unknown): boolean => isData(part) && part.mimeType === 'cache_control';

function toParts(content: readonly unknown[]): JsonObject[] {
  return content.flatMap((part): JsonObject[] => {
    if (part instanceof vscode.LanguageModelTextPart) return part.value ? [textPart(part.value)] : [];
    if (isData(part)) return fromData(part);
    if (part instanceof vscode.LanguageModelPromptTsxPart) return [textPart(JSON.stringify(part.value))];
    // Earlier thoughts (a proposed part of the editor's): no model takes another's back.
    if (typeof part === 'object' && part !== null && 'metadata' in part && 'value' in part) return [];
    if (typeof part === 'string') return part ? [textPart(part)] : [];
    throw new UnsupportedPartError(`Portside cannot hand a part of this kind to a model: ${typeof part}.`);
  });
}

const textPart = (text: string): JsonObject => ({ type: 'text', text });

function fromData({ mimeType, data }: Data): JsonObject[] {
  // Marks of the editor's own (of a state, of a context) are named by a word and say nothing to a model.
  if (!mimeType.includes('/')) return [];
  const type = mimeType.replace(/;.*/s, '').trim().toLowerCase();
  if (type.startsWith('text/') || type === 'application/json' || type.endsWith('+json'))
    return [textPart(Buffer.from(data).toString('utf8'))];
  const url = `data:${type};base64,${Buffer.from(data).toString('base64')}`;
  if (type.startsWith('image/')) return [{ type: 'image_url', image_url: { url } }];
  if (type === 'application/pdf')
    return [{ type: 'file', file: { filename: 'document.pdf', file_data: url } }];
  throw new UnsupportedPartError(
    `Portside hands texts, images and PDF documents to models, not ${mimeType.slice(0, 100)}.`,
  );
}
