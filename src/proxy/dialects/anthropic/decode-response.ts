import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { AnswerContext, Warn } from '../adapter';
import type { AssistantPart, CanonicalResponse, Finish } from '../canonical';
import { unwrapCustomInput } from '../tools/custom-tools';
import { answerKey } from '../signatures/text-key';
import { decodeCitations } from './citations';
import { decodeErrorEvent } from './decode-error';
import { decodeStopReason } from './map-stop-reason';
import { decodeUsage } from './map-usage';
import { opaquePart } from './server-steps';
import { rememberThinking } from './thinking-memory';
import { omitFields, ownMetadata, type WireBlock, type WireUsage } from './wire';

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/**
 * A whole message of an upstream. Throws `UpstreamError` for a body that is none.
 * https://platform.claude.com/docs/en/api/messages
 */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  if (body['type'] === 'error') {
    const error = decodeErrorEvent(body);
    throw new UpstreamError(error.message, { status: error.status, kind: error.kind });
  }
  const { content } = body;
  if (!Array.isArray(content)) throw new UpstreamError('The upstream answered without a message.');
  const parts: AssistantPart[] = [];
  let thinking: WireBlock[] = [];
  for (const value of content) {
    if (!isObject(value) || typeof value['type'] !== 'string') continue;
    const block = value as WireBlock;
    const part = decodeBlock(block, context);
    if (part.type === 'reasoning') thinking.push(block);
    if (part.type === 'tool-call') {
      rememberThinking(context.signatures, part.id, thinking);
      thinking = [];
    }
    parts.push(part);
  }
  const hasCalls = parts.some((part) => part.type === 'tool-call');
  if (!hasCalls) rememberThinking(context.signatures, answerKey(parts), thinking);
  return {
    ...(typeof body['id'] === 'string' && { id: body['id'] }),
    ...(typeof body['model'] === 'string' && { model: body['model'] }),
    choices: [{ content: parts, finish: decodeFinish(body, hasCalls, context.warn) }],
    ...(isObject(body['usage']) && { usage: decodeUsage(body['usage'] as WireUsage) }),
  };
}

function decodeBlock(block: WireBlock, context: AnswerContext): AssistantPart {
  switch (block.type) {
    case 'text': {
      const said = text(block['text']);
      const citations = decodeCitations(block['citations'], said.length);
      return { type: 'text', text: said, ...(citations.length > 0 && { citations }) };
    }
    case 'thinking':
      return {
        type: 'reasoning',
        text: text(block['thinking']),
        ...(text(block['signature']) !== '' && ownMetadata({ signature: block['signature'] })),
      };
    case 'redacted_thinking':
      return { type: 'reasoning', text: '', ...ownMetadata({ redacted: block['data'] }) };
    case 'tool_use': {
      const name = context.restoreToolName?.(text(block['name'])) ?? text(block['name']);
      const input = JSON.stringify(block['input'] ?? {});
      const custom = context.customToolNames?.has(name) === true;
      return {
        type: 'tool-call',
        id: text(block['id']) || context.newId('toolu_'),
        name,
        kind: custom ? 'custom' : 'function',
        input: custom ? unwrapCustomInput(input) : input,
        ...ownMetadata(omitFields(block, ['type', 'id', 'name', 'input'])),
      };
    }
    default:
      return opaquePart(block);
  }
}

/**
 * Stop reason, sequence and details, from a whole message or from the `delta` of a `message_delta`. A turn that was paused
 * goes on when it is sent back: clients of other protocols are told so, theirs have no word for it.
 * https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons#pause-turn
 */
export function decodeFinish(wire: JsonObject, hasToolCalls: boolean, warn: Warn): Finish {
  if (wire['stop_reason'] === 'pause_turn')
    warn({
      type: 'approximated',
      field: 'stop_reason',
      message:
        "Anthropic paused a long turn of its own tools; the answer goes on with the conversation's next request.",
    });
  const details = omitFields({ stop_details: wire['stop_details'] ?? undefined }, []);
  return {
    reason: decodeStopReason(wire['stop_reason'], hasToolCalls),
    ...(typeof wire['stop_sequence'] === 'string' && { stopSequence: wire['stop_sequence'] }),
    ...(typeof wire['stop_reason'] === 'string' && { raw: wire['stop_reason'] }),
    ...ownMetadata(details),
  };
}
