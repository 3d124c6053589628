/** The members that an answer of Gemini ends with. Inside a text the quotes around them would be escaped. */
const LAST_WORDS = ['"finishReason"', '"blockReason"', '"error"'];
const LONGEST = Math.max(...LAST_WORDS.map(({ length }) => length));

/**
 * Watches bytes of Gemini go by that are not looked at as events (a stream that is one JSON array, an event of many
 * megabytes), to know at their end whether the last word was said.
 */
export class LastWordWatch {
  #before = Buffer.alloc(0);
  #said = false;

  get said(): boolean {
    return this.#said;
  }

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
