/** When an upstream wants to be asked again: headers, body and what is known of its quotas, put together. */
import { secondsOfBody } from './body-table';
import { headerMap, momentOf } from './counters';
import { secondsToPacificMidnight } from './durations';
import { viewError, type ErrorView } from './error-view';
import { googleQuota, type GoogleQuota } from './google-quota';
import { readHeaderLimits, secondsOfCounters, type HeaderLimits } from './header-table';

/** What an answer says of limits, before anybody has decided whose they are. */
export interface Evidence {
  view: ErrorView;
  limits: HeaderLimits;
  quota: GoogleQuota | undefined;
  /** Seconds until it may be asked again; undefined when nothing usable tells. */
  seconds: number | undefined;
}

/** Puts together what headers and body of a refusal say. @param now Unix ms of our clock */
export function gatherEvidence(flat: readonly string[], view: ErrorView, now: number): Evidence {
  const outer = headerMap(flat);
  const there = momentOf(outer, now);
  // What a gateway put into the body is of the provider behind it; the answer's own lines win.
  const limits = readHeaderLimits(new Map([...view.headers, ...outer]), there);
  const quota = googleQuota(view);
  const counted = secondsOfCounters(limits);
  const said = [limits.retryAfter, secondsOfBody(view, there), counted];
  const told = said.find((one) => one !== undefined && one > 0) ?? said.find((one) => one !== undefined);
  // Google names a delay of seconds for quotas of the day, too.
  const seconds = quota?.daily ? Math.max(told ?? 0, secondsToPacificMidnight(there)) : told;
  return { view, limits, quota, seconds };
}

/**
 * Seconds until an upstream may be asked again; undefined when neither headers nor body tell. Not capped, but never negative,
 * nor longer than any known limit (8 days).
 * @param headers flat list: name, value, name, value
 * @param body the parsed JSON, or the text where it was none
 * @param now Unix ms; dates count from the answer's own `Date` where it has one
 */
export function waitSeconds(headers: readonly string[], body: unknown, now: number): number | undefined {
  return gatherEvidence(headers, viewError(body, headerMap(headers)), now).seconds;
}
