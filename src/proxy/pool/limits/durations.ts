/** Reads times as providers write them: durations, dates, counts of seconds. Everything comes out as seconds from now. */

/** Longer than any limit lasts (the longest known are weekly): such a value is a mistake or no time at all. */
const LONGEST_SECONDS = 8 * 86_400;
/** A date this far back is an old one, not a limit that has just ended. */
const PAST_SECONDS = 86_400;

const UNITS: Record<string, number> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

const DURATION = /^(?:\d{1,12}(?:\.\d{1,12})?(?:ns|us|µs|μs|ms|d|h|m|s))+$/;
const DURATION_PIECE = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|d|h|m|s)/g;

/** The seconds when they can be a time to wait, else undefined. */
export function saneSeconds(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds >= 0 && seconds <= LONGEST_SECONDS ? seconds : undefined;
}

/**
 * Seconds of a duration as Go and protobuf write it: `2h21m25.8s`, `500ms`, `34.4s`; undefined when it is none.
 * https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number | undefined {
  const whole = text.trim();
  if (whole.length > 64 || !DURATION.test(whole)) return undefined;
  let seconds = 0;
  for (const [, number, unit = 's'] of whole.matchAll(DURATION_PIECE)) {
    seconds += Number(number) * (UNITS[unit] ?? 1);
  }
  return seconds;
}

const SPOKEN =
  /^(?:(\d{1,9}(?:\.\d{1,12})?)\s*(milliseconds?|millis|msecs?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)(?:,?\s+(?:and\s+)?|$|(?=[^a-z])))/i;
const SPOKEN_UNITS: [start: string, seconds: number][] = [
  ['mil', 1e-3],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
];

/**
 * Seconds of the duration with which a text begins, in letters (`2h21m25.8s`) or in words (`26 seconds`, `1 hour and 5
 * minutes`); undefined when it begins with none.
 */
export function durationAtStart(text: string): number | undefined {
  const letters = /^[\d.a-zµμ]{1,64}/i.exec(text)?.[0].replace(/\.+$/, '');
  const short = letters === undefined ? undefined : parseDuration(letters.toLowerCase());
  if (short !== undefined) return short;
  let rest = text.slice(0, 100);
  let seconds: number | undefined;
  for (let found = SPOKEN.exec(rest); found; found = SPOKEN.exec(rest)) {
    const unit = found[2]?.toLowerCase() ?? 's';
    const size = SPOKEN_UNITS.find(([start]) => unit.startsWith(start))?.[1] ?? 1;
    seconds = (seconds ?? 0) + Number(found[1]) * size;
    rest = rest.slice(found[0].length);
  }
  return seconds;
}

/** An HTTP date names its month, an ISO date begins with its year; Date.parse makes dates of `-1` and `retry 5`, too. */
const DATE = /\d.*\b[A-Za-z]{3}\b.*\d{4}|^[A-Za-z]{3,9},? .*\d{4}|^\d{4}-\d\d-\d\d/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/**
 * Unix milliseconds of a date: an HTTP date (RFC 9110 §5.6.7), RFC 3339, or `2030-01-01 12:00:00`.
 * @param zone of dates that name none
 */
export function parseDate(text: string, zone = 'Z'): number | undefined {
  const whole = text.trim();
  if (whole.length > 64 || !DATE.test(whole)) return undefined;
  const parsed = Date.parse(WITHOUT_ZONE.test(whole) ? whole.replace(' ', 'T') + zone : whole);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Seconds from `now` until `then` (both Unix ms); 0 when it has just passed, undefined when it cannot be meant. */
export function secondsUntil(then: number | undefined, now: number): number | undefined {
  if (then === undefined) return undefined;
  const seconds = (then - now) / 1000;
  return saneSeconds(seconds < 0 && seconds >= -PAST_SECONDS ? 0 : seconds);
}

/** The seconds behind a plain number: an epoch in seconds or milliseconds, else seconds from now. Told apart by size. */
export function secondsOfNumber(value: number, now: number): number | undefined {
  if (value >= 1e11) return secondsUntil(value, now);
  if (value >= 1e8) return secondsUntil(value * 1000, now);
  return saneSeconds(value);
}

/** Seconds of any of these forms: number, epoch, duration, date. */
export function secondsOf(text: string, now: number): number | undefined {
  const whole = text.trim();
  if (/^\d{1,16}(\.\d{1,20})?$/.test(whole)) return secondsOfNumber(Number(whole), now);
  const duration = parseDuration(whole);
  return duration === undefined ? secondsUntil(parseDate(whole), now) : saneSeconds(duration);
}

/**
 * Seconds until the quotas of a day of Google's APIs begin anew: midnight in California.
 * https://ai.google.dev/gemini-api/docs/rate-limits
 */
export function secondsToPacificMidnight(now: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Los_Angeles',
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(now);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return 86_400 - (part('hour') * 3600 + part('minute') * 60 + part('second'));
}
