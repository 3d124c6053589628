/** What the table of totals shows, in its order. */
import type { Grouping, Sums, Totals } from '../../../shared/monitor';
import { groupLabel } from '../charts/group-names';

export const TOTALS_COLUMNS = [
  'name',
  'requests',
  'failed',
  'inputTokens',
  'cached',
  'outputTokens',
  'costNano',
] as const;
export type TotalsColumn = (typeof TOTALS_COLUMNS)[number];

export interface TotalsOrder {
  column: TotalsColumn;
  descending: boolean;
}

export interface TotalsRow {
  /** As the monitor calls it. */
  key: string;
  name: string;
  sums: Sums;
  /** 0 to 1: its part of the cost, or of the requests where nothing cost anything. */
  share: number;
}

/** The groups as rows. Those that are alike in a column stand as the monitor has them: by cost, then by requests. */
export function totalsRows(totals: Totals, by: Grouping, order: TotalsOrder): TotalsRow[] {
  const priced = totals.all.costNano > 0;
  const whole = priced ? totals.all.costNano : totals.all.requests;
  const rows = totals.groups.map(({ name, sums }) => ({
    key: name,
    name: groupLabel(name, by),
    sums,
    share: whole > 0 ? (priced ? sums.costNano : sums.requests) / whole : 0,
  }));
  const sign = order.descending ? -1 : 1;
  return rows.sort((one, other) =>
    order.column === 'name'
      ? sign * one.name.localeCompare(other.name)
      : sign * (valueOf(one.sums, order.column) - valueOf(other.sums, order.column)),
  );
}

/** What a column is sorted by. What has no share at all comes after what has none of it. */
function valueOf(sums: Sums, column: Exclude<TotalsColumn, 'name'>): number {
  switch (column) {
    case 'failed':
      return ratio(sums.failed, sums.requests);
    case 'cached':
      return ratio(sums.cachedInputTokens, sums.inputTokens);
    case 'requests':
    case 'inputTokens':
    case 'outputTokens':
    case 'costNano':
      return sums[column];
  }
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : -1);

/** The order after a click on a column: numbers begin with the greatest, names with A, a second click turns it round. */
export function nextOrder(order: TotalsOrder, column: TotalsColumn): TotalsOrder {
  return order.column === column
    ? { column, descending: !order.descending }
    : { column, descending: column !== 'name' };
}
