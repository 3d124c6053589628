/**
 * Claude demands its reasoning back, unchanged, when a tool loop goes on, and other vendors think better with theirs.
 * Clients that cannot carry it have it kept for them: under the id of the call that followed, or under the text of an answer
 * without calls (SPEC 4.5).
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ReasoningContentBlock.html
 */
import { blocksOf, loopLacks } from '../claude/tool-loop';
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { ReasoningPart } from '../canonical';
import { isEnvelope } from '../signatures/envelope';
import type { SignatureStore } from '../signatures/signature-store';
import { DIALECT, objectIn, ownMetadata, textOf, type WireBlock } from './wire';

/** Whether a block is reasoning. */
export function isReasoning(block: Json | undefined): boolean {
  return isObject(block) && block['reasoningContent'] !== undefined;
}

/** Reasoning as a part: what proves it is in its metadata. */
export function decodeReasoning(content: JsonObject): ReasoningPart {
  const { redactedContent } = content;
  if (typeof redactedContent === 'string')
    return { type: 'reasoning', text: '', ...ownMetadata({ redacted: redactedContent }) };
  const words = objectIn(content, 'reasoningText');
  const signature = textOf(words?.['signature']);
  return {
    type: 'reasoning',
    text: textOf(words?.['text']),
    ...(signature !== '' && ownMetadata({ signature })),
  };
}

const signed = (text: string, signature: string): WireBlock => ({
  reasoningContent: { reasoningText: { text, signature } },
});

/**
 * Reasoning as a block. Undefined where nothing proves it: "signature values are compatible across platforms", so Claude's
 * from Anthropic itself are good here; others are not.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#thinking-encryption
 * @param claude the model is one of Anthropic's
 */
export function encodeReasoning({ text, metadata }: ReasoningPart, claude: boolean): WireBlock | undefined {
  const redacted = textOf(metadata?.bedrock?.['redacted']);
  if (redacted !== '') return { reasoningContent: { redactedContent: redacted } };
  const own = textOf(metadata?.bedrock?.['signature']);
  if (own !== '') return signed(text, own);
  const anthropic = claude ? textOf(metadata?.anthropic?.['signature']) : '';
  return anthropic === '' || isEnvelope(anthropic) || text === '' ? undefined : signed(text, anthropic);
}

/** Whether a block is reasoning that is accepted back. */
function isProven(block: WireBlock): boolean {
  const content = objectIn(block, 'reasoningContent');
  return (
    typeof content?.['redactedContent'] === 'string' ||
    textOf(objectIn(content, 'reasoningText')?.['signature']) !== ''
  );
}

/** Keeps the reasoning under a call's id, or under a key of text-key.ts. */
export function rememberReasoning(store: SignatureStore, key: string | undefined, blocks: WireBlock[]): void {
  const kept = blocks.filter(isProven);
  if (key !== undefined && kept.length > 0) store.remember(DIALECT, key, JSON.stringify(kept));
}

/** The reasoning that is kept under the key; empty when there was none or it is forgotten. */
export function recallReasoning(store: SignatureStore, key: string | undefined): WireBlock[] {
  const text = key === undefined ? undefined : store.recall(DIALECT, key);
  if (text === undefined) return [];
  try {
    const blocks: unknown = JSON.parse(text);
    return Array.isArray(blocks) ? blocks.filter(isObject) : [];
  } catch {
    return [];
  }
}

const isAnswer = (message: Json | undefined): boolean =>
  blocksOf(message).some((block) => isObject(block) && block['toolResult'] !== undefined);

/**
 * Whether the conversation stands in a tool loop of which no step begins with reasoning. Claude refuses to begin thinking
 * there. https://platform.claude.com/docs/en/build-with-claude/extended-thinking#extended-thinking-with-tool-use
 */
export function loopLacksReasoning(messages: readonly Json[]): boolean {
  return loopLacks(messages, isAnswer, isReasoning);
}

/** See `UpstreamAdapter.dropReasoning`. Messages that have nothing else go as a whole. */
export function dropReasoning(body: JsonObject): boolean {
  const { messages } = body;
  if (!Array.isArray(messages)) return false;
  let dropped = false;
  const turns: JsonObject[] = [];
  for (const message of messages) {
    if (!isObject(message)) continue;
    const content = blocksOf(message);
    const kept = content.filter((block) => !isReasoning(block));
    dropped ||= kept.length < content.length;
    if (kept.length === 0) continue;
    const last = turns.at(-1);
    // Roles alternate: what stood around a message that went is one turn.
    if (last && last['role'] === message['role']) last['content'] = [...blocksOf(last), ...kept];
    else turns.push({ ...message, content: kept });
  }
  if (!dropped) return false;
  body['messages'] = turns;
  const fields = objectIn(body, 'additionalModelRequestFields');
  if (objectIn(fields, 'thinking')?.['type'] === 'enabled' && loopLacksReasoning(turns))
    delete fields?.['thinking'];
  return true;
}
