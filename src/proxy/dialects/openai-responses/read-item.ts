/** Readers of items and of what stands in them, loosely: what OpenAI documents and what servers like it send. */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Metadata } from '../canonical';
import { DIALECT } from './wire';

/** A string that is not empty. */
export function filled(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A string, or an empty one. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The array's objects; other members and other types are left out. */
export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Metadata of this dialect, or nothing for an empty note: to be spread into a part. */
export function noted(own: JsonObject): { metadata?: Metadata } {
  return Object.keys(own).length === 0 ? {} : { metadata: { [DIALECT]: own } };
}

/** The text of every member, joined by blank lines: summaries and reasoning come in paragraphs. */
export function paragraphsOf(value: Json | undefined): string {
  return objectsIn(value)
    .map((part) => textOf(part.text))
    .filter((text) => text !== '')
    .join('\n\n');
}

/** A message's contents; some servers write its text as one string. */
export function contentsOf(item: JsonObject): JsonObject[] {
  return typeof item.content === 'string'
    ? [{ type: 'output_text', text: item.content }]
    : objectsIn(item.content);
}
