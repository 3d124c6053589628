import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { define } from './merge-schemas';
import { resolveReference } from './resolve-reference';

/**
 * Gathers what references point to under `$defs`, wherever it stood before (`definitions`, another property, an
 * anchor), so that the schema around it may be rearranged. Each target is visited once: cycles stay references.
 */
export class Definitions {
  private readonly names = new Map<JsonObject, string>();
  private readonly gathered: JsonObject = {};

  /** `visit` rewrites a target for its new place. */
  constructor(
    private readonly root: JsonObject,
    private readonly visit: (schema: JsonObject) => JsonObject,
  ) {}

  /** The reference that means the same in the result; a boolean where the target is one; undefined: leads nowhere. */
  refer(reference: string): string | boolean | undefined {
    const target = resolveReference(this.root, reference);
    if (!isObject(target)) return target;
    if (target === this.root) return '#';
    let name = this.names.get(target);
    if (name === undefined) {
      name = this.freeName(reference);
      this.names.set(target, name);
      // Taken before the visit: the order of first use is the order of the definitions.
      define(this.gathered, name, {});
      define(this.gathered, name, this.visit(target));
    }
    return `#/$defs/${name}`;
  }

  /** `$defs` of the result; nothing when no reference is left. */
  member(): JsonObject {
    return Object.keys(this.gathered).length > 0 ? { $defs: this.gathered } : {};
  }

  private freeName(reference: string): string {
    const last = reference.split(/[/#]/).at(-1) ?? '';
    const base = last.replace(/%[0-9a-f]{2}/gi, '_').replace(/[^A-Za-z0-9_.-]/g, '_') || 'Schema';
    let name = base;
    for (let i = 2; Object.hasOwn(this.gathered, name); i++) name = `${base}_${i}`;
    return name;
  }
}
