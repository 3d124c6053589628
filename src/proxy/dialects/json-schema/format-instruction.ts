import type { JsonObject } from '../../../shared/json';

/** A response format in words, for models that cannot be bound to it. Without a schema: any JSON object. */
export function formatInstruction(schema?: JsonObject): string {
  return schema
    ? `Answer with JSON and nothing else, as this JSON schema describes it:\n${JSON.stringify(schema)}`
    : 'Answer with one JSON object and nothing else.';
}
