/** Reading a client's JSON with the paths that Anthropic writes in its refusals: `messages.0.content.1.type`. */
import { InvalidRequestError } from '../../errors';
import { isObject, type Json, type JsonObject } from '../../../shared/json';

/** A refusal worded as the API words it. */
export function invalid(path: string, problem: string): InvalidRequestError {
  return new InvalidRequestError(`${path}: ${problem}`, path);
}

/** A field that must be a string. */
export function requireString(object: JsonObject, name: string, path: string): string {
  const value = object[name];
  if (value === undefined || value === null) throw invalid(`${path}${name}`, 'Field required');
  if (typeof value !== 'string') throw invalid(`${path}${name}`, 'Input should be a valid string');
  return value;
}

/** A field that is absent, null or a string. */
export function optionalString(object: JsonObject, name: string, path: string): string | undefined {
  return object[name] === undefined || object[name] === null ? undefined : requireString(object, name, path);
}

/** A field that is absent, null or a number. */
export function optionalNumber(object: JsonObject, name: string, path: string): number | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw invalid(`${path}${name}`, 'Input should be a valid number');
  return value;
}

/** A field that is absent, null or a boolean. */
export function optionalBoolean(object: JsonObject, name: string, path: string): boolean | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw invalid(`${path}${name}`, 'Input should be a valid boolean');
  return value;
}

/** A field that is absent, null or an object. */
export function optionalObject(object: JsonObject, name: string, path: string): JsonObject | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  return requireObject(value, `${path}${name}`);
}

/** A value that must be an object; `path` is its own. */
export function requireObject(value: Json | undefined, path: string): JsonObject {
  if (value === undefined || value === null) throw invalid(path, 'Field required');
  if (!isObject(value)) throw invalid(path, 'Input should be a valid dictionary');
  return value;
}

/** A value that must be a list; `path` is its own. */
export function requireList(value: Json | undefined, path: string): Json[] {
  if (value === undefined || value === null) throw invalid(path, 'Field required');
  if (!Array.isArray(value)) throw invalid(path, 'Input should be a valid list');
  return value;
}
