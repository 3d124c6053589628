/** The text behind a JSON string without its quotes. Only for text of valid JSON. */
export function unescapeJson(escaped: string): string {
  return escaped.includes('\\') ? (JSON.parse(`"${escaped}"`) as string) : escaped;
}

/** Text that comes in pieces, some of them escaped as they stood in JSON: those are read when the text is asked for. */
export class GatheredText {
  #text = '';
  #escaped = '';

  push(text: string): void {
    if (this.#escaped !== '') this.#settle();
    this.#text += text;
  }

  pushEscaped(escaped: string): void {
    this.#escaped += escaped;
  }

  get text(): string {
    if (this.#escaped !== '') this.#settle();
    return this.#text;
  }

  #settle(): void {
    this.#text += unescapeJson(this.#escaped);
    this.#escaped = '';
  }
}
