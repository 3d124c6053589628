/** A filter as a function: for records that come while a list of it is kept, and where there is no database. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { MonitorFilter } from '../../../shared/monitor';
import { accountsOf, modelsOf, searchWords, wordsOf } from './exchange-columns';

/** Whether one of the names a record has is in a filter's list; '' stands for having none, no list for any. */
function named(list: string[] | undefined, names: string[]): boolean {
  if (!list?.length) return true;
  return names.length > 0 ? names.some((name) => list.includes(name)) : list.includes('');
}

const some = (name: string | undefined): string[] => (name === undefined ? [] : [name]);

/** Whether a status is one of the list: `200`, or a class: `4xx`. */
const hasStatus = (list: string[] | undefined, status: number): boolean =>
  !list?.length || list.some((each) => each === String(status) || each === `${Math.floor(status / 100)}xx`);

/**
 * @returns whether a record passes. A list that is empty is one that nothing was chosen in: it takes all.
 */
export function matcher(filter: MonitorFilter): (record: ExchangeRecord) => boolean {
  const words = searchWords(filter.text ?? '');
  return (record) => {
    const { since = -Infinity, until = Infinity } = filter;
    if (record.time < since || record.time >= until) return false;
    if (filter.outcomes?.length && !filter.outcomes.includes(record.outcome)) return false;
    if (!hasStatus(filter.statuses, record.status)) return false;
    if (!named(filter.protocols, some(record.clientDialect))) return false;
    if (!named(filter.clients, some(record.client))) return false;
    if (!named(filter.clientKeys, some(record.clientKey))) return false;
    if (!named(filter.models, modelsOf(record))) return false;
    if (!named(filter.accounts, accountsOf(record))) return false;
    if (words.length === 0) return true;
    const searched = wordsOf(record);
    return words.every((word) => searched.includes(word));
  };
}
