/** Declarations of tools, which OpenAI's two protocols word alike: in chat completions they stand one level deeper. */
import { isObject, type JsonObject } from '../../../shared/json';
import type { CustomTool, FunctionTool } from '../canonical';
import { readBoolean, readObject, readString, requireString } from './fields';

/**
 * A function. https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeFunction(declared: JsonObject, path: string): FunctionTool {
  const name = requireString(declared.name, `${path}.name`);
  const description = readString(declared.description, `${path}.description`);
  const strict = readBoolean(declared.strict, `${path}.strict`);
  const given = declared.parameters;
  const parameters = typeof given === 'boolean' ? given : readObject(given, `${path}.parameters`);
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(strict !== undefined && { strict }),
  };
}

/**
 * A tool with free text input. Chat completions nest its grammar one level deeper; the vocabulary has the flat form.
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeCustom(declared: JsonObject, path: string): CustomTool {
  const name = requireString(declared.name, `${path}.name`);
  const description = readString(declared.description, `${path}.description`);
  const format = readObject(declared.format, `${path}.format`);
  const flat = format && isObject(format.grammar) ? { type: 'grammar', ...format.grammar } : format;
  return {
    type: 'custom',
    name,
    ...(description !== undefined && { description }),
    ...(flat !== undefined && { format: flat }),
  };
}
