import type { ExchangeRecord } from './exchange';

/** Why the first account was it, by {@link ExchangeRecord.chosenBy}: words that continue its name. */
export const CHOSEN: Readonly<Record<string, string>> = {
  only: 'the only account for it',
  sticky: 'its conversation stays there',
  preferred: 'the preferred account',
  turn: 'its turn',
  fastest: 'the fastest',
  chain: 'next in the chain',
  failover: 'after others failed',
  probe: 'to see whether it works again',
};

/**
 * How the schedule decided for a request, as a line for a person: who was asked first and why, who failed, who was left out and
 * who served in the end. Holds no secret, as records do not.
 */
export function describeDecision(record: ExchangeRecord): string {
  const { attempts, chosenBy, skipped = [], queuedMs, modelAsked = '', status } = record;
  const [first] = attempts;
  const last = attempts.at(-1);
  const parts: string[] = [];
  if (first && chosenBy !== undefined) parts.push(`first ${first.account} (${CHOSEN[chosenBy] ?? chosenBy})`);
  for (const { account, model, status: answered, reason } of attempts)
    if (reason !== undefined) parts.push(`${account} ${model} failed: ${answered ?? ''} ${reason}`.trim());
  for (const { account, model, reason } of skipped) parts.push(`${account} ${model} left out: ${reason}`);
  if (queuedMs !== undefined) parts.push(`waited ${queuedMs} ms for a place`);
  // A client's own words, on a line of a log.
  const asked = modelAsked.slice(0, 200).replace(/[\x00-\x1f\x7f]/g, '?');
  const served = last && last.reason === undefined ? `${last.account} ${last.model}` : 'nobody';
  return `${record.id} ${asked} -> ${served}, ${status}${parts.length > 0 ? `: ${parts.join('; ')}` : ''}`;
}

/** Whether more was decided than whose turn it was: somebody failed, was left out, or had to wait. */
export function isNoteworthy({ attempts, skipped, queuedMs }: ExchangeRecord): boolean {
  return attempts.length > 1 || (skipped?.length ?? 0) > 0 || queuedMs !== undefined;
}
