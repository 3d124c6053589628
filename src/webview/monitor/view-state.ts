/** What the view keeps for the next time it is opened. */
import { SORT_KEYS, type MonitorFilter, type MonitorQuery } from '../../shared/monitor';
import { keepState, keptState } from './link';

export const PAGES = ['requests', 'charts', 'totals'] as const;
export type MonitorPage = (typeof PAGES)[number];

export interface MonitorView {
  page: MonitorPage;
  filter: MonitorFilter;
  sort: MonitorQuery['sort'];
  /** Widths of columns in pixels, where they are not the default. */
  widths: Record<string, number>;
  /** Ids of columns that are not shown. */
  hidden: string[];
  /** Pixels of the detail pane, beside the table and below it. */
  beside: number;
  below: number;
}

export const NEWEST_FIRST: MonitorQuery['sort'] = { key: 'time', descending: true };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;

/** What was kept, with defaults where nothing was or where it is none of ours. */
export function keptView(): MonitorView {
  const state = keptState();
  const kept = isRecord(state) ? state : {};
  const sort = isRecord(kept.sort) ? kept.sort : {};
  const key = SORT_KEYS.find((one) => one === sort.key);
  const widths = Object.entries(isRecord(kept.widths) ? kept.widths : {});
  return {
    page: PAGES.find((page) => page === kept.page) ?? 'requests',
    filter: isRecord(kept.filter) ? kept.filter : {},
    sort: key ? { key, descending: sort.descending !== false } : NEWEST_FIRST,
    widths: Object.fromEntries(
      widths.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    ),
    hidden: Array.isArray(kept.hidden) ? kept.hidden.filter((id) => typeof id === 'string') : [],
    beside: numberOf(kept.beside, 560),
    below: numberOf(kept.below, 380),
  };
}

/** Keeps a part of the view; what others keep stays. */
export function keepView(part: Partial<MonitorView>): void {
  const state = keptState();
  keepState({ ...(isRecord(state) ? state : {}), ...part });
}
