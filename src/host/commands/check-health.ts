import * as vscode from 'vscode';
import { type CommandContext, offer, showLogsRemedy } from './command-context';
import type { HealthAnswer } from '../controller/controller';
import { startProxy } from './start-proxy';

/** Asks the running proxy for `/healthz` over the socket and shows what it answers. */
export async function checkHealth(context: CommandContext): Promise<HealthAnswer> {
  const t = vscode.l10n.t;
  const { controller } = context;
  const answer = await controller.checkHealth();
  const url = `${controller.baseUrl()}/healthz`;
  if (answer.status === 200) {
    offer(context, 'information', t('{0} answers {1} ({2} ms)', url, answer.body, answer.ms), []);
  } else if (!controller.status().listening) {
    offer(context, 'warning', t('The proxy is not running.'), [
      { title: t('Start Proxy'), run: () => startProxy(context) },
    ]);
  } else {
    const said = answer.status === undefined ? answer.body : `${answer.status} ${answer.body}`;
    offer(context, 'error', t('{0} does not answer as it should: {1}', url, said), [showLogsRemedy(context)]);
  }
  return answer;
}
