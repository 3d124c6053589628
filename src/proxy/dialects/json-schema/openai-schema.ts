import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import { functionParameters } from './function-parameters';
import { whyNotStrict } from './strict-schema';

/** No arguments, in the words of strict mode. */
const NO_ARGUMENTS: JsonObject = {
  type: 'object',
  properties: {},
  required: [],
  additionalProperties: false,
};

export interface OpenAiSchema {
  schema: JsonObject;
  /** Absent where the client said nothing about it. */
  strict?: boolean;
}

/**
 * A function's parameters for OpenAI (chat and Responses). With `strict` a schema inside the strict rules goes as it
 * is; one outside of them would have the whole request refused, so strictness is switched off with a warning rather
 * than the meaning of the schema changed. `path` is the tool's field.
 */
export function openAiParameters(
  parameters: JsonObject | boolean | undefined,
  strict: boolean | undefined,
  warn: Warn,
  path: string,
): OpenAiSchema {
  if (strict === true && parameters === undefined) return { schema: NO_ARGUMENTS, strict };
  const reason = strict === true ? whyNotStrict(parameters, 'openai') : undefined;
  if (strict === true && reason === undefined && typeof parameters === 'object')
    return { schema: parameters, strict };
  if (reason !== undefined) warnOfStrict(reason, warn, `${path}.strict`);
  const { $defs, ...schema } = functionParameters(parameters, warn, `${path}.parameters`);
  return {
    // "object schema missing properties"
    schema: {
      ...schema,
      ...(schema['properties'] === undefined && { properties: {} }),
      ...($defs !== undefined && { $defs }),
    },
    ...(strict !== undefined && { strict: false }),
  };
}

/**
 * The schema of a response format for OpenAI, with the rules of {@link openAiParameters}; undefined when answers may be
 * something else than objects, which the format cannot ask for.
 */
export function openAiResponseSchema(
  schema: JsonObject,
  strict: boolean | undefined,
  warn: Warn,
  path: string,
): OpenAiSchema | undefined {
  const reason = strict === true ? whyNotStrict(schema, 'openai') : undefined;
  if (strict === true && reason === undefined) return { schema, strict };
  const warnings: Parameters<Warn>[0][] = [];
  const cleaned = functionParameters(schema, (warning) => warnings.push(warning), path);
  // Parameters are objects in any case; an answer is what the client asked for.
  if (warnings.some((warning) => warning.type === 'approximated')) return undefined;
  if (reason !== undefined) warnOfStrict(reason, warn, path);
  warnings.forEach(warn);
  return { schema: cleaned, ...(strict !== undefined && { strict: false }) };
}

function warnOfStrict(reason: string, warn: Warn, field: string): void {
  warn({
    type: 'approximated',
    field,
    message: `The schema guides the model but is not enforced: strict mode refuses it (${reason}).`,
  });
}
