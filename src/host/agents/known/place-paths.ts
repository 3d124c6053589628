import { isAbsolute, posix, win32, type PlatformPath } from 'node:path';
import type { Place } from '../agent';

/** Paths as the machine writes them, whichever machine the tests run on. */
export const pathsOf = ({ platform }: Place): PlatformPath => (platform === 'win32' ? win32 : posix);

/** An absolute path from the environment, else undefined. */
export function folderFrom(place: Place, name: string): string | undefined {
  const value = place.env[name]?.trim();
  return value && (isAbsolute(value) || pathsOf(place).isAbsolute(value)) ? value : undefined;
}

/** `~/.config` or what stands in its place; agents that follow the XDG rules do so under Windows and macOS, too. */
export const configHome = (place: Place): string =>
  folderFrom(place, 'XDG_CONFIG_HOME') ?? pathsOf(place).join(place.home, '.config');

/** A path that belongs to the whole machine: each system has a place of its own for such. */
export function systemPath(
  { platform }: Place,
  paths: { windows: string; mac: string; other: string },
): string {
  if (platform === 'win32') return paths.windows;
  return platform === 'darwin' ? paths.mac : paths.other;
}
