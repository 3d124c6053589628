import { formatDay, formatDayMinute, formatMinute, sameDay } from '../format/format-time';

const DAY = 86_400_000;

/** `14:05`, `23 Nov, 14:05` of another day, or the days of a long step. */
export function timeOfStep(time: number, step: number, now = Date.now()): string {
  if (step <= 60_000) return sameDay(time, now) ? formatMinute(time) : formatDayMinute(time);
  const end = time + step;
  if (step < DAY)
    return `${sameDay(time, now) ? formatMinute(time) : formatDayMinute(time)} – ${formatMinute(end)}`;
  return step === DAY ? formatDay(time) : `${formatDay(time)} – ${formatDay(end - 1)}`;
}
