import * as vscode from 'vscode';
import { baseUrls } from '../shared/quick-start';
import type { Controller } from './controller/controller';
import { describeStatus } from './describe-status';
import { DisposableStore } from './disposable';

/** The one item in the status bar; follows the controller. A click opens the menu. */
export function createStatusBar(controller: Controller): DisposableStore {
  const store = new DisposableStore();
  const item = store.add(vscode.window.createStatusBarItem('status', vscode.StatusBarAlignment.Right, 50));
  item.name = 'Portside';
  item.command = 'portside.showMenu';
  const update = () => {
    const { text, label, failed } = describeStatus(controller.status(), vscode.l10n.t);
    item.text = text;
    item.accessibilityInformation = { label, role: 'button' };
    item.backgroundColor = failed ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.tooltip = tooltip(controller, label);
  };
  store.add(controller.onDidChange(update));
  update();
  item.show();
  return store;
}

function tooltip(controller: Controller, label: string): vscode.MarkdownString {
  const t = vscode.l10n.t;
  const status = controller.status();
  const text = new vscode.MarkdownString();
  // Commands of ours and nothing else can be linked; what is not ours goes in as text.
  text.isTrusted = {
    enabledCommands: ['start', 'stop', 'restart', 'openPanel', 'openMonitor'].map(
      (name) => `portside.${name}`,
    ),
  };
  text.appendText(label);
  text.appendMarkdown('\n\n');
  const urls = baseUrls(controller.baseUrl());
  for (const [name, url] of [
    ['OpenAI', urls.openai],
    ['Anthropic', urls.anthropic],
    ['Gemini', urls.gemini],
  ] as const) {
    text.appendMarkdown(`${name}: \`${url}\`  \n`);
  }
  const links = [
    status.state === 'running'
      ? `[${t('Stop Proxy')}](command:portside.stop)`
      : `[${t('Start Proxy')}](command:portside.start)`,
    ...(status.restartNeeded ? [`[${t('Restart Proxy')}](command:portside.restart)`] : []),
    `[${t('Open Settings Panel')}](command:portside.openPanel)`,
    `[${t('Open Monitor')}](command:portside.openMonitor)`,
  ];
  text.appendMarkdown(`\n${links.join(' | ')}`);
  return text;
}
