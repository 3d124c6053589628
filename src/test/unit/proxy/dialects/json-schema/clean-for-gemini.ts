import type { Warning } from '../../../../../proxy/dialects/canonical';
import { cleanSchema } from '../../../../../proxy/dialects/json-schema/clean-schema';
import type { JsonObject } from '../../../../../shared/json';

/** A schema cleaned for Gemini's JSON Schema fields; warnings go into the list. */
export const json = (schema: JsonObject | boolean, warnings: Warning[] = []) =>
  cleanSchema(schema, 'gemini-json-schema', (w) => warnings.push(w), 'p');

/** A schema cleaned for Gemini's OpenAPI subset; warnings go into the list. */
export const open = (schema: JsonObject | boolean, warnings: Warning[] = []) =>
  cleanSchema(schema, 'gemini', (w) => warnings.push(w), 'p');
