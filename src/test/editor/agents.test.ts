import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import { beginAnew, eventually } from './portside';

/** Comments, a trailing comma, CRLF, a byte order mark and a key that Portside does not know. */
const OWN =
  '\uFEFF{\r\n\t// mine\r\n\t"permissions": { "allow": ["Read"] }, /* kept */\r\n\t"unknown": [1,2 ,3],\r\n}\r\n';

describe('connecting an agent', () => {
  const home = { HOME: process.env['HOME'], USERPROFILE: process.env['USERPROFILE'] };
  const others = Object.keys(process.env).filter((name) => /^(ANTHROPIC_|CLAUDE_)/.test(name));
  const kept = Object.fromEntries(others.map((name) => [name, process.env[name]]));
  let folder: string;
  let settings: string;
  let proxy: Controller;
  let port: number;

  beforeEach(async () => {
    ({ proxy, port } = await beginAnew());
    for (const name of others) Reflect.deleteProperty(process.env, name);
    folder = mkdtempSync(join(tmpdir(), 'portside-agents-'));
    process.env['HOME'] = process.env['USERPROFILE'] = folder;
    settings = join(folder, '.claude', 'settings.json');
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('portside.disconnectAgent', 'claude-code');
    Object.assign(process.env, kept);
    for (const [name, value] of Object.entries(home))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    rmSync(folder, { recursive: true, force: true });
  });

  const shownDiff = () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .map(({ input }) => input)
      .find((input) => input instanceof vscode.TabInputTextDiff);

  /** Runs a command; once it shows a diff gives what that shows, and answers the question. */
  async function review(command: string, answer: 'Write' | 'Cancel', meanwhile = () => {}) {
    const done = vscode.commands.executeCommand<boolean>(`portside.${command}`, 'claude-code');
    await eventually(() => shownDiff() !== undefined, 'the diff is shown');
    const diff = shownDiff()!;
    const text = async (uri: vscode.Uri) => (await vscode.workspace.openTextDocument(uri)).getText();
    const sides = [await text(diff.original), await text(diff.modified)] as const;
    meanwhile();
    await give(answer, diff);
    return { done, sides };
  }

  /** Answers until what was shown is closed: the list takes keys a moment after it is there. */
  async function give(answer: 'Write' | 'Cancel', { modified }: vscode.TabInputTextDiff): Promise<void> {
    const command = answer === 'Write' ? 'acceptSelectedQuickOpenItem' : 'closeQuickOpen';
    while (String(shownDiff()?.modified) === String(modified)) {
      await new Promise((later) => setTimeout(later, 200));
      await vscode.commands.executeCommand(`workbench.action.${command}`);
    }
  }

  it('shows the new file beside nothing, writes it when told to, and takes it away again', async () => {
    const { done, sides } = await review('connectAgent', 'Write');
    assert.equal(await done, true);
    assert.equal(sides[0], '');
    assert.equal(readFileSync(settings, 'utf8'), sides[1]);
    const { env } = JSON.parse(sides[1]) as { env: Record<string, string> };
    assert.deepEqual(env, {
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
      ANTHROPIC_AUTH_TOKEN: 'portside',
    });
    assert.equal(shownDiff(), undefined, 'what was shown is closed');
    assert.equal(await vscode.commands.executeCommand('portside.disconnectAgent', 'claude-code'), true);
    assert.equal(existsSync(join(folder, '.claude')), false);
  });

  it('writes nothing without a yes', async () => {
    const { done } = await review('connectAgent', 'Cancel');
    assert.equal(await done, false);
    assert.equal(existsSync(join(folder, '.claude')), false);
  });

  it('keeps everything else of a file behind a link, and puts it back byte for byte', async () => {
    const real = join(folder, 'dotfiles.json');
    writeFileSync(real, OWN);
    mkdirSync(join(folder, '.claude'));
    symlinkSync(real, settings);
    const { done } = await review('connectAgent', 'Write');
    assert.equal(await done, true);
    const written = readFileSync(real, 'utf8');
    for (const part of ['\uFEFF{\r\n\t// mine\r\n', '/* kept */', '"unknown": [1,2 ,3],\r\n'])
      assert.ok(written.includes(part), part);
    assert.ok(lstatSync(settings).isSymbolicLink());
    assert.equal(await vscode.commands.executeCommand('portside.disconnectAgent', 'claude-code'), true);
    assert.equal(readFileSync(real, 'utf8'), OWN);
    assert.ok(lstatSync(settings).isSymbolicLink());
  });

  it('shows again what has changed meanwhile', async () => {
    mkdirSync(join(folder, '.claude'));
    writeFileSync(settings, '{}');
    const { done } = await review('connectAgent', 'Write', () => writeFileSync(settings, '{"model":"opus"}'));
    await eventually(() => shownDiff() !== undefined, 'the diff is shown again');
    assert.equal(readFileSync(settings, 'utf8'), '{"model":"opus"}');
    await give('Write', shownDiff()!);
    assert.equal(await done, true);
    const both = JSON.parse(readFileSync(settings, 'utf8')) as { model: string; env: object };
    assert.deepEqual(
      [both.model, Object.keys(both.env)],
      ['opus', ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN']],
    );
  });

  it('takes out only its own when the file was changed since', async () => {
    const { done } = await review('connectAgent', 'Write');
    await done;
    const now = JSON.parse(readFileSync(settings, 'utf8')) as object;
    writeFileSync(settings, JSON.stringify({ ...now, model: 'opus' }));
    const second = await review('disconnectAgent', 'Write');
    assert.equal(await second.done, true);
    assert.deepEqual(JSON.parse(readFileSync(settings, 'utf8')), { model: 'opus' });
  });

  it('refuses a file that it cannot read', async () => {
    mkdirSync(join(folder, '.claude'));
    writeFileSync(settings, '{\n  "env": oops\n}');
    assert.equal(await vscode.commands.executeCommand('portside.connectAgent', 'claude-code'), false);
    assert.equal(readFileSync(settings, 'utf8'), '{\n  "env": oops\n}');
  });

  it('gives away the key only where one is asked for', async () => {
    await proxy.updateSetting('authMode', 'strict');
    try {
      const { done } = await review('connectAgent', 'Write');
      await done;
      const { env } = JSON.parse(readFileSync(settings, 'utf8')) as { env: Record<string, string> };
      assert.equal(env['ANTHROPIC_AUTH_TOKEN'], await proxy.apiKey());
    } finally {
      await proxy.updateSetting('authMode', 'auto');
    }
  });
});
