/** Why an account was left out, for a person. */
import type { Skipped } from '../../shared/exchange';
import { STANDING } from './entry';
import { labelOf } from './label';
import type { Ledger, PoolEntry } from './ledger';
import type { PoolCandidate } from './pool-request';

/** @param time Unix ms; told as the time of day where Portside runs */
function clock(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}

/** A reason is one line that fits into a row. */
function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/**
 * @param entry its state; undefined when it is no longer in the settings
 * @param now Unix ms
 */
export function explain(
  { account, model }: PoolCandidate,
  entry: PoolEntry | undefined,
  now: number,
): Skipped {
  const row = { account: labelOf(account), model };
  if (!entry) return { ...row, reason: 'it is no longer in the settings' };
  if (!entry.account.enabled) return { ...row, reason: 'disabled by the user' };
  const standing = entry.standing(model, now);
  const slot = entry.worse(model, now);
  const what = short(slot.trouble?.what ?? '');
  switch (standing) {
    case STANDING.dead:
      return { ...row, reason: `disabled: ${what}` };
    case STANDING.resting:
    case STANDING.early:
      return { ...row, reason: `cooling until ${clock(slot.until)} (${what})`, until: slot.until };
    case STANDING.probed:
      return { ...row, reason: `another request is finding out whether it works again (${what})` };
    case STANDING.spent:
    case STANDING.shaky:
    case STANDING.ready:
  }
  if (entry.full) return { ...row, reason: `its cap of ${requests(entry.account.maxConcurrent)} is reached` };
  const spent = entry.models.get(model)?.spent(now);
  if (spent)
    return {
      ...row,
      reason: `nothing remains until ${clock(spent.until)} (${short(spent.what)})`,
      until: spent.until,
    };
  return { ...row, reason: 'its last answer failed: others go first for a moment' };
}

/** Those that one request passed over, with the last reason for each. */
export class LeftOut<C extends PoolCandidate> {
  readonly #rows = new Map<C, Skipped>();

  add(candidate: C, entry: PoolEntry | undefined, now: number): void {
    this.#rows.set(candidate, explain(candidate, entry, now));
  }

  /** @param asked whether a candidate was asked after all */
  rows(asked: (candidate: C) => boolean): Skipped[] {
    return [...this.#rows].filter(([candidate]) => !asked(candidate)).map(([, skipped]) => skipped);
  }
}

/** The candidate that comes back first, and when (Unix ms; Infinity for dead ones); undefined when none rests. */
export function firstBack<C extends PoolCandidate>(
  groups: readonly (readonly C[])[],
  ledger: Ledger,
): { candidate: C; entry: PoolEntry; at: number } | undefined {
  const now = ledger.now();
  let first: { candidate: C; entry: PoolEntry; at: number } | undefined;
  for (const group of groups)
    for (const candidate of group) {
      const entry = ledger.entryOf(candidate.account);
      const at = entry?.recovery(candidate.model, now);
      if (entry && at !== undefined && (!first || at < first.at)) first = { candidate, entry, at };
    }
  return first;
}

function requests(count = 0): string {
  return count === 1 ? '1 request' : `${count} requests`;
}
