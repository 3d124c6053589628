import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import { beginAnew, eventually, extension } from './portside';

interface Manifest {
  contributes: {
    configuration: { properties: Record<string, unknown> };
    walkthroughs: { id: string; title: string; steps: { title: string; description: string }[] }[];
  };
}
const { contributes } = extension().packageJSON as Manifest;

describe('the first run', () => {
  let proxy: Controller;

  before(async () => {
    ({ proxy } = await beginAnew());
  });
  after(async () => {
    await proxy.stop();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('has a walkthrough whose texts the editor found', () => {
    const [walkthrough] = contributes.walkthroughs;
    assert.equal(walkthrough?.title, 'Get started with Portside');
    for (const { title, description } of walkthrough?.steps ?? []) {
      assert.doesNotMatch(title, /^%/);
      assert.match(description, /\(command:portside\./);
    }
  });

  it('opens it on Get Started', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('portside.getStarted');
    await eventually(() => vscode.window.tabGroups.activeTabGroup.tabs.length === 1, 'a tab is open');
  });

  it('sends a test request only while the proxy runs', async () => {
    assert.equal(await vscode.commands.executeCommand('portside.sendTestRequest'), undefined);
  });

  it('goes from the demo account to an answer, which the monitor and the account count', async () => {
    await vscode.commands.executeCommand('portside.useDemoAccount');
    await vscode.commands.executeCommand('portside.start');
    assert.equal(proxy.status().state, 'running');
    const words = await vscode.commands.executeCommand<string>('portside.sendTestRequest');
    assert.match(words, /Hello from Portside/);
    await eventually(async () => {
      await proxy.refresh();
      return proxy.status().accounts[0]?.served === 1;
    }, 'the account has answered one request');
  });
});

describe('manners', () => {
  it('leads new terminals to Portside and leaves them alone again, with one command each', async () => {
    const isOn = () => vscode.workspace.getConfiguration('portside').get('terminalEnvironment');
    assert.equal(isOn(), false);
    await vscode.commands.executeCommand('portside.useInTerminals');
    assert.equal(isOn(), true);
    await vscode.commands.executeCommand('portside.leaveTerminals');
    assert.equal(isOn(), false);
  });

  it('names the port to remote windows, without a question when it is forwarded', () => {
    const { defaultValue } =
      vscode.workspace
        .getConfiguration('remote')
        .inspect<Record<string, { label?: string; onAutoForward?: string }>>('portsAttributes') ?? {};
    const { label, onAutoForward } = defaultValue?.['8045'] ?? {};
    assert.deepEqual([label, onAutoForward], ['Portside', 'silent']);
  });

  it('takes no setting from a workspace or a folder', async () => {
    const names = Object.keys(contributes.configuration.properties);
    assert.ok(names.length > 20);
    const { Workspace, WorkspaceFolder } = vscode.ConfigurationTarget;
    for (const name of names) {
      const settings = vscode.workspace.getConfiguration();
      for (const target of [Workspace, WorkspaceFolder])
        await assert.rejects(async () => settings.update(name, settings.get(name), target), name);
      const { workspaceValue, workspaceFolderValue } = settings.inspect(name) ?? {};
      assert.deepEqual([workspaceValue, workspaceFolderValue], [undefined, undefined]);
    }
  });
});
