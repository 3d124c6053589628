import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { AnswerContext, SseEvent, StreamDecoder } from '../adapter';
import type { ErrorInfo, StreamPart } from '../canonical';
import { unwrapCustomInput } from '../tools/custom-tools';
import { textKey } from '../signatures/text-key';
import { decodeCitations } from './citations';
import { decodeErrorEvent } from './decode-error';
import { decodeFinish } from './decode-response';
import { decodeUsage, mergeWireUsage } from './map-usage';
import { opaquePart } from './server-steps';
import { rememberThinking } from './thinking-memory';
import { omitFields, ownMetadata, type WireBlock, type WireUsage } from './wire';

/** A block between its start and its stop. */
interface OpenBlock {
  kind: 'text' | 'reasoning' | 'tool' | 'opaque';
  id: string;
  start: WireBlock;
  /** Thinking text or tool input so far. */
  text: string;
  signature: string;
  citations: Json[];
  /** Where the block begins in all text. */
  from: number;
  custom: boolean;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const DELTA_BLOCKS: Record<string, string> = {
  text_delta: 'text',
  citations_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'thinking',
};

/**
 * Reads a stream of the Messages protocol. Tolerant where servers are known to stray: repeated `message_start`,
 * deltas without a start, blocks without a stop, tool input in the start instead of deltas.
 * https://platform.claude.com/docs/en/build-with-claude/streaming
 */
export function createStreamDecoder(context: AnswerContext): StreamDecoder {
  const open = new Map<number, OpenBlock>();
  let started = false;
  let ended = false;
  let messageId = '';
  let usage: WireUsage = {};
  let stop: JsonObject = {};
  let calls = 0;
  let blocks = 0;
  let thinking: WireBlock[] = [];
  /** All text. */
  let said = '';

  const fail = (error: ErrorInfo): StreamPart[] => {
    ended = true;
    return [{ type: 'error', error }];
  };
  const cut = (message: string) => fail({ status: 502, kind: 'upstream', message });

  function startMessage(message: JsonObject): StreamPart[] {
    const id = text(message['id']);
    // Two answers in one stream: the first is unfinished, and what follows does not continue it.
    if (blocks > 0 && id !== '' && messageId !== '' && id !== messageId)
      return cut('The upstream began another answer before the first was complete.');
    usage = mergeWireUsage(usage, message['usage']);
    messageId ||= id;
    if (started) return [];
    started = true;
    if (typeof message['stop_reason'] === 'string') stop = { stop_reason: message['stop_reason'] };
    return [
      {
        type: 'start',
        ...(typeof message['id'] === 'string' && { id: message['id'] }),
        ...(typeof message['model'] === 'string' && { model: message['model'] }),
        ...(isObject(message['usage']) && { usage: decodeUsage(usage) }),
      },
      ...startContent(Array.isArray(message['content']) ? message['content'] : []),
    ];
  }

  /** Blocks that stand in the start of the message: calls that a program of an earlier turn goes on to make. */
  function startContent(content: Json[]): StreamPart[] {
    return content.flatMap((block) => {
      if (!isObject(block) || typeof block['type'] !== 'string') return [];
      // Indices of their own: the events that follow count from 0 again.
      const index = -1 - blocks;
      return [...startBlock(index, block as WireBlock), ...close(index)];
    });
  }

  function startBlock(index: number, start: WireBlock): StreamPart[] {
    // Blocks do not overlap in this protocol: whatever was left open ends here.
    const closed = closeAll();
    const number = blocks++;
    const block: OpenBlock = {
      kind: 'opaque',
      id: `block-${number}`,
      start,
      text: '',
      signature: '',
      citations: [],
      from: said.length,
      custom: false,
    };
    open.set(index, block);
    switch (start.type) {
      case 'text': {
        block.kind = 'text';
        if (Array.isArray(start['citations'])) block.citations.push(...start['citations']);
        const first = text(start['text']);
        const { id } = block;
        said += first;
        return [
          ...closed,
          { type: 'text-start', id },
          ...(first === '' ? [] : [{ type: 'text-delta' as const, id, text: first }]),
        ];
      }
      case 'thinking': {
        block.kind = 'reasoning';
        block.text = text(start['thinking']);
        block.signature = text(start['signature']);
        const { id } = block;
        return [
          ...closed,
          { type: 'reasoning-start', id },
          ...(block.text === '' ? [] : [{ type: 'reasoning-delta' as const, id, text: block.text }]),
        ];
      }
      case 'redacted_thinking':
        block.kind = 'reasoning';
        return [
          ...closed,
          { type: 'reasoning-start', id: block.id, ...ownMetadata({ redacted: start['data'] }) },
        ];
      case 'tool_use': {
        calls++;
        block.kind = 'tool';
        block.id = text(start['id']) || context.newId('toolu_');
        const name = context.restoreToolName?.(text(start['name'])) ?? text(start['name']);
        block.custom = context.customToolNames?.has(name) === true;
        rememberThinking(context.signatures, block.id, thinking);
        thinking = [];
        return [
          ...closed,
          {
            type: 'tool-input-start',
            id: block.id,
            name,
            kind: block.custom ? 'custom' : 'function',
            ...ownMetadata(omitFields(start, ['type', 'id', 'name', 'input'])),
          },
        ];
      }
      default:
        return closed;
    }
  }

  function pushDelta(index: number, delta: JsonObject): StreamPart[] {
    const type = text(delta['type']);
    const implied = DELTA_BLOCKS[type];
    const before = open.has(index) || implied === undefined ? [] : startBlock(index, { type: implied });
    const block = open.get(index);
    if (!block) return [];
    const { id } = block;
    switch (type) {
      case 'text_delta':
        said += text(delta['text']);
        return [...before, { type: 'text-delta', id, text: text(delta['text']) }];
      case 'citations_delta':
        if (delta['citation'] !== undefined) block.citations.push(delta['citation']);
        return before;
      case 'thinking_delta':
        block.text += text(delta['thinking']);
        return [...before, { type: 'reasoning-delta', id, text: text(delta['thinking']) }];
      case 'signature_delta':
        // The official SDKs let the last one win.
        block.signature = text(delta['signature']);
        return before;
      case 'input_json_delta': {
        const piece = text(delta['partial_json']);
        block.text += piece;
        return block.kind !== 'tool' || block.custom || piece === ''
          ? []
          : [{ type: 'tool-input-delta', id, text: piece }];
      }
      default:
        context.warn({
          type: 'dropped',
          field: type,
          message: `The upstream sent a ${type} that is not understood.`,
        });
        return before;
    }
  }

  function close(index: number): StreamPart[] {
    const block = open.get(index);
    if (!block) return [];
    open.delete(index);
    const { id, start } = block;
    switch (block.kind) {
      case 'text':
        return [
          ...decodeCitations(block.citations, said.length - block.from).map((citation): StreamPart => ({
            type: 'citation',
            id,
            citation,
            said,
            from: block.from,
          })),
          { type: 'text-end', id },
        ];
      case 'reasoning': {
        if (start.type === 'redacted_thinking') {
          thinking.push(start);
          return [{ type: 'reasoning-end', id, ...ownMetadata({ redacted: start['data'] }) }];
        }
        const { signature } = block;
        thinking.push({ type: 'thinking', thinking: block.text, signature });
        return [{ type: 'reasoning-end', id, ...(signature !== '' && ownMetadata({ signature })) }];
      }
      case 'tool': {
        // No deltas: the whole input stands in the start (compatible servers), or there is none.
        const whole = block.text.trim() === '' ? JSON.stringify(start['input'] ?? {}) : undefined;
        const late = block.custom ? unwrapCustomInput(whole ?? block.text) : whole;
        return [
          ...(late === undefined ? [] : [{ type: 'tool-input-delta' as const, id, text: late }]),
          { type: 'tool-input-end', id },
        ];
      }
      case 'opaque': {
        let value = start;
        if (block.text.trim() !== '') {
          try {
            value = { ...start, input: JSON.parse(block.text) as Json };
          } catch {
            value = { ...start, input: block.text };
          }
        }
        return [{ type: 'opaque', part: opaquePart(value) }];
      }
    }
  }

  function closeAll(): StreamPart[] {
    return [...open.keys()].flatMap(close);
  }

  function pushPayload(payload: JsonObject): StreamPart[] {
    const index = typeof payload['index'] === 'number' ? payload['index'] : 0;
    switch (payload['type']) {
      case 'message_start':
        return startMessage(isObject(payload['message']) ? payload['message'] : {});
      case 'content_block_start': {
        const block = payload['content_block'];
        if (!isObject(block) || typeof block['type'] !== 'string')
          return cut('The upstream sent a block without a type.');
        return startBlock(index, block as WireBlock);
      }
      case 'content_block_delta':
        return isObject(payload['delta']) ? pushDelta(index, payload['delta']) : [];
      case 'content_block_stop':
        return close(index);
      case 'message_delta':
        usage = mergeWireUsage(usage, payload['usage']);
        if (isObject(payload['delta'])) stop = { ...stop, ...payload['delta'] };
        return [];
      case 'message_stop': {
        const closed = closeAll();
        ended = true;
        if (calls === 0) rememberThinking(context.signatures, textKey(said), thinking);
        return [
          ...closed,
          ...(Object.keys(usage).length > 0 ? [{ type: 'usage' as const, usage: decodeUsage(usage) }] : []),
          { type: 'finish', finish: decodeFinish(stop, calls > 0, context.warn) },
        ];
      }
      case 'error':
        return fail(decodeErrorEvent(payload));
      default:
        // `ping`, and events that later versions may add: the protocol asks clients to let them pass.
        return [];
    }
  }

  return {
    push(event: SseEvent): StreamPart[] {
      if (ended || event.data === '' || event.data === '[DONE]') return [];
      let payload: unknown;
      try {
        payload = JSON.parse(event.data);
      } catch {
        return cut('The upstream sent an event that is not JSON.');
      }
      if (!isObject(payload)) return cut('The upstream sent an event that is not an object.');
      const type = payload['type'] ?? event.event;
      return pushPayload(type === undefined ? payload : { ...payload, type });
    },
    skipped(type, id, skippedText): void {
      if (type === 'text-delta') said += skippedText;
      else for (const block of open.values()) if (block.id === id) block.text += skippedText;
    },
    end(): StreamPart[] {
      return ended
        ? []
        : cut(
            started
              ? 'The upstream ended its answer before it was complete.'
              : 'The upstream sent no answer.',
          );
    },
  };
}
