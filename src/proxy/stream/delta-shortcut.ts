import type { EscapedDelta, StreamDecoder, StreamEncoder } from '../dialects/adapter';
import type { StreamPart } from '../dialects/canonical';
import { unescapeJson } from '../dialects/gathered-text';
import { DeltaTemplates } from './delta-templates';

/** A delta that was not parsed; it is after all where the client's dialect does not take it as it stands. */
function encode(encoder: StreamEncoder, delta: EscapedDelta): string {
  const copied = encoder.pushEscaped?.(delta);
  if (copied !== undefined) return copied;
  const { type, id, choice } = delta;
  const text = unescapeJson(delta.escaped);
  return encoder.push(choice === undefined ? { type, id, text } : { type, id, text, choice });
}

/**
 * The short way from an upstream's event to a client's: around decoder and parts, for events whose form is known. A test
 * holds it equal to the long way, byte for byte.
 */
export class DeltaShortcut {
  readonly #templates = new DeltaTemplates();
  /** What the decoder was spared: hardly anything of it is ever looked at, so it is told in runs. */
  readonly #skipped: Omit<EscapedDelta, 'choice'> = { type: 'text-delta', id: '', escaped: '' };

  constructor(private readonly decoder: StreamDecoder) {}

  /**
   * The client's event; undefined when this one has to go the long way.
   * @param event the upstream's, as text: its lines, or its data alone, but always the same
   */
  take(event: string, encoder: StreamEncoder): string | undefined {
    if (!this.decoder.skipped) return undefined;
    const delta = this.#templates.match(event);
    if (!delta) {
      this.settle();
      return undefined;
    }
    const skipped = this.#skipped;
    if (skipped.id !== delta.id || skipped.type !== delta.type) {
      this.settle();
      skipped.type = delta.type;
      skipped.id = delta.id;
    }
    skipped.escaped += delta.escaped;
    return encode(encoder, delta);
  }

  /** Looks at what an event became the long way. */
  learn(event: string, parts: readonly StreamPart[]): void {
    this.#templates.learn(event, parts);
  }

  /** Tells the decoder what it has not seen: before its next event, and before its end. */
  settle(): void {
    const { type, id, escaped } = this.#skipped;
    if (escaped === '') return;
    this.#skipped.escaped = '';
    this.decoder.skipped?.(type, id, unescapeJson(escaped));
  }
}
