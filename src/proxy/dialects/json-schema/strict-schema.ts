import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { resolveReference } from './resolve-reference';

/**
 * Whose strict mode is meant.
 * - `openai`: `strict: true` of functions and response formats
 *   (https://platform.openai.com/docs/guides/structured-outputs#supported-schemas)
 * - `anthropic`: `strict: true` of tools and `output_config.format`
 *   (https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations)
 */
export type StrictRules = 'openai' | 'anthropic';

const COMMON =
  'type properties required additionalProperties items anyOf enum const $ref $defs definitions description title format $schema pattern';
const KEYWORDS: Record<StrictRules, ReadonlySet<string>> = {
  openai: new Set(
    `${COMMON} multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minItems maxItems`.split(' '),
  ),
  anthropic: new Set(`${COMMON} allOf minItems default`.split(' ')),
};
const FORMATS: Record<StrictRules, readonly string[]> = {
  openai: 'date-time time date duration email hostname ipv4 ipv6 uuid'.split(' '),
  anthropic: 'date-time time date duration email hostname uri ipv4 ipv6 uuid'.split(' '),
};
/** Look-around, back-references and word boundaries are beyond the grammars that both compile patterns to. */
const HARD_PATTERN = /\(\?[=!<]|\\[1-9bBk]/;

/** Whether a pattern can be enforced while a model writes. */
export function isEasyPattern(pattern: string): boolean {
  return !HARD_PATTERN.test(pattern);
}

const MAX_DEPTH: Record<StrictRules, number> = { openai: 10, anthropic: 30 };
const MAX_PROPERTIES = 5000;
const MAX_ENUM_VALUES = 1000;

/** What the limits on all strict schemas of one request are about. */
export interface StrictCost {
  /** Properties that are not required. */
  optional: number;
  /** Schemas with `anyOf` or a list of types. */
  unions: number;
}

/** Anthropic's limits on one request: https://platform.claude.com/docs/en/build-with-claude/structured-outputs */
export const ANTHROPIC_STRICT_LIMITS = { tools: 20, optional: 24, unions: 16 } as const;

interface State extends StrictCost {
  readonly rules: StrictRules;
  readonly root: JsonObject;
  properties: number;
  values: number;
  /** Targets of references that were checked, and those being checked, to see recursion. */
  readonly checked: Set<JsonObject>;
  readonly open: Set<JsonObject>;
}

/**
 * Why a schema is outside of a strict mode, which refuses the whole request then; undefined when it is inside. `cost`
 * is added up, for limits on several schemas together.
 */
export function whyNotStrict(
  schema: Json | undefined,
  rules: StrictRules,
  cost?: StrictCost,
): string | undefined {
  if (!isObject(schema)) return 'the schema is no object';
  const state: State = {
    rules,
    root: schema,
    optional: 0,
    unions: 0,
    properties: 0,
    values: 0,
    checked: new Set(),
    open: new Set([schema]),
  };
  if (rules === 'openai' && schema['type'] !== 'object') return 'the top is no object';
  if (rules === 'openai' && schema['anyOf'] !== undefined) return 'anyOf stands at the top';
  const reason = check(schema, 1, state);
  if (reason !== undefined) return reason;
  if (state.properties > MAX_PROPERTIES) return `more than ${MAX_PROPERTIES} properties`;
  if (state.values > MAX_ENUM_VALUES) return `more than ${MAX_ENUM_VALUES} listed values`;
  if (cost) {
    cost.optional += state.optional;
    cost.unions += state.unions;
  }
  return undefined;
}

function check(value: Json | undefined, depth: number, state: State): string | undefined {
  if (!isObject(value)) return 'a schema is no object';
  if (depth > MAX_DEPTH[state.rules]) return 'it is nested too deeply';
  const unknown = Object.keys(value).find((key) => !KEYWORDS[state.rules].has(key));
  if (unknown !== undefined) return `the keyword ${unknown.slice(0, 60)}`;
  return (
    checkReference(value, depth, state) ??
    checkWords(value, state) ??
    checkObject(value, depth, state) ??
    checkInner(value, depth, state)
  );
}

function checkReference(schema: JsonObject, depth: number, state: State): string | undefined {
  const { $ref } = schema;
  if ($ref === undefined) {
    const shaped = ['type', 'anyOf', 'allOf', 'enum', 'const'].some((key) => key in schema);
    return shaped ? undefined : 'a schema without a type';
  }
  if (Object.keys(schema).some((key) => !key.startsWith('$') && key !== 'definitions'))
    return 'keywords beside $ref';
  const target = typeof $ref === 'string' ? resolveReference(state.root, $ref) : undefined;
  if (!isObject(target)) return 'a reference that leads nowhere';
  if (state.open.has(target)) return state.rules === 'anthropic' ? 'recursion' : undefined;
  return checkOnce(target, depth, state);
}

function checkOnce(target: JsonObject, depth: number, state: State): string | undefined {
  if (state.checked.has(target)) return undefined;
  state.open.add(target);
  const reason = check(target, depth, state);
  state.open.delete(target);
  state.checked.add(target);
  return reason;
}

function checkWords(schema: JsonObject, state: State): string | undefined {
  const { format, pattern, enum: values, minItems } = schema;
  if (format !== undefined && !FORMATS[state.rules].includes(String(format)))
    return `the format ${String(format)}`;
  if (pattern !== undefined && (typeof pattern !== 'string' || HARD_PATTERN.test(pattern)))
    return 'a pattern that is too hard';
  if (values !== undefined) {
    if (!Array.isArray(values) || values.length === 0) return 'an empty enum';
    if (values.some((one) => typeof one === 'object' && one !== null)) return 'an enum of objects';
    state.values += values.length;
  }
  if (typeof schema['const'] === 'object' && schema['const'] !== null) return 'a constant object';
  if (state.rules === 'anthropic' && minItems !== undefined && minItems !== 0 && minItems !== 1)
    return 'minItems above 1';
  if (Array.isArray(schema['type']) || schema['anyOf'] !== undefined) state.unions++;
  return undefined;
}

function checkObject(schema: JsonObject, depth: number, state: State): string | undefined {
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  const { properties, required } = schema;
  if (!types.includes('object') && properties === undefined) return undefined;
  if (schema['additionalProperties'] !== false) return 'an object without additionalProperties: false';
  const names = isObject(properties) ? Object.keys(properties) : [];
  const needed = new Set(Array.isArray(required) ? required : []);
  if ([...needed].some((name) => typeof name !== 'string' || !names.includes(name)))
    return 'a required name that is no property';
  const optional = names.filter((name) => !needed.has(name));
  if (state.rules === 'openai' && optional.length > 0)
    return `the property ${String(optional[0])} is not required`;
  state.optional += optional.length;
  state.properties += names.length;
  for (const name of names) {
    const reason = isObject(properties) ? check(properties[name], depth + 1, state) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function checkInner(schema: JsonObject, depth: number, state: State): string | undefined {
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  if (types.includes('array') && schema['items'] === undefined) return 'an array without items';
  if (schema['items'] !== undefined) {
    const reason = check(schema['items'], depth + 1, state);
    if (reason !== undefined) return reason;
  }
  for (const definitions of [schema['$defs'], schema['definitions']])
    for (const one of isObject(definitions) ? Object.values(definitions) : []) {
      const reason = isObject(one) ? checkOnce(one, 1, state) : 'a definition is no object';
      if (reason !== undefined) return reason;
    }
  for (const key of ['anyOf', 'allOf']) {
    const list = schema[key];
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.length === 0) return `an empty ${key}`;
    for (const one of list) {
      if (key === 'allOf' && isObject(one) && one['$ref'] !== undefined) return 'a reference in allOf';
      const reason = check(one, depth, state);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}
