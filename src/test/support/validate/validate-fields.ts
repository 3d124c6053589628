/** What the request validators share: complaints with their paths, and looks at values. */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';

/** Complaints about one request, each with the path of what it is about. */
export class Complaints {
  readonly list: string[] = [];

  say(path: string, text: string): void {
    this.list.push(`${path}: ${text}`);
  }

  /** Refuses members that are not named in `names` (separated by spaces). */
  known(value: JsonObject, names: string, path: string): void {
    const allowed = new Set(names.split(/\s+/));
    for (const key of Object.keys(value)) if (!allowed.has(key)) this.say(path, `unknown field ${key}`);
  }

  /** The members of a list, which must be objects; `least` of them. */
  objects(value: Json | undefined, path: string, least = 0): JsonObject[] {
    if (!Array.isArray(value)) {
      this.say(path, 'is no list');
      return [];
    }
    if (value.length < least) this.say(path, 'is empty');
    value.forEach((one, at) => {
      if (!isObject(one)) this.say(`${path}[${at}]`, 'is no object');
    });
    return value.filter(isObject);
  }

  /** A text of 1 to `max` characters. */
  text(value: Json | undefined, path: string, max = Number.POSITIVE_INFINITY): string {
    if (typeof value !== 'string' || value === '') this.say(path, `is no text: ${JSON.stringify(value)}`);
    else if (value.length > max) this.say(path, `has more than ${max} characters`);
    return String(value);
  }

  /** One of `words` (separated by spaces). */
  word(value: Json | undefined, words: string, path: string): void {
    if (typeof value !== 'string' || !words.split(/\s+/).includes(value))
      this.say(path, `is none of ${words}: ${JSON.stringify(value)}`);
  }

  /** Undefined, or a number within these bounds. */
  range(value: Json | undefined, path: string, least: number, most: number, whole = false): void {
    if (value === undefined) return;
    if (typeof value !== 'number' || value < least || value > most || (whole && !Number.isInteger(value)))
      this.say(path, `is not within ${least} and ${most}: ${JSON.stringify(value)}`);
  }

  /** Undefined, or true or false. */
  flag(value: Json | undefined, path: string): void {
    if (value !== undefined && typeof value !== 'boolean') this.say(path, 'is neither true nor false');
  }

  /** A name that appears once only. */
  unique(name: string, seen: Set<string>, path: string): void {
    if (seen.has(name)) this.say(path, `${name} is there twice`);
    seen.add(name);
  }

  /** Base64 without a `data:` in front. */
  base64(value: Json | undefined, path: string): void {
    if (typeof value !== 'string' || value === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value))
      this.say(path, 'is no base64');
  }
}

/** A member that is an object; an empty one where it is none. */
export function inner(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  return isObject(found) ? found : {};
}
