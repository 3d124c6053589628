import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { EncodeContext } from '../adapter';
import type { AssistantMessage, Message, ToolCallPart, ToolMessage, ToolResultPart } from '../canonical';
import { encodeFile } from './encode-file';
import { encodeOpaque } from './encode-opaque';
import { generationOf } from './model-generation';
import { signCurrentTurn } from './sign-turn';
import { recallText } from './text-memory';
import type { WireContent, WirePart } from './wire';

/** What encoding messages needs besides the context: the tools' names on the wire. */
export interface ContentsContext extends EncodeContext {
  toWire: (name: string) => string;
}

/** Media that a function response may carry itself, from Gemini 3 on (https://ai.google.dev/gemini-api/docs/function-calling#multimodal). */
const RESPONSE_MEDIA = /^(image\/(png|jpeg|webp)|application\/pdf|text\/plain)$/;

/**
 * `contents` of a request, from the message at `start` on. Neighbours of one role become one content, as Gemini wants
 * turns to alternate; function responses stand first in theirs.
 */
export function encodeContents(
  messages: readonly Message[],
  start: number,
  context: ContentsContext,
): WireContent[] {
  const contents: WireContent[] = [];
  const push = (role: 'user' | 'model', parts: WirePart[]) => {
    if (parts.length === 0) return;
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  };
  const names = new Map<string, string>();
  /** Of the assistant messages just before, which become one content. */
  const calls: ToolCallPart[] = [];
  let foreignThoughts = 0;
  for (const [offset, message] of messages.slice(start).entries()) {
    const path = `messages[${start + offset}]`;
    switch (message.role) {
      case 'system':
        context.warn({
          type: 'changed',
          field: path,
          message:
            'A system message inside the conversation was sent as user text: Gemini has one place for them.',
        });
        push('user', texts(message.content));
        break;
      case 'user':
        push(
          'user',
          message.content.flatMap((part, i) => encodePlain(part, context, `${path}.content[${i}]`)),
        );
        break;
      case 'assistant': {
        foreignThoughts += countForeignThoughts(message);
        for (const part of message.content) if (part.type === 'tool-call') names.set(part.id, part.name);
        push('model', encodeAssistant(message, context, path));
        calls.push(...message.content.filter((part) => part.type === 'tool-call'));
        if (messages[start + offset + 1]?.role !== 'assistant')
          push('user', answerMissing(calls.splice(0), messages.slice(start + offset + 1), context, path));
        break;
      }
      case 'tool':
        push('user', encodeResults(message, names, context, path));
        break;
    }
  }
  if (foreignThoughts > 0)
    context.warn({
      type: 'dropped',
      field: 'messages',
      message: `${foreignThoughts} reasoning parts of another provider were left out: Gemini takes only its own.`,
    });
  for (const content of contents)
    if (content.role === 'user')
      content.parts = [...content.parts.filter(isResponse), ...content.parts.filter(isOther)];
  signCurrentTurn(contents);
  return contents;
}

const isResponse = (part: WirePart) => part.functionResponse !== undefined;
const isOther = (part: WirePart) => part.functionResponse === undefined;

function texts(parts: { text: string }[]): WirePart[] {
  return parts.filter((part) => part.text !== '').map(({ text }) => ({ text }));
}

function signatureOf(metadata: JsonObject | undefined): { thoughtSignature?: string } {
  const signature = metadata?.['thoughtSignature'];
  return typeof signature === 'string' && signature !== '' ? { thoughtSignature: signature } : {};
}

type PlainPart = Exclude<AssistantMessage['content'][number], { type: 'tool-call' | 'reasoning' }>;

function encodePlain(part: PlainPart, context: ContentsContext, path: string): WirePart[] {
  switch (part.type) {
    case 'text': {
      const signature = signatureOf(part.metadata?.gemini);
      // Empty text is refused by some models, and says nothing unless it carries a signature.
      return part.text === '' && signature.thoughtSignature === undefined
        ? []
        : [{ text: part.text, ...signature }];
    }
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'file':
      return encodeFile(part, context.warn, path);
    case 'opaque':
      return encodeOpaque(part, context.warn, path);
  }
}

function countForeignThoughts(message: AssistantMessage): number {
  return message.content.filter((part) => part.type === 'reasoning' && !part.metadata?.gemini).length;
}

function encodeAssistant(message: AssistantMessage, context: ContentsContext, path: string): WirePart[] {
  const kept = recallText(context.signatures, message.content);
  return message.content.flatMap((part, index): WirePart[] => {
    const inner = `${path}.content[${index}]`;
    if (part.type === 'text' && part === kept?.part)
      return [{ text: part.text, thoughtSignature: kept.signature }];
    switch (part.type) {
      case 'reasoning':
        return part.metadata?.gemini
          ? [{ text: part.text, thought: true, ...signatureOf(part.metadata.gemini) }]
          : [];
      case 'tool-call':
        return [encodeCall(part, context, inner)];
      case 'text':
      case 'refusal':
      case 'file':
      case 'opaque':
        return encodePlain(part, context, inner);
    }
  });
}

function encodeCall(part: ToolCallPart, context: ContentsContext, path: string): WirePart {
  const own = signatureOf(part.metadata?.gemini).thoughtSignature;
  const signature = own ?? context.signatures.recall('gemini', part.id);
  return {
    functionCall: { id: part.id, name: context.toWire(part.name), args: parseArguments(part, context, path) },
    ...(signature !== undefined && { thoughtSignature: signature }),
  };
}

function parseArguments(part: ToolCallPart, context: ContentsContext, path: string): JsonObject {
  if (part.kind === 'custom') return { input: part.input };
  if (part.input.trim() === '') return {};
  let value: Json | undefined;
  try {
    value = JSON.parse(part.input) as Json;
  } catch {
    value = undefined;
  }
  if (isObject(value)) return value;
  context.warn({
    type: 'changed',
    field: path,
    message: 'The call\'s arguments are not a JSON object; they were sent as its "input".',
  });
  return { input: part.input };
}

/** Gemini refuses a call that the next content does not answer. */
function answerMissing(
  calls: readonly ToolCallPart[],
  later: readonly Message[],
  context: ContentsContext,
  path: string,
): WirePart[] {
  if (later.length === 0) return [];
  const next = later.findIndex((one) => one.role === 'assistant');
  const answers = later
    .slice(0, next < 0 ? later.length : next)
    .flatMap((one) => (one.role === 'tool' ? one.content.map((result) => result.callId) : []));
  return calls.flatMap((part): WirePart[] => {
    if (answers.includes(part.id)) return [];
    context.warn({
      type: 'changed',
      field: path,
      message: `The call of "${part.name}" has no result; Gemini was told so, because it refuses open calls.`,
    });
    const response = { error: 'The call was not answered.' };
    return [{ functionResponse: { id: part.id, name: context.toWire(part.name), response } }];
  });
}

function encodeResults(
  message: ToolMessage,
  names: ReadonlyMap<string, string>,
  context: ContentsContext,
  path: string,
): WirePart[] {
  return message.content.flatMap((part, index): WirePart[] => {
    const inner = `${path}.content[${index}]`;
    const name = names.get(part.callId);
    if (name !== undefined) return encodeResult(part, name, context, inner);
    context.warn({
      type: 'changed',
      field: inner,
      message: `The result answers no call in the conversation ("${part.callId}"); it was sent as user text.`,
    });
    return part.content.flatMap((one) => encodePlain(one, context, inner));
  });
}

function encodeResult(
  part: ToolResultPart,
  name: string,
  context: ContentsContext,
  path: string,
): WirePart[] {
  const text = part.content.flatMap((one) => (one.type === 'text' ? [one.text] : [])).join('\n');
  const files = part.content.flatMap((one) =>
    one.type === 'file' ? encodeFile(one, context.warn, path) : [],
  );
  const generation = generationOf(context.model) ?? 0;
  const inside = files.filter(
    (file) =>
      generation >= 3 &&
      isObject(file.inlineData) &&
      RESPONSE_MEDIA.test(String(file.inlineData['mimeType'])),
  );
  const original = part.metadata?.gemini?.['response'];
  const response = isObject(original) ? original : part.isError ? { error: text } : { result: text };
  return [
    {
      functionResponse: {
        id: part.callId,
        name: context.toWire(name),
        response,
        ...(inside.length > 0 && { parts: inside.map((file) => ({ inlineData: file.inlineData })) }),
      },
    },
    ...files.filter((file) => !inside.includes(file)),
  ];
}
