/** When an upstream wants to be asked again, as its headers say. */
import { readCounters, type Counter, type HeaderMap } from './counters';
import { saneSeconds, secondsOf } from './durations';

/** One header that tells the time in so many words. */
export interface WaitForm {
  name: string;
  source: string;
  read: (value: string, now: number) => number | undefined;
}

/** Seconds of a count of milliseconds. */
function readMilliseconds(value: string): number | undefined {
  const text = value.trim();
  return /^\d{1,12}(\.\d{1,12})?$/.test(text) ? saneSeconds(Number(text) / 1000) : undefined;
}

/** In order of preference: the more exact first. */
export const WAIT_FORMS: readonly WaitForm[] = [
  {
    name: 'retry-after-ms',
    source:
      'https://github.com/openai/openai-python/blob/main/src/openai/_base_client.py (_parse_retry_after_header)',
    read: readMilliseconds,
  },
  {
    name: 'x-ms-retry-after-ms',
    source:
      'https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/core/ts-http-runtime/src/retryStrategies/throttlingRetryStrategy.ts',
    read: readMilliseconds,
  },
  // Seconds, decimals, HTTP dates; ISO dates and durations were seen from gateways.
  { name: 'retry-after', source: 'https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3', read: secondsOf },
];

/** What the headers of an answer say of limits. */
export interface HeaderLimits {
  /** The time that was told in so many words. */
  retryAfter?: number;
  /** The counters of which nothing remains. */
  spent: Counter[];
  counters: Counter[];
}

/** Reads them all. @param now Unix ms, on the clock of whoever wrote the headers */
export function readHeaderLimits(headers: HeaderMap, now: number): HeaderLimits {
  const counters = readCounters(headers, now);
  const spent = counters.filter((one) => one.remaining === 0);
  const hard = spent.filter((one) => !one.soft);
  const limits: HeaderLimits = { counters, spent: hard.length > 0 ? hard : spent };
  for (const form of WAIT_FORMS) {
    const value = headers.get(form.name);
    const seconds = value === undefined ? undefined : form.read(value, now);
    // A zero says less than any other form that is there.
    if (seconds === undefined || limits.retryAfter) continue;
    limits.retryAfter = seconds;
  }
  return limits;
}

/**
 * Seconds until the counters let a request through: of those that are at zero the last, for all of them must have begun anew.
 * Where none tells what remains, the first: asking early costs one request.
 */
export function secondsOfCounters(limits: HeaderLimits): number | undefined {
  const spent = limits.spent.flatMap((one) => one.seconds ?? []);
  if (spent.length > 0) return Math.max(...spent);
  const silent = limits.counters.some((one) => one.remaining !== undefined)
    ? []
    : limits.counters.flatMap((one) => one.seconds ?? []);
  return silent.length > 0 ? Math.min(...silent) : undefined;
}
