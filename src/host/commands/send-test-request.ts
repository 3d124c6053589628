import * as vscode from 'vscode';
import { askModel } from '../chat-models/ask-model';
import type { AnswerPart } from '../chat-models/read-chat-answer';
import { type CommandContext, offer, showLogsRemedy } from './command-context';
import { startProxy } from './start-proxy';

/** How the request appears in the monitor. */
const CLIENT = 'portside-test';
const LONGEST_ANSWER = 300;

/**
 * Sends one small chat request to the running proxy, as a client would, and shows the answer: what was asked for.
 * @returns the words of the answer, undefined when there was none
 */
export async function sendTestRequest(context: CommandContext): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const { controller } = context;
  if (controller.status().state !== 'running') {
    offer(context, 'warning', t('The proxy is not running.'), [
      { title: t('Start Proxy'), run: () => startProxy(context) },
    ]);
    return undefined;
  }
  const model = controller.sampleModel();
  const proxy = { url: controller.baseUrl(), key: await controller.apiKey(), userAgent: CLIENT };
  const body = {
    model,
    stream: true,
    messages: [{ role: 'user', content: t('Say hello in one sentence.') }],
  };
  let words = '';
  const tell = (part: AnswerPart) => {
    if (part.type === 'text') words += part.text;
  };
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Asking {0}', model), cancellable: true },
      (_, token) => askModel(proxy, body, tell, token),
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return undefined;
    const reason = context.redact(error instanceof Error ? error.message : String(error));
    offer(context, 'error', t('{0} did not answer: {1}', model, reason), [showLogsRemedy(context)]);
    return undefined;
  }
  const shown = words.length > LONGEST_ANSWER ? `${words.slice(0, LONGEST_ANSWER)}…` : words;
  offer(context, 'information', t('{0} answers: {1}', model, context.redact(shown)), [
    { title: t('Open Monitor'), run: () => context.openMonitor() },
  ]);
  return words;
}
