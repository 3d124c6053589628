/**
 * The editor's own language models (`vscode.lm`) as the core asks for them. Nothing is asked of the editor before an account
 * of the provider `vscode` is; the first request makes the editor ask the user for consent.
 * https://code.visualstudio.com/api/extension-guides/ai/language-model
 */
import * as vscode from 'vscode';
import type { JsonObject } from '../../shared/json';
import type {
  LanguageModels,
  LmData,
  LmMessage,
  LmPart,
  LmRequest,
  LmText,
} from '../../shared/language-models';
import { describeLmError } from './describe-lm-error';
import { CHAT_VENDOR } from '../chat-models/vendor';
import { pickModel } from './pick-model';

/** An image for or from a model: younger than the oldest editor that Portside runs in. */
interface DataPart {
  mimeType: string;
  data: Uint8Array;
}
type DataPartClass = new (data: Uint8Array, mimeType: string) => DataPart;

/** What editors tell of a model beyond what the oldest one does. */
interface Capabilities {
  capabilities?: { supportsImageToText?: boolean };
}

/** A request that this editor or this model cannot take. */
class UnsupportedError extends Error {
  override name = 'UnsupportedError';
}

const JUSTIFICATION = () =>
  vscode.l10n.t(
    'You added the account “Editor models”: Portside answers your coding agents’ requests with these models.',
  );

/** The models; undefined where the editor has no such thing. */
export function editorLanguageModels(): LanguageModels | undefined {
  const lm = (vscode as { lm?: typeof vscode.lm }).lm;
  if (typeof lm?.selectChatModels !== 'function') return undefined;
  return {
    async list() {
      const models = await foreignModels(lm);
      return models.map(({ id, name, vendor, family, version, maxInputTokens }) => ({
        id,
        name,
        vendor,
        family,
        version,
        maxInputTokens,
      }));
    },
    ask(request, sink) {
      const stop = new vscode.CancellationTokenSource();
      let cancelled = false;
      const tell = (part: LmPart) => {
        if (!cancelled) sink(part);
      };
      answer(lm, request, stop.token, tell)
        .then(
          () => tell({ type: 'end' }),
          (error: unknown) => tell({ type: 'error', error: failure(error) }),
        )
        .finally(() => stop.dispose());
      return {
        cancel() {
          cancelled = true;
          stop.cancel();
        },
      };
    },
    count: (request) => count(lm, request),
    onDidChange(listener) {
      const subscription = lm.onDidChangeChatModels(listener);
      return () => void subscription.dispose();
    },
  };
}

function failure(error: unknown): Extract<LmPart, { type: 'error' }>['error'] {
  if (error instanceof UnsupportedError) return { kind: 'unsupported', message: error.message };
  return describeLmError(error);
}

/** Without those that Portside itself brings: they would ask the pool, which would ask the editor. */
async function foreignModels(lm: typeof vscode.lm): Promise<vscode.LanguageModelChat[]> {
  const models = await lm.selectChatModels();
  return models.filter(({ vendor }) => vendor !== CHAT_VENDOR);
}

/** The model that the request names. Rejects with `LanguageModelError.NotFound`. */
async function modelFor(
  lm: typeof vscode.lm,
  { model: wanted }: LmRequest,
): Promise<vscode.LanguageModelChat> {
  const models = await foreignModels(lm);
  const model = pickModel(models, wanted);
  if (model) return model;
  const names = models.map(({ id }) => id).join(', ');
  throw vscode.LanguageModelError.NotFound(
    names
      ? `The editor has no model "${wanted}". It has: ${names.slice(0, 500)}.`
      : 'The editor has no language models. Install or sign in to an extension that brings some.',
  );
}

function toMessages(
  model: vscode.LanguageModelChat,
  { messages }: LmRequest,
): vscode.LanguageModelChatMessage[] {
  const sees = (model as Capabilities).capabilities?.supportsImageToText !== false;
  return messages.map((message) => toMessage(message, sees));
}

/** The editor counts one message at a time, and no tools: those are counted as the text that they are. */
async function count(lm: typeof vscode.lm, request: LmRequest): Promise<number> {
  const model = await modelFor(lm, request);
  const tools = request.tools ? [JSON.stringify(request.tools)] : [];
  const counts = await Promise.all(
    [...toMessages(model, request), ...tools].map((each) => model.countTokens(each)),
  );
  return counts.reduce((sum, each) => sum + each, 0);
}

async function answer(
  lm: typeof vscode.lm,
  request: LmRequest,
  token: vscode.CancellationToken,
  tell: (part: LmPart) => void,
): Promise<void> {
  const model = await modelFor(lm, request);
  const { tools, toolMode, modelOptions } = request;
  const response = await model.sendRequest(
    toMessages(model, request),
    {
      justification: JUSTIFICATION(),
      ...(modelOptions && { modelOptions }),
      ...(tools && { tools }),
      ...(toolMode === 'required' && { toolMode: vscode.LanguageModelChatToolMode.Required }),
    },
    token,
  );
  tell({ type: 'start', model: model.id });
  for await (const part of response.stream) {
    if (token.isCancellationRequested) return;
    const plain = toPart(part);
    if (plain) tell(plain);
  }
}

function toPart(part: unknown): LmPart | undefined {
  if (part instanceof vscode.LanguageModelTextPart) return { type: 'text', text: part.value };
  if (part instanceof vscode.LanguageModelToolCallPart)
    return { type: 'tool-call', id: part.callId, name: part.name, input: part.input as JsonObject };
  const DataPart = dataPartClass();
  if (DataPart && part instanceof DataPart)
    return { type: 'data', mimeType: part.mimeType, data: Buffer.from(part.data).toString('base64') };
  return undefined;
}

function dataPartClass(): DataPartClass | undefined {
  return (vscode as { LanguageModelDataPart?: DataPartClass }).LanguageModelDataPart;
}

function toMessage({ role, content, name }: LmMessage, sees: boolean): vscode.LanguageModelChatMessage {
  const parts = content.map((part) => {
    switch (part.type) {
      case 'tool-call':
        return new vscode.LanguageModelToolCallPart(part.id, part.name, part.input);
      case 'tool-result':
        return new vscode.LanguageModelToolResultPart(
          part.callId,
          part.content.map((each) => toContent(each, sees)),
        );
      case 'text':
      case 'data':
        return toContent(part, sees);
    }
  });
  return new vscode.LanguageModelChatMessage(
    role === 'user'
      ? vscode.LanguageModelChatMessageRole.User
      : vscode.LanguageModelChatMessageRole.Assistant,
    parts as vscode.LanguageModelInputPart[],
    name,
  );
}

function toContent(part: LmText | LmData, sees: boolean): unknown {
  if (part.type === 'text') return new vscode.LanguageModelTextPart(part.text);
  const DataPart = dataPartClass();
  if (!DataPart) throw new UnsupportedError('This version of the editor hands no images to its models.');
  if (!sees) throw new UnsupportedError('This model of the editor sees no images.');
  return new DataPart(Buffer.from(part.data, 'base64'), part.mimeType);
}
