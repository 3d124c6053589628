/** What stands in the table's cells: made once, written into as rows scroll by. */

const SVG = 'http://www.w3.org/2000/svg';
/** A bar is as long as it can be from here on: its scale does not change with what is in view. */
const LONGEST_MS = 120_000;
/** Seconds differ as well as minutes do. */
const EXPONENT = 0.45;

/** An element to write into. */
export function span(className: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  return element;
}

/** A small drawing of one path, which is set later. */
export function picture(className: string): SVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('class', className);
  drawing.setAttribute('viewBox', '0 0 16 16');
  drawing.setAttribute('aria-hidden', 'true');
  drawing.append(document.createElementNS(SVG, 'path'));
  return drawing;
}

/** Writes a text, unless it stands there. */
export function setText(element: HTMLElement, text: string): void {
  const node = element.firstChild;
  if (!node) element.append(text);
  else if (node.nodeValue !== text) node.nodeValue = text;
}

/** What the pointer is told over it. */
export function setTitle(element: HTMLElement, title: string): void {
  if (element.title !== title) element.title = title;
}

/** A length between 0 and 100 for a duration in milliseconds. */
export function barLength(ms: number): number {
  return Math.min(100, Math.max(1, (ms / LONGEST_MS) ** EXPONENT * 100));
}

/**
 * Draws a bar of a wait and what came after it. The whole is on the scale, the wait is its share of the whole.
 * @param bar holds one element for each
 */
export function drawBar(bar: HTMLElement, ms: number, waitMs: number): void {
  const [wait, rest] = bar.children as unknown as [HTMLElement, HTMLElement];
  const whole = barLength(ms);
  const waited = whole * (ms > 0 ? Math.min(1, waitMs / ms) : 1);
  wait.style.width = `${waited.toFixed(1)}%`;
  rest.style.width = `${(whole - waited).toFixed(1)}%`;
}
