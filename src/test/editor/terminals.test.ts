/** Integrated terminals lead agents to the proxy (SPEC 7.4): real terminals, and real agents where they are installed. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import { freePort } from '../support/local-port';
import { readingPrompt, startFileReadingModel } from '../support/upstream/file-reading-model';
import { skipBecause } from '../support/skip-because';
import { beginAnew, eventually } from './portside';

const NAMES = [
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_AUTH_TOKEN',
  'OPENAI_BASE_URL',
  'OPENAI_API_KEY',
  'GOOGLE_GEMINI_BASE_URL',
  'GEMINI_API_KEY',
];

/** A folder with a package folder for each agent (`claude-code`, `codex`, `gemini-cli`) and `node_modules` in it. */
const AGENTS = process.env['PORTSIDE_TEST_AGENTS'];

describe('integrated terminals', () => {
  let proxy: Controller;
  let port: number;
  let folder: string;
  let count = 0;

  before(function () {
    if (process.platform === 'win32')
      skipBecause(this, 'the terminals of the tests are those of a POSIX shell');
    folder = mkdtempSync(join(tmpdir(), 'portside-terminals-'));
  });
  beforeEach(async () => {
    ({ proxy, port } = await beginAnew());
    await proxy.addAccount({ provider: 'demo', key: '' });
  });
  afterEach(async () => {
    await optIn(undefined);
    await proxy.updateSetting('authMode', 'auto');
    await proxy.stop();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  const optIn = (wanted: boolean | undefined) =>
    vscode.workspace
      .getConfiguration('portside')
      .update('terminalEnvironment', wanted, vscode.ConfigurationTarget.Global);

  /** Types a command into a new terminal and gives what it wrote to stdout when it has ended. */
  async function type(
    command: string,
    patienceMs = 20_000,
    options: vscode.TerminalOptions = {},
  ): Promise<{ output: string; errors: string }> {
    const file = join(folder, `output-${count++}`);
    const terminal = vscode.window.createTerminal({ name: 'Portside test', ...options });
    try {
      terminal.sendText(`( ${command} ) >'${file}' 2>'${file}.errors' </dev/null; : >'${file}.done'`);
      const end = Date.now() + patienceMs;
      while (!existsSync(`${file}.done`)) {
        assert.ok(Date.now() < end, `the command did not end: ${command}`);
        await new Promise((later) => setTimeout(later, 50));
      }
      return { output: readFileSync(file, 'utf8'), errors: readFileSync(`${file}.errors`, 'utf8') };
    } finally {
      terminal.dispose();
    }
  }

  async function variables(): Promise<Record<string, string>> {
    const { output } = await type('env');
    const all = output.split('\n').map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]);
    return Object.fromEntries(all.filter(([name]) => NAMES.includes(name!))) as Record<string, string>;
  }
  const become = (wanted: Record<string, string>, what: string) =>
    eventually(
      async () => JSON.stringify(sorted(await variables())) === JSON.stringify(sorted(wanted)),
      what,
    );
  const sorted = (given: Record<string, string>) =>
    Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1));
  const leading = (key: string, at = port): Record<string, string> => ({
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${at}`,
    ANTHROPIC_AUTH_TOKEN: key,
    OPENAI_BASE_URL: `http://127.0.0.1:${at}/v1`,
    OPENAI_API_KEY: key,
    GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${at}`,
    GEMINI_API_KEY: key,
  });

  it('are left alone without the opt-in', async () => {
    await proxy.start();
    assert.deepEqual(await variables(), {});
  });

  it('know the proxy while it runs, and no longer', async () => {
    await optIn(true);
    assert.deepEqual(await variables(), {});
    await proxy.start();
    await become(leading('portside'), 'the variables are there');
    await proxy.stop();
    await become({}, 'the variables are gone');
  });

  it('get the key where one is asked for, also when it changes', async () => {
    await optIn(true);
    await proxy.updateSetting('authMode', 'strict');
    await proxy.start();
    await become(leading(await proxy.apiKey()), 'the key is there');
    await become(leading(await proxy.regenerateApiKey()), 'the new key is there');
  });

  it('are led to the new port after a restart on another', async () => {
    await optIn(true);
    await proxy.start();
    await become(leading('portside'), 'the variables are there');
    await proxy.stop();
    port = await freePort();
    await proxy.updateSetting('port', port);
    await proxy.start();
    await become(leading('portside'), 'the variables name the new port');
  });

  for (const [integrated, address] of [
    [true, 'the proxy’s'],
    [false, 'the profile’s'],
  ] as const)
    it(`${integrated ? 'with' : 'without'} the editor’s shell integration ${address} address wins over the other`, async () => {
      const home = mkdtempSync(join(folder, 'profile-'));
      writeFileSync(
        join(home, '.bashrc'),
        'export OPENAI_BASE_URL=https://of-the-profile.example/v1 READ=yes\n',
      );
      const shell = vscode.workspace.getConfiguration('terminal.integrated.shellIntegration');
      await shell.update('enabled', integrated, vscode.ConfigurationTarget.Global);
      try {
        await optIn(true);
        await proxy.start();
        await become(leading('portside'), 'the variables are there');
        const options = { shellPath: '/bin/bash', env: { HOME: home } };
        const { output } = await type('echo "$READ $OPENAI_BASE_URL"', 20_000, options);
        const wanted = integrated
          ? leading('portside')['OPENAI_BASE_URL']
          : 'https://of-the-profile.example/v1';
        assert.equal(output.trim(), `yes ${wanted}`);
      } finally {
        await shell.update('enabled', undefined, vscode.ConfigurationTarget.Global);
      }
    });

  it('lose what they had when the user opts out', async () => {
    await optIn(true);
    await proxy.start();
    await become(leading('portside'), 'the variables are there');
    await optIn(false);
    await become({}, 'the variables are gone');
  });

  it('start no launcher for ever: a program that is not installed is not found', async () => {
    await optIn(true);
    await proxy.start();
    await become(leading('portside'), 'the variables are there');
    const { output, errors } = await type('PATH="${PATH%%:*}:/usr/bin:/bin" codex; echo "ended with $?"');
    assert.match(output, /ended with 127/);
    assert.match(errors, /codex: command not found/);
  });

  const agents = {
    claude: (prompt: string) => `claude -p "${prompt}" --allowedTools Read,Bash`,
    codex: (prompt: string) =>
      `codex exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox "${prompt}"`,
    gemini: (prompt: string) => `gemini -p "${prompt}" --yolo --skip-trust`,
    // These two must be told which of the variables they shall take.
    qwen: (prompt: string) => `qwen -p "${prompt}" --yolo --auth-type openai`,
    opencode: (prompt: string) => `opencode run -m openai/gpt-5.5 "${prompt}"`,
  };
  const packages = {
    claude: 'claude-code',
    codex: 'codex',
    gemini: 'gemini-cli',
    qwen: 'qwen-code',
    opencode: 'opencode',
  };

  for (const [agent, commandFor] of Object.entries(agents))
    it(`${agent} finishes its task with nothing configured but the opt-in`, async function () {
      this.timeout(120_000);
      const programs = join(AGENTS ?? '', packages[agent as keyof typeof packages], 'node_modules/.bin');
      if (!AGENTS || !existsSync(join(programs, agent)))
        skipBecause(this, `${agent} is not installed (PORTSIDE_TEST_AGENTS names a folder that has it)`);
      const model = await startFileReadingModel();
      try {
        for (const { id } of proxy.accounts()) await proxy.removeAccount(id);
        await proxy.addAccount({ provider: 'openai-compatible', key: '', baseUrl: model.url });
        await optIn(true);
        // A key is asked for: what works with one works without.
        await proxy.updateSetting('authMode', 'strict');
        await proxy.start();
        await become(leading(await proxy.apiKey()), 'the variables are there');
        const home = join(folder, `home-${agent}`);
        const project = join(folder, `project-${agent}`);
        for (const each of [home, project]) mkdirSync(each, { recursive: true });
        const word = `word${Math.random().toString(36).slice(2)}`;
        const notes = join(project, 'notes.txt');
        writeFileSync(notes, `Some notes.\nSECRET_WORD=${word}\nEnd of notes.\n`);
        const environment = `export HOME='${home}' PATH="$PATH:${programs}" CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1`;
        const command = `cd '${project}'; ${environment}; timeout 90 ${commandFor(readingPrompt(notes))}`;
        const { output, errors } = await type(command, 100_000);
        assert.ok(output.includes(`FINAL-ANSWER: ${word}`), `${output.slice(-1500)}\n${errors.slice(-1500)}`);
        assert.ok(model.requests.length >= 2, 'the model was asked through Portside');
      } finally {
        model.close();
      }
    });
});
