/** Sums per account, model, client, protocol or client key (SPEC 6.6). */
import type { Grouping, Sums, Totals } from '../../../shared/monitor';
import type { UsageRow } from './usage-rows';
import { addSums, emptySums } from './usage-sums';

/** Orders groups by their cost, then by their requests, the greatest first; equals by name. */
export const byWeight = (a: { name: string; sums: Sums }, b: { name: string; sums: Sums }): number =>
  b.sums.costNano - a.sums.costNano ||
  b.sums.requests - a.sums.requests ||
  (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** @returns the sums of all rows, and of each group of them */
export function totalsOf(rows: readonly UsageRow[], by: Grouping): Totals {
  const all = emptySums();
  const groups = new Map<string, Sums>();
  for (const row of rows) {
    const name = row[by];
    let sums = groups.get(name);
    if (!sums) groups.set(name, (sums = emptySums()));
    addSums(sums, row.sums);
    addSums(all, row.sums);
  }
  return { all, groups: [...groups].map(([name, sums]) => ({ name, sums })).sort(byWeight) };
}
