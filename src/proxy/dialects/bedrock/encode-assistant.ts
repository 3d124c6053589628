import type { AssistantMessage } from '../canonical';
import { objectInput, wrappedInput } from '../tools/object-input';
import { answerKey } from '../signatures/text-key';
import { encodeText } from './encode-content';
import type { Conversation } from './encode-messages';
import { encodeReasoning, isReasoning, recallReasoning } from './reasoning';
import type { WireBlock } from './wire';

/** A message of the assistant, and the ids upstream of its calls by the client's. */
export function encodeAssistant(
  message: AssistantMessage,
  path: string,
  conversation: Conversation,
): { blocks: WireBlock[]; wireIds: Map<string, string> } {
  const { context, names, points, ids, claude, unproven } = conversation;
  const { warn, signatures } = context;
  const { content } = message;
  const blocks: WireBlock[] = [];
  const wireIds = new Map<string, string>();
  const lost: string[] = [];
  const ownReasoning = content.some((part) => part.type === 'reasoning' && encodeReasoning(part, claude));
  let recalled = false;
  const recall = (key: string | undefined) => {
    const reasoning = ownReasoning ? [] : recallReasoning(signatures, key);
    recalled ||= reasoning.length > 0;
    blocks.push(...reasoning);
  };
  const dropped = (field: string, what: string) => {
    warn({
      type: 'dropped',
      field,
      message: `Amazon Bedrock takes no ${what} in messages of the assistant.`,
    });
  };
  for (const [index, part] of content.entries()) {
    const place = `${path}.content[${index}]`;
    switch (part.type) {
      case 'text':
      case 'refusal': {
        const block = encodeText(part);
        if (block) blocks.push(block, ...points.after(part.metadata, 'messages'));
        break;
      }
      case 'reasoning': {
        const block = encodeReasoning(part, claude);
        if (block) blocks.push(block);
        else lost.push(place);
        break;
      }
      case 'tool-call': {
        recall(part.id);
        const toolUseId = ids.forCall(part.id);
        wireIds.set(part.id, toolUseId);
        const input = objectInput(part, () => {
          warn(wrappedInput(part.name));
        });
        blocks.push(
          { toolUse: { toolUseId, name: names.toWire(part.name), input } },
          ...points.after(part.metadata, 'messages'),
        );
        break;
      }
      case 'file':
        dropped(place, `files (${part.mediaType})`);
        break;
      case 'opaque':
        dropped(place, part.label);
        break;
    }
  }
  if (wireIds.size === 0) recall(answerKey(content));
  if (!recalled) unproven.push(...lost);
  return { blocks: leadWithReasoning(blocks), wireIds };
}

/**
 * Reasoning before the text that it led to, as the model gave it, wherever the client's history had it. Behind calls it
 * stands where it was: it was thought there. A message of nothing but reasoning says nothing, and is refused.
 */
function leadWithReasoning(blocks: WireBlock[]): WireBlock[] {
  if (blocks.every(isReasoning)) return [];
  const call = blocks.findIndex((block) => 'toolUse' in block);
  const head = call < 0 ? blocks : blocks.slice(0, call);
  return [
    ...head.filter(isReasoning),
    ...head.filter((block) => !isReasoning(block)),
    ...blocks.slice(head.length),
  ];
}
