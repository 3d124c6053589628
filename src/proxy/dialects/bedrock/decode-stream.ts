import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { AnswerContext, SseEvent, StreamDecoder } from '../adapter';
import type { ErrorInfo, StreamPart } from '../canonical';
import { unwrapCustomInput } from '../tools/custom-tools';
import { textKey } from '../signatures/text-key';
import { decodeException, isException } from './decode-error';
import { callId, restoreName } from './decode-response';
import { decodeFinish } from './map-stop-reason';
import { decodeUsage } from './map-usage';
import { rememberReasoning } from './reasoning';
import { objectIn, ownMetadata, textOf, type WireBlock } from './wire';

/** A block between its start and its stop. Only calls have a start; others begin with their first delta. */
interface OpenBlock {
  kind: 'text' | 'reasoning' | 'tool';
  id: string;
  /** Reasoning or input so far. */
  text: string;
  signature: string;
  redacted: string;
  custom: boolean;
}

/** Base64 in pieces, each complete in itself, as one. */
const joinBase64 = (first: string, second: string): string =>
  first === '' ? second : btoa(atob(first) + atob(second));

/**
 * Reads a stream of `ConverseStream`. Usage comes behind the end of the message, with `metadata`: the finish waits for it.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html
 */
export function createStreamDecoder(context: AnswerContext): StreamDecoder {
  const open = new Map<number, OpenBlock>();
  let started = false;
  let ended = false;
  let stop: JsonObject | undefined;
  let measured = false;
  let calls = 0;
  let blocks = 0;
  const ids = new Set<string>();
  let reasoning: WireBlock[] = [];
  /** All text. */
  let said = '';

  const fail = (error: ErrorInfo): StreamPart[] => {
    ended = true;
    return [{ type: 'error', error }];
  };
  const cut = (message: string) => fail({ status: 502, kind: 'upstream', message });

  function begin(index: number, kind: OpenBlock['kind'], call?: JsonObject): [OpenBlock, StreamPart[]] {
    // Blocks do not overlap: whatever was left open ends here.
    const parts = closeAll();
    const block: OpenBlock = {
      kind,
      id: `block-${blocks++}`,
      text: '',
      signature: '',
      redacted: '',
      custom: false,
    };
    open.set(index, block);
    if (!call)
      return [block, [...parts, { type: kind === 'text' ? 'text-start' : 'reasoning-start', id: block.id }]];
    calls++;
    block.id = callId(call, ids, context);
    const name = restoreName(call, context);
    block.custom = context.customToolNames?.has(name) === true;
    rememberReasoning(context.signatures, block.id, reasoning);
    reasoning = [];
    const part: StreamPart = {
      type: 'tool-input-start',
      id: block.id,
      name,
      kind: block.custom ? 'custom' : 'function',
    };
    return [block, [...parts, part]];
  }

  /** The open block of that kind; begun where the upstream did not say so. */
  function ensure(index: number, kind: 'text' | 'reasoning'): [OpenBlock, StreamPart[]] {
    const block = open.get(index);
    return block?.kind === kind ? [block, []] : begin(index, kind);
  }

  function pushDelta(index: number, delta: JsonObject): StreamPart[] {
    if (typeof delta['text'] === 'string') {
      if (delta['text'] === '' && !open.has(index)) return [];
      const [{ id }, before] = ensure(index, 'text');
      said += delta['text'];
      return [...before, { type: 'text-delta', id, text: delta['text'] }];
    }
    const call = objectIn(delta, 'toolUse');
    if (call) {
      const block = open.get(index);
      const piece = textOf(call['input']);
      if (block?.kind !== 'tool') return cut('The upstream sent input of a call that it did not begin.');
      block.text += piece;
      return block.custom || piece === '' ? [] : [{ type: 'tool-input-delta', id: block.id, text: piece }];
    }
    const thought = objectIn(delta, 'reasoningContent');
    if (thought) return pushReasoning(index, thought);
    // Citations come only where they were asked for.
    if (delta['citation'] !== undefined) return [];
    const [label = 'an empty delta'] = Object.keys(delta);
    context.warn({
      type: 'dropped',
      field: label,
      message: `The upstream sent a delta that is not understood: ${label}.`,
    });
    return [];
  }

  function pushReasoning(index: number, thought: JsonObject): StreamPart[] {
    const [block, before] = ensure(index, 'reasoning');
    const piece = textOf(thought['text']);
    block.text += piece;
    block.signature += textOf(thought['signature']);
    const redacted = textOf(thought['redactedContent']);
    if (redacted !== '') block.redacted = joinBase64(block.redacted, redacted);
    return piece === '' ? before : [...before, { type: 'reasoning-delta', id: block.id, text: piece }];
  }

  function close(index: number): StreamPart[] {
    const block = open.get(index);
    if (!block) return [];
    open.delete(index);
    const { id } = block;
    switch (block.kind) {
      case 'text':
        return [{ type: 'text-end', id }];
      case 'reasoning': {
        const { text, signature, redacted } = block;
        if (redacted !== '') {
          reasoning.push({ reasoningContent: { redactedContent: redacted } });
          return [{ type: 'reasoning-end', id, ...ownMetadata({ redacted }) }];
        }
        reasoning.push({ reasoningContent: { reasoningText: { text, signature } } });
        return [{ type: 'reasoning-end', id, ...(signature !== '' && ownMetadata({ signature })) }];
      }
      case 'tool': {
        const whole = block.text.trim() === '' ? '{}' : undefined;
        const late = block.custom ? unwrapCustomInput(whole ?? block.text) : whole;
        return [
          ...(late === undefined ? [] : [{ type: 'tool-input-delta' as const, id, text: late }]),
          { type: 'tool-input-end', id },
        ];
      }
    }
  }

  function closeAll(): StreamPart[] {
    return [...open.keys()].flatMap(close);
  }

  /** The last part, once both the end and the usage are known, or nothing more will come. */
  function finish(): StreamPart[] {
    if (!stop) return [];
    ended = true;
    if (calls === 0) rememberReasoning(context.signatures, textKey(said), reasoning);
    return [{ type: 'finish', finish: decodeFinish(stop, calls > 0) }];
  }

  function pushEvent(name: string, payload: JsonObject): StreamPart[] {
    const index = typeof payload['contentBlockIndex'] === 'number' ? payload['contentBlockIndex'] : 0;
    if (stop && name.startsWith('contentBlock')) {
      context.warn({ type: 'dropped', field: name, message: 'The upstream went on behind its end.' });
      return [];
    }
    switch (name) {
      case 'messageStart':
        if (started) return [];
        started = true;
        return [{ type: 'start' }];
      case 'contentBlockStart': {
        const call = objectIn(objectIn(payload, 'start'), 'toolUse');
        return call ? begin(index, 'tool', call)[1] : [];
      }
      case 'contentBlockDelta':
        return pushDelta(index, objectIn(payload, 'delta') ?? {});
      case 'contentBlockStop':
        return close(index);
      case 'messageStop':
        stop = payload;
        return [...closeAll(), ...(measured ? finish() : [])];
      case 'metadata': {
        const usage = objectIn(payload, 'usage');
        measured = true;
        return [...(usage ? [{ type: 'usage' as const, usage: decodeUsage(usage) }] : []), ...finish()];
      }
      default:
        // Events that later versions may add.
        return isException(name) ? fail(decodeException(name, payload)) : [];
    }
  }

  return {
    push({ event = '', data }: SseEvent): StreamPart[] {
      if (ended) return [];
      let payload: Json;
      try {
        payload = JSON.parse(data) as Json;
      } catch {
        return isException(event)
          ? fail(decodeException(event, { message: data }))
          : cut('The upstream sent an event that is not JSON.');
      }
      return isObject(payload)
        ? pushEvent(event, payload)
        : cut('The upstream sent an event that is not an object.');
    },
    skipped(type, id, skippedText): void {
      if (type === 'text-delta') said += skippedText;
      else for (const block of open.values()) if (block.id === id) block.text += skippedText;
    },
    end(): StreamPart[] {
      if (ended) return [];
      if (stop) return finish();
      return cut(
        started ? 'The upstream ended its answer before it was complete.' : 'The upstream sent no answer.',
      );
    },
  };
}
