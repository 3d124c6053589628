/** What tools answered. https://platform.openai.com/docs/api-reference/responses/create#responses-create-input */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { FilePart, TextPart, ToolResultPart } from '../canonical';
import { decodeContent } from './decode-content';
import { textOf } from './read-item';

type Result = Pick<ToolResultPart, 'content' | 'isError'>;

function decodeParts(output: Json | undefined, path: string, warn: Warn): (TextPart | FilePart)[] {
  return decodeContent(output, path, warn).map((part) =>
    part.type === 'refusal' ? { type: 'text', text: part.text } : part,
  );
}

/**
 * `output` of a call: text, content parts, or an object. Older versions of Codex wrap both in `{content, success}`;
 * any other object is given as JSON.
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeOutput(item: JsonObject, path: string, warn: Warn): Result {
  const { output } = item;
  const failed = item.status === 'failed' ? { isError: true } : {};
  if (isObject(output)) {
    const { content, success } = output;
    if (typeof content === 'string' || Array.isArray(content)) {
      const isError = success === false ? { isError: true } : failed;
      return { content: decodeParts(content, `${path}.content`, warn), ...isError };
    }
    return { content: [{ type: 'text', text: JSON.stringify(output) }], ...failed };
  }
  if (typeof output === 'number' || typeof output === 'boolean')
    return { content: [{ type: 'text', text: String(output) }], ...failed };
  return { content: decodeParts(output, path, warn), ...failed };
}

function describeCommand(given: JsonObject): string {
  const outcome = isObject(given.outcome) ? given.outcome : {};
  const end =
    outcome.type === 'timeout' ? 'The command timed out.' : `Exit code: ${String(outcome.exit_code ?? 0)}`;
  const errors = textOf(given.stderr);
  return [end, textOf(given.stdout), errors && `Standard error:\n${errors}`].filter(Boolean).join('\n');
}

/** `output` of a shell call: one entry per command, in words. */
export function decodeShellOutput(item: JsonObject, path: string, warn: Warn): Result {
  const { output } = item;
  if (!Array.isArray(output) || !output.every((each) => isObject(each) && isObject(each.outcome)))
    return decodeOutput(item, path, warn);
  return {
    content: output.map((each): TextPart => ({ type: 'text', text: describeCommand(each as JsonObject) })),
  };
}
