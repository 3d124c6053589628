/** `portside route <model>` (SPEC 5.10), in a process of its own. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RouteExplanation } from '../../../shared/status';
import { runCommand } from '../../support/run-command';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';

describe('portside route (SPEC 5.10)', () => {
  let upstream: ScriptedUpstream;
  let folder: string;
  let file: string;
  before(async () => {
    upstream = await startScriptedUpstream({ models: ['mystery'] });
    folder = mkdtempSync(join(tmpdir(), 'portside-route-'));
    file = join(folder, 'config.json');
    writeFileSync(
      file,
      JSON.stringify({
        accounts: [
          {
            id: 'g1',
            label: 'Gemini',
            provider: 'gemini',
            baseUrl: upstream.url,
            key: 'sk-canary-one',
            models: ['gemini-3-flash'],
          },
          { id: 'local', provider: 'openai-compatible', baseUrl: upstream.openaiUrl, key: 'sk-canary-two' },
        ],
        routes: { 'claude-*': ['g1/gemini-3-flash', 'local/qwen3'] },
      }),
    );
  });
  after(async () => {
    await upstream.close();
    rmSync(folder, { recursive: true });
  });

  const run = async (...args: string[]) => {
    const command = runCommand(['route', ...args]);
    const code = await command.ended();
    return { code, stdout: command.stdout(), stderr: command.stderr() };
  };

  it('says in words where a name goes, and asks no model', async () => {
    const { code, stdout, stderr } = await run(
      'claude-opus-4-1',
      '--protocol',
      'anthropic',
      '--config',
      file,
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /route: claude-\* -> g1\/gemini-3-flash, local\/qwen3/);
    assert.match(stdout, /1\. Gemini \(g1\): gemini-3-flash, translated to gemini/);
    assert.match(stdout, /2\. .*\(local\): qwen3, translated to openai-chat/);
    assert.equal(upstream.generations.length, 0);
    assert.doesNotMatch(stdout + stderr, /canary/);
  });

  it('says it as JSON', async () => {
    const { stdout } = await run('mystery', '--json', '--config', file);
    const told = JSON.parse(stdout) as RouteExplanation;
    assert.equal(told.protocol, 'openai-chat');
    assert.deepEqual(
      told.candidates.map(({ id, model, translated }) => [id, model, translated]),
      [['local', 'mystery', false]],
    );
  });

  it('tells what is wrong, and ends with 1', async () => {
    for (const [args, words] of [
      [['x', '--protocol', 'smoke-signals', '--config', file], /--protocol must be one of/],
      [['x', '--config', join(folder, 'missing.json')], /missing\.json/],
      [['x', 'y'], /unknown command "route x y"/],
    ] as const) {
      const { code, stdout } = await run(...args);
      assert.equal(code, 1);
      assert.match(stdout, words);
    }
  });
});
