// Reads HTTP/1.1 messages from a socket's bytes by hand. It knows only what the bench speaks: Content-Length and
// chunked bodies, no trailers. Costing little, it leaves the CPU to what is measured.
const HEAD_END = Buffer.from('\r\n\r\n');
const HEAD = 0;
const LENGTH = 1;
const CHUNK_SIZE = 2;
const CHUNK_DATA = 3;
const CHUNK_END = 4;

/** Cuts a byte stream into messages and tells `onHead(text)`, `onBody(bytes)` and `onEnd()` for each. */
export class HttpReader {
  #state = HEAD;
  #left = 0;
  #kept = null;

  constructor(on) {
    this.on = on;
  }

  /** Takes the next bytes of the socket. Throws on bytes that are no HTTP. */
  push(bytes) {
    let data = bytes;
    if (this.#kept) {
      data = Buffer.concat([this.#kept, bytes]);
      this.#kept = null;
    }
    let at = 0;
    while (at < data.length) {
      const next = this.#step(data, at);
      if (next < 0) {
        this.#kept = data.subarray(at);
        return;
      }
      at = next;
    }
  }

  /** Reads one piece from `at` and returns where the next begins, or -1 when more bytes are needed. */
  #step(data, at) {
    switch (this.#state) {
      case HEAD: {
        const end = data.indexOf(HEAD_END, at);
        if (end < 0) return -1;
        this.#startBody(data.latin1Slice(at, end));
        return end + 4;
      }
      case LENGTH:
      case CHUNK_DATA: {
        const end = Math.min(data.length, at + this.#left);
        this.on.onBody(data.subarray(at, end));
        this.#left -= end - at;
        if (this.#left > 0) return end;
        if (this.#state === CHUNK_DATA) this.#state = CHUNK_END;
        else this.#finish();
        return end;
      }
      case CHUNK_SIZE: {
        const end = data.indexOf(10, at);
        if (end < 0) return -1;
        const size = parseInt(data.latin1Slice(at, end), 16);
        if (Number.isNaN(size)) throw new Error(`not a chunk size: ${data.latin1Slice(at, end)}`);
        // The last chunk is followed by one empty line: read it as the end of a chunk of nothing.
        this.#left = size === 0 ? -1 : size;
        this.#state = size === 0 ? CHUNK_END : CHUNK_DATA;
        return end + 1;
      }
      default: {
        if (data.length - at < 2) return -1;
        if (this.#left === -1) this.#finish();
        else this.#state = CHUNK_SIZE;
        return at + 2;
      }
    }
  }

  #startBody(head) {
    this.on.onHead(head);
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
      this.#state = CHUNK_SIZE;
      return;
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    this.#left = length ? Number(length[1]) : 0;
    this.#state = LENGTH;
    if (this.#left === 0) this.#finish();
  }

  #finish() {
    this.#state = HEAD;
    this.#left = 0;
    this.on.onEnd();
  }
}
