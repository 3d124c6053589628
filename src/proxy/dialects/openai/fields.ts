/** Readers for fields of a request to OpenAI's APIs: `undefined` for absent and null, an error with the path for a wrong type. */
import { InvalidRequestError } from '../../errors';
import { isObject, type Json, type JsonObject } from '../../../shared/json';

const nameOf = (value: Json): string =>
  Array.isArray(value)
    ? 'an array'
    : value === null
      ? 'null'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`;

/** OpenAI's wording, with the path of the field. */
export function wrongType(path: string, expected: string, value: Json | undefined): InvalidRequestError {
  return new InvalidRequestError(
    `Invalid type for '${path}': expected ${expected}, but got ${value === undefined ? 'nothing' : nameOf(value)} instead.`,
    path,
    'invalid_type',
  );
}

/** 400 for a field that must be there. */
export function missing(path: string): InvalidRequestError {
  return new InvalidRequestError(
    `Missing required parameter: '${path}'.`,
    path,
    'missing_required_parameter',
  );
}

/** 400 for a value outside of those that are known. */
export function wrongValue(path: string, value: Json | undefined, expected: string): InvalidRequestError {
  return new InvalidRequestError(
    `Invalid value: ${JSON.stringify(value) ?? 'nothing'} for '${path}'. Supported values are: ${expected}.`,
    path,
    'invalid_value',
  );
}

/** A string; also an empty one. */
export function readString(value: Json | undefined, path: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(path, 'a string', value);
  return value;
}

/** A string that must be there and not be empty. */
export function requireString(value: Json | undefined, path: string): string {
  const text = readString(value, path);
  if (text === undefined || text === '') throw missing(path);
  return text;
}

/** A number. */
export function readNumber(value: Json | undefined, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw wrongType(path, 'a number', value);
  return value;
}

/** A whole number. */
export function readInteger(value: Json | undefined, path: string): number | undefined {
  const number = readNumber(value, path);
  if (number !== undefined && !Number.isInteger(number)) throw wrongType(path, 'an integer', value);
  return number;
}

/** An integer of at least 1. */
export function readCount(value: Json | undefined, path: string): number | undefined {
  const number = readInteger(value, path);
  if (number !== undefined && number < 1) throw wrongValue(path, value, 'integers of at least 1');
  return number;
}

/** True or false. */
export function readBoolean(value: Json | undefined, path: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(path, 'a boolean', value);
  return value;
}

/** An object. */
export function readObject(value: Json | undefined, path: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrongType(path, 'an object', value);
  return value;
}

/** An object that must be there. */
export function requireObject(value: Json | undefined, path: string): JsonObject {
  const object = readObject(value, path);
  if (!object) throw value === null ? wrongType(path, 'an object', value) : missing(path);
  return object;
}

/** A list. */
export function readArray(value: Json | undefined, path: string): Json[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(path, 'an array', value);
  return value;
}
