import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { SchemaTarget } from './clean-schema';
import { cleanSchema } from './clean-schema';
import { joinObjects } from './join-objects';
import { orderKeywords } from './order-keywords';

/**
 * A tool's parameters for `target`: cleaned, and an object at the top, as function declarations demand. Alternatives
 * at the top become one object with the properties of all. Undefined when there are no parameters to declare.
 */
export function cleanParameters(
  schema: JsonObject | boolean,
  target: SchemaTarget,
  warn: Warn,
  path: string,
): JsonObject | undefined {
  const cleaned = cleanSchema(schema, target, warn, path);
  const object = asObject(cleaned, warn, path);
  const empty = !isObject(object['properties']) && object['additionalProperties'] !== true;
  if (empty && !isObject(object['additionalProperties']) && object['description'] === undefined)
    return undefined;
  return orderKeywords({ ...object, type: target === 'gemini' ? 'OBJECT' : 'object' });
}

function isObjectSchema(schema: JsonObject): boolean {
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  return types.some((type) => String(type).toLowerCase() === 'object');
}

function asObject(cleaned: JsonObject, warn: Warn, path: string): JsonObject {
  const { nullable: _nullable, anyOf, ...rest } = cleaned;
  if (isObjectSchema(cleaned)) return rest;
  if (Array.isArray(anyOf)) {
    const objects = anyOf.filter(isObject).filter(isObjectSchema);
    warn({
      type: 'approximated',
      field: path,
      message: 'Alternatives at the top of the parameters became one object with the properties of all.',
    });
    return joinObjects(objects, rest);
  }
  if (Object.keys(cleaned).length > 0 && cleaned['type'] !== undefined)
    warn({
      type: 'approximated',
      field: path,
      message: 'Parameters must be an object; another type was left out.',
    });
  return cleaned['type'] === undefined ? rest : {};
}
