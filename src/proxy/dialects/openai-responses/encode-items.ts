/**
 * Canonical parts of an answer as items of `output`, for whole answers and for streams.
 * Reference: https://platform.openai.com/docs/api-reference/responses/object#responses-object-output
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type { CanonicalRequest, Citation, FilePart, Metadata, OpaquePart, ToolCallPart } from '../canonical';
import { lostCitation } from '../lost-citation';
import { encodeUrlCitation } from '../openai/citations';
import { wrapMetadata } from '../signatures/envelope';
import { callFields, type ClientTool } from './client-functions';
import { filled, objectsIn } from './read-item';
import { includes } from './server-steps';
import {
  CLIENT_TOOLS,
  DEFAULT_NAMESPACE,
  DIALECT,
  ENCRYPTED_REASONING,
  noteOf,
  type RequestNote,
} from './wire';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** An item as the client gets it and as it is kept: the kept one always has its encrypted reasoning. */
export interface OutputItem {
  sent: JsonObject;
  kept: JsonObject;
}

/** How the client declared the tool behind a canonical name. */
export interface DeclaredTool {
  /** Has items of its own. */
  client?: ClientTool;
  /** Declared in this namespace, under `name`. */
  namespace?: string;
  name: string;
}

/** Finds how the client declared a tool; one in a namespace also by its bare name, where that means only one. */
export function createToolLookup(request: CanonicalRequest): (name: string) => DeclaredTool {
  const declared = new Map<string, DeclaredTool>();
  const bare = new Map<string, DeclaredTool[]>();
  for (const tool of request.tools) {
    if (tool.type === 'built-in') continue;
    const note = noteOf(tool.metadata);
    const namespace = filled(note.namespace);
    const client = isObject(note.tool) ? CLIENT_TOOLS.find((each) => each === tool.name) : undefined;
    if (client) declared.set(tool.name, { client, name: tool.name });
    else if (namespace === undefined || namespace === DEFAULT_NAMESPACE)
      declared.set(tool.name, { name: tool.name });
    else {
      const found = { namespace, name: filled(note.name) ?? tool.name };
      declared.set(tool.name, found);
      bare.set(found.name, [...(bare.get(found.name) ?? []), found]);
    }
  }
  return (name) => {
    const within = bare.get(name);
    return declared.get(name) ?? (within?.length === 1 ? within[0] : undefined) ?? { name };
  };
}

/** Whether the client gets encrypted reasoning: it asked for it, or it has nothing stored to go back to. */
export function sendsEncrypted(request: CanonicalRequest): boolean {
  const { fields } = noteOf(request.metadata) as RequestNote;
  return fields?.store === false || includes(request, ENCRYPTED_REASONING);
}

/** A text as a content part of a message. */
export function textContent(text: string, annotations: Json[], logprobs: Json[]): JsonObject {
  return { type: 'output_text', annotations, logprobs, text };
}

/** A refusal as a content part of a message. */
export function refusalContent(refusal: string): JsonObject {
  return { type: 'refusal', refusal };
}

/** A message of the assistant. */
export function messageItem(
  id: string,
  status: ItemStatus,
  content: JsonObject[],
  phase: string | undefined,
): JsonObject {
  return {
    id,
    type: 'message',
    status,
    content,
    ...(phase !== undefined && { phase }),
    role: 'assistant',
  };
}

/** What a client must send back with reasoning: OpenAI's own ciphertext, or an envelope around another provider's data. */
function encryptedOf(metadata: Metadata | undefined): string | undefined {
  if (!metadata) return undefined;
  const { [DIALECT]: own, ...others } = metadata;
  const encrypted = filled(own?.encrypted_content);
  if (encrypted !== undefined) return encrypted;
  return Object.keys(others).length > 0 ? wrapMetadata(others) : undefined;
}

/** Reasoning: its text as one summary, none where it is hidden. */
export function reasoningItem(
  id: string,
  text: string,
  metadata: Metadata | undefined,
  encrypted: boolean,
): OutputItem {
  const sent: JsonObject = {
    id,
    type: 'reasoning',
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
  };
  const { summary, content } = noteOf(metadata);
  // Raw reasoning beside its summary; where it stands alone, it is the text.
  if (objectsIn(summary).length > 0 && objectsIn(content).length > 0) sent.content = content;
  const secret = encryptedOf(metadata);
  if (secret === undefined) return { sent, kept: sent };
  const kept = { ...sent, encrypted_content: secret };
  return { sent: encrypted ? kept : sent, kept };
}

/** What the item of a call is called, for the event that announces it and for the one that ends it. */
export interface CallHead {
  id: string;
  callId: string;
  tool: DeclaredTool;
  kind: ToolCallPart['kind'];
}

/** The prefixes of OpenAI's own ids. */
const CLIENT_ID: Record<ClientTool, string> = {
  local_shell: 'lsh_',
  shell: 'sh_',
  apply_patch: 'apc_',
  tool_search: 'tsc_',
};

/** Id, name and kind of a call's item; ids of Responses upstreams are kept. */
export function callHead(
  call: Pick<ToolCallPart, 'id' | 'name' | 'kind' | 'metadata'>,
  lookup: (name: string) => DeclaredTool,
  context: ReplyContext,
): CallHead {
  const tool = lookup(call.name);
  const prefix = tool.client ? CLIENT_ID[tool.client] : call.kind === 'custom' ? 'ctc_' : 'fc_';
  return {
    id: filled(noteOf(call.metadata).id) ?? context.newId(prefix),
    callId: call.id || context.newId('call_'),
    tool,
    kind: call.kind,
  };
}

/** A call as `function_call` or `custom_tool_call`. */
export function plainCallItem(head: CallHead, input: string, status: ItemStatus): JsonObject {
  const { id, callId, tool } = head;
  const named = {
    call_id: callId,
    name: tool.name,
    ...(tool.namespace !== undefined && { namespace: tool.namespace }),
  };
  return head.kind === 'custom'
    ? { id, type: 'custom_tool_call', status, input, ...named }
    : { id, type: 'function_call', status, arguments: input, ...named };
}

/**
 * A call of a tool that has items of its own; undefined, with a warning, where the model's input does not fit it: to be
 * given as {@link misfitHead}.
 */
export function clientCallItem(
  head: CallHead,
  client: ClientTool,
  input: string,
  context: ReplyContext,
): JsonObject | undefined {
  const fields = callFields(client, input);
  if (fields)
    return { id: head.id, type: `${client}_call`, status: 'completed', call_id: head.callId, ...fields };
  context.warn({
    type: 'changed',
    field: 'output',
    message: `The model's input for "${client}" does not have the form of that tool and is given as a function call.`,
  });
  return undefined;
}

/** The function call that stands for a call whose input does not fit its tool; the API tells ids by their beginning. */
export function misfitHead(head: CallHead, context: ReplyContext): CallHead {
  return { ...head, id: context.newId('fc_'), tool: { name: head.tool.name } };
}

/** A whole call as its item. */
export function callItem(
  call: ToolCallPart,
  lookup: (name: string) => DeclaredTool,
  context: ReplyContext,
): JsonObject {
  const head = callHead(call, lookup, context);
  const { client } = head.tool;
  const item = client && clientCallItem(head, client, call.input, context);
  if (item) return item;
  const plain = client ? misfitHead(head, context) : head;
  return plainCallItem(plain, call.kind === 'custom' ? call.input : call.input || '{}', 'completed');
}

/** A generated image as its item; undefined, with a warning, for what `output` has no item for. */
export function imageItem(file: FilePart, context: ReplyContext): JsonObject | undefined {
  if (!file.mediaType.startsWith('image/') || file.source.type !== 'base64') {
    context.warn({
      type: 'dropped',
      field: 'output',
      message: `Responses carry no ${file.mediaType}${file.source.type === 'base64' ? '' : ' by reference'} in answers.`,
    });
    return undefined;
  }
  return {
    id: context.newId('ig_'),
    type: 'image_generation_call',
    status: 'completed',
    output_format: file.mediaType.slice('image/'.length),
    result: file.source.data,
  };
}

/** A piece that only its own dialect understands: items of this one as they are; undefined, with a warning, for others. */
export function opaqueItem(part: OpaquePart, context: ReplyContext): JsonObject | undefined {
  const { dialect, label, value } = part;
  if (dialect === DIALECT && isObject(value) && filled(value.type)) return value;
  context.warn({ type: 'dropped', field: 'output', message: `"${label}" is understood by ${dialect} only.` });
  return undefined;
}

/** A citation as an annotation of its text; undefined, with a warning, for one that has no address. */
export function encodeCitation(
  citation: Citation,
  text: string,
  context: ReplyContext,
): JsonObject | undefined {
  const own = citation.metadata?.[DIALECT];
  if (own) return own;
  const fields = encodeUrlCitation(citation, { text, from: 0 }, text.length);
  if (!fields) context.warn(lostCitation);
  return fields && { type: 'url_citation', ...fields };
}

/** Reported once where an upstream gave several answers. */
export const droppedChoices = {
  type: 'dropped',
  field: 'n',
  message: 'A response holds one answer; the others were left out.',
} as const;
