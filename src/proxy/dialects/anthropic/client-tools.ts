/**
 * Tools that Anthropic describes and the client runs, as functions for other providers: what the client gets of them is the
 * same `tool_use`. https://platform.claude.com/docs/en/agents-and-tools/tool-use/bash-tool, …/text-editor-tool
 */
import type { JsonObject } from '../../../shared/json';
import type { FunctionTool } from '../canonical';

interface Described {
  description: string;
  parameters: JsonObject;
}

const text = (description: string): JsonObject => ({ type: 'string', description });

const TOOLS: [prefix: string, described: Described][] = [
  [
    'bash_',
    {
      description: 'Runs commands in a persistent bash session and returns what they write.',
      parameters: {
        type: 'object',
        properties: {
          command: text('The command to run. Required unless the session is restarted.'),
          restart: { type: 'boolean', description: 'Restarts the session.' },
        },
      },
    },
  ],
  [
    'text_editor_',
    {
      description: 'Views, creates and edits text files.',
      parameters: {
        type: 'object',
        properties: {
          command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert'] },
          path: text('The file, or the directory to view.'),
          file_text: text('create: the content of the new file.'),
          old_str: text('str_replace: the text to replace, exactly as it stands in the file, and only once.'),
          new_str: text('str_replace: the text to put in its place.'),
          insert_line: {
            type: 'integer',
            description: 'insert: the line behind which to insert; 0 is the top.',
          },
          insert_text: text('insert: the text to insert.'),
          view_range: {
            type: 'array',
            items: { type: 'integer' },
            description: 'view: the first and the last line, counted from 1; -1 is the end.',
          },
        },
        required: ['command', 'path'],
      },
    },
  ],
];

/** The tool as a function, its declaration kept for Anthropic; undefined for tools that the provider runs. */
export function asFunction(
  type: string,
  name: string | undefined,
  declaration: JsonObject,
): FunctionTool | undefined {
  const found = TOOLS.find(([prefix]) => type.startsWith(prefix));
  return found && name !== undefined
    ? { type: 'function', name, ...found[1], metadata: { anthropic: { declaration } } }
    : undefined;
}
