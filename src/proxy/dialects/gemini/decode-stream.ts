import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { AnswerContext, SseEvent, StreamDecoder } from '../adapter';
import type { Citation, Finish, Metadata, StreamPart, ToolCallPart, Usage } from '../canonical';
import { addPartialArgument, argumentsOf, decodeCall } from './decode-call';
import {
  blockReason,
  blockedFinish,
  candidateDetails,
  candidatesOf,
  decodeFinish,
  decodeLogprobs,
  partsOfCandidate,
} from './decode-candidate';
import { decodeError } from './decode-error';
import { partMetadata } from './decode-part';
import { createdOf, decodeAnswerPart } from './decode-response';
import { citationsWithin, decodeGrounding, decodeSearch } from './grounding';
import { decodeUsage } from './map-usage';
import { rememberText } from './text-memory';
import { field } from './wire';

/** A text or thought that still grows. */
interface OpenBlock {
  kind: 'text' | 'reasoning';
  id: string;
  metadata?: Metadata;
}

/** A call whose arguments Vertex AI streams. */
interface OpenCall {
  part: JsonObject;
  call: JsonObject;
  args: JsonObject;
}

interface CandidateState {
  block?: OpenBlock;
  call?: OpenCall;
  blocks: number;
  /** Where the last block of text begins in all of it. */
  from: number;
  calls: number;
  /** Something that answers the client: text, a call, a file. */
  answered: boolean;
  /** All text, and the signature of the last that had one. */
  said: string;
  saidWith?: Metadata;
  /** A signature that came with no text of its own. */
  signature?: Metadata;
  finishReason?: string;
  details: JsonObject;
}

/**
 * Decodes `streamGenerateContent?alt=sse` (https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent).
 * Every chunk is a partial answer; usage is cumulative. Finishes are given at the end of the bytes, because older
 * models put a `finishReason` on every chunk.
 */
export function createStreamDecoder(context: AnswerContext): StreamDecoder {
  const candidates = new Map<number, CandidateState>();
  let started = false;
  let failed = false;
  let blocked: string | undefined;
  let lastUsage = '';

  const choiceOf = (index: number) => (index === 0 ? {} : { choice: index });

  const fail = (error: ReturnType<typeof decodeError>): StreamPart[] => {
    failed = true;
    return [{ type: 'error', error }];
  };

  const closeBlock = (index: number, state: CandidateState): StreamPart[] => {
    const { block } = state;
    if (!block) return [];
    delete state.block;
    if (block.kind === 'text' && block.metadata) state.saidWith = block.metadata;
    const end = { id: block.id, ...choiceOf(index), ...(block.metadata && { metadata: block.metadata }) };
    return [block.kind === 'text' ? { type: 'text-end', ...end } : { type: 'reasoning-end', ...end }];
  };

  /** What the answer comes from, which Gemini says with its end: sources to the text that is open, the searches behind it. */
  const endText = (index: number, state: CandidateState): StreamPart[] => {
    const { block, said, from, details } = state;
    const choice = choiceOf(index);
    const search = said === '' ? undefined : decodeSearch(details);
    const after: StreamPart[] = search ? [{ type: 'opaque', part: search, ...choice }] : [];
    const citations = decodeGrounding(details, { said, placeOfPart: () => 0 });
    if (block?.kind !== 'text') {
      if (citations.length > 0)
        context.warn({
          type: 'dropped',
          field: 'citations',
          message: 'Sources came behind the end of the text.',
        });
      return [...closeBlock(index, state), ...after];
    }
    // Texts before this one have ended: their sources stand without a place.
    const placed = citations.map((one): Citation => {
      const { start: _start, end: _end, ...source } = one;
      return (one.start ?? from) < from ? source : one;
    });
    const cited = citationsWithin(placed, from, said.length - from).map((citation): StreamPart => ({
      type: 'citation',
      id: block.id,
      citation,
      said,
      from,
      ...choice,
    }));
    return [...cited, ...closeBlock(index, state), ...after];
  };

  const callParts = (index: number, call: ToolCallPart): StreamPart[] => {
    const { id, name, kind, metadata } = call;
    const choice = choiceOf(index);
    return [
      { type: 'tool-input-start', id, name, kind, ...choice, ...(metadata && { metadata }) },
      ...(call.input === '' ? [] : [{ type: 'tool-input-delta' as const, id, text: call.input, ...choice }]),
      { type: 'tool-input-end', id, ...choice, ...(metadata && { metadata }) },
    ];
  };

  const closeCall = (index: number, state: CandidateState): StreamPart[] => {
    const { call: open } = state;
    if (!open) return [];
    delete state.call;
    return callParts(index, decodeCall(open.part, open.call, open.args, context));
  };

  const pushText = (index: number, state: CandidateState, part: JsonObject, text: string): StreamPart[] => {
    const kind = part['thought'] === true ? 'reasoning' : 'text';
    const { metadata } = partMetadata(part, kind === 'reasoning' ? { thought: true } : {});
    if (text === '' && kind === 'text' && state.block === undefined) {
      // An empty text would be an empty block for other protocols; its signature goes on with what follows.
      if (metadata) state.signature = metadata;
      return [];
    }
    const parts: StreamPart[] = [];
    const fits = state.block?.kind === kind || (text === '' && state.block !== undefined);
    if (!fits) parts.push(...closeBlock(index, state));
    const opening = state.block === undefined;
    if (opening && kind === 'text') state.from = state.said.length;
    const block = (state.block ??= { kind, id: `${kind}-${index}-${state.blocks++}` });
    const choice = choiceOf(index);
    if (opening)
      parts.push({ type: kind === 'text' ? 'text-start' : 'reasoning-start', id: block.id, ...choice });
    if (text !== '')
      parts.push({ type: kind === 'text' ? 'text-delta' : 'reasoning-delta', id: block.id, text, ...choice });
    if (metadata) block.metadata = { gemini: { ...block.metadata?.gemini, ...metadata.gemini } };
    if (kind === 'text' && text !== '') {
      state.answered = true;
      state.said += text;
    }
    return parts;
  };

  const pushCall = (
    index: number,
    state: CandidateState,
    part: JsonObject,
    call: JsonObject,
  ): StreamPart[] => {
    const parts = closeBlock(index, state);
    const partial = field(call, 'partialArgs');
    const continues = field(call, 'willContinue') === true;
    if (field(call, 'name') !== undefined) {
      parts.push(...closeCall(index, state));
      state.calls++;
      state.answered = true;
      const signed = state.signature && partMetadata(part).metadata === undefined;
      const whole: JsonObject = signed ? { ...part, ...state.signature?.gemini } : part;
      delete state.signature;
      state.call = { part: whole, call, args: argumentsOf(call) };
    } else if (state.call) Object.assign(state.call.args, argumentsOf(call));
    if (state.call && Array.isArray(partial))
      for (const one of partial) addPartialArgument(state.call.args, one);
    if (!continues) parts.push(...closeCall(index, state));
    return parts;
  };

  const pushPart = (
    index: number,
    state: CandidateState,
    part: JsonObject,
    position: number,
  ): StreamPart[] => {
    const call = field(part, 'functionCall');
    if (isObject(call)) return pushCall(index, state, part, call);
    const text = field(part, 'text');
    if (typeof text === 'string') return pushText(index, state, part, text);
    const other = decodeAnswerPart(part, position, context);
    if (!other) {
      const { metadata } = partMetadata(part);
      if (metadata) state.signature = metadata;
      return [];
    }
    state.answered = true;
    const choice = choiceOf(index);
    return [
      ...closeBlock(index, state),
      other.type === 'file'
        ? { type: 'file', part: other, ...choice }
        : { type: 'opaque', part: other, ...choice },
    ];
  };

  const pushCandidate = (index: number, candidate: JsonObject): StreamPart[] => {
    const state = candidates.get(index) ?? {
      blocks: 0,
      from: 0,
      calls: 0,
      answered: false,
      said: '',
      details: {},
    };
    candidates.set(index, state);
    const parts = partsOfCandidate(candidate).flatMap((part, i) => pushPart(index, state, part, i));
    const logprobs = decodeLogprobs(candidate);
    if (logprobs !== undefined) parts.push({ type: 'logprobs', value: logprobs, ...choiceOf(index) });
    Object.assign(state.details, candidateDetails(candidate));
    const reason = field(candidate, 'finishReason');
    if (typeof reason === 'string') state.finishReason = reason;
    return parts;
  };

  const pushUsage = (usage: Usage | undefined): StreamPart[] => {
    if (!usage) return [];
    const text = JSON.stringify(usage);
    if (text === lastUsage) return [];
    lastUsage = text;
    return [{ type: 'usage', usage }];
  };

  const pushPayload = (payload: JsonObject): StreamPart[] => {
    if (isObject(payload['error'])) return fail(decodeError(502, payload));
    const id = field(payload, 'responseId');
    const model = field(payload, 'modelVersion');
    const parts = candidatesOf(payload).flatMap(({ index, candidate }) => pushCandidate(index, candidate));
    // A heartbeat says nothing and begins nothing.
    if (!started && (typeof id === 'string' || typeof model === 'string' || parts.length > 0)) {
      started = true;
      const created = createdOf(payload);
      const usage = decodeUsage(field(payload, 'usageMetadata'));
      parts.unshift({
        type: 'start',
        ...(typeof id === 'string' && { id }),
        ...(typeof model === 'string' && { model }),
        ...(created !== undefined && { created }),
        ...(usage && { usage }),
      });
    }
    blocked ??= blockReason(payload);
    parts.push(...pushUsage(decodeUsage(field(payload, 'usageMetadata'))));
    return parts;
  };

  const finishOf = (state: CandidateState): Finish | undefined => {
    if (state.finishReason === undefined) return blocked === undefined ? undefined : blockedFinish(blocked);
    const details = Object.keys(state.details).length > 0 ? state.details : undefined;
    return decodeFinish(state.finishReason, state.calls > 0, details);
  };

  return {
    push(event: SseEvent): StreamPart[] {
      if (failed || event.data.trim() === '' || event.data === '[DONE]') return [];
      let payload: Json;
      try {
        payload = JSON.parse(event.data) as Json;
      } catch {
        return fail(broken('The upstream sent an event that is not JSON.'));
      }
      const parts: StreamPart[] = [];
      for (const one of Array.isArray(payload) ? payload : [payload])
        if (isObject(one) && !failed) parts.push(...pushPayload(one));
      return parts;
    },

    skipped(type, id, text): void {
      if (type !== 'text-delta') return;
      for (const state of candidates.values()) if (state.block?.id === id) state.said += text;
    },

    end(): StreamPart[] {
      if (failed) return [];
      const parts: StreamPart[] = [];
      for (const [index, state] of candidates) parts.push(...endText(index, state));
      if (candidates.size === 0 && blocked !== undefined)
        return [...parts, { type: 'finish', finish: blockedFinish(blocked) }];
      const finishes = [...candidates].map(([index, state]) => ({ index, state, finish: finishOf(state) }));
      if (finishes.length === 0) return [...parts, ...fail(broken('The upstream answered without content.'))];
      if (finishes.some(({ finish }) => finish === undefined))
        return [...parts, ...fail(broken('The upstream ended before its answer was complete.'))];
      if (finishes.every(({ state, finish }) => finish?.reason === 'stop' && !state.answered))
        return [...parts, ...fail(broken('The upstream answered without content.'))];
      for (const { index, state, finish } of finishes) {
        parts.push(...closeCall(index, state));
        if (state.saidWith)
          rememberText(context.signatures, [{ type: 'text', text: state.said, metadata: state.saidWith }]);
        if (state.signature)
          context.warn({
            type: 'dropped',
            field: 'thoughtSignature',
            message: 'A signature stood at no part.',
          });
        if (finish) parts.push({ type: 'finish', finish, ...choiceOf(index) });
      }
      return parts;
    },
  };
}

function broken(message: string) {
  return { status: 502, kind: 'upstream' as const, message, code: 'upstream_stream_broken' };
}
