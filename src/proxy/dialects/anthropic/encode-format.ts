import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { ResponseFormat } from '../canonical';
import type { ModelAbilities } from '../claude/model-abilities';
import { anthropicOutputSchema } from '../json-schema/anthropic-output';
import { formatInstruction } from '../json-schema/format-instruction';
import type { StrictCost } from '../json-schema/strict-schema';
import type { WireBlock } from './wire';

/**
 * `output_config.format` where the model has it and the schema can be enforced; otherwise words for the system prompt,
 * with a warning. What the schema takes of the limits on strict schemas is added to `cost`.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs
 */
export function encodeFormat(
  format: ResponseFormat | undefined,
  abilities: ModelAbilities,
  cost: StrictCost,
  warn: Warn,
): { format?: JsonObject; instruction?: WireBlock } {
  if (!format || format.type === 'text') return {};
  let reason = 'this model does not enforce it so';
  if (format.type === 'json-schema' && abilities.structuredOutput) {
    const described = format.description !== undefined && format.schema['description'] === undefined;
    const asked = described ? { ...format.schema, description: format.description } : format.schema;
    const output = anthropicOutputSchema(asked, cost, warn, 'response_format.schema');
    if ('schema' in output) return { format: { type: 'json_schema', schema: output.schema } };
    reason = `the schema cannot be enforced (${output.impossible})`;
  }
  warn({
    type: 'approximated',
    field: 'response_format',
    message: `JSON was asked for in words; ${reason}.`,
  });
  const schema = format.type === 'json-schema' ? format.schema : undefined;
  return { instruction: { type: 'text', text: formatInstruction(schema) } };
}
