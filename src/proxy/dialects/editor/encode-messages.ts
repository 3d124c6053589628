import type { LmData, LmMessage, LmText } from '../../../shared/language-models';
import { InvalidRequestError, NotSupportedError } from '../../errors';
import type { Warn } from '../adapter';
import type {
  AssistantMessage,
  CanonicalRequest,
  FilePart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
} from '../canonical';
import { imageType } from '../image-type';
import { objectInput, wrappedInput } from '../tools/object-input';
import { orderMessages } from '../order-messages';
import type { ToolNameMap } from '../tools/tool-names';

const NO_RESULT = 'The tool gave no result.';
const SILENCE = '(The tool gave no output.)';

/**
 * The conversation as the editor takes it: two roles, and the results of calls in the user's next message. What a system
 * prompt says becomes the user's first message.
 * https://code.visualstudio.com/api/references/vscode-api#LanguageModelChatMessage
 * @throws NotSupportedError for files that are no images, InvalidRequestError for a conversation without content
 */
export function encodeMessages(request: CanonicalRequest, names: ToolNameMap, warn: Warn): LmMessage[] {
  const messages: LmMessage[] = [];
  const system: LmText[] = [];
  const add = (role: LmMessage['role'], content: LmMessage['content'], name?: string) => {
    if (content.length > 0) messages.push({ role, content, ...(name !== undefined && { name }) });
  };
  const leading = request.messages.findIndex(({ role }) => role !== 'system');
  const begin = leading === -1 ? request.messages.length : leading;
  for (const turn of orderMessages(request.messages)) {
    const path = `messages[${turn.index}]`;
    switch (turn.kind) {
      case 'message':
        if (turn.message.role === 'user')
          add('user', encodeUser(turn.message, path, warn), turn.message.name);
        else if (turn.index < begin) system.push(...encodeTexts(turn.message.content));
        else {
          warn({
            type: 'changed',
            field: path,
            message: "The editor's models know no system messages: the user says it.",
          });
          add('user', encodeTexts(turn.message.content));
        }
        break;
      case 'assistant':
        add('assistant', encodeAssistant(turn.message, path, names, warn));
        add(
          'user',
          turn.answered.map(({ call, result }) => encodeResult(call, result, path, warn)),
        );
        break;
      case 'orphan':
        warn({
          type: 'changed',
          field: path,
          message: 'A tool result without a call before it was sent as text.',
        });
        add('user', [
          { type: 'text', text: `Result of the tool ${turn.result.name ?? turn.result.callId}:` },
          ...encodeContent(turn.result.content, path, warn),
        ]);
        break;
    }
  }
  if (system.length > 0) {
    warn({
      type: 'changed',
      field: 'system',
      message: "The editor's models know no system prompt: it was sent as the first message of the user.",
    });
    messages.unshift({
      role: 'user',
      content: [{ type: 'text', text: system.map(({ text }) => text).join('\n\n') }],
    });
  }
  if (messages.length === 0) throw new InvalidRequestError('The request has no content.', 'messages');
  return messages;
}

const encodeTexts = (parts: readonly TextPart[]): LmText[] =>
  parts.flatMap(({ text }) => (text === '' ? [] : [{ type: 'text', text }]));

function encodeContent(
  parts: readonly (TextPart | FilePart)[],
  path: string,
  warn: Warn,
): (LmText | LmData)[] {
  return parts.flatMap((part, index): (LmText | LmData)[] =>
    part.type === 'text' ? encodeTexts([part]) : [encodeImage(part, `${path}.content[${index}]`, warn)],
  );
}

/** An image's bytes. Whether the model can see them only the editor knows. */
function encodeImage({ mediaType, source, detail }: FilePart, path: string, warn: Warn): LmData {
  if (!mediaType.startsWith('image/'))
    throw new NotSupportedError(`The editor's models take text and images, not ${mediaType}.`, path);
  if (source.type !== 'base64')
    throw new NotSupportedError("The editor's models take the bytes of images, no links to them.", path);
  const mimeType = imageType(source.data, mediaType);
  if (mimeType === undefined)
    throw new NotSupportedError(
      `The editor's models take JPEG, PNG, GIF and WebP images, not ${mediaType}.`,
      path,
    );
  if (detail !== undefined && detail !== 'auto')
    warn({
      type: 'dropped',
      field: `${path}.detail`,
      message: 'The editor has no word for the detail of images.',
    });
  return { type: 'data', mimeType, data: source.data };
}

function encodeUser({ content }: UserMessage, path: string, warn: Warn): LmMessage['content'] {
  return content.flatMap((part, index) => {
    if (part.type !== 'opaque') return encodeContent([part], path, warn);
    warn({
      type: 'dropped',
      field: `${path}.content[${index}]`,
      message: `The editor's models do not understand ${part.label}.`,
    });
    return [];
  });
}

function encodeAssistant(
  { content }: AssistantMessage,
  path: string,
  names: ToolNameMap,
  warn: Warn,
): LmMessage['content'] {
  return content.flatMap((part, index): LmMessage['content'] => {
    const dropped = (what: string) => {
      warn({
        type: 'dropped',
        field: part.type === 'reasoning' ? 'messages' : `${path}.content[${index}]`,
        message: `The editor's models take no ${what} back.`,
      });
      return [];
    };
    switch (part.type) {
      case 'text':
      case 'refusal':
        return part.text === '' ? [] : [{ type: 'text', text: part.text }];
      case 'tool-call': {
        const input = objectInput(part, () => {
          warn(wrappedInput(part.name));
        });
        return [{ type: 'tool-call', id: part.id, name: names.toWire(part.name), input }];
      }
      case 'reasoning':
        return dropped('reasoning of earlier answers');
      case 'file':
        return dropped(`files (${part.mediaType})`);
      case 'opaque':
        return dropped(part.label);
    }
  });
}

/** A call without its result is refused by most makers of models: one is put in its place. */
function encodeResult(
  call: ToolCallPart,
  result: ToolResultPart | undefined,
  path: string,
  warn: Warn,
): LmMessage['content'][number] {
  if (!result) {
    warn({
      type: 'changed',
      field: 'messages',
      message: `A call (${call.id}) had no result; an error was put in its place.`,
    });
    return { type: 'tool-result', callId: call.id, content: [{ type: 'text', text: NO_RESULT }] };
  }
  const content = encodeContent(result.content, path, warn);
  if (result.isError === true) {
    warn({
      type: 'changed',
      field: `${path}.is_error`,
      message: "The editor's models are told in words that a tool failed.",
    });
    content.unshift({ type: 'text', text: 'The tool failed:' });
  }
  if (content.length === 0) content.push({ type: 'text', text: SILENCE });
  return { type: 'tool-result', callId: call.id, content };
}
