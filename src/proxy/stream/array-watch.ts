/** The members that an answer of Gemini ends with. Inside a text the quotes around them would be escaped. */
const LAST_WORDS = ['"finishReason"', '"blockReason"', '"error"'];
const LONGEST = Math.max(...LAST_WORDS.map(({ length }) => length));

/** Watches the chunks of a stream that is one JSON array go by, to know at its end whether it said its last word. */
export class ArrayWatch {
  #before = Buffer.alloc(0);
  #said = false;

  push(bytes: Buffer): void {
    if (!this.#said) {
      const whole = Buffer.concat([this.#before, bytes]);
      this.#said = LAST_WORDS.some((word) => whole.includes(word));
    }
    const last = Buffer.concat([this.#before, bytes.subarray(-LONGEST)]);
    this.#before = last.subarray(-LONGEST);
  }

  /** Whether the answer was finished, and its JSON closed. */
  get complete(): boolean {
    return this.#said && /[\]}]\s*$/.test(this.#before.toString('latin1'));
  }
}
