/**
 * The pool's models in the editor's own model picker (SPEC 7.7). Requests go through the running proxy like any client's:
 * pooled, translated, recorded.
 * https://code.visualstudio.com/api/extension-guides/ai/language-model-chat-provider
 */
import * as vscode from 'vscode';
import { estimateText } from '../../shared/estimate-text';
import { providerInfo } from '../../shared/provider-list';
import { PROVIDERS, type ProviderName } from '../../shared/setting-names';
import { type CommandContext, offer } from '../commands/command-context';
import { startProxy } from '../commands/start-proxy';
import { type Disposable, DisposableStore } from '../disposable';
import { askModel } from './ask-model';
import { type ProxyAddress, RefusedError } from './ask-proxy';
import { ModelList, type PoolModel } from './model-list';
import { AnswerError, type AnswerPart } from './read-chat-answer';
import { toChatRequest, UnsupportedPartError } from './to-chat-request';
import { CHAT_VENDOR } from './vendor';

/** No account says what its models take; most current ones take this much and more. */
const MAX_INPUT_TOKENS = 128_000;
const MAX_OUTPUT_TOKENS = 16_000;

/** What providers count for an image of common size, at most. */
const TOKENS_PER_IMAGE = 1600;
const TOKENS_PER_MESSAGE = 4;

/** Whose models may be Claude, with a prompt cache that is marked in the request. */
const MARKED_CACHE: ReadonlySet<string> = new Set<ProviderName>([
  'anthropic',
  'anthropic-compatible',
  'zai',
  'vertex',
  'bedrock',
  'openrouter',
]);

type Model = vscode.LanguageModelChatInformation & {
  readonly provider: string;
  /** Younger than the typings: without it some editors (1.120) list a model, but leave it out of the picker. */
  readonly isUserSelectable: true;
};

/** Registers the provider; nothing where the editor is too old for it. */
export function registerChatModels(context: CommandContext): Disposable {
  const lm = (vscode as { lm?: Partial<typeof vscode.lm> }).lm;
  const owned = new DisposableStore();
  if (typeof lm?.registerLanguageModelChatProvider !== 'function') return owned;
  const { controller, log } = context;
  const userAgent = `vscode-chat/${vscode.version}`;
  const address = async (): Promise<ProxyAddress | undefined> => {
    const { state, listening } = controller.status();
    if (state !== 'running' || !listening) return undefined;
    return { url: listening.url, key: await controller.apiKey(), userAgent };
  };
  const list = owned.add(new ModelList(controller, address, (message) => log.warn(message)));
  const provider: vscode.LanguageModelChatProvider<Model> = {
    onDidChangeLanguageModelChatInformation: (listener) => list.onDidChange(() => listener()),
    provideLanguageModelChatInformation: async () => (await list.models()).map(describe),
    async provideLanguageModelChatResponse(model, messages, options, progress, token) {
      const proxy = await address();
      if (!proxy) throw stopped(context);
      try {
        const body = toChatRequest(model.id, messages, options, MARKED_CACHE.has(model.provider), (message) =>
          log.warn(message),
        );
        await askModel(proxy, body, (part) => progress.report(toEditor(part)), token);
      } catch (error) {
        throw inWords(error, context.redact, token);
      }
    },
    provideTokenCount: (_, text) => Promise.resolve(countTokens(text)),
  };
  owned.add(lm.registerLanguageModelChatProvider(CHAT_VENDOR, provider));
  return owned;
}

function describe({ id, provider }: PoolModel): Model {
  const known = PROVIDERS.find((name) => name === provider);
  const label = known ? providerInfo(known).label : vscode.l10n.t('Route');
  return {
    id,
    name: id,
    family: id,
    version: '1',
    detail: label,
    tooltip: vscode.l10n.t('{0}, through Portside', label),
    maxInputTokens: MAX_INPUT_TOKENS,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    // No account says what its models can. The upstream's own words tell when one cannot.
    capabilities: { toolCalling: true, imageInput: true },
    isUserSelectable: true,
    provider,
  };
}

/** A part of an answer as the editor takes it. */
const toEditor = (part: AnswerPart): vscode.LanguageModelResponsePart =>
  part.type === 'text'
    ? new vscode.LanguageModelTextPart(part.text)
    : new vscode.LanguageModelToolCallPart(part.id, part.name, part.input);

/** Says it where the user looks, too: the editor's chat shows an error without a button. */
function stopped(context: CommandContext): vscode.LanguageModelError {
  const message = vscode.l10n.t('Portside is stopped: its models answer while the proxy runs.');
  offer(context, 'warning', message, [
    { title: vscode.l10n.t('Start Proxy'), run: () => startProxy(context) },
  ]);
  return vscode.LanguageModelError.NotFound(message);
}

/** What the editor shows, and what extensions can tell apart. */
function inWords(error: unknown, redact: (text: string) => string, token: vscode.CancellationToken): Error {
  if (token.isCancellationRequested) return new vscode.CancellationError();
  const message = redact(error instanceof Error ? error.message : String(error));
  if (error instanceof RefusedError) {
    switch (error.status) {
      case 401:
      case 403:
        return vscode.LanguageModelError.NoPermissions(message);
      case 404:
        return vscode.LanguageModelError.NotFound(message);
      case 429:
        return vscode.LanguageModelError.Blocked(message);
      default:
        return new vscode.LanguageModelError(message);
    }
  }
  if (error instanceof AnswerError && error.kind === 'blocked')
    return vscode.LanguageModelError.Blocked(message);
  if (error instanceof AnswerError || error instanceof UnsupportedPartError)
    return new vscode.LanguageModelError(message);
  return new vscode.LanguageModelError(vscode.l10n.t('Portside did not answer: {0}', message));
}

/** An estimate, at once: the editor counts each message many times over, and a provider would limit that. */
function countTokens(text: string | vscode.LanguageModelChatRequestMessage): number {
  if (typeof text === 'string') return Math.ceil(estimateText(text));
  return Math.ceil(countParts(text.content)) + TOKENS_PER_MESSAGE;
}

function countParts(parts: readonly unknown[]): number {
  return parts.reduce<number>((sum, part) => {
    if (part instanceof vscode.LanguageModelTextPart) return sum + estimateText(part.value);
    if (part instanceof vscode.LanguageModelToolCallPart)
      return sum + estimateText(part.name + JSON.stringify(part.input));
    if (part instanceof vscode.LanguageModelToolResultPart) return sum + countParts(part.content);
    const mime = (part as { mimeType?: unknown } | null)?.mimeType;
    return typeof mime === 'string' && mime.includes('/') ? sum + TOKENS_PER_IMAGE : sum;
  }, 0);
}
