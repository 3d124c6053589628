/**
 * Tools with free text input, carried over a protocol that knows functions only: the text travels as the one string
 * property `input`, and is taken out again where a client declared the tool as custom.
 */
import { isObject, type JsonObject } from '../../../shared/json';
import type { CustomTool } from '../canonical';

/** The parameters of the function that stands for a custom tool. */
export const CUSTOM_INPUT_SCHEMA: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
  required: ['input'],
  additionalProperties: false,
};

/** The description of the function that stands for a custom tool; a grammar is put into words. */
export function describeCustomTool(tool: CustomTool): string | undefined {
  const { format } = tool;
  if (!isObject(format) || format.type !== 'grammar') return tool.description;
  const grammar = `The input must follow this ${String(format.syntax)} grammar:\n${String(format.definition)}`;
  return tool.description ? `${tool.description}\n\n${grammar}` : grammar;
}

/** Free text → the function's arguments. */
export function wrapCustomInput(input: string): string {
  return JSON.stringify({ input });
}

/** The function's arguments → free text. Arguments in another form are handed on as they are. */
export function unwrapCustomInput(args: string): string {
  try {
    const parsed: unknown = JSON.parse(args);
    if (isObject(parsed) && typeof parsed.input === 'string') return parsed.input;
  } catch {
    // Not JSON: the model wrote the text directly.
  }
  return args;
}
