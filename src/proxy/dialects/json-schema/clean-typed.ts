import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { describeKeyword } from './describe-keyword';
import { define } from './merge-schemas';
import { isEasyPattern } from './strict-schema';
import { uniteSchemas } from './unite-schemas';
import type { Cleaning, SchemaType } from './schema-target';
import { typeOf } from './schema-target';

/** Formats that the targets know (https://ai.google.dev/gemini-api/docs/structured-output; see SchemaTarget). */
const FORMATS = {
  gemini: { string: ['date-time'], number: ['float', 'double'], integer: ['int32', 'int64'] },
  'gemini-json-schema': { string: ['date-time', 'date', 'time'], number: [], integer: [] },
  'anthropic-output': {
    string: 'date-time time date duration email hostname uri ipv4 ipv6 uuid'.split(' '),
    number: [],
    integer: [],
  },
} as const;

/** Keywords that only mean something for one type and that neither target has. */
const ONLY_WORDS: Record<SchemaType, readonly string[]> = {
  string: ['contentEncoding', 'contentMediaType', 'contentSchema'],
  number: ['multipleOf'],
  integer: ['multipleOf'],
  boolean: [],
  array: ['uniqueItems', 'contains', 'minContains', 'maxContains', 'unevaluatedItems'],
  object: ['patternProperties', 'propertyNames', 'dependentRequired', 'dependentSchemas', 'dependencies'],
  null: [],
};
/** Mean something whatever the type. */
const ANYWHERE = ['not', 'if', 'then', 'else'];

/** Handled elsewhere, or without meaning for a model. */
const KNOWN = new Set(
  (
    'type enum const anyOf oneOf allOf not if then else title description default examples example nullable deprecated format ' +
    'minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf items prefixItems ' +
    'additionalItems minItems maxItems uniqueItems contains minContains maxContains unevaluatedItems properties required ' +
    'additionalProperties patternProperties propertyNames minProperties maxProperties dependentRequired dependentSchemas ' +
    'dependencies unevaluatedProperties propertyOrdering contentEncoding contentMediaType contentSchema definitions ' +
    'readOnly writeOnly'
  ).split(' '),
);

/**
 * The keywords of a flat schema that belong to one type. `type` undefined: any value. What the target cannot hold
 * is added to `notes`.
 */
export function cleanTyped(
  own: JsonObject,
  type: SchemaType | undefined,
  references: readonly string[],
  state: Cleaning,
  notes: string[],
): JsonObject {
  const note = (keyword: string, value: Json | undefined) => {
    state.described.add(keyword);
    notes.push(describeKeyword(keyword, value));
  };
  for (const key of Object.keys(own)) if (!KNOWN.has(key) && !key.startsWith('$')) state.dropped.add(key);
  const words = type === undefined ? ANYWHERE : [...ONLY_WORDS[type], ...ANYWHERE];
  for (const key of words) if (own[key] !== undefined && own[key] !== false) note(key, own[key]);
  if (type === undefined) {
    state.impossible.add('any value');
    return {};
  }
  const cleaned: JsonObject = { type: state.target === 'gemini' ? type.toUpperCase() : type };
  cleanEnum(own, type, cleaned, state, note);
  switch (type) {
    case 'string':
      cleanFormat(own, type, cleaned, state, note);
      cleanSizes(own, ['minLength', 'maxLength'], cleaned, state.target === 'gemini', note);
      if (typeof own['pattern'] === 'string') {
        if (
          state.target === 'gemini' ||
          (state.target === 'anthropic-output' && isEasyPattern(own['pattern']))
        )
          cleaned['pattern'] = own['pattern'];
        else note('pattern', own['pattern']);
      }
      break;
    case 'number':
    case 'integer':
      cleanFormat(own, type, cleaned, state, note);
      cleanRange(own, type, cleaned, state, note);
      break;
    case 'array':
      cleanSizes(own, ['minItems', 'maxItems'], cleaned, state.target !== 'anthropic-output', note);
      cleanItems(own, cleaned, references, state, note);
      break;
    case 'object':
      cleanSizes(own, ['minProperties', 'maxProperties'], cleaned, state.target === 'gemini', note);
      cleanProperties(own, cleaned, references, state, note);
      break;
    case 'boolean':
    case 'null':
      break;
  }
  return cleaned;
}

type Note = (keyword: string, value: Json | undefined) => void;

/** Gemini's `Schema.enum` holds strings only; its JSON Schema also numbers. Neither takes the empty string. */
function cleanEnum(
  own: JsonObject,
  type: SchemaType,
  cleaned: JsonObject,
  state: Cleaning,
  note: Note,
): void {
  const all = own['enum'];
  if (!Array.isArray(all) || type === 'null') return;
  const fits = (value: Json) => typeOf(value) === type || (type === 'number' && typeOf(value) === 'integer');
  const values = all.filter(fits);
  if (values.length === 0) return;
  const numbers = state.target === 'gemini-json-schema' && (type === 'number' || type === 'integer');
  if (state.target === 'anthropic-output' && type !== 'array' && type !== 'object')
    cleaned['enum'] = [...new Set(values)];
  else if ((type === 'string' || numbers) && !values.includes('')) cleaned['enum'] = [...new Set(values)];
  else note('enum', values);
}

function cleanFormat(
  own: JsonObject,
  type: 'string' | 'number' | 'integer',
  cleaned: JsonObject,
  state: Cleaning,
  note: Note,
): void {
  const format = own['format'];
  if (typeof format !== 'string' || format === 'enum') return;
  const known: readonly string[] = FORMATS[state.target][type];
  if (known.includes(format)) cleaned['format'] = format;
  else note('format', format);
}

function cleanSizes(own: JsonObject, keys: string[], cleaned: JsonObject, has: boolean, note: Note): void {
  for (const key of keys) {
    const value = own[key];
    if (typeof value !== 'number') continue;
    const small = key === 'minItems' && (value === 0 || value === 1);
    if ((has || small) && Number.isSafeInteger(value) && value >= 0) cleaned[key] = value;
    else note(key, value);
  }
}

function cleanRange(
  own: JsonObject,
  type: 'number' | 'integer',
  cleaned: JsonObject,
  state: Cleaning,
  note: Note,
): void {
  if (state.target === 'anthropic-output') {
    for (const key of ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'])
      if (typeof own[key] === 'number') note(key, own[key]);
    return;
  }
  for (const [key, exclusive, step] of [
    ['minimum', 'exclusiveMinimum', 1],
    ['maximum', 'exclusiveMaximum', -1],
  ] as const) {
    const inclusive = typeof own[key] === 'number' ? own[key] : undefined;
    // JSON Schema draft 4 wrote `exclusiveMinimum: true` beside `minimum`.
    const strict = own[exclusive] === true ? inclusive : own[exclusive];
    let bound = inclusive;
    if (typeof strict === 'number') {
      const next = type === 'integer' && Number.isInteger(strict) ? strict + step : strict;
      if (next === strict) note(exclusive, strict);
      if (bound === undefined || own[exclusive] === true) bound = next;
      else bound = step > 0 ? Math.max(bound, next) : Math.min(bound, next);
    }
    if (bound !== undefined) cleaned[key] = bound;
  }
}

/** Both targets refuse arrays without `items`. */
function cleanItems(
  own: JsonObject,
  cleaned: JsonObject,
  references: readonly string[],
  state: Cleaning,
  note: Note,
): void {
  // Until draft 2019-09 a tuple was an array of `items`, with `additionalItems` for the rest.
  const old = Array.isArray(own['items']);
  const tuple = old ? own['items'] : own['prefixItems'];
  const rest = old ? own['additionalItems'] : own['items'];
  if (!Array.isArray(tuple) || tuple.length === 0) {
    cleaned['items'] = rest === false ? {} : state.clean(rest, references);
    if (rest === false) setMaxItems(0, cleaned, state, note);
    return;
  }
  const items = tuple.map((one) => state.clean(one, references));
  if (rest === false) setMaxItems(items.length, cleaned, state, note);
  // A tuple without a word about the rest is meant to end there; the others may hold any of these.
  const others = rest === undefined || rest === false ? [] : [state.clean(rest, references)];
  cleaned['items'] = uniteSchemas([...items, ...others], state.target);
  if (state.target === 'gemini-json-schema') cleaned['prefixItems'] = items;
  else note('prefixItems', items);
}

function setMaxItems(most: number, cleaned: JsonObject, state: Cleaning, note: Note): void {
  if (state.target === 'anthropic-output') note('maxItems', most);
  else cleaned['maxItems'] = Math.min(most, Number(cleaned['maxItems'] ?? Infinity));
}

function cleanProperties(
  own: JsonObject,
  cleaned: JsonObject,
  references: readonly string[],
  state: Cleaning,
  note: Note,
): void {
  const properties: JsonObject = {};
  if (isObject(own['properties']))
    for (const [name, value] of Object.entries(own['properties']))
      define(properties, name, state.clean(value, references));
  const required = Array.isArray(own['required'])
    ? [...new Set(own['required'].filter((name) => typeof name === 'string'))]
    : [];
  // A required name must be a property, or the whole request is refused.
  for (const name of required) if (!Object.hasOwn(properties, name)) define(properties, name, {});
  // `OBJECT` without properties was refused as "should be non-empty"; leaving them out says the same.
  const names = Object.keys(properties);
  if (names.length > 0) cleaned['properties'] = properties;
  if (required.length > 0) cleaned['required'] = required;
  const order = own['propertyOrdering'];
  if (Array.isArray(order) && names.length > 0) {
    const known = order.filter((name): name is string => typeof name === 'string' && names.includes(name));
    if (known.length > 0) cleaned['propertyOrdering'] = known;
  }
  const more = own['additionalProperties'];
  if (state.target === 'anthropic-output') {
    cleaned['additionalProperties'] = false;
    if (more !== false && names.length === 0) state.impossible.add('an object with free names');
  } else if (state.target === 'gemini-json-schema') {
    if (typeof more === 'boolean') cleaned['additionalProperties'] = more;
    else if (isObject(more)) cleaned['additionalProperties'] = state.clean(more, references);
  } else if (more === true || isObject(more)) note('additionalProperties', more);
}
