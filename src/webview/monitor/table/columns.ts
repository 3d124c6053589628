import { t } from '@vscode/l10n';
import type { ExchangeRow, OpenExchange, SortKey } from '../../../shared/monitor';
import { dollarsOf, formatCost } from '../format/format-cost';
import { formatDuration } from '../format/format-duration';
import { formatCount, formatShare, formatTokens } from '../format/format-number';
import { writeNumber } from '../format/locale';
import { formatDateTime, formatDayMinute, formatTime, sameDay } from '../format/format-time';
import { describeOutcome, describeStatus } from '../detail/describe-exchange';
import { STATE_PATHS } from '../icons';
import { protocolName } from '../protocol-name';
import { drawBar, picture, setText, setTitle, span } from './cells';

/** A row as it is shown: of a record, or of an exchange that is not over, which has no outcome. */
export type Shown = OpenExchange & Partial<ExchangeRow>;

export interface Column {
  id: string;
  label: string;
  /** What the label means, where it is short. */
  title?: string;
  /** Pixels. */
  width: number;
  least: number;
  sort?: SortKey;
  /** Numbers stand at the end. */
  atEnd?: boolean;
  /** Makes what stands in a cell. */
  build(cell: HTMLElement): void;
  /** Writes a row into it. @param now Unix ms */
  write(cell: HTMLElement, row: Shown, now: number): void;
}

/** A column of plain text. */
function words(
  column: Omit<Column, 'build' | 'write'> & {
    say(row: Shown, now: number): string;
    explain?(row: Shown): string;
  },
): Column {
  const { say, explain, ...rest } = column;
  return {
    ...rest,
    build: () => {},
    write: (cell, row, now) => {
      const text = say(row, now);
      setText(cell, text);
      setTitle(cell, explain ? explain(row) : rest.atEnd ? '' : text);
    },
  };
}

const optional = (value: number | undefined, write: (value: number) => string): string =>
  value === undefined ? '' : write(value);

/** What differs is shown as a way: from what was asked for to what came of it. */
const way = (from: string | undefined, to: string | undefined): string =>
  from && to && from !== to ? `${from} → ${to}` : (to ?? from ?? '');

const protocolWay = ({ protocol, upstreamDialect }: Shown): string =>
  way(protocol && protocolName(protocol), upstreamDialect && protocolName(upstreamDialect));

const status = (): Column => ({
  id: 'status',
  label: t('Status'),
  width: 66,
  least: 34,
  sort: 'status',
  build: (cell) => {
    cell.append(picture('state'), span('status-code'), span('unseen'));
  },
  write: (cell, row) => {
    const [shape, code, spoken] = cell.children as unknown as [SVGElement, HTMLElement, HTMLElement];
    const { outcome, status: number } = row;
    shape.firstElementChild?.setAttribute('d', STATE_PATHS[outcome ?? 'running']);
    setText(code, outcome === undefined ? '' : String(number || '–'));
    const said = outcome === undefined ? t('Running') : describeOutcome(outcome);
    setText(spoken, said);
    setTitle(cell, outcome === undefined ? said : `${said}, ${describeStatus(number ?? 0)}`);
  },
});

const duration = (): Column => ({
  id: 'duration',
  label: t('Duration'),
  title: t('Duration; the bar shows the wait for the first byte and the rest'),
  width: 136,
  least: 64,
  sort: 'durationMs',
  build: (cell) => {
    const bar = span('bar');
    bar.append(span('wait'), span('rest'));
    bar.ariaHidden = 'true';
    cell.append(span('value'), bar);
  },
  write: (cell, row, now) => {
    const [value, bar] = cell.children as unknown as [HTMLElement, HTMLElement];
    const ms = row.durationMs ?? Math.max(0, now - row.time);
    setText(value, row.durationMs === undefined ? elapsed(ms) : formatDuration(ms));
    drawBar(bar, ms, row.firstByteMs ?? (row.outcome === 'completed' ? 0 : ms));
  },
});

/** Tenths of a second at most: what counts up must not flicker. */
const elapsed = (ms: number): string =>
  ms < 60_000
    ? t('{0} s', (Math.floor(ms / 100) / 10).toFixed(1))
    : formatDuration(Math.floor(ms / 1000) * 1000);

const input = (): Column => ({
  id: 'input',
  label: t('In, cached'),
  title: t('Tokens of the prompt, and how many of them came from a cache'),
  width: 96,
  least: 54,
  sort: 'inputTokens',
  atEnd: true,
  build: (cell) => {
    cell.append(span('value'), span('cached-share'));
  },
  write: (cell, row) => {
    const [value, share] = cell.children as unknown as [HTMLElement, HTMLElement];
    const { inputTokens, cachedInputTokens = 0 } = row;
    setText(value, optional(inputTokens, formatTokens));
    const cached = cachedInputTokens > 0 && inputTokens ? cachedInputTokens / inputTokens : 0;
    setText(share, cached > 0 ? writeNumber(cached, { style: 'percent' }) : '');
    setTitle(
      cell,
      inputTokens === undefined
        ? ''
        : t(
            '{0} tokens, {1} of them from a cache ({2})',
            formatCount(inputTokens),
            formatCount(cachedInputTokens),
            formatShare(cachedInputTokens, inputTokens) ?? '0%',
          ),
    );
  },
});

const request = (): Column => ({
  id: 'request',
  label: t('Request'),
  title: t('Path, or what went wrong'),
  width: 146,
  least: 120,
  build: (cell) => {
    cell.append(span('problem'), span('path'));
  },
  write: (cell, row) => {
    const [problem, path] = cell.children as unknown as [HTMLElement, HTMLElement];
    setText(problem, row.error ?? warningsOf(row));
    problem.classList.toggle('warned', !row.error && Boolean(row.warnings));
    const line = row.method === 'POST' ? row.path : `${row.method} ${row.path}`;
    setText(path, line);
    setTitle(cell, row.error ? `${line}\n${row.error}` : line);
  },
});

/** Four digits behind the point, so that points stand beneath each other; whatever needs others gets them. */
function columnCost(costNano: number): string {
  const dollars = dollarsOf(costNano);
  if (dollars >= 100 || dollars < 0.000_05) return formatCost(costNano);
  const digits = { minimumFractionDigits: 4, maximumFractionDigits: 4 };
  return writeNumber(dollars, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    ...digits,
  });
}

const warningsOf = ({ warnings = 0 }: Shown): string =>
  warnings === 0 ? '' : warnings === 1 ? t('1 warning') : t('{0} warnings', warnings);

/** All columns in their order. A function: the language of the labels is known once the view is ready.. */
export function allColumns(): Column[] {
  return [
    status(),
    words({
      id: 'time',
      label: t('Time'),
      width: 98,
      least: 60,
      sort: 'time',
      say: ({ time }, now) => (sameDay(time, now) ? formatTime(time) : formatDayMinute(time)),
      explain: ({ time }) => formatDateTime(time),
    }),
    words({ id: 'client', label: t('Client'), width: 112, least: 50, say: ({ client }) => client ?? '' }),
    words({
      id: 'model',
      label: t('Model'),
      width: 200,
      least: 60,
      say: ({ modelAsked, modelServed }) => way(modelAsked, modelServed),
    }),
    words({ id: 'account', label: t('Account'), width: 128, least: 50, say: ({ account }) => account ?? '' }),
    words({
      id: 'protocol',
      label: t('Protocol'),
      width: 150,
      least: 50,
      say: protocolWay,
    }),
    words({
      id: 'attempts',
      label: t('Tries'),
      title: t('How many accounts were asked, where it took more than one'),
      width: 46,
      least: 36,
      atEnd: true,
      say: ({ attempts }) => (attempts > 1 ? `${attempts}×` : ''),
      explain: ({ attempts }) => (attempts > 1 ? t('{0} accounts were asked', attempts) : ''),
    }),
    words({
      id: 'firstByte',
      label: t('First byte'),
      width: 76,
      least: 54,
      sort: 'firstByteMs',
      atEnd: true,
      say: ({ firstByteMs }) => optional(firstByteMs, formatDuration),
    }),
    duration(),
    input(),
    words({
      id: 'output',
      label: t('Out'),
      title: t('Tokens of the answer'),
      width: 72,
      least: 44,
      sort: 'outputTokens',
      atEnd: true,
      say: ({ outputTokens }) => optional(outputTokens, formatTokens),
      explain: ({ outputTokens }) => optional(outputTokens, (count) => t('{0} tokens', formatCount(count))),
    }),
    words({
      id: 'cost',
      label: t('Cost'),
      width: 70,
      least: 48,
      sort: 'costNano',
      atEnd: true,
      say: ({ costNano }) => optional(costNano, columnCost),
    }),
    request(),
  ];
}
