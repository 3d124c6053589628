import { isObject } from '../../../../../shared/json';

/** Fields of Gemini's `Schema` (its discovery document), and nothing else. */
const OPENAPI_FIELDS = new Set(
  (
    'type format title description nullable enum maxItems minItems properties required minProperties maxProperties minLength ' +
    'maxLength pattern example anyOf propertyOrdering default items minimum maximum'
  ).split(' '),
);
const OPENAPI_TYPES = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'];

/** What is documented for `responseJsonSchema`, less the indirections that the cleaner never writes. */
const JSON_FIELDS = new Set(
  (
    'type format title description enum items prefixItems minItems maxItems minimum maximum anyOf properties ' +
    'additionalProperties required propertyOrdering'
  ).split(' '),
);
const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** Every reason why Gemini would refuse this schema; empty when it is good. */
export function problemsOf(schema: unknown, target: 'gemini' | 'gemini-json-schema', path = '$'): string[] {
  if (!isObject(schema)) return [`${path} is not an object`];
  const open = target === 'gemini';
  const problems: string[] = [];
  const bad = (text: string) => problems.push(`${path}: ${text}`);
  const inner = (value: unknown, where: string) =>
    problems.push(...problemsOf(value, target, `${path}.${where}`));
  for (const key of Object.keys(schema))
    if (!(open ? OPENAPI_FIELDS : JSON_FIELDS).has(key)) bad(`unknown field ${key}`);
  const { type } = schema;
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (open && Array.isArray(type)) bad('type is a list');
  if (Array.isArray(type) && (type.length !== 2 || type[1] !== 'null'))
    bad(`type list ${JSON.stringify(type)}`);
  for (const one of types)
    if (!(open ? OPENAPI_TYPES : JSON_TYPES).includes(String(one))) bad(`type ${String(one)}`);
  const is = (name: string) => types.some((one) => String(one).toLowerCase() === name);
  for (const key of ['title', 'description', 'format', 'pattern'])
    if (schema[key] !== undefined && typeof schema[key] !== 'string') bad(`${key} is not text`);
  if (schema['enum'] !== undefined) {
    const values = schema['enum'];
    if (!Array.isArray(values) || values.length === 0) bad('enum is empty');
    else
      for (const value of values)
        if (value === '' || !(typeof value === 'string' || (!open && typeof value === 'number')))
          bad(`enum value ${JSON.stringify(value)}`);
    if (!is('string') && (open || !(is('number') || is('integer')))) bad('enum without a fitting type');
  }
  for (const key of ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'])
    if (schema[key] !== undefined && !(Number.isSafeInteger(schema[key]) && Number(schema[key]) >= 0))
      bad(key);
  for (const key of ['minimum', 'maximum'])
    if (schema[key] !== undefined && typeof schema[key] !== 'number') bad(key);
  if (is('array') && schema['items'] === undefined) bad('items: missing field');
  if (schema['items'] !== undefined) {
    if (!is('array')) bad('items without array');
    inner(schema['items'], 'items');
  }
  if (Array.isArray(schema['prefixItems']))
    schema['prefixItems'].forEach((one, i) => inner(one, `prefixItems[${i}]`));
  const { properties } = schema;
  if (properties !== undefined) {
    if (!isObject(properties) || Object.keys(properties).length === 0) bad('properties: should be non-empty');
    else for (const [name, value] of Object.entries(properties)) inner(value, `properties.${name}`);
  }
  if (schema['required'] !== undefined) {
    const names = schema['required'];
    if (!Array.isArray(names) || names.length === 0) bad('required is empty');
    else
      for (const name of names)
        if (!isObject(properties) || !Object.hasOwn(properties, String(name)))
          bad(`required ${String(name)} is not defined`);
  }
  if (schema['anyOf'] !== undefined) {
    if (!Array.isArray(schema['anyOf']) || schema['anyOf'].length === 0) bad('anyOf is empty');
    else schema['anyOf'].forEach((one, i) => inner(one, `anyOf[${i}]`));
    for (const key of Object.keys(schema))
      if (!['anyOf', 'description', 'title', 'nullable'].includes(key)) bad(`${key} beside anyOf`);
  }
  if (isObject(schema['additionalProperties'])) inner(schema['additionalProperties'], 'additionalProperties');
  return problems;
}
