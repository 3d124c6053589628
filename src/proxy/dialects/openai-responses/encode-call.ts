/** Calls of tools and what the tools answered, as items. https://platform.openai.com/docs/guides/function-calling */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { EncodeContext } from '../adapter';
import type { ToolCallPart, ToolResultPart } from '../canonical';
import { limitCallId } from '../tools/call-ids';
import { wrapCustomInput } from '../tools/custom-tools';
import { argumentsText, wrappedArguments } from '../openai/limits';
import { itemOfInput } from './client-tool-items';
import { encodeOutput } from './encode-content';
import { filled } from './read-item';
import { noteOf } from './wire';

/** "Expected a string with maximum length 64": https://platform.openai.com/docs/api-reference/responses/create */
const MAX_CALL_ID = 64;

/** The API demands of an item's id that it begins as its own ids do. */
const ID_PREFIXES: Record<string, string> = {
  message: 'msg_',
  function_call: 'fc_',
  custom_tool_call: 'ctc_',
  local_shell_call: 'lsh_',
  shell_call: 'sh_',
  apply_patch_call: 'apc_',
  tool_search_call: 'tsc_',
};

/** An item's own id where it is one that the API made: to be spread into the item. */
export function ownId(type: string, note: JsonObject): { id?: string } {
  const id = filled(note.id);
  const prefix = ID_PREFIXES[type];
  return id !== undefined && prefix !== undefined && id.startsWith(prefix) ? { id } : {};
}

/** A call's id within the API's limit; call and result get the same. */
export const wireCallId = (id: string): string => limitCallId(id, MAX_CALL_ID);

/**
 * The item of a call.
 * @param keepId whether the item may say its own id
 */
export function encodeCall(
  call: ToolCallPart,
  context: EncodeContext,
  toWire: (name: string) => string,
  keepId: boolean,
): JsonObject {
  const note = noteOf(call.metadata);
  const id = wireCallId(call.id);
  const item = filled(note.item);
  const idOf = (type: string) => (keepId ? ownId(type, note) : {});
  if (item !== undefined) return { ...itemOfInput(item, id, call.input), ...idOf(item) };
  const namespace = filled(note.namespace);
  const within = namespace === undefined ? undefined : filled(note.name);
  const named: JsonObject = within === undefined ? { name: toWire(call.name) } : { name: within, namespace };
  if (call.kind === 'custom' && context.traits?.customTools !== false)
    return {
      type: 'custom_tool_call',
      ...idOf('custom_tool_call'),
      call_id: id,
      ...named,
      input: call.input,
    };
  const args =
    call.kind === 'custom'
      ? wrapCustomInput(call.input)
      : argumentsText(call.input, () => {
          context.warn(wrappedArguments('messages', call.name));
        });
  return { type: 'function_call', ...idOf('function_call'), call_id: id, ...named, arguments: args };
}

/** The output of the tools that have items of their own. */
function clientOutput(
  type: string,
  callId: string,
  result: ToolResultPart | undefined,
  output: string,
): JsonObject {
  const note = noteOf(result?.metadata);
  if (isObject(note.value))
    return { ...note.value, ...(note.value.call_id !== undefined && { call_id: callId }) };
  const failed = result?.isError === true;
  switch (type) {
    case 'local_shell_call':
      return { type: 'local_shell_call_output', id: filled(note.id) ?? callId, output };
    case 'shell_call': {
      const outcome = { type: 'exit', exit_code: failed ? 1 : 0 };
      return {
        type: 'shell_call_output',
        call_id: callId,
        output: [{ stdout: output, stderr: '', outcome }],
      };
    }
    case 'apply_patch_call':
      return {
        type: 'apply_patch_call_output',
        call_id: callId,
        status: failed ? 'failed' : 'completed',
        output,
      };
    default:
      return {
        type: 'tool_search_output',
        call_id: callId,
        execution: 'client',
        status: 'completed',
        tools: [],
      };
  }
}

/** What the model is told of a call whose result the conversation does not hold. */
const NO_RESULT = 'No result was recorded for this call.';

/** The output item of a call; one that says so where there is no result. `path` is for warnings. */
export function encodeResult(
  call: ToolCallPart,
  result: ToolResultPart | undefined,
  path: string,
  context: EncodeContext,
): JsonObject {
  const id = wireCallId(call.id);
  const given: Json = result ? encodeOutput(result.content, path, context.warn) : NO_RESULT;
  const output = given === '' && result?.isError === true ? 'Error' : given;
  const item = filled(noteOf(call.metadata).item);
  if (item !== undefined)
    return clientOutput(item, id, result, typeof output === 'string' ? output : JSON.stringify(output));
  const custom = call.kind === 'custom' && context.traits?.customTools !== false;
  return { type: custom ? 'custom_tool_call_output' : 'function_call_output', call_id: id, output };
}
