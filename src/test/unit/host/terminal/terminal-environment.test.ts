import { changeSetting, editor, resetEditor } from '../vscode-stub';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type * as vscode from 'vscode';
import type { Controller } from '../../../../host/controller/controller';
import { setTerminalEnvironment } from '../../../../host/terminal/terminal-environment';
import type { ProxyStatus } from '../../../../shared/status';
import { until } from '../test-controller';

/** An environment collection that can be looked into. */
class StubCollection {
  persistent = true;
  description: string | undefined;
  readonly values = new Map<string, string>();
  writes = 0;
  clear() {
    this.values.clear();
  }
  replace(name: string, value: string) {
    this.writes += 1;
    this.values.set(name, value);
  }
  prepend(name: string, value: string) {
    this.values.set(`+${name}`, value);
  }
}

describe('the environment of terminals', () => {
  let folder: string;
  let collection: StubCollection;
  let status: Pick<ProxyStatus, 'state' | 'listening' | 'authMode'>;
  let key: () => Promise<string>;
  let changed: () => void;
  let warnings: string[];

  beforeEach(() => {
    resetEditor();
    folder = mkdtempSync(join(tmpdir(), 'portside-environment-'));
    collection = new StubCollection();
    status = { state: 'stopped', authMode: 'off' };
    key = () => Promise.resolve('sk-local-key');
    warnings = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const listening = (port: number) => ({ host: '127.0.0.1', port, url: `http://127.0.0.1:${port}` });
  function begin() {
    const controller = {
      status: () => status,
      apiKey: () => key(),
      onDidChange: (listener: () => void) => {
        changed = listener;
        return { dispose: () => (changed = () => undefined) };
      },
    } as unknown as Controller;
    return setTerminalEnvironment({
      collection: collection as unknown as vscode.EnvironmentVariableCollection,
      controller,
      folder: join(folder, 'terminal'),
      warn: (message) => warnings.push(message),
    });
  }
  const run = (port: number, authMode: ProxyStatus['authMode'] = 'off') => {
    status = { state: 'running', listening: listening(port), authMode };
    changed();
  };
  const settle = () => new Promise((later) => setTimeout(later, 50));

  it('is empty without the opt-in', async () => {
    begin();
    run(8045);
    await settle();
    assert.equal(collection.values.size, 0);
    assert.equal(existsSync(join(folder, 'terminal')), false);
  });

  it('is not kept beyond the window, and says whose it is and where it leads', async () => {
    editor.settings['terminalEnvironment'] = true;
    begin();
    assert.equal(collection.persistent, false);
    run(8045);
    await until(() => collection.values.has('+PATH'));
    assert.match(collection.description ?? '', /Portside.*http:\/\/127\.0\.0\.1:8045/);
    assert.equal(collection.values.get('+PATH'), join(folder, 'terminal') + delimiter);
    assert.equal(collection.values.get('OPENAI_BASE_URL'), 'http://127.0.0.1:8045/v1');
    assert.equal(collection.values.get('ANTHROPIC_AUTH_TOKEN'), 'portside');
    assert.ok(existsSync(join(folder, 'terminal/codex')));
  });

  it('is left alone while nothing of it changes', async () => {
    editor.settings['terminalEnvironment'] = true;
    begin();
    run(8045);
    await until(() => collection.values.has('+PATH'));
    const { writes } = collection;
    for (let round = 0; round < 5; round++) changed();
    await settle();
    assert.equal(collection.writes, writes);
    run(9000, 'strict');
    await until(() => collection.values.get('OPENAI_BASE_URL') === 'http://127.0.0.1:9000/v1');
    assert.equal(collection.values.get('OPENAI_API_KEY'), 'sk-local-key');
  });

  it('stays empty when the proxy stops while the key is being read', async () => {
    editor.settings['terminalEnvironment'] = true;
    let tell: (key: string) => void = () => undefined;
    key = () => new Promise((resolve) => (tell = resolve));
    begin();
    run(8045, 'strict');
    status = { state: 'stopped', authMode: 'strict' };
    changed();
    tell('sk-local-key');
    await settle();
    assert.equal(collection.values.size, 0);
  });

  it('is cleared by opting out, and when the extension goes', async () => {
    editor.settings['terminalEnvironment'] = true;
    const environment = begin();
    run(8045);
    await until(() => collection.values.has('+PATH'));
    changeSetting('terminalEnvironment', false);
    changed();
    assert.equal(collection.values.size, 0);
    assert.equal(collection.description, undefined);
    changeSetting('terminalEnvironment', true);
    changed();
    await until(() => collection.values.has('+PATH'));
    environment.dispose();
    assert.equal(collection.values.size, 0);
  });

  it('does without launchers where they cannot be written, and says so', async () => {
    editor.settings['terminalEnvironment'] = true;
    writeFileSync(join(folder, 'terminal'), 'a file where the folder should be');
    begin();
    run(8045);
    await until(() => collection.values.has('GEMINI_API_KEY'));
    assert.equal(collection.values.has('+PATH'), false);
    assert.match(warnings.join(), /launchers/);
  });
});
