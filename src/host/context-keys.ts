import * as vscode from 'vscode';
import type { Controller } from './controller/controller';
import { type Disposable, DisposableStore } from './disposable';

/** Remembered: whoever once had an answer needs no watching for the first one. */
const SERVED = 'portside.served';

/** What the manifest's `when` and `completionEvents` can ask: `portside.<name>`. */
export interface ContextKeys {
  /** There is an account that is switched on. */
  hasAccount: boolean;
  running: boolean;
  /** Neither running nor on the way to it. */
  stopped: boolean;
  /** A request was answered, now or in an earlier session. */
  served: boolean;
}

export interface ContextKeyOptions {
  controller: Controller;
  memory: Pick<vscode.Memento, 'get' | 'update'>;
  warn(message: string): void;
}

/** Keeps the keys as the controller is, until it is disposed. */
export function setContextKeys({ controller, memory, warn }: ContextKeyOptions): Disposable {
  const owned = new DisposableStore();
  const told: Partial<ContextKeys> = {};
  const report = (error: unknown) => warn(`The editor did not take a context key: ${String(error)}`);
  let watch: Disposable | undefined;

  const tell = (keys: ContextKeys) => {
    for (const [name, value] of Object.entries(keys) as [keyof ContextKeys, boolean][]) {
      if (told[name] === value) continue;
      told[name] = value;
      vscode.commands.executeCommand('setContext', `portside.${name}`, value).then(undefined, report);
    }
  };

  const update = () => {
    const { state, accounts, activeAccounts } = controller.status();
    const served = memory.get(SERVED) === true || accounts.some((account) => (account.served ?? 0) > 0);
    tell({
      hasAccount: activeAccounts > 0,
      running: state === 'running',
      stopped: state === 'stopped',
      served,
    });
    if (!served || !watch) return;
    watch.dispose();
    watch = undefined;
    memory.update(SERVED, true).then(undefined, report);
  };

  if (memory.get(SERVED) !== true) {
    watch = controller.onMonitorEvent((event) => {
      // How many requests an account answered is told when it is asked for.
      if (event.type === 'changed' && event.added > 0) controller.refresh().catch(report);
    });
    owned.add({ dispose: () => watch?.dispose() });
  }
  owned.add(controller.onDidChange(update));
  update();
  return owned;
}
