/**
 * Opt-in (SPEC 7.4): while the proxy runs, new integrated terminals lead command-line agents to it. What is open already
 * is told by the editor itself, which offers to relaunch it.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { environmentVariables, NO_KEY } from '../../shared/quick-start';
import type { Controller } from '../controller/controller';
import { type Disposable, DisposableStore } from '../disposable';
import { agentLaunchers } from './agent-launchers';
import { terminalsLed } from './terminal-settings';

/** Also after the shell's own start-up files, which may set the same names. */
const ALWAYS = { applyAtProcessCreation: true, applyAtShellIntegration: true };

export interface TerminalEnvironmentOptions {
  collection: vscode.EnvironmentVariableCollection;
  controller: Controller;
  /** A folder of the extension's own for {@link agentLaunchers}. */
  folder: string;
  warn(message: string): void;
}

/** Keeps the collection as the setting and the proxy want it, until it is disposed: then it is empty. */
export function setTerminalEnvironment({
  collection,
  controller,
  folder,
  warn,
}: TerminalEnvironmentOptions): Disposable {
  const owned = new DisposableStore();
  let latest = 0;
  /** What terminals get now, to leave them alone when nothing changes. */
  let applied = '';

  const clear = () => {
    if (applied === '') return;
    applied = '';
    collection.clear();
    collection.description = undefined;
  };

  async function update(): Promise<void> {
    const turn = ++latest;
    const { state, listening, authMode } = controller.status();
    if (state !== 'running' || !listening || !terminalsLed()) {
      clear();
      return;
    }
    const key = authMode === 'off' ? NO_KEY : await controller.apiKey();
    const wanted = JSON.stringify([listening.url, key]);
    if (wanted === applied) return;
    const launchers = await writeLaunchers(folder).then(
      () => true,
      (error: unknown) => {
        warn(`Terminals do without launchers for codex and gemini: ${String(error)}`);
        return false;
      },
    );
    if (turn !== latest) return;
    collection.clear();
    collection.persistent = false;
    collection.description = describe(listening.url);
    for (const [name, value] of environmentVariables({ url: listening.url, key }))
      collection.replace(name, value, ALWAYS);
    if (launchers) collection.prepend('PATH', folder + delimiter, ALWAYS);
    applied = wanted;
  }

  const run = () => {
    update().catch((error: unknown) => warn(`Terminals cannot be led to the proxy: ${String(error)}`));
  };
  // An editor that ended without a word may have left something behind.
  collection.persistent = false;
  collection.clear();
  owned.add(controller.onDidChange(run));
  owned.add({
    dispose() {
      latest += 1;
      clear();
    },
  });
  run();
  return owned;
}

/** What stands above the variables in the terminal's “Show Environment Contributions”: as it is, not rendered. */
const describe = (url: string): string =>
  vscode.l10n.t(
    'Portside leads claude, codex, gemini and SDKs of OpenAI, Anthropic and Google to the proxy at {0}.',
    url,
  );

async function writeLaunchers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, text } of agentLaunchers(process.platform)) {
    const file = join(folder, name);
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present !== text) await writeFile(file, text);
    await chmod(file, 0o755);
  }
}
