import { t } from '@vscode/l10n';
import { formatCount } from '../format/format-number';
import { breakLines, linesOf, splitLines, tokensOf, type Line, type TokenKind } from './json-lines';

/** More characters than these are not put on the page: an editor or a file is the better place. */
export const MOST_SHOWN = 2_000_000;
/** Longer lines go into blocks of so many characters: the page lays out the blocks that are seen, and only those. */
const LONG_LINE = 20_000;
/** A block ends after so many lines. */
const BLOCK_LINES = 100;
/** About so many characters stand on a line of the page: for a height before it is laid out. */
const LINE_CHARACTERS = 90;
/** Milliseconds of work after which the page may draw and the reader scroll. */
const SLICE_MS = 10;

/**
 * Puts a text on the page piece by piece, as text nodes: what a request says is never markup.
 * @param colour the text is indented JSON: coloured, and its objects fold
 * @param signal ends the work; what stands on the page stays there
 * @returns whether all of it is on the page, not its first {@link MOST_SHOWN} characters alone
 */
export async function showText(
  target: HTMLElement,
  text: string,
  { colour, signal }: { colour: boolean; signal: AbortSignal },
): Promise<boolean> {
  const shown = text.slice(0, MOST_SHOWN);
  const sheet = new Sheet(target, colour);
  target.replaceChildren();
  let begun = performance.now();
  for (const line of colour ? linesOf(shown) : plainLines(shown)) {
    if (performance.now() - begun > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return false;
      begun = performance.now();
    }
    sheet.add(line);
  }
  sheet.finish();
  return shown.length === text.length;
}

function* plainLines(text: string): Generator<Line> {
  for (const line of splitLines(text)) yield { text: line };
}

/** Lines in blocks, and blocks in folds. */
class Sheet {
  /** The folds that are open, from outside in, with how many lines each holds. */
  private readonly folds: { details: HTMLDetailsElement; lines: number }[] = [];
  private block: HTMLElement | undefined;
  private lines = 0;
  private size = 0;

  constructor(
    private readonly target: HTMLElement,
    private readonly colour: boolean,
  ) {}

  add(line: Line): void {
    if (line.closes) this.close();
    else for (const fold of this.folds) fold.lines += 1;
    if (line.opens) this.open(line.text);
    else if (line.text.length > LONG_LINE) this.addLong(line.text);
    else this.append(line.text);
  }

  private get place(): HTMLElement {
    return this.folds.at(-1)?.details ?? this.target;
  }

  private open(text: string): void {
    const details = document.createElement('details');
    details.open = true;
    const summary = document.createElement('summary');
    this.write(summary, text);
    details.append(summary);
    this.place.append(details);
    this.finish();
    this.folds.push({ details, lines: 0 });
  }

  private close(): void {
    this.finish();
    const fold = this.folds.pop();
    // Said by the style sheet while the fold is closed.
    fold?.details
      .querySelector('summary')
      ?.setAttribute('data-lines', fold.lines === 1 ? t('1 line') : t('{0} lines', formatCount(fold.lines)));
  }

  private append(text: string): void {
    const full = this.lines >= BLOCK_LINES || this.size + text.length > LONG_LINE;
    const block = this.block && !full ? this.block : this.begin();
    this.lines += 1 + this.write(block, text);
    block.append('\n');
    this.size += text.length;
  }

  /** A line that is a text of its own: of JSON, as good as always one string. */
  private addLong(text: string): void {
    let from = 0;
    while (from < text.length) {
      let to = Math.min(from + LONG_LINE, text.length);
      // Never between the halves of a character.
      if (/[\ud800-\udbff]/.test(text[to - 1] ?? '')) to += 1;
      const piece = text.slice(from, to);
      const block = this.begin();
      const isString = this.colour && /^\s*"/.test(text);
      if (isString && from === 0) this.lines = this.write(block, piece);
      else if (isString) this.lines = this.writeToken(block, 'string', piece, indentOf(text));
      else block.append(piece);
      this.size = piece.length;
      from = to;
    }
    this.finish();
  }

  private begin(): HTMLElement {
    this.finish();
    const block = document.createElement('pre');
    this.place.append(block);
    this.lines = 0;
    this.size = 0;
    this.block = block;
    return block;
  }

  /** Only blocks of some size are worth being left out while they are not seen; the scroll bar needs their height. */
  finish(): void {
    const lines = Math.max(this.lines, Math.ceil(this.size / LINE_CHARACTERS));
    if (this.block && lines >= 20) {
      this.block.className = 'far';
      this.block.style.setProperty('contain-intrinsic-height', `auto ${lines * 1.5}em`);
    }
    this.block = undefined;
  }

  /** @returns how many lines it takes besides its first */
  private write(into: HTMLElement, text: string): number {
    let more = 0;
    if (this.colour)
      for (const { kind, text: piece } of tokensOf(text))
        if (kind === 'mark') into.append(piece);
        else more += this.writeToken(into, kind, piece, indentOf(text));
    else into.append(text);
    return more;
  }

  private writeToken(into: HTMLElement, kind: TokenKind, text: string, indent: string): number {
    const span = document.createElement('span');
    span.className = `json-${kind}`;
    const lines = kind === 'string' ? breakLines(text) : [text];
    span.append(lines.join(`\n${indent}`));
    into.append(span);
    return lines.length - 1;
  }
}

/** Where the lines of a prompt go on: below its name. */
const indentOf = (line: string): string => `${/^\s*/.exec(line)?.[0] ?? ''}  `;
