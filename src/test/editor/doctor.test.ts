import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import type { Doctor } from '../../host/doctor/doctor';
import type { CheckView, DoctorView, FindingView } from '../../shared/doctor';
import { beginAnew, eventually, extension } from './portside';

const UPSTREAM_KEY = 'upstream-canary-of-doctor-0123456789';
const FOREIGN_KEY = 'sk-foreign-canary-of-doctor-0123456789';

describe('the doctor', () => {
  const home = { HOME: process.env['HOME'], USERPROFILE: process.env['USERPROFILE'] };
  let proxy: Controller;
  let port: number;
  let doctor: Doctor;
  let folder: string;
  let provider: Server;

  before(async () => {
    ({ proxy, port } = await beginAnew());
    doctor = (await extension().activate()).doctor!;
    folder = mkdtempSync(join(tmpdir(), 'portside-doctor-'));
    process.env['HOME'] = process.env['USERPROFILE'] = folder;
    process.env['OPENAI_API_BASE'] = `https://me:${FOREIGN_KEY}@api.example.com/${FOREIGN_KEY}`;
    process.env['OPENAI_API_KEY'] = FOREIGN_KEY;
    mkdirSync(join(folder, '.claude'));
    writeFileSync(join(folder, '.claude', 'settings.json'), '{\n  "env": oops\n}');
    // A provider that says the key which it refuses.
    provider = createServer(({ headers }, response) => {
      response.statusCode = 401;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ error: { message: `Not valid: ${headers.authorization}` } }));
    });
    await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening));
    const { port: at } = provider.address() as AddressInfo;
    const account = { provider: 'openai-compatible', label: 'Refused', key: UPSTREAM_KEY } as const;
    await proxy.addAccount({ ...account, baseUrl: `http://127.0.0.1:${at}/v1` });
    await proxy.addAccount({ provider: 'demo', key: '' });
  });
  after(async () => {
    await proxy.stop();
    for (const { id } of proxy.accounts()) await proxy.removeAccount(id);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await setTerminals(undefined);
    for (const [name, value] of Object.entries({
      ...home,
      OPENAI_API_BASE: undefined,
      OPENAI_API_KEY: undefined,
    }))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    provider.close();
    provider.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  const platform = { win32: 'windows', darwin: 'osx' }[process.platform as string] ?? 'linux';
  const terminals = vscode.workspace.getConfiguration.bind(vscode.workspace, 'terminal.integrated.env');
  const setTerminals = (value: object | undefined) =>
    terminals().update(platform, value, vscode.ConfigurationTarget.Global);
  const check = (view: DoctorView | undefined, id: string): CheckView => {
    const found = view?.checks.find((each) => each.id === id);
    assert.ok(found, id);
    return found;
  };
  const finding = (id: string, words: RegExp): FindingView => {
    const { findings } = check(doctor.view(), id);
    const found = findings.find((each) => words.test(each.words));
    assert.ok(found, `${words.source} in ${JSON.stringify(findings)}`);
    return found;
  };

  it('runs from its command, in the panel, and every check comes to an end', async () => {
    const view = await vscode.commands.executeCommand<DoctorView>('portside.runDoctor');
    assert.equal(view.running, false);
    assert.ok(view.checks.length >= 18, `${view.checks.length} checks`);
    for (const { id, findings, running } of view.checks) {
      assert.equal(running, false, id);
      assert.notDeepEqual(findings, [], id);
      assert.doesNotMatch(JSON.stringify(findings), /could not be looked at|No verdict/, id);
    }
    await eventually(
      () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'Portside')),
      'the panel is open',
    );
  });

  it('finds what is there: a stopped proxy, a refused key, a broken file, a variable', () => {
    assert.equal(finding('port', /does not run/).severity, 'warning');
    assert.match(finding('port', /does not run/).words, new RegExp(`${port} is free`));
    assert.match(finding('providers', /^Refused does not work/).words, /Not valid/);
    assert.equal(finding('agents', /^Claude Code: the file cannot be read/).fix, 'Open File');
    assert.match(
      finding('variables', /^OPENAI_API_BASE/).words,
      /leads to https:\/\/api\.example\.com, past/,
    );
  });

  it('opens a broken file at the place of its trouble', async () => {
    await doctor.fix(finding('agents', /cannot be read/).id);
    const { document, selection } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.fsPath, join(folder, '.claude', 'settings.json'));
    assert.deepEqual([selection.active.line, selection.active.character], [1, 9]);
  });

  it('starts the proxy, and then knows that all base URLs answer', async () => {
    await doctor.fix(finding('port', /does not run/).id);
    assert.equal(proxy.status().state, 'running');
    assert.equal(finding('port', /is served by this window/).severity, 'ok');
    assert.deepEqual(
      check(doctor.view(), 'base-urls').findings.map(({ severity }) => severity),
      ['ok', 'ok', 'ok'],
    );
    assert.equal(finding('health', /answers within/).severity, 'ok');
  });

  it('keeps a variable from new terminals, in the user’s settings', async () => {
    await doctor.fix(finding('variables', /^OPENAI_API_BASE/).id);
    assert.deepEqual(terminals().inspect(platform)?.globalValue, { OPENAI_API_BASE: null });
    assert.doesNotMatch(JSON.stringify(check(doctor.view(), 'variables')), /OPENAI_API_BASE/);
  });

  it('leads new terminals to the proxy', async () => {
    const section = () => vscode.workspace.getConfiguration('portside');
    assert.equal(section().get('terminalEnvironment'), false);
    try {
      await doctor.fix(finding('terminals', /do not lead/).id);
      assert.equal(section().get('terminalEnvironment'), true);
      assert.equal(finding('terminals', /lead agents to Portside\.$/).severity, 'ok');
    } finally {
      await section().update('terminalEnvironment', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('finds a setting of Portside in the workspace, and opens it', async () => {
    const [root] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(root, 'a folder is open');
    const file = join(root.uri.fsPath, '.vscode', 'settings.json');
    mkdirSync(join(root.uri.fsPath, '.vscode'), { recursive: true });
    const before = existsSync(file) ? readFileSync(file) : undefined;
    writeFileSync(file, '{\n  "portside.port": 1\n}\n');
    try {
      await doctor.run();
      assert.equal(finding('workspace', /sets portside\.port, which counts nothing/).severity, 'warning');
      await doctor.fix(finding('workspace', /portside\.port/).id);
      const { document, selection } = vscode.window.activeTextEditor!;
      assert.equal(document.uri.fsPath, file);
      assert.deepEqual([selection.active.line, selection.active.character], [1, 2]);
    } finally {
      if (before) writeFileSync(file, before);
      else rmSync(file);
    }
  });

  it('tells nobody a key or the name of a home, in what it shows and in the report that it copies', async () => {
    const report = await vscode.commands.executeCommand<string>('portside.copyDoctorReport');
    assert.equal(await vscode.env.clipboard.readText(), report);
    assert.match(report, /^### Portside doctor · /);
    assert.match(report, /~/);
    for (const text of [report, JSON.stringify(doctor.view())])
      for (const key of [UPSTREAM_KEY, FOREIGN_KEY, await proxy.apiKey()])
        assert.ok(!text.includes(key), `${key.slice(0, 12)}… is told`);
    assert.ok(!report.includes(folder) && !report.includes(homedir()));
  });
});
