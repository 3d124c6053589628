import * as vscode from 'vscode';
import type { Check } from '../check';
import { notRunning } from '../fixes';

/** Whether the proxy answers over the socket, asked with the local key. */
export const checkHealth: Check = {
  id: 'health',
  title: () => vscode.l10n.t('Answer of the proxy'),
  async run(context) {
    const t = vscode.l10n.t;
    const stopped = notRunning(context);
    if (stopped) return stopped;
    const { controller } = context;
    const url = `${controller.baseUrl()}/healthz`;
    const { status, body, ms } = await controller.checkHealth();
    if (status === 200) return [{ severity: 'ok', words: t('{0} answers within {1} ms.', url, ms) }];
    const said = status === undefined ? body : `${status} ${body.slice(0, 300)}`;
    return [
      {
        severity: 'error',
        words: t('{0} does not answer as it should: {1}', url, said),
        fix: { title: t('Restart Proxy'), do: () => context.run('portside.restart') },
      },
    ];
  },
};
