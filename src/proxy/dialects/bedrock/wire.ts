/**
 * Amazon Bedrock's Converse API as far as it is looked into. Loose on purpose: fields not named here pass through.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';

/** The key of what is Bedrock's own in metadata and in the signature store. */
export const DIALECT = 'bedrock';

/** A content block: an object with one member, named by what it is: `text`, `toolUse`, `toolResult`, `reasoningContent`, … */
export type WireBlock = JsonObject;

/** One turn as sent upstream. */
export interface WireTurn {
  role: 'user' | 'assistant';
  content: WireBlock[];
}

/** The member of that name where it is an object. */
export function objectIn(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return isObject(value) ? value : undefined;
}

/** The text, or an empty one. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** `{ metadata: { bedrock: fields } }`, to be spread into a part. */
export function ownMetadata(fields: JsonObject): { metadata: { bedrock: JsonObject } } {
  return { metadata: { [DIALECT]: fields } };
}
