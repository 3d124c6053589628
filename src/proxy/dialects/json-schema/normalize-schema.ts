import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import { Definitions } from './collect-definitions';
import { describeKeyword, joinDescription } from './describe-keyword';
import { define } from './merge-schemas';
import { TYPES } from './schema-target';

const MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const SCHEMAS = new Set(['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'contentSchema']);
/** Schemas whose boolean form is understood everywhere. */
const BOOLEANS = new Set(['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'items']);
const COUNTS = new Set(
  'minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains'.split(' '),
);
const NUMBERS = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']);
const TEXTS = new Set(['title', 'description', 'format', 'contentEncoding', 'contentMediaType']);
const FLAGS = new Set(['uniqueItems', 'deprecated', 'readOnly', 'writeOnly']);
/** Names and remarks of the schema itself, which say nothing about values. */
const BOOKKEEPING = new Set(
  '$schema $id id $anchor $dynamicAnchor $recursiveAnchor $vocabulary $comment $defs definitions'.split(' '),
);

interface State {
  readonly definitions: Definitions;
  /** Keywords whose meaning went into descriptions. */
  readonly described: Set<string>;
  /** Keywords that had no valid form. */
  readonly dropped: Set<string>;
}

/**
 * Rewrites a JSON Schema of any draft, or of OpenAPI, as draft 2020-12 with the least change: OpenAI and Anthropic
 * refuse whole requests over `items` as a list, `exclusiveMinimum: true`, a reference that leads nowhere or an array
 * without `items`. What is valid already stays as it is. `schema` may be a part of `root`, which references point
 * into. One warning names keywords that went into descriptions, another those left out; `path` is their field.
 * https://json-schema.org/draft/2020-12/schema
 */
export function normalizeSchema(
  schema: JsonObject | boolean,
  warn: Warn,
  path: string,
  root: JsonObject = isObject(schema) ? schema : {},
): JsonObject {
  const state: State = {
    definitions: new Definitions(root, (target) => normalize(target, state)),
    described: new Set(),
    dropped: new Set(),
  };
  const normalized = { ...normalize(schema, state), ...state.definitions.member() };
  const list = (keywords: Set<string>) => [...keywords].sort().join(', ');
  if (state.described.size > 0)
    warn({
      type: 'changed',
      field: path,
      message: `Written into descriptions, because they have no valid form: ${list(state.described)}.`,
    });
  if (state.dropped.size > 0)
    warn({
      type: 'dropped',
      field: path,
      message: `Invalid schema keywords left out: ${list(state.dropped)}.`,
    });
  return normalized;
}

function normalize(value: Json | undefined, state: State): JsonObject {
  if (value === false) return { not: {} };
  if (!isObject(value)) return {};
  const result: JsonObject = {};
  const notes: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (BOOKKEEPING.has(key) || member === undefined) continue;
    if (MAPS.has(key)) {
      if (isObject(member)) result[key] = mapValues(member, (inner) => normalize(inner, state));
      else state.dropped.add(key);
    } else if (LISTS.has(key)) {
      if (key === 'prefixItems' && Array.isArray(value['items'])) continue;
      const list = Array.isArray(member) ? member.map((one) => normalize(one, state)) : [];
      if (list.length > 0) result[key] = list;
      else state.dropped.add(key);
    } else if (SCHEMAS.has(key)) result[key] = normalize(member, state);
    else if (BOOLEANS.has(key)) {
      if (key !== 'items' || !Array.isArray(member))
        result[key] = typeof member === 'boolean' ? member : normalize(member, state);
    } else normalizeKeyword(key, member, value, result, notes, state);
  }
  normalizeTuple(value, result, state);
  normalizeDependencies(value, result, state);
  if (result['type'] === 'object') completeObject(result);
  const isArray =
    result['type'] === 'array' || (Array.isArray(result['type']) && result['type'].includes('array'));
  if (isArray && result['items'] === undefined) result['items'] = {};
  const described = notes.length > 0 ? { description: joinDescription(result['description'], notes) } : {};
  const complete = { ...result, ...described };
  return value['nullable'] === true ? orNull(complete) : complete;
}

/** Keywords without schemas in them. */
function normalizeKeyword(
  key: string,
  member: Json,
  schema: JsonObject,
  result: JsonObject,
  notes: string[],
  state: State,
): void {
  const keepIf = (good: boolean) => {
    if (good) define(result, key, member);
    else state.dropped.add(key);
  };
  const describe = () => {
    state.described.add(key);
    notes.push(describeKeyword(key, member));
  };
  if (COUNTS.has(key)) keepIf(Number.isSafeInteger(member) && Number(member) >= 0);
  else if (TEXTS.has(key)) keepIf(typeof member === 'string');
  else if (FLAGS.has(key)) keepIf(typeof member === 'boolean');
  else if (NUMBERS.has(key)) {
    if (typeof member === 'boolean') normalizeExclusive(key, member, schema, result);
    else if (result[key] === undefined && !isDraft4Exclusive(key, schema))
      keepIf(typeof member === 'number' && (key !== 'multipleOf' || member > 0));
  } else
    switch (key) {
      case '$ref':
      case '$dynamicRef':
      case '$recursiveRef': {
        const target = typeof member === 'string' ? state.definitions.refer(member) : undefined;
        if (typeof target === 'string') result['$ref'] = target;
        else if (target === false) result['not'] = {};
        else if (target === undefined) {
          state.described.add(key);
          notes.push(`Refers to ${String(member)}, which is not defined.`);
        }
        break;
      }
      case 'type':
        normalizeType(member, result);
        break;
      case 'enum':
        if (Array.isArray(member) && member.length > 0)
          result[key] = [...new Map(member.map((one) => [JSON.stringify(one), one])).values()];
        else state.dropped.add(key);
        break;
      case 'pattern':
        if (isPattern(member)) result[key] = member;
        else describe();
        break;
      case 'required':
        if (Array.isArray(member))
          result[key] = [...new Set(member.filter((name) => typeof name === 'string'))];
        else state.dropped.add(key);
        break;
      case 'examples':
        result[key] = Array.isArray(member) ? member : [member];
        break;
      case 'nullable':
      case 'additionalItems':
      case 'dependencies':
        break;
      case 'dependentRequired':
        keepIf(isObject(member) && Object.values(member).every(isNames));
        break;
      default:
        define(result, key, member);
    }
}

const isNames = (value: Json | undefined) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

function isPattern(value: Json): boolean {
  if (typeof value !== 'string') return false;
  try {
    new RegExp(value);
    return true;
  } catch {
    return false;
  }
}

function normalizeType(member: Json, result: JsonObject): void {
  const named = (Array.isArray(member) ? member : [member]).map((type) => String(type).toLowerCase());
  const types = [...new Set(named)].filter((type) => (TYPES as readonly string[]).includes(type));
  // "any" and unknown types: every value.
  if (types.length < named.length && new Set(named).size !== types.length) return;
  if (types.length > 0) result['type'] = types.length === 1 ? types[0] : types;
}

/** Whether draft 4's `exclusiveMinimum: true` makes this bound exclusive. */
function isDraft4Exclusive(key: string, schema: JsonObject): boolean {
  return (
    (key === 'minimum' && schema['exclusiveMinimum'] === true) ||
    (key === 'maximum' && schema['exclusiveMaximum'] === true)
  );
}

function normalizeExclusive(key: string, member: boolean, schema: JsonObject, result: JsonObject): void {
  const bound = key === 'exclusiveMinimum' ? schema['minimum'] : schema['maximum'];
  if (member && key.startsWith('exclusive') && typeof bound === 'number') result[key] = bound;
}

/** Until draft 2019-09 a tuple was an array of `items`, with `additionalItems` for the rest. */
function normalizeTuple(schema: JsonObject, result: JsonObject, state: State): void {
  const { items, additionalItems } = schema;
  if (!Array.isArray(items)) return;
  if (items.length > 0) result['prefixItems'] = items.map((one) => normalize(one, state));
  if (typeof additionalItems === 'boolean') result['items'] = additionalItems;
  else if (additionalItems !== undefined) result['items'] = normalize(additionalItems, state);
}

/** Draft 7's `dependencies` held names or schemas. */
function normalizeDependencies(schema: JsonObject, result: JsonObject, state: State): void {
  const all = schema['dependencies'];
  if (!isObject(all)) return;
  const names: JsonObject = {};
  const schemas: JsonObject = {};
  for (const [name, value] of Object.entries(all))
    if (isNames(value)) define(names, name, value);
    else define(schemas, name, normalize(value, state));
  if (Object.keys(names).length > 0) result['dependentRequired'] ??= names;
  if (Object.keys(schemas).length > 0) result['dependentSchemas'] ??= schemas;
}

/** A required name must be a property for many servers. */
function completeObject(result: JsonObject): void {
  const { required } = result;
  if (!Array.isArray(required)) return;
  const properties: JsonObject = isObject(result['properties']) ? result['properties'] : {};
  for (const name of required)
    if (typeof name === 'string' && !Object.hasOwn(properties, name)) define(properties, name, {});
  if (Object.keys(properties).length > 0) result['properties'] = properties;
}

/** OpenAPI's `nullable: true`. */
function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema;
  const others = ['anyOf', 'oneOf', 'allOf', '$ref', 'const', 'not'].some((key) => key in schema);
  if (type === undefined && values === undefined && !others) return schema;
  if (others || type === undefined) {
    const { title, description, ...rest } = schema;
    return {
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      anyOf: [rest, { type: 'null' }],
    };
  }
  const types = Array.isArray(type) ? type : [type];
  return {
    ...schema,
    type: types.includes('null') ? type : [...types, 'null'],
    ...(Array.isArray(values) && !values.includes(null) && { enum: [...values, null] }),
  };
}

function mapValues(members: JsonObject, change: (value: Json | undefined) => JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(members)) define(result, name, change(value));
  return result;
}
