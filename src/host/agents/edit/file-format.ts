import { basename, extname } from 'node:path';
import { editJson, readJson } from './edit-json';
import type { FileFormat } from './take-back';

const JSON_FORMAT: FileFormat = { read: readJson, edit: editJson };

/** The format of a file by its name; undefined for one that is not known. */
export function formatOf(path: string): FileFormat | undefined {
  const name = basename(path);
  switch (extname(name)) {
    case '.json':
    case '.jsonc':
      return JSON_FORMAT;
    default:
      return undefined;
  }
}
