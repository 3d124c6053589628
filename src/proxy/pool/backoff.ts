/** How long to rest when a provider named no time, and how long at most when it did. */

/** Rests after a limit without a time, by consecutive occurrences (SPEC 5.5), in milliseconds. */
const LIMIT_RESTS_MS = [60_000, 300_000, 1_800_000, 7_200_000] as const;
/** Rests after the second, third… consecutive failure. The first one only puts the account behind others. */
const FAILURE_RESTS_MS = [10_000, 30_000, 60_000, 300_000] as const;
/** A provider's time counts up to here; what comes after is for a probe to find out. */
export const LONGEST_TOLD_MS = 3_600_000;
/** For how long an account stands behind others after one failure. */
export const SHAKY_MS = 10_000;
/** After an early probe that decided nothing, this long until the next one at most. */
export const PROBE_AGAIN_MS = 5000;
/** For how long a 429 that named no limit is remembered, to be compared with the next one. */
export const SUSPICION_MS = 60_000;

/**
 * A rest that nobody told: its length, and after which time one request at a time may try when nobody else can. Milliseconds.
 * With 0 any request may: a server that fails is nobody's limit, and its own words are worth more to a client than ours.
 */
export interface GuessedRest {
  restMs: number;
  earlyMs: number;
}

const at = (list: readonly number[], occurrence: number) =>
  list[Math.min(Math.max(occurrence, 1), list.length) - 1] ?? 0;

/** @param occurrence 1 for the first limit since the last success */
export function limitRest(occurrence: number): GuessedRest {
  const restMs = at(LIMIT_RESTS_MS, occurrence);
  return { restMs, earlyMs: restMs / 12 };
}

/** @param occurrence 1 for the first failure since the last success; that one needs no rest */
export function failureRest(occurrence: number): GuessedRest | undefined {
  return occurrence < 2 ? undefined : { restMs: at(FAILURE_RESTS_MS, occurrence - 1), earlyMs: 0 };
}
