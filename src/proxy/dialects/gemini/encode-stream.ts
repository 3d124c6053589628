import type { Json, JsonObject } from '../../../shared/json';
import type { ReplyContext, StreamEncoder } from '../adapter';
import type {
  ErrorInfo,
  Finish,
  Metadata,
  ReasoningPart,
  StreamPart,
  ToolCallPart,
  Usage,
} from '../canonical';
import { GatheredText } from '../gathered-text';
import { mergeMetadata } from '../merge-metadata';
import { encodeError } from './encode-error';
import { encodeLogprobs } from './encode-logprobs';
import {
  encodeCall,
  encodePart,
  finishDetails,
  showsThoughts,
  signature,
  signThought,
} from './encode-response';
import { encodeStopReason } from './map-stop-reason';
import { encodeUsage } from './map-usage';
import type { WirePart } from './wire';
import { EVENT_END, HEARTBEAT } from './wire';
import { GroundingWriter } from './write-grounding';

/** Reasoning as it grows. */
interface Thought {
  text: GatheredText;
  metadata: Metadata | undefined;
}

const asReasoning = ({ text, metadata }: Thought): ReasoningPart => ({
  type: 'reasoning',
  text: text.text,
  ...(metadata && { metadata }),
});

/**
 * Writes a stream for a Gemini client: one partial answer per delta, calls whole, finish reasons and usage in the last
 * chunk (usage may come after the finish). As server-sent events, or as the JSON array that `streamGenerateContent`
 * without `alt=sse` answers with.
 */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const array = context.framing === 'json-array';
  const calls = new Map<string, { call: ToolCallPart; input: GatheredText }>();
  /** By choice: what was thought since the last call. */
  const thoughts = new Map<number, Thought[]>();
  const finishes = new Map<number, Finish>();
  const logprobs = new Map<number, Json[]>();
  /** By choice: what the answer comes from. */
  const grounding = new Map<number, GroundingWriter>();
  let responseId = '';
  let usage: Usage | undefined;
  let written = false;
  let over = false;

  const write = (payload: JsonObject): string => {
    const text = JSON.stringify(payload);
    if (!array) return `data: ${text}${EVENT_END}`;
    const before = written ? ',\r\n' : '[';
    written = true;
    return before + text;
  };

  const identity = () => ({ modelVersion: context.model, responseId: (responseId ||= context.newId('')) });

  const chunk = (parts: WirePart[], choice = 0): string =>
    parts.length === 0
      ? ''
      : write({ candidates: [{ content: { parts, role: 'model' }, index: choice }], ...identity() });

  const fail = (error: ErrorInfo): string => {
    over = true;
    return write(encodeError(error));
  };

  const groundingOf = (choice = 0): GroundingWriter => {
    let known = grounding.get(choice);
    if (!known) grounding.set(choice, (known = new GroundingWriter(context.warn)));
    return known;
  };

  const thoughtsOf = (choice = 0): Thought[] => {
    const known = thoughts.get(choice) ?? [];
    thoughts.set(choice, known);
    return known;
  };

  const pushPart = (part: StreamPart): string => {
    switch (part.type) {
      case 'start':
        responseId = part.id ?? '';
        usage = part.usage ?? usage;
        return '';
      case 'citation':
        groundingOf(part.choice).cite(part.citation, part);
        return '';
      case 'text-delta':
      case 'refusal-delta':
        return chunk([{ text: part.text }], part.choice);
      case 'reasoning-start':
        thoughtsOf(part.choice).push({ text: new GatheredText(), metadata: part.metadata });
        return '';
      case 'reasoning-delta': {
        thoughtsOf(part.choice).at(-1)?.text.push(part.text);
        return showsThoughts(context) ? chunk([{ text: part.text, thought: true }], part.choice) : '';
      }
      case 'text-end': {
        const signed = signature(part.metadata);
        return signed.thoughtSignature === undefined ? '' : chunk([{ text: '', ...signed }], part.choice);
      }
      case 'reasoning-end': {
        const thought = thoughtsOf(part.choice).at(-1);
        const metadata = mergeMetadata(thought?.metadata, part.metadata);
        if (thought) thought.metadata = metadata;
        const signed = signThought(metadata);
        const isNothing = thought?.text.text === '' && !metadata;
        return isNothing || signed.thoughtSignature === undefined || !showsThoughts(context)
          ? ''
          : chunk([{ text: '', thought: true, ...signed }], part.choice);
      }
      case 'tool-input-start':
        calls.set(part.id, {
          call: {
            type: 'tool-call',
            id: part.id,
            name: part.name,
            kind: part.kind,
            input: '',
            ...(part.metadata && { metadata: part.metadata }),
          },
          input: new GatheredText(),
        });
        return '';
      case 'tool-input-delta': {
        calls.get(part.id)?.input.push(part.text);
        return '';
      }
      case 'tool-input-end': {
        const open = calls.get(part.id);
        calls.delete(part.id);
        if (!open) return '';
        const call = { ...open.call, input: open.input.text };
        if (part.metadata) call.metadata = { ...call.metadata, ...part.metadata };
        return chunk(
          [encodeCall(call, context, thoughtsOf(part.choice).splice(0).map(asReasoning))],
          part.choice,
        );
      }
      case 'opaque':
        if (groundingOf(part.choice).search(part.part)) return '';
        return chunk(encodePart(part.part, context, 'parts'), part.choice);
      case 'file':
        return chunk(encodePart(part.part, context, 'parts'), part.choice);
      case 'logprobs':
        logprobs.set(part.choice ?? 0, [...(logprobs.get(part.choice ?? 0) ?? []), part.value]);
        return '';
      case 'usage':
        usage = part.usage;
        return '';
      case 'finish':
        finishes.set(part.choice ?? 0, part.finish);
        return '';
      case 'error':
        return fail(part.error);
      case 'text-start':
      case 'refusal-start':
      case 'refusal-end':
        return '';
    }
  };

  const last = (): string => {
    // A stream without a finish must not look like a whole answer.
    if (finishes.size === 0)
      return fail({
        status: 502,
        kind: 'upstream',
        message: 'The upstream ended before its answer was complete.',
      });
    return write({
      candidates: [...finishes].map(([index, finish]): JsonObject => {
        const logprobsResult = encodeLogprobs(logprobs.get(index) ?? []);
        return {
          content: { parts: [{ text: '' }], role: 'model' },
          finishReason: encodeStopReason(finish),
          index,
          ...(logprobsResult && { logprobsResult }),
          ...grounding.get(index)?.metadata(),
          ...finishDetails(finish),
        };
      }),
      ...(usage && { usageMetadata: encodeUsage(usage) }),
      ...identity(),
    });
  };

  /** A chunk with one text that is escaped already. */
  const escapedChunk = (escaped: string, thought: boolean, choice = 0): string => {
    const { modelVersion } = identity();
    const text = `{"text":"${escaped}"${thought ? ',"thought":true' : ''}}`;
    const rest = `"modelVersion":${JSON.stringify(modelVersion)},"responseId":${JSON.stringify(responseId)}`;
    return `data: {"candidates":[{"content":{"parts":[${text}],"role":"model"},"index":${choice}}],${rest}}${EVENT_END}`;
  };

  return {
    push: (part) => (over ? '' : pushPart(part)),
    pushEscaped({ type, id, choice, escaped }) {
      if (over || array) return undefined;
      switch (type) {
        case 'text-delta':
          return escapedChunk(escaped, false, choice);
        case 'reasoning-delta':
          thoughtsOf(choice).at(-1)?.text.pushEscaped(escaped);
          return showsThoughts(context) ? escapedChunk(escaped, true, choice) : '';
        case 'tool-input-delta':
          calls.get(id)?.input.pushEscaped(escaped);
          return '';
      }
    },
    end() {
      const tail = over ? '' : last();
      over = true;
      return array ? `${tail}]` : tail;
    },
    // Blanks may stand between the elements of an array, and before its beginning.
    heartbeat: () => (array ? '\r\n' : HEARTBEAT),
  };
}
