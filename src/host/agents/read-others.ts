import { type ConfigFile, MalformedConfigError } from './agent';
import { readJsonObject } from './edit/edit-json';

/** What a file says that is not Portside's to write: a broken one counts as empty, its agent tells of it. */
export function readOthers(file: ConfigFile | undefined): Record<string, unknown> {
  try {
    return file ? readJsonObject(file) : {};
  } catch (error) {
    if (error instanceof MalformedConfigError) return {};
    throw error;
  }
}
