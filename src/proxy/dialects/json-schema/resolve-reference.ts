import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';

/**
 * What a local `$ref` (`#`, `#/$defs/Node`, `#anchor`) points to in `root`; undefined when it points outside or
 * nowhere. RFC 6901 pointers, percent-decoded as JSON Schema 2020-12 §8.2 asks.
 */
export function resolveReference(root: JsonObject, reference: string): JsonObject | boolean | undefined {
  if (!reference.startsWith('#')) return undefined;
  if (reference === '#' || reference === '#/') return root;
  if (!reference.startsWith('#/')) return findAnchor(root, reference.slice(1));
  let value: Json | undefined = root;
  for (const segment of reference.slice(2).split('/')) {
    const key = decode(segment).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return isObject(value) || typeof value === 'boolean' ? value : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Only definitions carry anchors in practice; the whole tree is not searched. */
function findAnchor(root: JsonObject, name: string): JsonObject | undefined {
  for (const key of ['$defs', 'definitions']) {
    const definitions = root[key];
    if (!isObject(definitions)) continue;
    for (const definition of Object.values(definitions))
      if (isObject(definition) && definition['$anchor'] === name) return definition;
  }
  return undefined;
}
