import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { InvalidRequestError } from '../../errors';
import type { DecodeContext, Warn } from '../adapter';
import type {
  AssistantPart,
  CanonicalRequest,
  Message,
  TextPart,
  ToolResultPart,
  UserMessage,
} from '../canonical';
import { isForeign } from '../signatures/envelope';
import { decodeGeneration } from './decode-generation';
import {
  asObject,
  decodeFile,
  decodeOpaque,
  decodeResult,
  foreignReasoning,
  partMetadata,
} from './decode-part';
import { decodeToolChoice, decodeTools } from './decode-tools';
import { field, listField, objectField, others, textField } from './wire';

const KNOWN = ['model', 'contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig', 'stream'];

/**
 * A client's `generateContent` request (https://ai.google.dev/api/generate-content). Throws `InvalidRequestError`
 * with the path of a bad field. Fields that only Gemini has are kept in `metadata.gemini`.
 */
export function decodeRequest(body: JsonObject, context: DecodeContext): CanonicalRequest {
  const named = field(body, 'model');
  const model = context.model ?? (typeof named === 'string' ? named : '');
  const contents = decodeContents(body, context.warn);
  const { settings, kept } = decodeGeneration(objectField(body, 'generationConfig', ''));
  const toolChoice = decodeToolChoice(body);
  const toolConfig = objectField(body, 'toolConfig', '');
  const metadata: JsonObject = {
    ...others(body, KNOWN),
    ...(kept && { generationConfig: kept }),
    ...(toolConfig && keepToolConfig(toolConfig)),
  };
  warnOfOwnFields(metadata, context.warn);
  return {
    model: model.replace(/^models\//, ''),
    stream: context.stream ?? false,
    messages: [...decodeSystem(body, context.warn), ...contents],
    tools: decodeTools(body),
    ...(toolChoice && { toolChoice }),
    ...settings,
    ...(Object.keys(metadata).length > 0 && { metadata: { gemini: metadata } }),
  };
}

/** Fields whose loss changes no answer: book-keeping, and what was read into the vocabulary as well. */
const HARMLESS = ['labels', 'store', 'generationConfig', 'toolConfig', 'thinkingConfig'];

/** One warning for each field that only Gemini understands. */
function warnOfOwnFields(own: JsonObject, warn: Warn): void {
  const generation = isObject(own['generationConfig']) ? own['generationConfig'] : {};
  for (const [path, fields] of [['', own] as const, ['generationConfig.', generation] as const])
    for (const [name, value] of Object.entries(fields)) {
      const usual = name === 'responseModalities' && JSON.stringify(value).toUpperCase() === '["TEXT"]';
      if (!usual && !HARMLESS.includes(name))
        warn({ type: 'dropped', field: path + name, message: `Only Gemini understands ${name}.` });
    }
}

/** What of the tool configuration the vocabulary cannot say: `VALIDATED`, retrieval settings. */
function keepToolConfig(config: JsonObject): JsonObject | undefined {
  const calling = field(config, 'functionCallingConfig');
  const mode = isObject(calling) ? field(calling, 'mode') : undefined;
  const kept: JsonObject = {
    ...others(config, ['functionCallingConfig']),
    ...(mode === 'VALIDATED' && { functionCallingConfig: calling }),
  };
  return Object.keys(kept).length > 0 ? { toolConfig: kept } : undefined;
}

/** A content, a part, a list of parts, or plain text. */
function decodeSystem(body: JsonObject, warn: Warn): Message[] {
  const value = field(body, 'systemInstruction');
  if (value === undefined) return [];
  const path = 'systemInstruction';
  const parts = partsOf(value, path);
  const content = parts.flatMap((part, index): TextPart[] => {
    const inner = `${path}.parts[${index}]`;
    const text = textField(asObject(part, inner), 'text', inner);
    if (text !== undefined) return [{ type: 'text', text }];
    warn({ type: 'dropped', field: inner, message: 'A system instruction holds text only.' });
    return [];
  });
  return content.length > 0 ? [{ role: 'system', content }] : [];
}

function partsOf(value: Json, path: string): Json[] {
  if (typeof value === 'string') return [{ text: value }];
  if (Array.isArray(value)) return value.map((part) => (typeof part === 'string' ? { text: part } : part));
  const content = asObject(value, path);
  const parts = field(content, 'parts');
  if (parts === undefined) return field(content, 'text') === undefined ? [] : [content];
  if (typeof parts === 'string') return [{ text: parts }];
  return listField(content, 'parts', path) ?? [];
}

/** A call that waits for its result. */
interface OpenCall {
  id: string;
  name: string;
}

function decodeContents(body: JsonObject, warn: Warn): Message[] {
  const value = field(body, 'contents');
  const contents =
    typeof value === 'string' ? [{ parts: [{ text: value }] }] : listField(body, 'contents', '');
  if (!contents || contents.length === 0)
    throw new InvalidRequestError('contents must not be empty.', 'contents');
  const open: OpenCall[] = [];
  let answered = false;
  const messages = contents.flatMap((entry, index): Message[] => {
    const path = `contents[${index}]`;
    const content = asObject(entry, path);
    const parts = partsOf(content, path).map((part, i) => asObject(part, `${path}.parts[${i}]`));
    const role = textField(content, 'role', path) ?? 'user';
    switch (role) {
      case 'model':
      case 'assistant':
        // Results answer the calls just before them; older ones that nobody answered stay unanswered.
        if (answered) open.length = 0;
        answered = false;
        return decodeModelContent(parts, index, path, open, warn);
      case 'user':
      case 'function':
      case 'tool':
      case '':
        answered = true;
        return decodeUserContent(parts, index, path, open, warn);
      case 'system':
        return decodeSystem({ systemInstruction: content }, warn);
      default:
        throw new InvalidRequestError(`${path}.role must be "user" or "model".`, `${path}.role`);
    }
  });
  return joinModelMessages(messages).map(joinThoughts);
}

/** SDK chats keep every chunk of a stream as a content of its own; together they are one message. */
function joinModelMessages(messages: Message[]): Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.role !== 'assistant' || last?.role !== 'assistant') {
      joined.push(message);
      continue;
    }
    const [first, ...rest] = message.content;
    const before = last.content.at(-1);
    const text = first?.type === 'text' && before?.type === 'text' && !first.metadata && !before.metadata;
    if (text) before.text += first.text;
    last.content.push(...(text ? rest : message.content));
  }
  return joined;
}

/** A thought of Gemini's form that nobody signed: a piece of a stream. */
const isPiece = (part: AssistantPart | undefined): boolean =>
  part?.type === 'reasoning' && Object.keys(part.metadata?.gemini ?? {}).join() === 'thought';

/**
 * Another provider's reasoning in one part: streams write it in pieces with the envelope at the end, and the call
 * behind it has it once more, for clients that leave thoughts out.
 */
function joinThoughts(message: Message): Message {
  if (message.role !== 'assistant') return message;
  const content: AssistantPart[] = [];
  const seen = new Set<string>();
  for (const part of message.content) {
    if (part.type !== 'reasoning' || !isForeign(part.metadata, 'gemini')) {
      content.push(part);
      continue;
    }
    let { text } = part;
    for (let last = content.at(-1); last?.type === 'reasoning' && isPiece(last); last = content.at(-1)) {
      text = last.text + text;
      content.pop();
    }
    const identity = JSON.stringify([text, part.metadata]);
    if (!seen.has(identity)) content.push({ ...part, text });
    seen.add(identity);
  }
  return { ...message, content };
}

function decodeModelContent(
  parts: JsonObject[],
  message: number,
  path: string,
  open: OpenCall[],
  warn: Warn,
): Message[] {
  const content = parts.flatMap((part, index): AssistantPart[] => {
    const inner = `${path}.parts[${index}]`;
    const call = objectField(part, 'functionCall', inner);
    if (call) {
      const name = textField(call, 'name', `${inner}.functionCall`);
      if (!name)
        throw new InvalidRequestError(`${inner}.functionCall.name is missing.`, `${inner}.functionCall.name`);
      const args = objectField(call, 'args', `${inner}.functionCall`);
      // Not random: the same conversation must look the same on its next turn, to caches and to signatures.
      const id = textField(call, 'id', `${inner}.functionCall`) || `call_${message}_${index}`;
      open.push({ id, name });
      const input = args ? JSON.stringify(args) : '{}';
      return [
        ...(foreignReasoning(part, '') ?? []),
        { type: 'tool-call', id, name, kind: 'function', input, ...partMetadata(part) },
      ];
    }
    const text = textField(part, 'text', inner);
    if (part['thought'] === true && (text !== undefined || isThoughtOnly(part)))
      return (
        foreignReasoning(part, text ?? '') ?? [
          { type: 'reasoning', text: text ?? '', ...partMetadata(part, { thought: true }) },
        ]
      );
    if (text !== undefined) return [{ type: 'text', text, ...partMetadata(part) }];
    return decodeRest(part, inner, warn);
  });
  return [{ role: 'assistant', content }];
}

function isThoughtOnly(part: JsonObject): boolean {
  return others(part, ['thought', 'thoughtSignature']) === undefined;
}

function decodeRest(part: JsonObject, path: string, warn: Warn) {
  const other = decodeFile(part, path) ?? decodeOpaque(part);
  if (other) return [other];
  if (field(part, 'thoughtSignature') !== undefined)
    return [{ type: 'text' as const, text: '', ...partMetadata(part) }];
  warn({ type: 'dropped', field: path, message: 'The part is empty.' });
  return [];
}

/** Results come first: every other protocol wants them right after the calls. */
function decodeUserContent(
  parts: JsonObject[],
  message: number,
  path: string,
  open: OpenCall[],
  warn: Warn,
): Message[] {
  const results: ToolResultPart[] = [];
  const content: UserMessage['content'] = [];
  for (const [index, part] of parts.entries()) {
    const inner = `${path}.parts[${index}]`;
    const response = objectField(part, 'functionResponse', inner);
    const text = textField(part, 'text', inner);
    if (response) {
      const name = textField(response, 'name', `${inner}.functionResponse`) ?? '';
      const id = textField(response, 'id', `${inner}.functionResponse`);
      const call = takeCall(open, id, name);
      if (!call)
        warn({
          type: 'changed',
          field: inner,
          message: `The function response "${name}" answers no call before it.`,
        });
      const callId = call?.id ?? (id || `call_${message}_${index}`);
      results.push(decodeResult(response, callId, name || (call?.name ?? ''), `${inner}.functionResponse`));
    } else if (text !== undefined) content.push({ type: 'text', text, ...partMetadata(part) });
    else content.push(...decodeRest(part, inner, warn));
  }
  return [
    ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : []),
    ...(content.length > 0 ? [{ role: 'user' as const, content }] : []),
  ];
}

/** The call with that id; without one, the oldest unanswered call of that name. */
function takeCall(open: OpenCall[], id: string | undefined, name: string): OpenCall | undefined {
  const byId = id ? open.findIndex((call) => call.id === id) : -1;
  const index = byId >= 0 ? byId : open.findIndex((call) => call.name === name);
  return index >= 0 ? open.splice(index, 1)[0] : undefined;
}
