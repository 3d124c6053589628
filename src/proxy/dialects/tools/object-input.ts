import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { ToolCallPart, Warning } from '../canonical';
import { wrapCustomInput } from './custom-tools';

/** A call's input for protocols that take objects only. Invalid JSON is wrapped in one. */
export function objectInput(part: Pick<ToolCallPart, 'kind' | 'input'>, onWrap: () => void): JsonObject {
  const input = part.kind === 'custom' ? wrapCustomInput(part.input) : part.input;
  if (input.trim() === '') return {};
  let value: unknown = input;
  try {
    value = JSON.parse(input);
  } catch {
    // Wrapped below.
  }
  if (isObject(value)) return value;
  if (value === null) return {};
  onWrap();
  return { input: value as Json };
}

/** Says that the input of a call of that tool was wrapped. */
export const wrappedInput = (name: string): Warning => ({
  type: 'changed',
  field: `tool_use.${name}.input`,
  message: 'The input was no JSON object and was wrapped in one.',
});
