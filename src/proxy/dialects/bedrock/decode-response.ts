import { isObject, type JsonObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { AnswerContext } from '../adapter';
import type { AssistantPart, CanonicalResponse } from '../canonical';
import { unwrapCustomInput } from '../tools/custom-tools';
import { answerKey } from '../signatures/text-key';
import { decodeFinish } from './map-stop-reason';
import { decodeUsage } from './map-usage';
import { decodeReasoning, rememberReasoning } from './reasoning';
import { objectIn, textOf, type WireBlock } from './wire';

/**
 * A whole answer. Throws `UpstreamError` for a body that is none.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_ResponseSyntax
 */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  const content = objectIn(objectIn(body, 'output'), 'message')?.['content'];
  if (!Array.isArray(content)) throw new UpstreamError('The upstream answered without a message.');
  const parts: AssistantPart[] = [];
  let reasoning: WireBlock[] = [];
  const ids = new Set<string>();
  for (const block of content) {
    if (!isObject(block)) continue;
    const part = decodeBlock(block, ids, context);
    if (!part) continue;
    if (part.type === 'reasoning') reasoning.push(block);
    if (part.type === 'tool-call') {
      rememberReasoning(context.signatures, part.id, reasoning);
      reasoning = [];
    }
    parts.push(part);
  }
  const hasCalls = parts.some((part) => part.type === 'tool-call');
  if (!hasCalls) rememberReasoning(context.signatures, answerKey(parts), reasoning);
  const usage = objectIn(body, 'usage');
  return {
    choices: [{ content: parts, finish: decodeFinish(body, hasCalls) }],
    ...(usage && { usage: decodeUsage(usage) }),
  };
}

function decodeBlock(block: JsonObject, ids: Set<string>, context: AnswerContext): AssistantPart | undefined {
  if (typeof block['text'] === 'string') return { type: 'text', text: block['text'] };
  const reasoning = objectIn(block, 'reasoningContent');
  if (reasoning) return decodeReasoning(reasoning);
  const call = objectIn(block, 'toolUse');
  if (call) {
    const name = restoreName(call, context);
    const input = JSON.stringify(call['input'] ?? {});
    const custom = context.customToolNames?.has(name) === true;
    return {
      type: 'tool-call',
      id: callId(call, ids, context),
      name,
      kind: custom ? 'custom' : 'function',
      input: custom ? unwrapCustomInput(input) : input,
    };
  }
  const image = objectIn(block, 'image');
  const bytes = objectIn(image, 'source')?.['bytes'];
  if (typeof bytes === 'string')
    return {
      type: 'file',
      mediaType: `image/${textOf(image?.['format'])}`,
      source: { type: 'base64', data: bytes },
    };
  const cited = objectIn(block, 'citationsContent')?.['content'];
  if (Array.isArray(cited))
    return {
      type: 'text',
      text: cited.map((piece) => (isObject(piece) ? textOf(piece['text']) : '')).join(''),
    };
  const [label = 'an empty block'] = Object.keys(block);
  context.warn({
    type: 'dropped',
    field: 'content',
    message: `The upstream sent a block that is not understood: ${label}.`,
  });
  return undefined;
}

/** The client's name of the tool that is called. */
export function restoreName(call: JsonObject, context: AnswerContext): string {
  const name = textOf(call['name']);
  return context.restoreToolName?.(name) ?? name;
}

/** The call's id; one of our own where the model gave none, or one that it gave before in this answer. */
export function callId(call: JsonObject, taken: Set<string>, context: AnswerContext): string {
  const given = textOf(call['toolUseId']);
  const id = given === '' || taken.has(given) ? context.newId('tooluse_') : given;
  taken.add(id);
  return id;
}
