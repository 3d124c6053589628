import { writeNumber } from './locale';

const UNITS = ['', 'k', 'M', 'G', 'T'] as const;

/** `12,345`: every digit, in the page's language. */
export function formatCount(count: number): string {
  return writeNumber(count);
}

/** `950`, `12.3k`, `1.2M`: three digits of a count of tokens. */
export function formatTokens(tokens: number): string {
  let value = tokens;
  let unit = 0;
  // 999.5 thousand would be written as 1,000k.
  while (Math.abs(value) >= (unit === 0 ? 1000 : 999.5) && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${writeNumber(value, { maximumSignificantDigits: unit === 0 ? 21 : 3 })}${UNITS[unit] ?? ''}`;
}

/**
 * `12.3%` of a whole; never `0%` of what is more than nothing, nor `100%` of what is less than all.
 * @returns undefined where there is no whole
 */
export function formatShare(part: number, whole: number): string | undefined {
  if (!(whole > 0)) return undefined;
  const share = part / whole;
  const percent = (value: number): string =>
    writeNumber(value, { style: 'percent', maximumFractionDigits: 1 });
  if (share > 0 && share < 0.001) return `<${percent(0.001)}`;
  if (share < 1 && share > 0.999) return `>${percent(0.999)}`;
  return percent(share);
}
