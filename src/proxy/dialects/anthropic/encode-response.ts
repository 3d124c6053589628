import { isObject, type JsonObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type { AssistantPart, CanonicalResponse, Finish, ReasoningPart } from '../canonical';
import { lostCitation } from '../lost-citation';
import { objectInput, wrappedInput } from '../tools/object-input';
import { wrapMetadata, wrapReasoning } from '../signatures/envelope';
import { encodeCitedText } from './citations';
import { encodeStopReason } from './map-stop-reason';
import { StepEncoder } from './server-steps';
import { encodeUsage } from './map-usage';
import type { WireBlock } from './wire';

/** What the client asked of thinking. Others would take a first block that is not text for the answer. */
export function wantsThinking(context: ReplyContext): boolean {
  const { reasoning } = context.request;
  return reasoning?.mode === 'on' || reasoning?.mode === 'adaptive';
}

/** Whether the client wants to read it too; otherwise it takes signatures alone (`display: omitted`). */
export function showsThinking(context: ReplyContext): boolean {
  return wantsThinking(context) && context.request.reasoning?.visible !== false;
}

/** What proves thinking to its provider: Anthropic's own signature or data, or an envelope for another's. */
export type ThinkingProof = { redacted: string } | { signature: string };

/**
 * The proof of finished reasoning. Nothing to read makes it redacted: empty thinking is not accepted back.
 * @param shown whether the text stands in the block
 */
export function proveThinking(
  { text, metadata }: Pick<ReasoningPart, 'text' | 'metadata'>,
  shown: boolean,
): ThinkingProof {
  const own = metadata?.anthropic;
  if (typeof own?.['redacted'] === 'string') return { redacted: own['redacted'] };
  if (typeof own?.['signature'] === 'string' && own['signature'] !== '')
    return { signature: own['signature'] };
  if (text === '') return { redacted: wrapMetadata(metadata ?? {}) };
  return {
    signature: shown
      ? wrapMetadata(metadata ?? {})
      : wrapReasoning([{ type: 'reasoning', text, ...(metadata && { metadata }) }]),
  };
}

/**
 * Reasoning as a block: Anthropic's own always, another's only for a client that asked for thinking, in an envelope
 * (signatures/envelope.ts) that the client sends back.
 */
export function encodeThinking(part: ReasoningPart, context: ReplyContext): WireBlock | undefined {
  const shown = showsThinking(context);
  const isOwn = Object.keys(part.metadata?.anthropic ?? {}).length > 0;
  if (!isOwn && (!wantsThinking(context) || (part.text === '' && !part.metadata))) return undefined;
  const proof = proveThinking(part, shown);
  if ('redacted' in proof) return { type: 'redacted_thinking', data: proof.redacted };
  return { type: 'thinking', thinking: isOwn || shown ? part.text : '', signature: proof.signature };
}

/** What `stop_reason`, `stop_sequence` and `stop_details` say of the end. */
export function encodeFinish(finish: Finish, hasToolCalls: boolean): JsonObject {
  const details = finish.metadata?.anthropic?.['stop_details'];
  return {
    stop_reason: encodeStopReason(finish.reason, hasToolCalls),
    stop_sequence: finish.stopSequence ?? null,
    ...(details !== undefined && { stop_details: details }),
  };
}

function encodePart(part: AssistantPart, steps: StepEncoder, context: ReplyContext): WireBlock[] {
  switch (part.type) {
    case 'text':
      return encodeCitedText(part, () => {
        context.warn(lostCitation);
      });
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning': {
      const block = encodeThinking(part, context);
      return block ? [block] : [];
    }
    case 'tool-call':
      return [
        {
          type: 'tool_use',
          id: part.id || context.newId('toolu_'),
          name: part.name,
          input: objectInput(part, () => context.warn(wrappedInput(part.name))),
          ...part.metadata?.anthropic,
        },
      ];
    case 'file':
      context.warn(droppedFile(part.mediaType));
      return [];
    case 'opaque': {
      if (part.dialect === 'anthropic' && isObject(part.value)) return [part.value as WireBlock];
      const blocks = part.step && steps.encode(part.step);
      if (!blocks) context.warn(droppedOpaque(part.label));
      return blocks ?? [];
    }
  }
}

export const droppedFile = (mediaType: string) =>
  ({
    type: 'dropped',
    field: 'content',
    message: `An answer of the Messages protocol cannot hold a file (${mediaType}).`,
  }) as const;
export const droppedOpaque = (label: string) =>
  ({
    type: 'dropped',
    field: 'content',
    message: `The Messages protocol has no block for ${label}.`,
  }) as const;
export const droppedChoices = {
  type: 'dropped',
  field: 'n',
  message: 'The Messages protocol has one answer; the others were left out.',
} as const;

export const droppedLogprobs = {
  type: 'dropped',
  field: 'logprobs',
  message: 'The Messages protocol has no log probabilities.',
} as const;

/** A whole message for the client. https://platform.claude.com/docs/en/api/messages */
export function encodeResponse(response: CanonicalResponse, context: ReplyContext): JsonObject {
  const choice = response.choices[0];
  if (response.choices.length > 1) context.warn(droppedChoices);
  if (choice?.logprobs !== undefined) context.warn(droppedLogprobs);
  const steps = new StepEncoder(context);
  const content = (choice?.content ?? []).flatMap((part) => encodePart(part, steps, context));
  const hasCalls = content.some((block) => block.type === 'tool_use');
  return {
    id: response.id?.startsWith('msg_') ? response.id : context.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model: context.model,
    content,
    ...encodeFinish(choice?.finish ?? { reason: 'other' }, hasCalls),
    usage: { ...encodeUsage(response.usage), ...steps.usage(response.usage) },
  };
}
