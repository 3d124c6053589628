import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { estimateText } from '../../../shared/estimate-text';
import type { AnswerContext, SseEvent, StreamDecoder } from '../adapter';
import type { ErrorInfo, StreamPart } from '../canonical';
import { unwrapCustomInput } from '../tools/custom-tools';
import { toErrorInfo } from './decode-error';

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Reads the parts of an answer. The editor counts no tokens: usage is estimated, and the exchange says so. */
export function createStreamDecoder(context: AnswerContext): StreamDecoder {
  let text: string | undefined;
  let texts = 0;
  let calls = 0;
  let ended = false;
  let outputTokens = 0;
  const ids = new Set<string>();

  const fail = (error: ErrorInfo): StreamPart[] => {
    ended = true;
    return [{ type: 'error', error }];
  };
  const cut = (message: string) => fail({ status: 502, kind: 'upstream', message });

  function closeText(): StreamPart[] {
    if (text === undefined) return [];
    const id = text;
    text = undefined;
    return [{ type: 'text-end', id }];
  }

  function pushText(piece: string): StreamPart[] {
    if (piece === '') return [];
    outputTokens += estimateText(piece);
    const before: StreamPart[] = [];
    if (text === undefined) {
      text = `text-${texts++}`;
      before.push({ type: 'text-start', id: text });
    }
    return [...before, { type: 'text-delta', id: text, text: piece }];
  }

  function pushCall(call: JsonObject): StreamPart[] {
    calls++;
    const given = textOf(call.id);
    const id = given === '' || ids.has(given) ? context.newId('call_') : given;
    ids.add(id);
    const sent = textOf(call.name);
    const name = context.restoreToolName?.(sent) ?? sent;
    const json = JSON.stringify(isObject(call.input) ? call.input : {});
    outputTokens += estimateText(sent) + estimateText(json);
    const custom = context.customToolNames?.has(name) === true;
    return [
      ...closeText(),
      { type: 'tool-input-start', id, name, kind: custom ? 'custom' : 'function' },
      { type: 'tool-input-delta', id, text: custom ? unwrapCustomInput(json) : json },
      { type: 'tool-input-end', id },
    ];
  }

  function pushData(part: JsonObject): StreamPart[] {
    const mediaType = textOf(part.mimeType);
    if (mediaType.startsWith('image/'))
      return [
        ...closeText(),
        {
          type: 'file',
          part: { type: 'file', mediaType, source: { type: 'base64', data: textOf(part.data) } },
        },
      ];
    context.warn({
      type: 'dropped',
      field: 'content',
      message: `The editor's model sent data that is not understood: ${mediaType.slice(0, 80)}.`,
    });
    return [];
  }

  function finish(): StreamPart[] {
    ended = true;
    const parts = closeText();
    if (context.inputTokens !== undefined) {
      context.warn({
        type: 'approximated',
        field: 'usage',
        message: 'The editor counts no tokens: usage is estimated.',
      });
      const usage = { inputTokens: context.inputTokens, outputTokens: Math.ceil(outputTokens) };
      parts.push({ type: 'usage', usage });
    }
    return [...parts, { type: 'finish', finish: { reason: calls > 0 ? 'tool-calls' : 'stop' } }];
  }

  function pushPart(part: JsonObject): StreamPart[] {
    switch (part.type) {
      case 'start':
        return [{ type: 'start', ...(textOf(part.model) !== '' && { model: textOf(part.model) }) }];
      case 'text':
        return pushText(textOf(part.text));
      case 'tool-call':
        return pushCall(part);
      case 'data':
        return pushData(part);
      case 'end':
        return finish();
      case 'error':
        return fail(toErrorInfo(part.error));
      default:
        return [];
    }
  }

  return {
    push({ data }: SseEvent): StreamPart[] {
      if (ended) return [];
      try {
        const part = JSON.parse(data) as unknown;
        if (isObject(part)) return pushPart(part);
      } catch {
        // Told below.
      }
      return cut('The editor sent a part that is not understood.');
    },
    end: () => (ended ? [] : cut('The editor ended its answer before it was complete.')),
  };
}
