/** The launchers as a shell runs them, ahead of programs that tell how they were started. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentLaunchers } from '../../../../host/terminal/agent-launchers';
import { skipBecause } from '../../../support/skip-because';

describe('the launchers of a terminal', () => {
  let folder: string;
  let launchers: string;
  let programs: string;

  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'they are scripts of the POSIX shell');
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portside launchers-'));
    launchers = place('our own launchers');
    programs = join(folder, 'programs');
    mkdirSync(programs);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function place(name: string): string {
    const path = join(folder, name);
    mkdirSync(path);
    for (const { name: file, text } of agentLaunchers('linux')) write(join(path, file), text);
    return path;
  }
  function write(file: string, text: string): void {
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }
  /** A program that writes down its arguments, one a line, and the variables that are asked for. */
  function install(name: string): void {
    const tell =
      'printf "%s\\n" "$@"; echo "vertex: ${GOOGLE_GENAI_USE_VERTEXAI:-} ${GOOGLE_VERTEX_BASE_URL:-} ${GOOGLE_API_KEY:-}"';
    write(join(programs, name), `#!/bin/sh\n${tell}\nexit 7\n`);
  }
  function run(
    program: string,
    args: string[],
    env: Record<string, string> = {},
    path = [launchers, programs],
  ) {
    const PATH = [...path, '/usr/bin', '/bin'].join(':');
    const { status, stdout, stderr } = spawnSync(program, args, {
      env: { PATH, HOME: folder, ...env },
      encoding: 'utf8',
      timeout: 10_000,
    });
    return { status, lines: stdout.trim().split('\n'), errors: stderr };
  }

  const url = 'http://127.0.0.1:8045/v1';
  const told = [
    ...['-c', 'model_provider=portside', '-c', 'model_providers.portside.name=Portside'],
    ...['-c', `model_providers.portside.base_url=${url}`],
    ...['-c', 'model_providers.portside.env_key=OPENAI_API_KEY'],
    ...['-c', 'model_providers.portside.wire_api=responses'],
  ];

  it('tell Codex its server on the command line, ahead of what the user says, and end as it ends', () => {
    install('codex');
    const { status, lines } = run('codex', ['exec', 'two words', '*'], { OPENAI_BASE_URL: url });
    assert.deepEqual(lines.slice(0, -1), [...told, 'exec', 'two words', '*']);
    assert.equal(status, 7);
  });

  it('leave Codex as it is where no address is set', () => {
    install('codex');
    assert.deepEqual(run('codex', ['exec']).lines.slice(0, -1), ['exec']);
  });

  it('give Gemini CLI the variables of a way to sign in that works without being chosen', () => {
    install('gemini');
    const env = { GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:8045', GEMINI_API_KEY: 'word' };
    assert.equal(run('gemini', [], env).lines.at(-1), 'vertex: true http://127.0.0.1:8045 word');
    assert.equal(run('gemini', []).lines.at(-1), 'vertex:');
  });

  it('leave a way to sign in that the user has chosen', () => {
    install('gemini');
    mkdirSync(join(folder, '.gemini'));
    const settings = '{ "security": { "auth": { "selectedType": "gemini-api-key" } } }';
    writeFileSync(join(folder, '.gemini/settings.json'), settings);
    const env = { GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:8045', GEMINI_API_KEY: 'word' };
    assert.equal(run('gemini', [], env).lines.at(-1), 'vertex:');
  });

  it('say so when the program is not there', () => {
    const { status, errors } = run('codex', [], { OPENAI_BASE_URL: url });
    assert.equal(status, 127);
    assert.match(errors, /codex: command not found/);
  });

  it('find neither themselves under another name, nor each other for ever', () => {
    install('codex');
    const alias = join(folder, 'alias');
    symlinkSync(launchers, alias);
    const path = [alias, launchers, place('of another editor'), launchers, programs];
    const { status, lines } = run('codex', [], { OPENAI_BASE_URL: url }, path);
    assert.equal(status, 7);
    assert.deepEqual(lines.slice(0, -1), [...told, ...told]);
  });

  it('hold no address and no key', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      for (const { text } of agentLaunchers(platform)) assert.doesNotMatch(text, /127\.0\.0\.1|sk-/);
  });

  it('have scripts for cmd.exe on Windows, with its line ends', () => {
    const files = agentLaunchers('win32');
    assert.deepEqual(
      files.map(({ name }) => name),
      ['codex', 'gemini', 'portside-launchers.txt', 'codex.cmd', 'gemini.cmd'],
    );
    for (const { name, text } of files)
      assert.equal(/(^|[^\r])\n/.test(text), !/\.(cmd|txt)$/.test(name), name);
    for (const { text } of files.filter(({ name }) => name.endsWith('.cmd'))) {
      assert.match(text, /if not exist "%%~dpPportside-launchers\.txt"/);
      assert.doesNotMatch(text, /^\s*call /m);
    }
  });
});
