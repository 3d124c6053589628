import type { DialectAdapter } from '../dialects/adapter';
import type { ErrorInfo, Usage } from '../dialects/canonical';
import { LastWordWatch } from './last-word-watch';
import { lastObjectNamed } from './scan-json';
import { createSseParser, lastEventEnd } from './sse';

/** How the last words of a stream are told in bytes, when its last event is longer than what is kept. */
const TERMINAL_MARKS: Partial<Record<string, RegExp>> = {
  'openai-responses':
    /"type":\s*"response\.(completed|incomplete|failed)"|event: ?response\.(completed|incomplete|failed)/,
  // Images stand whole in their last event. Inside a model's text the quotes would be escaped.
  'openai-chat': /"type":\s*"image_(generation|edit)\.completed"/,
};

/** Keeps the end of an answer by reference, to read usage and completeness from it when it is over. */
export class StreamTail {
  readonly #chunks: Buffer[] = [];
  #first: Buffer | undefined;
  #size = 0;
  #dropped = false;
  #last: Buffer | undefined;
  /** How the last event began that was too long to be held back: it may not be kept whole. */
  #longHead = '';
  #inLong = false;
  /** Gemini's images stand whole in an event, and the last one's reason to end beside it. */
  #long: LastWordWatch | undefined;
  /** Part of an event has been written, its rest has not. Set before {@link push} takes that part. */
  midEvent = false;

  constructor(private readonly limit: number) {}

  push(bytes: Buffer): void {
    this.#first ??= bytes;
    if (this.midEvent && !this.#inLong) {
      const begin = lastEventEnd(bytes);
      this.#longHead = bytes.toString('latin1', begin, begin + 256);
    }
    if (this.midEvent || this.#inLong) (this.#long ??= new LastWordWatch()).push(bytes);
    this.#inLong = this.midEvent;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    while (this.#size - (this.#chunks[0]?.length ?? 0) >= this.limit) {
      this.#size -= this.#chunks.shift()?.length ?? 0;
      this.#dropped = true;
    }
  }

  #bytes(): Buffer {
    this.#last ??= Buffer.concat(this.#chunks);
    return this.#last;
  }

  /**
   * Whether a stream ended with its protocol's terminal event (`complete`), whether chat completions' `[DONE]` was
   * there (`done`), and the error it ended with, when it was one.
   */
  ending(adapter: DialectAdapter): { complete: boolean; done: boolean; error?: ErrorInfo } {
    const bytes = this.#bytes();
    const done =
      bytes.includes('data: [DONE]', Math.max(0, bytes.length - 64)) ||
      bytes.includes('data:[DONE]', Math.max(0, bytes.length - 64));
    if (
      done &&
      adapter.dialect === 'openai-chat' &&
      !bytes.includes('"error"', Math.max(0, bytes.length - 4096))
    )
      return { complete: true, done };
    const parser = createSseParser();
    const events = [...parser.push(bytes), ...parser.end()];
    // The first event may have lost its beginning.
    if (this.#dropped && !/^\s*[[{]/.test(events[0]?.data ?? '')) events.shift();
    // Only the last events can be one: text that a model wrote stands before them.
    const error = events
      .slice(-3)
      .map((event) => adapter.readStreamError(event))
      .find((one) => one !== undefined);
    if (error) return { complete: true, done, error };
    if (events.some((event) => adapter.isTerminal(event))) return { complete: true, done };
    const mark = TERMINAL_MARKS[adapter.dialect];
    if (adapter.dialect === 'gemini' && this.#long?.said) return { complete: true, done };
    return {
      complete: mark?.test(this.#longHead) === true || mark?.test(bytes.toString('latin1')) === true,
      done,
    };
  }

  /**
   * The usage that the answer reported: its beginning (Anthropic) and its end together. Of others the end, else the beginning:
   * some put it before what they say.
   */
  usage(adapter: DialectAdapter): Usage | undefined {
    const bytes = this.#bytes();
    const name = adapter.dialect === 'gemini' ? 'usageMetadata' : 'usage';
    const read = (from: Buffer) => adapter.readUsage({ [name]: lastObjectNamed(from, name) as never });
    const usage = read(bytes);
    if (!this.#first) return usage;
    if (adapter.dialect !== 'anthropic') return usage ?? (this.#dropped ? read(this.#first) : undefined);
    const start = lastObjectNamed(firstEvent(this.#first), 'usage');
    const begun = start === undefined ? undefined : adapter.readUsage({ usage: start as never });
    if (!begun) return usage;
    if (!usage) return begun;
    return { ...begun, ...usage, inputTokens: Math.max(begun.inputTokens, usage.inputTokens) };
  }
}

/** The bytes of the first event: a whole short answer may come as one piece. */
function firstEvent(bytes: Buffer): Buffer {
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1', 0, 8192));
  return bytes.subarray(0, end ? end.index : 8192);
}
