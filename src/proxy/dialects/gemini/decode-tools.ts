import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { InvalidRequestError } from '../../errors';
import type { BuiltInTool, FunctionTool, Tool, ToolChoice } from '../canonical';
import { readSettings } from '../tools/built-in-settings';
import { fromOpenApiSchema } from '../json-schema/from-openapi-schema';
import { field, listField, objectField, others, textField } from './wire';

/** Tools that Google runs, by their field in a `tools` entry (https://ai.google.dev/api/caching#Tool). */
const BUILT_IN: Record<string, BuiltInTool['kind']> = {
  googleSearch: 'web-search',
  googleSearchRetrieval: 'web-search',
  enterpriseWebSearch: 'web-search',
  urlContext: 'web-fetch',
  codeExecution: 'code-execution',
  computerUse: 'computer',
  fileSearch: 'file-search',
};

/** The `tools` of a request: any number of entries with any number of declarations each. */
export function decodeTools(body: JsonObject): Tool[] {
  return (listField(body, 'tools', '') ?? []).flatMap((entry, index) => {
    const path = `tools[${index}]`;
    if (!isObject(entry)) throw new InvalidRequestError(`${path} must be an object.`, path);
    const declarations = listField(entry, 'functionDeclarations', path) ?? [];
    const functions: Tool[] = declarations.map((declaration, i) =>
      decodeDeclaration(declaration, `${path}.functionDeclarations[${i}]`),
    );
    const builtIn: Tool[] = Object.entries(others(entry, ['functionDeclarations']) ?? {}).map(
      ([key, value]) => ({
        type: 'built-in',
        kind: BUILT_IN[key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())] ?? 'other',
        dialect: 'gemini',
        value: { [key]: value },
        ...(isObject(value) && readSettings(value)),
      }),
    );
    return [...functions, ...builtIn];
  });
}

function decodeDeclaration(declaration: Json, path: string): FunctionTool {
  if (!isObject(declaration)) throw new InvalidRequestError(`${path} must be an object.`, path);
  const name = textField(declaration, 'name', path);
  if (!name) throw new InvalidRequestError(`${path}.name is missing.`, `${path}.name`);
  const description = textField(declaration, 'description', path);
  const jsonSchema = field(declaration, 'parametersJsonSchema');
  const openApi = objectField(declaration, 'parameters', path);
  const parameters =
    isObject(jsonSchema) || typeof jsonSchema === 'boolean'
      ? jsonSchema
      : openApi && Object.keys(openApi).length > 0
        ? fromOpenApiSchema(openApi)
        : undefined;
  const rest = others(declaration, ['name', 'description', 'parameters', 'parametersJsonSchema']);
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(rest && { metadata: { gemini: rest } }),
  };
}

/** `toolConfig.functionCallingConfig` (https://ai.google.dev/api/caching#FunctionCallingConfig). */
export function decodeToolChoice(body: JsonObject): ToolChoice | undefined {
  const config = objectField(
    objectField(body, 'toolConfig', '') ?? {},
    'functionCallingConfig',
    'toolConfig',
  );
  if (!config) return undefined;
  const path = 'toolConfig.functionCallingConfig';
  const names = (listField(config, 'allowedFunctionNames', path) ?? []).filter(
    (name) => typeof name === 'string',
  );
  const [first] = names;
  const mode = textField(config, 'mode', path)?.toUpperCase();
  switch (mode) {
    case undefined:
    case 'MODE_UNSPECIFIED':
      return undefined;
    // VALIDATED: calls that fit their schema, or text. The freedom is the same, the rest is kept for Gemini.
    case 'AUTO':
    case 'VALIDATED':
      return { type: 'auto' };
    case 'NONE':
      return { type: 'none' };
    case 'ANY':
      if (first === undefined) return { type: 'required' };
      return names.length === 1 ? { type: 'tool', name: first } : { type: 'required', names };
    default:
      throw new InvalidRequestError(`${path}.mode must be AUTO, ANY, NONE or VALIDATED.`, `${path}.mode`);
  }
}
