/** A filter as a condition of SQL. What a person typed stands in parameters alone. */
import { OUTCOMES, SORT_KEYS, type MonitorFilter, type SortKey } from '../../../shared/monitor';
import { searchWords } from './exchange-columns';

export interface SqlCondition {
  /** What may stand behind WHERE. */
  where: string;
  params: (string | number)[];
}

/** Columns of `exchanges` by sort key. */
export const SORT_COLUMNS = {
  time: 'seq',
  status: 'status',
  firstByteMs: 'first_byte_ms',
  durationMs: 'duration_ms',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  costNano: 'cost_nano',
} as const satisfies Record<SortKey, string>;

/** @returns whether a text, which may come from outside, is a sort key */
export const isSortKey = (text: string): text is SortKey => (SORT_KEYS as readonly string[]).includes(text);

/**
 * @returns the accounts as the column has them: JSON strings between line breaks, which JSON never has within a string
 */
export const toAccountsColumn = (accounts: string[]): string =>
  accounts.length === 0 ? '' : `\n${accounts.map((account) => JSON.stringify(account)).join('\n')}\n`;

/** @returns the accounts of a column's text */
export const fromAccountsColumn = (text: string): string[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((account) => JSON.parse(account) as string);

const marks = (list: unknown[]): string => list.map(() => '?').join(', ');

/**
 * @returns the condition; the same records pass it as pass `matcher`'s function
 */
export function filterToSql(filter: MonitorFilter): SqlCondition {
  const all: string[] = [];
  const params: (string | number)[] = [];
  const add = (condition: string, ...values: (string | number)[]) => {
    all.push(condition);
    params.push(...values);
  };
  const oneOf = (alternatives: [condition: string, ...values: (string | number)[]][]) =>
    add(
      `(${alternatives.map(([condition]) => condition).join(' OR ')})`,
      ...alternatives.flatMap(([, ...values]) => values),
    );
  /** One of the columns has one of the names; '' stands for none of the columns having any. */
  const named = (list: string[] | undefined, ...columns: string[]) => {
    if (!list?.length) return;
    oneOf([
      ...columns.map((column): [string, ...string[]] => [`${column} IN (${marks(list)})`, ...list]),
      ...(list.includes('')
        ? [[columns.map((column) => `${column} IS NULL`).join(' AND ')] as [string]]
        : []),
    ]);
  };

  if (filter.since !== undefined) add('time >= ?', filter.since);
  if (filter.until !== undefined) add('time < ?', filter.until);
  if (filter.outcomes?.length) {
    add(
      `outcome IN (${marks(filter.outcomes)})`,
      ...filter.outcomes.map((outcome) => OUTCOMES.indexOf(outcome)),
    );
  }
  if (filter.statuses?.length) {
    oneOf(
      filter.statuses.map((status) => {
        const hundreds = /^(0|[1-9]\d*)xx$/.exec(status)?.[1];
        if (hundreds !== undefined) {
          return ['status BETWEEN ? AND ?', Number(hundreds) * 100, Number(hundreds) * 100 + 99];
        }
        return ['status = ?', /^(0|[1-9]\d*)$/.test(status) ? Number(status) : -1];
      }),
    );
  }
  named(filter.protocols, 'protocol');
  named(filter.clients, 'client');
  named(filter.clientKeys, 'client_key');
  named(filter.models, 'model_asked', 'model_served');
  if (filter.accounts?.length) {
    oneOf(
      filter.accounts.flatMap((account): [string, string][] => [
        ['instr(accounts, ?) > 0', `\n${JSON.stringify(account)}\n`],
        ...(account === '' ? [['accounts = ?', ''] as [string, string]] : []),
      ]),
    );
  }
  for (const word of searchWords(filter.text ?? '')) add('instr(words, ?) > 0', word);
  return { where: all.length === 0 ? 'TRUE' : all.join(' AND '), params };
}
