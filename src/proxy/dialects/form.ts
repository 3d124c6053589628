/** A form's fields, as endpoints with uploads take them. */
import type { FilePart } from './canonical';

export interface Form {
  /** Field → its values, in order; `name[]` and `name[0]` count as `name`. */
  texts: ReadonlyMap<string, readonly string[]>;
  files: ReadonlyMap<string, readonly FilePart[]>;
}
