import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type {
  AssistantPart,
  CanonicalResponse,
  Choice,
  Finish,
  Metadata,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from '../canonical';
import { isForeign, wrapMetadata, wrapReasoning } from '../signatures/envelope';
import { encodeFile } from './encode-file';
import { encodeLogprobs } from './encode-logprobs';
import { encodeOpaque, encodeStep } from './encode-opaque';
import { encodeStopReason } from './map-stop-reason';
import { encodeUsage } from './map-usage';
import type { WirePart } from './wire';
import { GroundingWriter } from './write-grounding';

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
  const thoughts: ReasoningPart[] = [];
  const parts: WirePart[] = [];
  const grounding = new GroundingWriter(context.warn);
  choice.content.forEach((part, i) => {
    if (part.type === 'reasoning') thoughts.push(part);
    if (part.type === 'tool-call') parts.push(encodeCall(part, context, thoughts.splice(0)));
    else if (part.type === 'text') addText(parts, part, grounding);
    else if (part.type !== 'opaque' || !grounding.search(part))
      parts.push(...encodePart(part, context, `candidates[${index}].parts[${i}]`));
  });
  const logprobs = choice.logprobs === undefined ? undefined : encodeLogprobs([choice.logprobs]);
  return {
    content: { parts, role: 'model' },
    finishReason: encodeStopReason(choice.finish),
    index,
    ...(logprobs && { logprobsResult: logprobs }),
    ...grounding.metadata(),
    ...finishDetails(choice.finish),
  };
}

/** Texts side by side are one part, as Gemini writes them: readers insert sources into the text by their places. */
function addText(parts: WirePart[], part: TextPart, grounding: GroundingWriter): void {
  const last = parts.at(-1);
  const joins = typeof last?.text === 'string' && Object.keys(last).length === 1;
  const before = joins ? (last.text ?? '') : '';
  const said = before + part.text;
  if (joins) parts.pop();
  parts.push({ text: said, ...signature(part.metadata) });
  for (const citation of part.citations ?? [])
    grounding.cite(citation, { said, from: before.length }, parts.length - 1);
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

/** The `thoughtSignature` of a thought: Gemini's own, or an envelope around what another provider wants back. */
export function signThought(metadata: Metadata | undefined): { thoughtSignature?: string } {
  return isForeign(metadata, 'gemini')
    ? { thoughtSignature: wrapMetadata(metadata ?? {}) }
    : signature(metadata);
}

/**
 * A tool call as a `functionCall` part; Gemini's are whole, with arguments that are an object.
 * @param thoughts what was thought since the call before. Gemini CLI leaves thoughts out of its
 * history but keeps signatures of calls (https://github.com/google-gemini/gemini-cli,
 * packages/core/src/core/geminiChat.ts), so the call carries them.
 */
export function encodeCall(
  call: Omit<ToolCallPart, 'type'>,
  context: ReplyContext,
  thoughts: readonly ReasoningPart[],
): WirePart {
  const own = signature(call.metadata);
  const foreign = thoughts.filter(({ metadata }) => metadata && isForeign(metadata, 'gemini'));
  return {
    functionCall: { id: call.id, name: call.name, args: readArguments(call, context) },
    ...(foreign.length > 0 && { thoughtSignature: wrapReasoning(foreign) }),
    ...own,
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
export function encodePart(
  part: Exclude<AssistantPart, ToolCallPart>,
  context: ReplyContext,
  path: string,
): WirePart[] {
  switch (part.type) {
    case 'text':
      return [{ text: part.text, ...signature(part.metadata) }];
    case 'refusal':
      return [{ text: part.text }];
    case 'reasoning':
      return showsThoughts(context) && (part.text !== '' || part.metadata !== undefined)
        ? [{ text: part.text, thought: true, ...signThought(part.metadata) }]
        : [];
    case 'file':
      return encodeFile(part, context.warn, path);
    case 'opaque':
      return part.dialect !== 'gemini' && part.step?.type === 'code-execution'
        ? encodeStep(part.step)
        : encodeOpaque(part, context.warn, path);
  }
}
