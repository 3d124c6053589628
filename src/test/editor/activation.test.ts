import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension } from './portside';

interface Manifest {
  contributes: { commands: { command: string }[]; configuration: { properties: Record<string, unknown> } };
}
const manifest = () => extension().packageJSON as Manifest;

describe('activation', () => {
  it('happens by itself, and leaves the proxy stopped with no port open', async () => {
    const end = Date.now() + 30_000;
    while (!extension().isActive && Date.now() < end) await new Promise((later) => setTimeout(later, 50));
    assert.ok(extension().isActive);
    const status = extension().exports.status();
    assert.equal(status.state, 'stopped');
    assert.equal(status.listening, undefined);
  });

  it('runs where the workspace is', () => {
    assert.equal(extension().extensionKind, vscode.ExtensionKind.Workspace);
  });

  it('registers every command that the manifest declares', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const declared = manifest().contributes.commands.map(({ command }) => command);
    assert.ok(declared.length >= 11);
    assert.deepEqual(
      declared.filter((command) => !known.has(command)),
      [],
    );
  });

  it('lets no workspace change a setting: all are of machine scope', async () => {
    const names = Object.keys(manifest().contributes.configuration.properties);
    assert.ok(names.includes('portside.port'));
    for (const name of names) {
      const { Workspace } = vscode.ConfigurationTarget;
      await assert.rejects(
        async () => vscode.workspace.getConfiguration().update(name, undefined, Workspace),
        name,
      );
    }
  });
});
