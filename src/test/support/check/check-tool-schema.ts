/** Strict checkers of what OpenAI and Anthropic document for schemas, written apart from the code that makes them. */
import Ajv from 'ajv/dist/2020';
import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';

const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas', '$defs'];
const SINGLE = [
  'items',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
];

/** Every schema inside a schema, itself included, with its path. */
function* schemasIn(schema: Json | undefined, path = '$'): Generator<[JsonObject, string]> {
  if (!isObject(schema)) return;
  yield [schema, path];
  for (const key of SINGLE) yield* schemasIn(schema[key], `${path}.${key}`);
  for (const key of LISTS) {
    const list = schema[key];
    if (Array.isArray(list))
      for (const [i, one] of list.entries()) yield* schemasIn(one, `${path}.${key}[${i}]`);
  }
  for (const key of MAPS) {
    const map = schema[key];
    if (isObject(map))
      for (const [name, one] of Object.entries(map)) yield* schemasIn(one, `${path}.${key}.${name}`);
  }
}

const metaSchema = new Ajv({ strict: false, validateFormats: false, logger: false });

/** Why OpenAI or Anthropic would refuse this as a function's parameters; empty when it is good. */
export function problemsOfParameters(schema: JsonObject): string[] {
  const problems: string[] = [];
  if (schema['type'] !== 'object') problems.push('the top is no object');
  for (const key of ['anyOf', 'oneOf', 'allOf', 'enum', 'const', 'not', '$ref'])
    if (key in schema) problems.push(`${key} at the top`);
  return [...problems, ...problemsOfDraft202012(schema)];
}

/** Whether a schema is valid draft 2020-12, with references that lead somewhere and arrays with items. */
export function problemsOfDraft202012(schema: JsonObject): string[] {
  const problems: string[] = [];
  const bad = (path: string, text: string) => problems.push(`${path}: ${text}`);
  const { $schema: _, ...plain } = schema;
  if (metaSchema.validateSchema(plain) !== true) bad('$', JSON.stringify(metaSchema.errors));
  for (const [one, path] of schemasIn(schema)) {
    for (const key of [
      '$schema',
      '$id',
      'id',
      '$anchor',
      'definitions',
      'nullable',
      'additionalItems',
      'dependencies',
    ])
      if (key in one) bad(path, key);
    const types = Array.isArray(one['type']) ? one['type'] : [one['type']];
    if (types.includes('array') && one['items'] === undefined) bad(path, 'array schema missing items');
    const { $ref, required, properties } = one;
    if ($ref !== undefined && $ref !== '#') {
      const name = typeof $ref === 'string' ? /^#\/\$defs\/([A-Za-z0-9_.-]+)$/.exec($ref)?.[1] : undefined;
      if (name === undefined || !isObject(schema['$defs']) || !Object.hasOwn(schema['$defs'], name))
        bad(path, `reference ${JSON.stringify($ref)}`);
    }
    if (one['type'] === 'object' && Array.isArray(required))
      for (const name of required)
        if (!isObject(properties) || !Object.hasOwn(properties, String(name)))
          bad(path, `required ${String(name)}`);
  }
  return problems;
}

const OPENAI_STRICT = new Set(
  (
    '$schema $defs definitions $ref type properties required additionalProperties items anyOf enum const description title pattern ' +
    'format multipleOf maximum exclusiveMaximum minimum exclusiveMinimum minItems maxItems'
  ).split(' '),
);

/** Why OpenAI's strict mode would refuse this schema; empty when it is good. */
export function problemsOfOpenAiStrict(schema: JsonObject): string[] {
  const problems: string[] = [];
  if (schema['type'] !== 'object' || 'anyOf' in schema) problems.push('the top is no object');
  for (const [one, path] of schemasIn(schema)) {
    for (const key of Object.keys(one)) if (!OPENAI_STRICT.has(key)) problems.push(`${path}: ${key}`);
    if ('$ref' in one && Object.keys(one).some((key) => !key.startsWith('$')))
      problems.push(`${path}: beside $ref`);
    if (!['type', 'anyOf', 'enum', 'const', '$ref'].some((key) => key in one))
      problems.push(`${path}: no type`);
    const types = [one['type']].flat();
    if (types.includes('object') || isObject(one['properties'])) {
      if (one['additionalProperties'] !== false) problems.push(`${path}: open`);
      const names = Object.keys(isObject(one['properties']) ? one['properties'] : {}).sort();
      const required = Array.isArray(one['required']) ? one['required'].map(String).sort() : [];
      if (JSON.stringify(names) !== JSON.stringify([...new Set(required)]))
        problems.push(`${path}: required`);
    }
  }
  return problems;
}

const ANTHROPIC_STRICT = new Set(
  (
    '$schema $defs definitions $ref type properties required additionalProperties items anyOf allOf enum const default description ' +
    'title pattern format minItems'
  ).split(' '),
);

/** Why Anthropic would refuse this schema in `output_config.format` or in a strict tool; empty when it is good. */
export function problemsOfAnthropicStrict(schema: JsonObject): string[] {
  const problems: string[] = [];
  for (const [one, path] of schemasIn(schema)) {
    for (const key of Object.keys(one)) if (!ANTHROPIC_STRICT.has(key)) problems.push(`${path}: ${key}`);
    if (!['type', 'anyOf', 'allOf', 'enum', 'const', '$ref'].some((key) => key in one))
      problems.push(`${path}: no type`);
    if ([one['type']].flat().includes('object') && one['additionalProperties'] !== false)
      problems.push(`${path}: open`);
    if (one['minItems'] !== undefined && one['minItems'] !== 0 && one['minItems'] !== 1)
      problems.push(`${path}: minItems`);
    for (const value of Array.isArray(one['enum']) ? one['enum'] : [])
      if (typeof value === 'object' && value !== null) problems.push(`${path}: enum of objects`);
    if (/\(\?[=!<]/.test(String(one['pattern'] ?? ''))) problems.push(`${path}: pattern`);
  }
  return problems;
}

/** The names of all properties that values of this schema may have, found through references, not through cycles. */
export function propertyNames(
  schema: Json | undefined,
  root: Json | undefined = schema,
  seen = new Set<string>(),
): Set<string> {
  const names = new Set<string>();
  const take = (more: Set<string>) => {
    for (const name of more) names.add(name);
  };
  if (!isObject(schema)) return names;
  const { properties, $ref, type } = schema;
  const types = [type].flat();
  const can = (name: string) => type === undefined || types.includes(name);
  if (isObject(properties) && can('object'))
    for (const [name, value] of Object.entries(properties)) {
      names.add(name);
      take(propertyNames(value, root, seen));
    }
  const single = [...(can('array') ? ['items'] : []), ...(can('object') ? ['additionalProperties'] : [])];
  for (const key of single) take(propertyNames(schema[key], root, seen));
  for (const key of ['anyOf', 'oneOf', 'allOf', ...(can('array') ? ['prefixItems', 'items'] : [])]) {
    const list = schema[key];
    if (Array.isArray(list)) for (const one of list) take(propertyNames(one, root, seen));
  }
  if (typeof $ref === 'string' && $ref.startsWith('#/') && !seen.has($ref)) {
    let target: Json | undefined = root;
    for (const segment of $ref.slice(2).split('/'))
      target = isObject(target) && Object.hasOwn(target, segment) ? target[segment] : undefined;
    take(propertyNames(target, root, new Set([...seen, $ref])));
  }
  return names;
}
