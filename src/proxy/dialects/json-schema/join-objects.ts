import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { joinDescription } from './describe-keyword';
import { define } from './merge-schemas';

/**
 * One object with the properties of all: what each of them requires stays required, a property that several have fits
 * any of theirs, and the description lists the combinations. `rest` is what stands beside the alternatives.
 */
export function joinObjects(objects: JsonObject[], rest: JsonObject): JsonObject {
  const [only, ...others] = objects;
  if (only === undefined) return rest;
  if (others.length === 0) return { ...only, ...rest };
  const properties: JsonObject = {};
  let required: string[] | undefined;
  const shapes: string[] = [];
  for (const object of objects) {
    const own = isObject(object['properties']) ? object['properties'] : {};
    for (const [name, value] of Object.entries(own)) {
      const before = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (before === undefined) define(properties, name, value);
      else if (JSON.stringify(before) !== JSON.stringify(value))
        define(properties, name, { anyOf: join(before, value) });
    }
    const names = Array.isArray(object['required'])
      ? object['required'].filter((name) => typeof name === 'string')
      : [];
    required = required === undefined ? names : required.filter((name) => names.includes(name));
    shapes.push(`{${Object.keys(own).join(', ')}}`);
  }
  const description = joinDescription(rest['description'], [
    `Use the properties of one of: ${shapes.join(', ')}.`,
  ]);
  return {
    ...rest,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required !== undefined && required.length > 0 && { required }),
    ...(objects.every((object) => object['additionalProperties'] === false) && {
      additionalProperties: false,
    }),
    ...(description !== undefined && { description }),
  };
}

function join(before: Json | undefined, value: Json | undefined): Json[] {
  const bare = isObject(before) && Array.isArray(before['anyOf']) && Object.keys(before).length === 1;
  const inner = bare && Array.isArray(before['anyOf']) ? before['anyOf'] : [before ?? {}];
  const known = inner.some((one) => JSON.stringify(one) === JSON.stringify(value));
  return known ? inner : [...inner, value ?? {}];
}
