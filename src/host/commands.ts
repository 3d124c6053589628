import * as vscode from 'vscode';
import { addAccount } from './add-account';
import { copyApiKey, regenerateApiKey, setZaiKey } from './api-key-commands';
import { checkHealth } from './check-health';
import { type CommandContext, offer, showLogsRemedy } from './command-context';
import { copyBaseUrl } from './copy-base-url';
import { detectLocalServers } from './detect-local-servers';
import { DisposableStore } from './disposable';
import { removeAccount } from './remove-account';
import { showMenu } from './show-menu';
import { restartProxy, startProxy } from './start-proxy';
import { useDemoAccount } from './use-demo-account';

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
  removeAccount,
  useDemoAccount,
  detectLocalServers,
  setZaiKey,
  checkHealth,
  openPanel: ({ openPanel }) => openPanel(),
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
