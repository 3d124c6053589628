import * as vscode from 'vscode';
import { editorConnection } from '../../agents/editor-connection';
import { type CommandContext, offer } from '../command-context';
import { connectAgent } from './connect-agent';

/**
 * Makes a listener for changes of the controller that offers to tell connected agents of another address of the proxy, or
 * another key: once for each, in the window that the user looks at, while the proxy runs.
 */
export function offerReconnect(context: CommandContext): () => void {
  const { agents, controller, log } = context;
  let told = '';

  async function look(): Promise<void> {
    const isRunning = controller.status().state === 'running';
    // Whoever was shown how they stand is shown it again.
    if (!isRunning && !agents.views()) return;
    const { url, key } = await editorConnection(controller);
    const now = JSON.stringify([url, key, isRunning]);
    if (now === told) return;
    told = now;
    if (!agents.views() && !(await agents.any())) return;
    const stale = (await agents.lookAnew()).filter((view) => view.stale !== undefined);
    if (stale.length === 0 || !isRunning || !vscode.window.state.focused) return;
    const names = stale.map(({ name }) => name).join(', ');
    offer(
      context,
      'warning',
      vscode.l10n.t('{0}: connected before the address or the key of the proxy changed.', names),
      [
        {
          title: vscode.l10n.t('Reconnect'),
          run: () =>
            connectAgent(
              context,
              stale.map(({ id }) => id),
            ),
        },
      ],
    );
  }

  return () => {
    look().catch((error: unknown) => log.warn(`Agents could not be looked at: ${String(error)}`));
  };
}
