import { isObject } from '../../../shared/json';
import { type JsonChange, type JsonPath, valueAt } from './edit-json';

/**
 * The changes that make an object say what is wanted and leave whatever else it says: a missing object comes in whole, one
 * that is there is changed value by value.
 * @param root what the file says
 * @param path where the object is
 * @param wanted objects are merged; anything else, lists included, is put in as it is
 */
export function mergeJson(root: unknown, path: JsonPath, wanted: unknown): JsonChange[] {
  if (!isObject(wanted) || valueAt(root, path) === undefined) return [{ path, value: wanted }];
  return Object.entries(wanted).flatMap(([name, value]) => mergeJson(root, [...path, name], value));
}
