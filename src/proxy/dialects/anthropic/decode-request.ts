import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { DecodeContext, Warn } from '../adapter';
import type {
  CanonicalRequest,
  Message,
  ReasoningSettings,
  ResponseFormat,
  SystemMessage,
  TextPart,
} from '../canonical';
import { isEffort } from '../reasoning-levels';
import { decodeAssistantBlock, decodeText, decodeUserContent, readBlocks } from './decode-content';
import { decodeToolChoice, decodeTools } from './decode-tools';
import {
  invalid,
  optionalBoolean,
  optionalNumber,
  optionalObject,
  optionalString,
  requireList,
  requireObject,
  requireString,
} from './read-fields';
import { omitFields } from './wire';

const NAMED = [
  'model',
  'messages',
  'max_tokens',
  'system',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
];

/**
 * A client's request to `POST /v1/messages`. Throws `InvalidRequestError` where a field that must be understood is
 * missing or of the wrong type; unknown fields are kept for Anthropic upstreams, each with a warning.
 * https://platform.claude.com/docs/en/api/messages
 */
export function decodeRequest(body: JsonObject, context: DecodeContext): CanonicalRequest {
  const maxOutputTokens = optionalNumber(body, 'max_tokens', '');
  if (maxOutputTokens === undefined) throw invalid('max_tokens', 'Field required');
  if (maxOutputTokens < 0) throw invalid('max_tokens', 'Input should be greater than or equal to 0');
  return { ...decodeConversation(body, context), maxOutputTokens };
}

/** As {@link decodeRequest}, for `POST /v1/messages/count_tokens`, which asks for no output. */
export function decodeConversation(body: JsonObject, context: DecodeContext): CanonicalRequest {
  const model = requireString(body, 'model', '');
  const metadata = optionalObject(body, 'metadata', '');
  const userId = metadata && optionalString(metadata, 'user_id', 'metadata.');
  const temperature = optionalNumber(body, 'temperature', '');
  const topP = optionalNumber(body, 'top_p', '');
  const topK = optionalNumber(body, 'top_k', '');
  const stop = decodeStop(body);
  const reasoning = decodeReasoning(body);
  const responseFormat = decodeFormat(body);
  const rest = omitFields(
    body,
    metadata && Object.keys(metadata).every((k) => k === 'user_id') ? [...NAMED, 'metadata'] : NAMED,
  );
  for (const field of Object.keys(rest ?? {}))
    // Cache markers ask for nothing but speed; other targets cache on their own.
    if (field !== 'cache_control' && field !== 'metadata')
      context.warn({ type: 'dropped', field, message: `Only Anthropic upstreams understand ${field}.` });
  return {
    model: context.model ?? model,
    stream: context.stream ?? optionalBoolean(body, 'stream', '') ?? false,
    messages: [...decodeSystem(body), ...decodeMessages(body, context.warn)],
    tools: decodeTools(body['tools']),
    ...decodeToolChoice(optionalObject(body, 'tool_choice', '')),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(stop && { stop }),
    ...(responseFormat && { responseFormat }),
    ...(reasoning && { reasoning }),
    ...(userId !== undefined && { userId }),
    ...(rest && { metadata: { anthropic: rest } }),
  };
}

function decodeSystem(body: JsonObject): SystemMessage[] {
  const { system } = body;
  if (system === undefined || system === null) return [];
  const content = readBlocks(system, 'system').map(({ block, type, path }) => {
    if (type !== 'text') throw invalid(`${path}type`, "Input should be 'text'");
    return decodeText(block, path);
  });
  return content.length > 0 ? [{ role: 'system', content }] : [];
}

function decodeMessages(body: JsonObject, warn: Warn): Message[] {
  const list = requireList(body['messages'], 'messages');
  if (list.length === 0) throw invalid('messages', 'at least one message is required');
  const names = new Map<string, string>();
  return list.flatMap((value, index): Message[] => {
    const path = `messages.${index}`;
    const message = requireObject(value, path);
    const role = requireString(message, 'role', `${path}.`);
    const { content } = message;
    switch (role) {
      case 'user': {
        const { results, parts } = decodeUserContent(content, `${path}.content`, (id) => names.get(id));
        return [
          ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : []),
          ...(parts.length > 0 || results.length === 0 ? [{ role: 'user' as const, content: parts }] : []),
        ];
      }
      case 'assistant': {
        const parts = readBlocks(content, `${path}.content`).flatMap(decodeAssistantBlock);
        for (const part of parts) if (part.type === 'tool-call') names.set(part.id, part.name);
        return [{ role, content: parts }];
      }
      case 'system': {
        const parts = decodeLateSystem(content, `${path}.content`, warn);
        return parts.length > 0 ? [{ role, content: parts }] : [];
      }
      default:
        throw invalid(`${path}.role`, "Input should be 'user', 'assistant' or 'system'");
    }
  });
}

/** System text within the conversation; what else may stand there is for Anthropic's own tools (`tool_addition`). */
function decodeLateSystem(content: Json | undefined, path: string, warn: Warn): TextPart[] {
  return readBlocks(content, path).flatMap(({ block, type, path: place }) => {
    if (type === 'text') return [decodeText(block, place)];
    warn({
      type: 'dropped',
      field: place.replace(/\.$/, ''),
      message: `Only Anthropic upstreams understand ${type} in system messages.`,
    });
    return [];
  });
}

function decodeStop(body: JsonObject): string[] | undefined {
  if (body['stop_sequences'] === undefined || body['stop_sequences'] === null) return undefined;
  return requireList(body['stop_sequences'], 'stop_sequences').map((value, index) => {
    if (typeof value !== 'string') throw invalid(`stop_sequences.${index}`, 'Input should be a valid string');
    return value;
  });
}

function decodeReasoning(body: JsonObject): ReasoningSettings | undefined {
  const thinking = optionalObject(body, 'thinking', '');
  const config = optionalObject(body, 'output_config', '');
  const settings: ReasoningSettings = {};
  if (thinking) {
    const type = requireString(thinking, 'type', 'thinking.');
    const modes = {
      enabled: 'on',
      disabled: 'off',
      adaptive: 'adaptive',
      between_tools: 'adaptive',
    } as const;
    if (!(type in modes))
      throw invalid('thinking.type', `Input tag '${type}' is not a known kind of thinking`);
    settings.mode = modes[type as keyof typeof modes];
    const budget = optionalNumber(thinking, 'budget_tokens', 'thinking.');
    if (type === 'enabled' && budget === undefined) throw invalid('thinking.budget_tokens', 'Field required');
    if (budget !== undefined) settings.budgetTokens = budget;
    const display = optionalString(thinking, 'display', 'thinking.');
    if (display !== undefined) settings.visible = display !== 'omitted';
  }
  const effort = config && optionalString(config, 'effort', 'output_config.');
  if (effort !== undefined) {
    if (!isEffort(effort))
      throw invalid('output_config.effort', "Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
    settings.effort = effort;
  }
  return Object.keys(settings).length > 0 ? settings : undefined;
}

/** `output_config.format`, or `output_format`, its name while it was beta. */
function decodeFormat(body: JsonObject): ResponseFormat | undefined {
  const config = optionalObject(body, 'output_config', '');
  const [format, path] = isObject(config?.['format'])
    ? [config['format'], 'output_config.format.']
    : [optionalObject(body, 'output_format', ''), 'output_format.'];
  if (!format) return undefined;
  if (requireString(format, 'type', path) !== 'json_schema')
    throw invalid(`${path}type`, "Input should be 'json_schema'");
  return { type: 'json-schema', schema: requireObject(format['schema'], `${path}schema`), strict: true };
}
