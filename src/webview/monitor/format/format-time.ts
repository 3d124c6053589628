import { writeTime } from './locale';

// Twenty-four hours in every language: columns of equal width, as in logs.
const MINUTE = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const TIME = { ...MINUTE, second: '2-digit' } as const;
const DAY = { year: 'numeric', month: 'short', day: 'numeric' } as const;

/** `14:03:05`. @param time Unix ms, as everywhere here */
export function formatTime(time: number): string {
  return writeTime(time, TIME);
}

/** `14:03:05.123`. */
export function formatTimeExactly(time: number): string {
  return writeTime(time, { ...TIME, fractionalSecondDigits: 3 });
}

/** `14:03`. */
export function formatMinute(time: number): string {
  return writeTime(time, MINUTE);
}

/** `23 Nov`. */
export function formatDay(time: number): string {
  return writeTime(time, { month: 'short', day: 'numeric' });
}

/** `Nov 2026`. */
export function formatMonth(time: number): string {
  return writeTime(time, { month: 'short', year: 'numeric' });
}

/** `23 Nov 2026, 14:03:05.123`: for a title, or a row of another day. */
export function formatDateTime(time: number): string {
  return writeTime(time, { ...DAY, ...TIME, fractionalSecondDigits: 3 });
}

/** `23 Nov, 14:03`: the beginning of a step of a chart. */
export function formatDayMinute(time: number): string {
  return writeTime(time, { month: 'short', day: 'numeric', ...MINUTE });
}

/** Whether two times are of one local day. */
export function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
