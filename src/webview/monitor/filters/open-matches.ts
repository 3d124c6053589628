import type { MonitorFilter, OpenExchange } from '../../../shared/monitor';

/** Whether an exchange that is not over passes a filter, as far as it can be known by now. */
export function openMatches(open: OpenExchange, filter: MonitorFilter): boolean {
  // They ask for what only the end brings, or what nobody tells of it before.
  if (filter.outcomes?.length || filter.statuses?.length || filter.clientKeys?.length) return false;
  if (open.time < (filter.since ?? 0) || open.time >= (filter.until ?? Infinity)) return false;
  const { client, protocol, modelAsked, modelServed, account, path, id } = open;
  const words = filter.text?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const text = [client, path, modelAsked, modelServed, account, id].join(' ').toLowerCase();
  return (
    words.every((word) => text.includes(word)) &&
    among(filter.clients, client) &&
    among(filter.protocols, protocol) &&
    among(filter.models, modelAsked, modelServed) &&
    among(filter.accounts, account)
  );
}

const among = (wanted: readonly string[] | undefined, ...has: (string | undefined)[]): boolean =>
  !wanted?.length || has.some((one) => one !== undefined && wanted.includes(one));
