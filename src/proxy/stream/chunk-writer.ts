import type { ServerResponse } from 'node:http';
import { latin1 } from './latin1';

/** A response whose body somebody listens to (monitor/capture.ts): framed by us it would be heard with its frames. */
export const TAPPED = Symbol('tapped');

/** Longest piece that is joined with its frame into one string. */
const JOINED_LIMIT = 16_384;

/**
 * Writes the body of a stream. Where the transfer encoding is chunked (RFC 9112 §7.1), its chunks are framed here, each in
 * one write: Node makes four of it.
 */
export class ChunkWriter {
  readonly #framed: boolean;

  /** @param outgoing its head is written, of its body nothing */
  constructor(private readonly outgoing: ServerResponse) {
    this.#framed = outgoing.chunkedEncoding && !(TAPPED in outgoing);
    if (this.#framed) outgoing.chunkedEncoding = false;
  }

  /** @returns false when the client's buffer is full */
  write(bytes: Buffer): boolean {
    const { outgoing } = this;
    if (!this.#framed) return outgoing.write(bytes);
    // An empty chunk would be the last one.
    if (bytes.length === 0) return true;
    const size = bytes.length.toString(16);
    if (bytes.length <= JOINED_LIMIT) return outgoing.write(`${size}\r\n${latin1(bytes)}\r\n`, 'latin1');
    outgoing.write(`${size}\r\n`, 'latin1');
    outgoing.write(bytes);
    return outgoing.write('\r\n', 'latin1');
  }

  /** {@link write} for text. */
  writeText(text: string): boolean {
    const { outgoing } = this;
    if (!this.#framed) return outgoing.write(text);
    if (text === '') return true;
    const size = Buffer.byteLength(text);
    // Where every character is one byte it is ASCII, which Latin-1 writes without looking at it.
    const encoding = size === text.length ? 'latin1' : 'utf8';
    return outgoing.write(`${size.toString(16)}\r\n${text}\r\n`, encoding);
  }

  /** Ends the body, with a last piece where there is one. */
  end(text = ''): void {
    if (text) this.writeText(text);
    if (this.#framed) this.outgoing.end('0\r\n\r\n', 'latin1');
    else this.outgoing.end();
  }
}
