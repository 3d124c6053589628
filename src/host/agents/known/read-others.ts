import { type ConfigFile, MalformedConfigError } from '../agent';
import { readJsonObject } from '../edit/edit-json';

/**
 * What a file says that is not Portside's to write: a broken one counts as empty, its agent tells of it.
 * @param read reads it, as JSON where it is absent
 */
export function readOthers(
  file: ConfigFile | undefined,
  read: (file: ConfigFile) => Record<string, unknown> = readJsonObject,
): Record<string, unknown> {
  try {
    return file ? read(file) : {};
  } catch (error) {
    if (error instanceof MalformedConfigError) return {};
    throw error;
  }
}
