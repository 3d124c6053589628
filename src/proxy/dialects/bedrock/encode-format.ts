import type { JsonObject } from '../../../shared/json';
import type { EncodeContext } from '../adapter';
import type { ResponseFormat } from '../canonical';
import { abilitiesOf } from '../claude/model-abilities';
import { anthropicOutputSchema } from '../json-schema/anthropic-output';
import { formatInstruction } from '../json-schema/format-instruction';
import { readModelName } from './vendor';
import type { WireBlock } from './wire';

/**
 * `outputConfig` where the model has it and the schema can be enforced; otherwise words for the system prompt, with a
 * warning. https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
 */
export function encodeFormat(
  format: ResponseFormat | undefined,
  { model, warn }: EncodeContext,
): { config?: JsonObject; instruction?: WireBlock } {
  if (!format || format.type === 'text') return {};
  let reason = 'this model does not enforce it so over Amazon Bedrock';
  const enforces = readModelName(model).vendor === 'anthropic' && abilitiesOf(model).bedrockStructuredOutput;
  if (format.type === 'json-schema' && enforces) {
    const output = anthropicOutputSchema(
      format.schema,
      { optional: 0, unions: 0 },
      warn,
      'response_format.schema',
    );
    if ('schema' in output) {
      const jsonSchema: JsonObject = {
        schema: JSON.stringify(output.schema),
        ...(format.name !== undefined && /^[\w-]{1,64}$/.test(format.name) && { name: format.name }),
        ...(format.description && { description: format.description }),
      };
      return { config: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } };
    }
    reason = `the schema cannot be enforced (${output.impossible})`;
  }
  warn({
    type: 'approximated',
    field: 'response_format',
    message: `JSON was asked for in words; ${reason}.`,
  });
  return {
    instruction: { text: formatInstruction(format.type === 'json-schema' ? format.schema : undefined) },
  };
}
