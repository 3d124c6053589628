/** Tool names that an upstream accepts, and the way back (SPEC 4.12). */

/** What a dialect allows in a tool's name. */
export interface ToolNameLimits {
  maxLength: number;
  /** Matches one allowed character. */
  allowed: RegExp;
  /** Matches an allowed first character, where fewer are allowed there. */
  first?: RegExp;
}

/** Names both ways. A name that was not in the list given is passed through in either direction. */
export interface ToolNameMap {
  toWire(name: string): string;
  restore(name: string): string;
}

/** FNV-1a, 32 bit, in 8 hexadecimal digits: the same name always gets the same ending. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function isAllowed(name: string, limits: ToolNameLimits): boolean {
  const characters = [...name];
  const first = characters[0];
  return (
    first !== undefined &&
    name.length <= limits.maxLength &&
    (limits.first ?? limits.allowed).test(first) &&
    characters.every((character) => limits.allowed.test(character))
  );
}

/**
 * Maps every name to one that the limits allow. Good names stay; others keep their readable beginning and end in
 * `_` and a hash of the whole name. No two names share one result, and the order of the list does not matter, so
 * that a conversation's turns look the same to an upstream's cache.
 */
export function mapToolNames(names: Iterable<string>, limits: ToolNameLimits): ToolNameMap {
  const wireOf = new Map<string, string>();
  const nameOf = new Map<string, string>();
  const keep = (name: string, wire: string) => {
    wireOf.set(name, wire);
    nameOf.set(wire, name);
  };
  const all = [...new Set(names)].sort();
  for (const name of all) if (isAllowed(name, limits)) keep(name, name);
  for (const name of all) {
    if (wireOf.has(name)) continue;
    let readable = [...name].map((character) => (limits.allowed.test(character) ? character : '_')).join('');
    if (!(limits.first ?? limits.allowed).test(readable.charAt(0))) readable = `_${readable}`;
    for (let attempt = 0; ; attempt++) {
      const ending = `_${shortHash(attempt === 0 ? name : `${name}#${attempt}`)}`;
      const wire = readable.slice(0, limits.maxLength - ending.length) + ending;
      if (nameOf.has(wire)) continue;
      keep(name, wire);
      break;
    }
  }
  return {
    toWire: (name) => wireOf.get(name) ?? name,
    restore: (name) => nameOf.get(name) ?? name,
  };
}
