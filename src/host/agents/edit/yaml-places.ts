/** Where entries of maps and lists of a YAML text begin and end, and texts without one of them. */
import { isNode, isPair, type YAMLMap, type YAMLSeq } from 'yaml';

/** The beginning of the line that an offset is in, behind a byte order mark. */
export function lineStart(text: string, offset: number): number {
  const at = text.lastIndexOf('\n', offset - 1) + 1;
  return at === 0 && text.startsWith('\uFEFF') ? 1 : at;
}

/** Behind the line end that follows an offset, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

/** Where the content of an element or pair ends. A block ends behind its last line end. */
export function endOfEntry(entry: unknown): number {
  if (isPair(entry)) {
    const value = isNode(entry.value) ? entry.value.range?.[1] : undefined;
    const key = isNode(entry.key) ? entry.key.range?.[1] : undefined;
    // Behind a key without a value there still is a colon.
    return Math.max(value ?? 0, (key ?? 0) + 1);
  }
  return isNode(entry) ? (entry.range?.[1] ?? 0) : 0;
}

/** The line before which a new first element goes: above the comments that stand over the old one. */
export function startOfList(text: string, list: YAMLMap | YAMLSeq): number {
  let at = lineStart(text, list.range?.[0] ?? 0);
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (above >= at || !/^[ \t]*(?:#[^\n]*)?\r?\n$/.test(text.slice(above, at))) break;
    at = above;
  }
  return at;
}

/** The text without an element of a list that has others. */
export function cutItem(text: string, list: YAMLSeq, index: number, inFlow: boolean): string {
  const item = list.items[index];
  if (inFlow) return cutFromFlow(text, list, index);
  const end = endOfEntry(item);
  return cutLines(text, dashOf(list, index) ?? end, end);
}

/** The text without a pair of a map. */
export function cutPair(text: string, map: YAMLMap, index: number, inFlow: boolean): string {
  if (inFlow) return cutFromFlow(text, map, index);
  const start = startOfEntry(map.items[index]);
  const next = map.items[index + 1];
  // The first one of an element stands behind its dash, where the next one goes then.
  if (text.slice(lineStart(text, start), start).trim() !== '' && next)
    return text.slice(0, start) + text.slice(startOfEntry(next));
  return cutLines(text, start, endOfEntry(map.items[index]));
}

function cutLines(text: string, start: number, end: number): string {
  const stop = text[end - 1] === '\n' ? end : lineEnd(text, end);
  return text.slice(0, lineStart(text, start)) + text.slice(stop);
}

function cutFromFlow(text: string, { items }: YAMLMap | YAMLSeq, index: number): string {
  const next = items[index + 1];
  if (next !== undefined) return text.slice(0, startOfEntry(items[index])) + text.slice(startOfEntry(next));
  const previous = items[index - 1];
  const from = previous === undefined ? startOfEntry(items[index]) : endOfEntry(previous);
  return text.slice(0, from) + text.slice(endOfEntry(items[index]));
}

function startOfEntry(entry: unknown): number {
  const node = isPair(entry) ? entry.key : entry;
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function dashOf({ srcToken }: YAMLSeq, index: number): number | undefined {
  if (srcToken?.type !== 'block-seq') return undefined;
  return srcToken.items[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
}
