import type { JsonObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type {
  CanonicalResponse,
  Choice,
  Citation,
  FilePart,
  OpaquePart,
  TextPart,
  ToolCallPart,
} from '../canonical';
import { lostCitation } from '../lost-citation';
import { encodeUrlCitation, type CitedText } from '../openai/citations';
import { encodeFinish } from './map-stop-reason';
import { encodeUsage } from './map-usage';
import { DIALECT, requestMetadata } from './wire';

/** An image of an answer, where OpenRouter's clients look for it; chat completions have no field of their own. */
export function encodeAnswerImage(file: FilePart): JsonObject | undefined {
  if (!file.mediaType.startsWith('image/') || file.source.type === 'id') return undefined;
  const url =
    file.source.type === 'url' ? file.source.url : `data:${file.mediaType};base64,${file.source.data}`;
  return { type: 'image_url', image_url: { url } };
}

/**
 * Reports a piece of an answer that chat completions cannot carry. Code that the provider ran is not put into the text: an
 * answer in JSON would be broken by it, and clients would send it back as what the model said. The model tells what came of it.
 */
export function warnOfLostPart(part: FilePart | OpaquePart, context: ReplyContext): void {
  const message =
    part.type === 'file'
      ? `Chat completions carry no ${part.mediaType} in answers.`
      : `"${part.label}" is understood by ${part.dialect} only.`;
  context.warn({ type: 'dropped', field: 'choices', message });
}

/** A citation as an annotation of the whole message; undefined, with a warning, for one that has no address. */
export function encodeCitation(
  citation: Citation,
  cited: CitedText,
  length: number,
  context: ReplyContext,
): JsonObject | undefined {
  const own = citation.metadata?.[DIALECT];
  if (own) return own;
  const fields = encodeUrlCitation(citation, cited, length);
  if (!fields) context.warn(lostCitation);
  return fields && { type: 'url_citation', url_citation: fields };
}

function encodeCall(call: ToolCallPart): JsonObject {
  return call.kind === 'custom'
    ? { id: call.id, type: 'custom', custom: { name: call.name, input: call.input } }
    : { id: call.id, type: 'function', function: { name: call.name, arguments: call.input } };
}

function encodeChoice(choice: Choice, index: number, context: ReplyContext): JsonObject {
  const message: JsonObject = { role: 'assistant', content: null, refusal: null };
  const text: string[] = [];
  const reasoning: string[] = [];
  const refusal: string[] = [];
  const images: JsonObject[] = [];
  const cited: { part: TextPart; from: number }[] = [];
  let length = 0;
  const calls: ToolCallPart[] = [];
  for (const part of choice.content) {
    switch (part.type) {
      case 'text':
        cited.push({ part, from: length });
        length += part.text.length;
        text.push(part.text);
        break;
      case 'reasoning':
        reasoning.push(part.text);
        break;
      case 'refusal':
        refusal.push(part.text);
        break;
      case 'tool-call':
        calls.push(part);
        break;
      case 'file': {
        const image = encodeAnswerImage(part);
        if (image) images.push(image);
        else warnOfLostPart(part, context);
        break;
      }
      case 'opaque':
        if (part.dialect === DIALECT && part.label === 'audio') message.audio = part.value;
        else warnOfLostPart(part, context);
        break;
    }
  }
  const legacy = requestMetadata(context.request.metadata).legacyFunctions === true;
  if (text.length > 0 || (calls.length === 0 && refusal.length === 0)) message.content = text.join('');
  if (refusal.length > 0) message.refusal = refusal.join('');
  const thought = reasoning.join('');
  if (thought !== '') message.reasoning_content = thought;
  if (images.length > 0) message.images = images;
  const whole = text.join('');
  const annotations = cited.flatMap(({ part, from }): JsonObject[] =>
    (part.citations ?? []).flatMap((citation): JsonObject[] => {
      const annotation = encodeCitation(citation, { text: whole, from }, part.text.length, context);
      return annotation ? [annotation] : [];
    }),
  );
  if (annotations.length > 0) message.annotations = annotations;
  const [first, ...others] = calls;
  if (first && legacy) {
    message.function_call = { name: first.name, arguments: first.input };
    if (others.length > 0) {
      context.warn({
        type: 'dropped',
        field: 'choices',
        message: '"function_call" holds one call: the others are left out.',
      });
    }
  } else if (first) {
    message.tool_calls = calls.map(encodeCall);
  }
  const content = { calls: calls.length > 0, refused: refusal.length > 0, legacy };
  return {
    index,
    message,
    logprobs: choice.logprobs ?? null,
    finish_reason: encodeFinish(choice.finish, content),
  };
}

/** A whole chat completion. Reference: https://platform.openai.com/docs/api-reference/chat/object */
export function encodeResponse(response: CanonicalResponse, context: ReplyContext): JsonObject {
  return {
    id: response.id ?? context.newId('chatcmpl-'),
    object: 'chat.completion',
    created: response.created ?? context.now,
    model: context.model,
    choices: response.choices.map((choice, index) => encodeChoice(choice, index, context)),
    ...(response.usage && { usage: encodeUsage(response.usage) }),
  };
}
