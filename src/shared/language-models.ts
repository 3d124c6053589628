/**
 * The editor's own language models as plain data: what `vscode.lm` takes and gives, fit for a MessagePort. The words are
 * those of https://code.visualstudio.com/api/references/vscode-api#lm.
 */
import type { JsonObject } from './json';

/** A model of the editor. */
export interface LmModel {
  id: string;
  name: string;
  vendor: string;
  family: string;
  version: string;
  maxInputTokens: number;
}

export interface LmText {
  type: 'text';
  text: string;
}

/** Bytes in base64: an image. */
export interface LmData {
  type: 'data';
  mimeType: string;
  data: string;
}

export interface LmToolCall {
  type: 'tool-call';
  id: string;
  name: string;
  input: JsonObject;
}

export interface LmToolResult {
  type: 'tool-result';
  callId: string;
  content: (LmText | LmData)[];
}

/** There is no other role: what a system prompt says, the user says. */
export interface LmMessage {
  role: 'user' | 'assistant';
  content: (LmText | LmData | LmToolCall | LmToolResult)[];
  /** The user's. */
  name?: string;
}

export interface LmTool {
  name: string;
  description: string;
  inputSchema: JsonObject;
}

export interface LmRequest {
  /** An id, a family or a name of {@link LmModel}; `vendor/id` where two makers have the same. */
  model: string;
  messages: LmMessage[];
  tools?: LmTool[];
  /** `required`: at least one call. Absent: `auto`. */
  toolMode?: 'auto' | 'required';
  /** What the model's maker reads of it is the maker's choice. */
  modelOptions?: JsonObject;
}

/** Why there is no answer, or no more of it. */
export interface LmError {
  /**
   * `permission`: the user has not allowed it. `blocked`: refused for what was asked. `not-found`: no such model. `limited`:
   * a quota or a rate. `unsupported`: this editor or this model cannot take such a request. `failed`: anything else.
   */
  kind: 'permission' | 'blocked' | 'not-found' | 'limited' | 'unsupported' | 'failed';
  message: string;
}

/** A piece of an answer. Exactly one `end` or `error` comes, last. */
export type LmPart =
  /** The model that answers: once, ahead of all others. */
  | { type: 'start'; model: string }
  | LmText
  | LmData
  | LmToolCall
  | { type: 'end' }
  | { type: 'error'; error: LmError };

/** The editor's models, as the core asks its host for them. */
export interface LanguageModels {
  /** Rejects when the editor does not say. */
  list(): Promise<LmModel[]>;
  /**
   * Asks a model.
   * @param sink takes the parts in their order; nothing comes before this returns, nor after `cancel`
   */
  ask(request: LmRequest, sink: (part: LmPart) => void): { cancel(): void };
  /** How many tokens the request's input has, by the model's own count. Rejects when the model does not count. */
  count?(request: LmRequest): Promise<number>;
  /** Calls back when the list may be another. Returns its own removal. */
  onDidChange?(listener: () => void): () => void;
}
