import type { PoolEvent } from './status';

const DAY_MS = 86_400_000;

/**
 * One change of an account's health as a line of the log: `Gemini: cooling until 12:00:05 (requests per minute)`.
 * @param label as the user calls the account
 */
export function describePoolEvent(event: PoolEvent, label = event.label): string {
  const { time, model, to, reason, until } = event;
  const whose = model === undefined ? label : `${label}, ${model}`;
  const rest = until === undefined ? '' : ` until ${clock(until, until - time >= DAY_MS)}`;
  return `${whose}: ${to}${rest}${reason === undefined ? '' : ` (${reason})`}`;
}

/** Local time, `12:00:05`; with the day where that is another. */
function clock(unixMs: number, withDay: boolean): string {
  const date = new Date(unixMs);
  const two = (n: number) => String(n).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return withDay ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}` : time;
}
