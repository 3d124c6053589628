import * as vscode from 'vscode';
import { describeStartFailure } from '../../shared/describe-start-failure';
import type { ProxyStatus } from '../../shared/status';
import { addAccount } from './accounts/add-account';
import {
  type CommandContext,
  offer,
  openSettingsRemedy,
  type Remedy,
  showLogsRemedy,
} from './command-context';
import { detectLocalServers } from './accounts/detect-local-servers';
import { useDemoAccount } from './accounts/use-demo-account';

/**
 * Starts the proxy. What goes wrong is shown with its remedies, not thrown; success shows in the status bar alone.
 * @returns the status after the attempt, at once: it does not wait for a notification to be answered
 */
export async function startProxy(context: CommandContext): Promise<ProxyStatus> {
  const { controller } = context;
  try {
    return await controller.start();
  } catch (error) {
    void showStartFailure(context, error as Error & { code?: string }).catch((problem: unknown) =>
      context.log.error(`The failed start could not be shown: ${String(problem)}`),
    );
    return controller.status();
  }
}

/** Stops and starts: what a changed port or LAN setting needs. */
export async function restartProxy(context: CommandContext): Promise<ProxyStatus> {
  await context.controller.stop();
  return startProxy(context);
}

async function showStartFailure(context: CommandContext, error: Error & { code?: string }): Promise<void> {
  if (error.code === 'CANCELLED') return;
  const { failure } = context.controller.status();
  const message = failure
    ? describeStartFailure(failure, vscode.l10n.t)
    : vscode.l10n.t('The proxy did not start.');
  offer(context, 'error', message, await remedies(context, error.code));
}

async function remedies(context: CommandContext, code: string | undefined): Promise<Remedy[]> {
  const t = vscode.l10n.t;
  const { controller } = context;
  const thenStart = (deed: (context: CommandContext) => Promise<unknown>) => async () => {
    if (await deed(context)) await startProxy(context);
  };
  switch (code) {
    case 'NO_ACCOUNTS':
      return [
        { title: t('Add Account'), run: thenStart(addAccount) },
        {
          title: t('Detect Local Servers'),
          run: thenStart(async (each) => (await detectLocalServers(each)).length),
        },
        { title: t('Use Demo Account'), run: thenStart(useDemoAccount) },
      ];
    case 'EADDRINUSE':
    case 'EACCES': {
      const port = await controller.nextFreePort();
      const usePort: Remedy[] =
        port === undefined
          ? []
          : [
              {
                title: t('Use Port {0}', port),
                run: async () => {
                  await controller.updateSetting('port', port);
                  await startProxy(context);
                },
              },
            ];
      return [...usePort, showLogsRemedy(context)];
    }
    case 'INVALID_SETTINGS':
      return [openSettingsRemedy()];
    default:
      return [showLogsRemedy(context)];
  }
}
