/**
 * Tools that have items of their own and are run by the client, as the functions that stand for them elsewhere: what a model
 * is told of them, and what an answer's item says of what the model wrote. https://platform.openai.com/docs/guides/tools-shell, …/tools-local-shell, …/tools-apply-patch,
 * …/tools-tool-search
 */
import { isObject, type JsonObject } from '../../../shared/json';
import type { FunctionTool } from '../canonical';
import { DIALECT, type CLIENT_TOOLS } from './wire';

export type ClientTool = (typeof CLIENT_TOOLS)[number];

const text = (description: string): JsonObject => ({ type: 'string', description });
const integer = (description: string): JsonObject => ({ type: 'integer', description });
const texts = (description: string): JsonObject => ({
  type: 'array',
  items: { type: 'string' },
  description,
});
const object = (properties: JsonObject, required: string[]): JsonObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const FUNCTIONS: Record<ClientTool, { description: string; parameters: JsonObject }> = {
  local_shell: {
    description: 'Runs one command on the user’s machine and returns its output.',
    parameters: object(
      {
        command: texts(
          'The program and its arguments, one per element; for shell syntax: ["bash", "-lc", "…"].',
        ),
        working_directory: text('The directory to run it in.'),
        timeout_ms: integer('Milliseconds after which the command is ended.'),
        env: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'Environment variables to set.',
        },
        user: text('The user to run it as.'),
      },
      ['command'],
    ),
  },
  shell: {
    description:
      'Runs shell commands on the user’s machine and returns standard output, standard error and exit code of each.',
    parameters: object(
      {
        commands: texts('The command lines; each is run by a shell of its own, possibly at the same time.'),
        timeout_ms: integer('Milliseconds after which the commands are ended.'),
        max_output_length: integer('Most characters of output to return.'),
      },
      ['commands'],
    ),
  },
  apply_patch: {
    description:
      'Creates, changes or deletes one file. The diff is in V4A form: for create_file every line of the new file begins with "+"; ' +
      'for update_file hunks begin with "@@" (perhaps followed by the enclosing class or function), kept lines begin with a ' +
      'space, removed ones with "-", added ones with "+", with three lines of context around each change and no line numbers.',
    parameters: object(
      {
        type: {
          type: 'string',
          enum: ['create_file', 'update_file', 'delete_file'],
          description: 'What to do.',
        },
        path: text('Path of the file, relative to the workspace.'),
        diff: text('The diff; not for delete_file.'),
      },
      ['type', 'path'],
    ),
  },
  tool_search: {
    description: 'Searches for further tools and loads those that fit; they can be called afterwards.',
    parameters: object({ query: text('What the tool should be able to do.') }, ['query']),
  },
};

/** The function that stands for a declared client tool; description and parameters of the declaration win. */
export function asFunction(type: ClientTool, declaration: JsonObject): FunctionTool {
  const { description, parameters } = FUNCTIONS[type];
  return {
    type: 'function',
    name: type,
    description:
      typeof declaration.description === 'string' && declaration.description !== ''
        ? declaration.description
        : description,
    parameters: isObject(declaration.parameters) ? declaration.parameters : parameters,
    metadata: { [DIALECT]: { tool: declaration } },
  };
}

const strings = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const string = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function localShellAction(input: JsonObject): JsonObject | undefined {
  // Models like to write a command line where a list is wanted.
  const command = typeof input.command === 'string' ? ['bash', '-lc', input.command] : strings(input.command);
  if (!command) return undefined;
  const timeout = number(input.timeout_ms);
  const directory = string(input.working_directory);
  const user = string(input.user);
  return {
    type: 'exec',
    command,
    env: isObject(input.env) ? input.env : {},
    ...(timeout !== undefined && { timeout_ms: timeout }),
    ...(directory !== undefined && { working_directory: directory }),
    ...(user !== undefined && { user }),
  };
}

function patchOperation(input: JsonObject): JsonObject | undefined {
  const { type, path, diff } = input;
  if (typeof path !== 'string') return undefined;
  if (type === 'delete_file') return { type, path };
  if ((type !== 'create_file' && type !== 'update_file') || typeof diff !== 'string') return undefined;
  return { type, diff, path };
}

/**
 * The fields of the item that says what these arguments say.
 * @param input the function's arguments as the model wrote them
 * @returns undefined where the model wrote something that the item cannot hold
 */
export function callFields(tool: ClientTool, input: string): JsonObject | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(input.trim() === '' ? '{}' : input);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  switch (tool) {
    case 'local_shell': {
      const action = localShellAction(parsed);
      return action && { action };
    }
    case 'shell': {
      const commands = typeof parsed.commands === 'string' ? [parsed.commands] : strings(parsed.commands);
      if (!commands) return undefined;
      const action = {
        commands,
        timeout_ms: number(parsed.timeout_ms) ?? null,
        max_output_length: number(parsed.max_output_length) ?? null,
      };
      return { action, environment: null };
    }
    case 'apply_patch': {
      const operation = patchOperation(parsed);
      return operation && { operation };
    }
    case 'tool_search':
      return { arguments: parsed, execution: 'client' };
  }
}
