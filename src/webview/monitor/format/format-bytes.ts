import { t } from '@vscode/l10n';
import { writeNumber } from './locale';

const UNITS = [
  (value: string): string => t('{0} KiB', value),
  (value: string): string => t('{0} MiB', value),
  (value: string): string => t('{0} GiB', value),
] as const;

/** `512 B`, `1.2 KiB`, `3.4 MiB`: as settings count, in powers of 1024. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return t('{0} B', writeNumber(bytes));
  let value = bytes / 1024;
  let unit = 0;
  // 1023.5 KiB would be written as 1,024 KiB.
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = value < 9.95 ? 1 : 0;
  const written = writeNumber(value, { maximumFractionDigits: digits });
  return UNITS[unit]?.(written) ?? written;
}
