/**
 * Items of the tools that clients run themselves (`local_shell`, `shell`, `apply_patch`, `tool_search`) as calls of
 * functions of that name, and back. The arguments are the item's own object: `action`, `operation` or `arguments`.
 * Reference: https://platform.openai.com/docs/guides/tools-local-shell, …/tools-shell, …/tools-apply-patch, …/tools-tool-search
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { parseData } from '../openai/errors';
import { CLIENT_TOOLS } from './wire';

type ClientTool = (typeof CLIENT_TOOLS)[number];

/** Where each item keeps what the tool is to do. */
const FIELDS: Record<ClientTool, string> = {
  local_shell: 'action',
  shell: 'action',
  apply_patch: 'operation',
  tool_search: 'arguments',
};

/** The tool behind an item's type (`shell_call` → `shell`); undefined for all other items. */
export function clientToolOf(itemType: string): ClientTool | undefined {
  return CLIENT_TOOLS.find((tool) => itemType === `${tool}_call`);
}

/** Whether the client is to act on this item: neither OpenAI's container nor its own search has done so. */
export function isForClient(item: JsonObject): boolean {
  if (item.execution === 'server') return false;
  const { environment } = item;
  return !isObject(environment) || environment.type === 'local' || environment.type === undefined;
}

/** What the tool is to do, as the JSON text of a function's arguments. */
export function inputOfItem(tool: ClientTool, item: JsonObject): string {
  const value = item[FIELDS[tool]];
  // Arguments may be JSON text already.
  return typeof value === 'string' ? value || '{}' : JSON.stringify(value ?? {});
}

/** The item of a call: the reverse of {@link inputOfItem}. */
export function itemOfInput(itemType: string, callId: string, input: string): JsonObject {
  const tool = clientToolOf(itemType);
  const parsed: Json = parseData(input) ?? {};
  const item: JsonObject = { type: itemType, call_id: callId, status: 'completed' };
  if (tool !== undefined) item[FIELDS[tool]] = parsed;
  if (tool === 'tool_search') item.execution = 'client';
  return item;
}
