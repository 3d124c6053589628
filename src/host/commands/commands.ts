import * as vscode from 'vscode';
import { addAccount } from './accounts/add-account';
import { allowEditorModels } from './accounts/allow-editor-models';
import { copyApiKey, regenerateApiKey, setZaiKey } from './api-key-commands';
import { checkHealth } from './check-health';
import { clearCooling } from './accounts/clear-cooling';
import { addClientKey, removeClientKey } from './client-key-commands';
import { type CommandContext, offer, showLogsRemedy } from './command-context';
import { connectAgent } from './agents/connect-agent';
import { copyBaseUrl } from './copy-base-url';
import { copyDoctorReport } from './copy-doctor-report';
import { detectLocalServers } from './accounts/detect-local-servers';
import { disconnectAgent } from './agents/disconnect-agent';
import { DisposableStore } from '../disposable';
import { editAccount } from './accounts/edit-account';
import { exportAccounts } from './accounts/export-accounts';
import { importAccounts } from './accounts/import-accounts';
import { getStarted } from '../first-run';
import { removeAccount } from './accounts/remove-account';
import { retestAccount } from './accounts/retest-account';
import { runDoctor } from './run-doctor';
import { sendTestRequest } from './send-test-request';
import { showMenu } from './show-menu';
import { restartProxy, startProxy } from './start-proxy';
import { leaveTerminals, useInTerminals } from './terminal-commands';
import { testRoute } from './test-route';
import { useDemoAccount } from './accounts/use-demo-account';

type Command = (context: CommandContext, argument?: unknown) => unknown;

/** Every command by its name without `portside.`, as package.json declares them. */
export const COMMANDS: Record<string, Command> = {
  start: startProxy,
  stop: ({ controller }) => controller.stop(),
  restart: restartProxy,
  copyBaseUrl,
  copyApiKey,
  regenerateApiKey,
  addAccount,
  editAccount,
  retestAccount,
  clearCooling,
  removeAccount,
  exportAccounts,
  importAccounts,
  addClientKey,
  removeClientKey,
  testRoute,
  useDemoAccount,
  allowEditorModels,
  detectLocalServers,
  connectAgent,
  disconnectAgent,
  useInTerminals,
  leaveTerminals,
  setZaiKey,
  checkHealth,
  runDoctor,
  copyDoctorReport,
  sendTestRequest,
  getStarted,
  openPanel: ({ openPanel }) => openPanel(),
  openMonitor: ({ openMonitor }) => openMonitor(),
  showLogs: ({ log }) => log.show(),
  showMenu,
};

/**
 * Registers all commands. What one gives back reaches whoever called `executeCommand`; what it throws is shown to the
 * user and gives undefined.
 */
export function registerCommands(context: CommandContext): DisposableStore {
  const store = new DisposableStore();
  for (const [name, run] of Object.entries(COMMANDS)) {
    store.add(
      vscode.commands.registerCommand(`portside.${name}`, async (argument?: unknown) => {
        try {
          return await run(context, argument);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          context.log.error(`${name}: ${message}`);
          offer(context, 'error', context.redact(message), [showLogsRemedy(context)]);
          return undefined;
        }
      }),
    );
  }
  return store;
}
