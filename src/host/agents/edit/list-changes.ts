import type { JsonChange, JsonPath } from './edit-json';

/**
 * The changes that make a list of named things have those that are wanted: missing ones come at the end, others go, and
 * those that stay are left as they are.
 * @param known names of what is there, in its order
 * @param make what to put in for a name
 */
export function listChanges(
  path: JsonPath,
  known: readonly unknown[],
  wanted: readonly string[],
  make: (name: string) => unknown,
): JsonChange[] {
  const missing = wanted.filter((name) => !known.includes(name));
  const stale = [...known.keys()].filter((index) => !wanted.includes(known[index] as string));
  return [
    ...missing.map((name, index) => ({ path: [...path, known.length + index], value: make(name) })),
    // From the end, so that the others keep their places.
    ...stale.reverse().map((index) => ({ path: [...path, index], value: undefined })),
  ];
}
