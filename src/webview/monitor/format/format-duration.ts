import { t } from '@vscode/l10n';
import { writeNumber } from './locale';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `4.2 ms`, `420 ms`, `1.23 s`, `12.3 s`, `2 m 05 s`, `1 h 02 m`. @param ms milliseconds */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return t('{0} ms', writeNumber(ms, { maximumFractionDigits: 1 }));
  if (Math.round(ms) < SECOND) return t('{0} ms', writeNumber(Math.round(ms)));
  if (ms < 9.995 * SECOND) return t('{0} s', fixed(ms / SECOND, 2));
  if (ms < 59.95 * SECOND) return t('{0} s', fixed(ms / SECOND, 1));
  const seconds = Math.round(ms / SECOND);
  if (seconds < HOUR / SECOND) return t('{0} m {1} s', Math.floor(seconds / 60), twoDigits(seconds % 60));
  const minutes = Math.round(ms / MINUTE);
  return t('{0} h {1} m', writeNumber(Math.floor(minutes / 60)), twoDigits(minutes % 60));
}

function fixed(value: number, digits: number): string {
  return writeNumber(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const twoDigits = (count: number): string => String(count).padStart(2, '0');
