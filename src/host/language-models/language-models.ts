/**
 * The editor's own language models (`vscode.lm`) as the core asks for them. Nothing is asked of the editor before an account
 * of the provider `vscode` is, and no model of a vendor that the user has not allowed by a command of their own.
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
import { foreignModels, justification } from './ask-consent';
import type { EditorModelConsent } from './consent';
import { describeLmError } from './describe-lm-error';
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

/** The models; undefined where the editor has no such thing. */
export function editorLanguageModels(consent: EditorModelConsent): LanguageModels | undefined {
  const lm = (vscode as { lm?: typeof vscode.lm }).lm;
  if (typeof lm?.selectChatModels !== 'function') return undefined;
  return {
    async list() {
      const models = await allowedModels(consent);
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
      answer(consent, request, stop.token, tell)
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
    count: (request) => count(consent, request),
    onDidChange(listener) {
      const subscriptions = [lm.onDidChangeChatModels(listener), consent.onDidChange(listener)];
      return () => {
        for (const each of subscriptions) each.dispose();
      };
    },
  };
}

function failure(error: unknown): Extract<LmPart, { type: 'error' }>['error'] {
  if (error instanceof UnsupportedError) return { kind: 'unsupported', message: error.message };
  return describeLmError(error);
}

async function allowedModels(consent: EditorModelConsent): Promise<vscode.LanguageModelChat[]> {
  const allowed = consent.vendors();
  if (allowed.length === 0) return [];
  return (await foreignModels()).filter(({ vendor }) => allowed.includes(vendor));
}

/** The model that the request names. Rejects with `LanguageModelError.NotFound`. */
async function modelFor(
  consent: EditorModelConsent,
  { model: wanted }: LmRequest,
): Promise<vscode.LanguageModelChat> {
  const models = await allowedModels(consent);
  const model = pickModel(models, wanted);
  if (model) return model;
  const names = models.map(({ id }) => id).join(', ');
  throw vscode.LanguageModelError.NotFound(
    names
      ? `The editor has no model "${wanted}" that Portside may use. It may use: ${names.slice(0, 500)}.`
      : 'The editor has no language models that Portside may use. Run “Portside: Allow Editor Models” in the editor.',
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
async function count(consent: EditorModelConsent, request: LmRequest): Promise<number> {
  const model = await modelFor(consent, request);
  const tools = request.tools ? [JSON.stringify(request.tools)] : [];
  const counts = await Promise.all(
    [...toMessages(model, request), ...tools].map((each) => model.countTokens(each)),
  );
  return counts.reduce((sum, each) => sum + each, 0);
}

async function answer(
  consent: EditorModelConsent,
  request: LmRequest,
  token: vscode.CancellationToken,
  tell: (part: LmPart) => void,
): Promise<void> {
  const model = await modelFor(consent, request);
  const { tools, toolMode, modelOptions } = request;
  const options = {
    justification: justification(),
    ...(modelOptions && { modelOptions }),
    ...(tools && { tools }),
    ...(toolMode === 'required' && { toolMode: vscode.LanguageModelChatToolMode.Required }),
  };
  let response;
  try {
    response = await model.sendRequest(toMessages(model, request), options, token);
  } catch (error) {
    if (describeLmError(error).kind === 'permission') await consent.withdraw(model.vendor);
    throw error;
  }
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
