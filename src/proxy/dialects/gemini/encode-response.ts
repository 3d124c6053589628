import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type { AssistantPart, CanonicalResponse, Choice, Finish, Metadata, ToolCallPart } from '../canonical';
import { encodeFile } from './encode-file';
import { encodeOpaque } from './encode-opaque';
import { encodeStopReason } from './map-stop-reason';
import { encodeUsage } from './map-usage';
import type { WirePart } from './wire';

/** A whole answer for a Gemini client (https://ai.google.dev/api/generate-content#generatecontentresponse). */
export function encodeResponse(response: CanonicalResponse, context: ReplyContext): JsonObject {
  return {
    candidates: response.choices.map((choice, index) => encodeChoice(choice, index, context)),
    ...(response.usage && { usageMetadata: encodeUsage(response.usage) }),
    modelVersion: context.model,
    responseId: response.id ?? context.newId(''),
  };
}

function encodeChoice(choice: Choice, index: number, context: ReplyContext): JsonObject {
  const parts = choice.content.flatMap((part, i) =>
    encodePart(part, context, `candidates[${index}].parts[${i}]`),
  );
  if (choice.logprobs !== undefined) warnAboutLogprobs(context);
  return {
    content: { parts, role: 'model' },
    finishReason: encodeStopReason(choice.finish),
    index,
    ...finishDetails(choice.finish),
  };
}

/** OpenAI's log probabilities have no exact counterpart: Gemini's name token ids. */
export function warnAboutLogprobs(context: ReplyContext): void {
  context.warn({
    type: 'dropped',
    field: 'logprobs',
    message: 'Log probabilities were left out of the answer.',
  });
}

/** Grounding, citations and ratings that came from Gemini. */
export function finishDetails(finish: Finish): JsonObject {
  return finish.metadata?.gemini ?? {};
}

/** Thoughts are for clients that asked for them (`includeThoughts`). */
export function showsThoughts(context: ReplyContext): boolean {
  return context.request.reasoning?.visible === true;
}

/** The `thoughtSignature` of a part that Gemini itself signed; no other provider's. */
export function signature(metadata: Metadata | undefined): { thoughtSignature?: string } {
  const value = metadata?.gemini?.['thoughtSignature'];
  return typeof value === 'string' ? { thoughtSignature: value } : {};
}

/** A tool call as a `functionCall` part; Gemini's are whole, with arguments that are an object. */
export function encodeCall(call: Omit<ToolCallPart, 'type'>, context: ReplyContext): WirePart {
  return {
    functionCall: { id: call.id, name: call.name, args: readArguments(call, context) },
    ...signature(call.metadata),
  };
}

function readArguments(call: Omit<ToolCallPart, 'type'>, context: ReplyContext): JsonObject {
  if (call.kind === 'custom') return { input: call.input };
  if (call.input.trim() === '') return {};
  try {
    const value = JSON.parse(call.input) as Json;
    if (isObject(value)) return value;
  } catch {
    // Said below, together with JSON of another kind.
  }
  context.warn({
    type: 'changed',
    field: `functionCall.${call.name}`,
    message: 'The model wrote arguments that are not a JSON object; they are delivered as "input".',
  });
  return { input: call.input };
}

/** One part of an answer, in Gemini's form; none where the client shall not see it. */
export function encodePart(part: AssistantPart, context: ReplyContext, path: string): WirePart[] {
  switch (part.type) {
    case 'text':
      return [{ text: part.text, ...signature(part.metadata) }];
    case 'refusal':
      return [{ text: part.text }];
    case 'reasoning':
      return showsThoughts(context) && (part.text !== '' || part.metadata?.gemini !== undefined)
        ? [{ text: part.text, thought: true, ...signature(part.metadata) }]
        : [];
    case 'tool-call':
      return [encodeCall(part, context)];
    case 'file':
      return encodeFile(part, context.warn, path);
    case 'opaque':
      return encodeOpaque(part, context.warn, path);
  }
}
