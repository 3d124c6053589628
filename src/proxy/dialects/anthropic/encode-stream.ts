import { isObject, type JsonObject } from '../../../shared/json';
import type { ReplyContext, StreamEncoder } from '../adapter';
import type { Citation, Finish, Metadata, StreamPart, Usage } from '../canonical';
import { wrapCustomInput } from '../tools/custom-tools';
import { GatheredText } from '../gathered-text';
import { lostCitation } from '../lost-citation';
import { mergeMetadata } from '../merge-metadata';
import { encodeCitation } from './citations';
import { encodeStreamError } from './encode-error';
import {
  droppedChoices,
  droppedFile,
  droppedLogprobs,
  droppedOpaque,
  encodeFinish,
  proveThinking,
  showsThinking,
  wantsThinking,
} from './encode-response';
import { StepEncoder } from './server-steps';
import { encodeUsage } from './map-usage';
import type { WireBlock } from './wire';

/** One block to be: written at once while it is the first in line, kept while another is open. */
interface Pending {
  id: string;
  start: WireBlock;
  deltas: JsonObject[];
  begun: boolean;
  done: boolean;
  /** All of a custom tool's free text, or how much of a function's input has come; the thinking so far. */
  input: GatheredText;
  custom: boolean;
  /** A text that has sources: what follows is another block. */
  cited: boolean;
  metadata: Metadata | undefined;
}

export const PING = 'event: ping\ndata: {"type": "ping"}\n\n';

const frame = (payload: JsonObject & { type: string }): string =>
  `event: ${payload.type}\ndata: ${JSON.stringify(payload)}\n\n`;

/** Which block takes a delta, and the delta's JSON up to its text. */
const ESCAPED_FIELDS = {
  'text-delta': { block: 'text', head: '"type":"text_delta","text":' },
  'reasoning-delta': { block: 'thinking', head: '"type":"thinking_delta","thinking":' },
  'tool-input-delta': { block: 'tool_use', head: '"type":"input_json_delta","partial_json":' },
} as const;

/**
 * What the first event says of usage. Clients that read the input's size there alone, as the protocol used to have it,
 * would count nothing where an upstream tells usage last: they get an estimate, and all others the truth at the end.
 */
function inputOf(known: Usage | undefined, context: ReplyContext): Usage | undefined {
  if (known) return { ...known, outputTokens: 0 };
  const inputTokens = context.estimateInput?.();
  return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0 };
}

/**
 * Writes the Messages protocol's stream: one open block at a time with rising indexes. Parts that run in parallel
 * wait in line and are written whole when their turn comes. The usage that is known last goes into `message_delta`.
 * https://platform.claude.com/docs/en/build-with-claude/streaming#event-types
 */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const line: Pending[] = [];
  let out = '';
  let index = 0;
  let started = false;
  let ended = false;
  let hasCalls = false;
  let usage: Usage | undefined;
  let finish: Finish | undefined;
  let warnedChoices = false;
  const steps = new StepEncoder(context);
  const thinks = wantsThinking(context);
  const shown = showsThinking(context);

  function start(id: string | undefined): void {
    if (started) return;
    started = true;
    out += frame({
      type: 'message_start',
      message: {
        id: id?.startsWith('msg_') ? id : context.newId('msg_'),
        type: 'message',
        role: 'assistant',
        model: context.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: encodeUsage(inputOf(usage, context)),
      },
    });
  }

  function enqueue(id: string, block: WireBlock, metadata?: Metadata): Pending {
    const pending: Pending = {
      id,
      start: block,
      deltas: [],
      begun: false,
      done: false,
      input: new GatheredText(),
      custom: false,
      cited: false,
      metadata,
    };
    line.push(pending);
    return pending;
  }

  const find = (id: string, type: string) =>
    line.find((pending) => pending.id === id && pending.start.type === type && !pending.done);

  /** Writes what may be written: the first in line as far as it is known, then the next once it is done. */
  function flush(): void {
    for (let head = line[0]; head; head = line[0]) {
      // What is not shown as it comes is known at its end: it is Anthropic's own, or an envelope, or nothing.
      if (head.start.type === 'thinking' && !shown && !head.done) return;
      // A block is begun with its first delta, so that an empty text or thought leaves no empty block.
      const write =
        head.begun || head.deltas.length > 0 || ['tool_use', 'opaque'].includes(head.start.type) || head.done;
      const empty =
        head.done &&
        !head.begun &&
        head.deltas.length === 0 &&
        ['text', 'thinking'].includes(head.start.type);
      if (write && !empty) {
        if (!head.begun) {
          head.begun = true;
          out += frame({ type: 'content_block_start', index, content_block: head.start });
        }
        for (const delta of head.deltas) out += frame({ type: 'content_block_delta', index, delta });
        head.deltas = [];
        if (head.done) out += frame({ type: 'content_block_stop', index: index++ });
      }
      if (!head.done) return;
      line.shift();
    }
  }

  function say(id: string, text: string): void {
    let pending = find(id, 'text');
    if (!pending) return;
    // The sources of a block are those of all of it. Blank text says nothing that is another's, and is no block of its own.
    if (pending.cited && text.trim() !== '') {
      pending.done = true;
      pending = enqueue(id, { type: 'text', text: '' });
    }
    pending.deltas.push({ type: 'text_delta', text });
  }

  /** Upstreams that name places in a text name them behind it: what was said so far is a block with its sources. */
  function cite(id: string, given: Citation): void {
    const pending = find(id, 'text');
    const citation = encodeCitation(given);
    if (!citation) context.warn(lostCitation);
    else if (pending) {
      pending.cited = true;
      pending.deltas.push({ type: 'citations_delta', citation });
    }
  }

  function think(id: string, text: string): void {
    const pending = find(id, 'thinking');
    if (!pending) return;
    pending.deltas.push({ type: 'thinking_delta', thinking: text });
    pending.input.push(text);
  }

  function endThinking(pending: Pending, end: Metadata | undefined): void {
    pending.done = true;
    const metadata = mergeMetadata(pending.metadata, end);
    const isOwn = Object.keys(metadata?.anthropic ?? {}).length > 0;
    const thought = pending.input.text;
    if (!isOwn && (!thinks || (thought === '' && !metadata))) {
      pending.deltas = [];
      return;
    }
    const proof = proveThinking({ text: thought, ...(metadata && { metadata }) }, shown);
    if (!isOwn && !shown) pending.deltas = [];
    if ('signature' in proof) pending.deltas.push({ type: 'signature_delta', signature: proof.signature });
    else {
      pending.start = { type: 'redacted_thinking', data: proof.redacted };
      pending.deltas = [];
    }
  }

  function endTool(pending: Pending): void {
    if (pending.custom)
      pending.deltas.push({ type: 'input_json_delta', partial_json: wrapCustomInput(pending.input.text) });
    else if (pending.input.text.trim() === '')
      pending.deltas.push({ type: 'input_json_delta', partial_json: '{}' });
    pending.done = true;
  }

  function whole(block: WireBlock, id: string): void {
    const { input } = block;
    // Server tools stream their input as client tools do; their results come complete with the start.
    const streamed = block.type.endsWith('tool_use') && isObject(input);
    const pending = enqueue(id, streamed ? { ...block, input: {} } : block);
    if (streamed) pending.deltas.push({ type: 'input_json_delta', partial_json: JSON.stringify(input) });
    pending.done = true;
  }

  function accept(part: StreamPart): void {
    switch (part.type) {
      case 'start':
        usage = part.usage ?? usage;
        break;
      case 'text-start':
      case 'refusal-start':
        enqueue(part.id, { type: 'text', text: '' });
        break;
      case 'text-delta':
      case 'refusal-delta':
        if (part.text !== '') say(part.id, part.text);
        break;
      case 'citation':
        cite(part.id, part.citation);
        break;
      case 'text-end':
      case 'refusal-end': {
        const pending = find(part.id, 'text');
        if (pending) pending.done = true;
        break;
      }
      case 'reasoning-start':
        enqueue(part.id, { type: 'thinking', thinking: '', signature: '' }, part.metadata);
        break;
      case 'reasoning-delta':
        if (part.text !== '') think(part.id, part.text);
        break;
      case 'reasoning-end': {
        const pending = find(part.id, 'thinking');
        if (pending) endThinking(pending, part.metadata);
        break;
      }
      case 'tool-input-start': {
        hasCalls = true;
        const id = part.id || context.newId('toolu_');
        const own = part.metadata?.anthropic;
        enqueue(part.id, { type: 'tool_use', id, name: part.name, input: {}, ...own }).custom =
          part.kind === 'custom';
        break;
      }
      case 'tool-input-delta': {
        const pending = find(part.id, 'tool_use');
        if (!pending) break;
        if (pending.custom || pending.input.text.trim() === '') pending.input.push(part.text);
        if (!pending.custom && part.text !== '')
          pending.deltas.push({ type: 'input_json_delta', partial_json: part.text });
        break;
      }
      case 'tool-input-end': {
        const pending = find(part.id, 'tool_use');
        if (pending) endTool(pending);
        break;
      }
      case 'file':
        context.warn(droppedFile(part.part.mediaType));
        break;
      case 'opaque': {
        const { dialect, value, step, label } = part.part;
        const own = dialect === 'anthropic' && isObject(value) ? [value as WireBlock] : undefined;
        const blocks = own ?? (step && steps.encode(step));
        if (!blocks) context.warn(droppedOpaque(label));
        for (const block of blocks ?? []) whole(block, `opaque-${index}-${line.length}`);
        break;
      }
      case 'logprobs':
        context.warn(droppedLogprobs);
        break;
      case 'usage':
        usage = part.usage;
        break;
      case 'finish':
        finish = part.finish;
        break;
      case 'error':
        ended = true;
        out += encodeStreamError(part.error);
        break;
    }
  }

  /** Ends whatever the parts left open, so that the grammar holds even then. */
  function closeAll(): void {
    for (const pending of line) {
      if (pending.done) continue;
      if (pending.start.type === 'tool_use') endTool(pending);
      else if (pending.start.type === 'thinking') endThinking(pending, undefined);
      else pending.done = true;
    }
    flush();
  }

  const take = (): string => {
    const text = out;
    out = '';
    return text;
  };

  return {
    push(part: StreamPart): string {
      if (ended) return '';
      if ('choice' in part && part.choice !== undefined && part.choice > 0) {
        if (!warnedChoices) context.warn(droppedChoices);
        warnedChoices = true;
        return '';
      }
      if (part.type === 'start') usage = part.usage ?? usage;
      if (part.type !== 'error') start(part.type === 'start' ? part.id : undefined);
      accept(part);
      if (!ended) flush();
      return take();
    },
    pushEscaped({ type, id, choice, escaped }): string | undefined {
      const head = line[0];
      const settled = head?.id === id && head.begun && !head.done && head.deltas.length === 0;
      if (ended || !settled || (choice ?? 0) > 0 || head.custom || head.cited) return undefined;
      const field = ESCAPED_FIELDS[type];
      if (head.start.type !== field.block) return undefined;
      if (type === 'reasoning-delta') head.input.pushEscaped(escaped);
      else if (type === 'tool-input-delta' && head.input.text.trim() === '') return undefined;
      return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{${field.head}"${escaped}"}}\n\n`;
    },
    end(): string {
      if (ended) return '';
      ended = true;
      if (!finish) {
        // Never a clean end that was not one: agents would take half an answer for the whole.
        out += encodeStreamError({
          status: 502,
          kind: 'upstream',
          message: 'The answer ended before it was complete.',
        });
        return take();
      }
      closeAll();
      out += frame({
        type: 'message_delta',
        delta: encodeFinish(finish, hasCalls),
        usage: { ...encodeUsage(usage), ...steps.usage(usage) },
      });
      out += frame({ type: 'message_stop' });
      return take();
    },
    heartbeat: () => PING,
  };
}
