import { basename, extname } from 'node:path';
import { editEnv, readEnv } from './edit-env';
import { editJson, readJson } from './edit-json';
import { editToml, readToml } from './edit-toml';
import { editYaml, readYaml } from './edit-yaml';
import type { FileFormat } from './take-back';

const FORMATS: Record<string, FileFormat> = {
  '.json': { read: readJson, edit: editJson },
  '.jsonc': { read: readJson, edit: editJson },
  '.toml': { read: readToml, edit: editToml },
  '.yaml': { read: readYaml, edit: editYaml },
  '.yml': { read: readYaml, edit: editYaml },
  '.env': { read: readEnv, edit: editEnv },
};

/** The format of a file by its name; undefined for one that is not known. */
export function formatOf(path: string): FileFormat | undefined {
  const name = basename(path);
  return FORMATS[extname(name)] ?? FORMATS[name];
}
