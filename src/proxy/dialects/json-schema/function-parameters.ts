import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import { describeKeyword, joinDescription } from './describe-keyword';
import { flattenSchema } from './flatten-schema';
import { joinObjects } from './join-objects';
import { mergeSchemas } from './merge-schemas';
import { normalizeSchema } from './normalize-schema';

/** Refused beside the object at the top, by OpenAI all of them, by Anthropic the compositions. */
const NOT_AT_THE_TOP = ['$ref', 'anyOf', 'oneOf', 'allOf', 'enum', 'const', 'not'];
/** What makes an alternative more than a condition on the object it stands in. */
const SHAPE = ['type', 'properties', 'items', 'enum', 'const', '$ref', 'anyOf', 'oneOf', 'allOf'];
/** Alternatives looked at: `allOf` and references can multiply without end. */
const BUDGET = 500;

/**
 * A tool's parameters as OpenAI and Anthropic take them: valid draft 2020-12 with one object at the top and no
 * alternatives beside it; inner schemas keep all they have. Refused otherwise as "schema must have type 'object' and
 * not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level" and "input_schema does not support oneOf, allOf, or
 * anyOf at the top level". `path` is the field that warnings name.
 * https://platform.openai.com/docs/guides/function-calling,
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use
 */
export function functionParameters(
  schema: JsonObject | boolean | undefined,
  warn: Warn,
  path: string,
): JsonObject {
  if (!isObject(schema)) return { type: 'object', properties: {} };
  const plain = !NOT_AT_THE_TOP.some((keyword) => keyword in schema);
  const object = plain ? schema : oneObject(schema, warn, path);
  const { nullable: _nullable, ...rest } = object;
  return normalizeSchema(asObject(rest, warn, path), warn, path, schema);
}

/** The type of parameters is an object, whatever else the schema would allow. */
function asObject(schema: JsonObject, warn: Warn, path: string): JsonObject {
  const { type, ...rest } = schema;
  const types = (Array.isArray(type) ? type : [type]).map((one) => String(one).toLowerCase());
  if (type !== undefined && (types.length > 1 || types[0] !== 'object') && !types.includes('any'))
    warn({
      type: 'approximated',
      field: path,
      message: 'Parameters must be an object; other types were left out.',
    });
  return type === 'object' ? schema : { type: 'object', ...rest };
}

/** References and `allOf` merged, alternatives joined into one object, values forbidden or listed put into words. */
function oneObject(schema: JsonObject, warn: Warn, path: string): JsonObject {
  const state = { root: schema, budget: BUDGET };
  const { schema: flat, references } = flattenSchema(schema, state, ['#']);
  const { anyOf, enum: values, not, ...own } = flat;
  const notes: string[] = [];
  if (values !== undefined) notes.push(describeKeyword('enum', values));
  if (not !== undefined) notes.push(describeKeyword('not', not));
  if (notes.length > 0)
    warn({
      type: 'changed',
      field: path,
      message:
        'Written into the description, because parameters have no such keyword at the top: enum, const or not.',
    });
  const branches = Array.isArray(anyOf) ? anyOf.filter(isObject) : [];
  if (branches.length === 0) return described(own, notes);
  if (branches.every((branch) => !SHAPE.some((keyword) => keyword in branch))) {
    warn({
      type: 'changed',
      field: path,
      message: 'Conditions on parameters were written into the description: anyOf.',
    });
    return described(own, [...notes, describeKeyword('anyOf', branches)]);
  }
  warn({
    type: 'approximated',
    field: path,
    message: 'Alternatives at the top of the parameters became one object with the properties of all.',
  });
  const { description, title, $defs: _defs, definitions: _definitions, ...shared } = own;
  const flatten = (branch: JsonObject) => flattenSchema(branch, state, references).schema;
  const objects = branches
    .flatMap((branch) => openAlternatives(flatten(branch), flatten))
    .filter(canBeObject)
    .map((branch) => mergeSchemas(shared, withoutRefused(branch)));
  const words = { ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
  return described(joinObjects(objects, words), notes);
}

/** Alternatives in alternatives, one level: deeper ones are rare, and their properties would say nothing any more. */
function openAlternatives(branch: JsonObject, flatten: (branch: JsonObject) => JsonObject): JsonObject[] {
  const { anyOf, ...own } = branch;
  const inner = Array.isArray(anyOf) ? anyOf.filter(isObject) : [];
  return inner.length === 0 ? [own] : inner.map((one) => mergeSchemas(own, flatten(one)));
}

function canBeObject({ type, enum: values }: JsonObject): boolean {
  if (Array.isArray(values)) return values.some(isObject);
  return type === undefined || [type].flat().some((one) => String(one).toLowerCase() === 'object');
}

function withoutRefused(branch: JsonObject): JsonObject {
  const entries = Object.entries(branch);
  const refused = entries.filter(([key]) => NOT_AT_THE_TOP.includes(key));
  const rest = Object.fromEntries(entries.filter(([key]) => !NOT_AT_THE_TOP.includes(key)));
  return described(
    rest,
    refused.map(([key, value]) => describeKeyword(key, value)),
  );
}

function described(schema: JsonObject, notes: readonly string[]): JsonObject {
  if (notes.length === 0) return schema;
  const description = joinDescription(schema['description'], notes);
  return { ...schema, ...(description !== undefined && { description }) };
}
