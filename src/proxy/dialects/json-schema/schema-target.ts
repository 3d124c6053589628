import type { Json, JsonObject } from '../../../shared/json';

/**
 * What a schema is cleaned for.
 * - `gemini`: the `Schema` object of Gemini's `parameters` and `responseSchema` (an OpenAPI 3.0 subset, types in
 *   capitals; https://ai.google.dev/api/caching#Schema).
 * - `gemini-json-schema`: what Gemini documents for `parametersJsonSchema` and `responseJsonSchema`
 *   (https://ai.google.dev/api/generate-content#generationconfig).
 * - `anthropic-output`: what Anthropic enforces in `output_config.format`: closed objects, no recursion, hardly any bounds
 *   (https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations).
 */
export type SchemaTarget = 'gemini' | 'gemini-json-schema' | 'anthropic-output';

export const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
export type SchemaType = (typeof TYPES)[number];

/** State of one cleaning. */
export interface Cleaning {
  readonly root: JsonObject;
  readonly target: SchemaTarget;
  /** Schemas that may still be visited: shared definitions can multiply without end. */
  budget: number;
  /** Keywords whose meaning went into descriptions. */
  readonly described: Set<string>;
  /** Keywords that were left out. */
  readonly dropped: Set<string>;
  /** What the target has no schema for at all; the result then says less than it should. */
  readonly impossible: Set<string>;
  /** Recursion was cut. */
  cut?: boolean;
  clean(schema: Json | undefined, references: readonly string[]): JsonObject;
}

/** The type of a JSON value in JSON Schema's words. */
export function typeOf(value: Json): SchemaType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as 'string' | 'boolean' | 'object';
}
