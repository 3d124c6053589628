/** Reads when an upstream wants to be asked again. */

const HOUR_UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Seconds of a duration such as `2h21m25.8s`, `500ms`, `3.5s`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const whole = text.trim();
  if (!/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(whole)) return undefined;
  let seconds = 0;
  for (const [, number, unit] of whole.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    seconds += Number(number) * (HOUR_UNITS[unit ?? 's'] ?? 1);
  }
  return seconds;
}

/** An HTTP date names its month, an ISO date begins with its year; Date.parse makes dates of `-1` and `retry 5`, too. */
const DATE = /\d.*\b[A-Za-z]{3}\b.*\d{4}|^[A-Za-z]{3,9},? .*\d{4}|^\d{4}-\d\d-\d\d/;

/**
 * Seconds to wait, from response headers: `retry-after-ms`, then `Retry-After` as seconds or HTTP date
 * (RFC 9110 §10.2.3). Undefined when neither says anything usable.
 * @param headers flat list: name, value, name, value
 * @param now Unix time in milliseconds
 */
export function retryAfterSeconds(headers: string[], now: number): number | undefined {
  let found: number | undefined;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index]?.toLowerCase();
    const value = headers[index + 1]?.trim() ?? '';
    if (name === 'retry-after-ms' && /^\d+(\.\d+)?$/.test(value)) return Number(value) / 1000;
    if (name !== 'retry-after') continue;
    if (/^\d+(\.\d+)?$/.test(value)) found = Number(value);
    else {
      const date = DATE.test(value) ? Date.parse(value) : Number.NaN;
      found = Number.isNaN(date) ? parseDuration(value) : Math.max(0, (date - now) / 1000);
    }
  }
  return found;
}
