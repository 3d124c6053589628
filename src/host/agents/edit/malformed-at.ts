import { type ConfigFile, MalformedConfigError } from '../agent';

/**
 * The error for a place in a file.
 * @param offset in UTF-16 units, from the beginning of its text with a byte order mark
 */
export function malformedAt(file: ConfigFile, offset: number, reason: string): MalformedConfigError {
  const before = (file.text ?? '').slice(0, offset).replace(/^\uFEFF/, '');
  const lines = before.split(/\r\n|\n|\r/);
  return new MalformedConfigError(file.path, lines.length, (lines.at(-1)?.length ?? 0) + 1, reason);
}
