import assert from 'node:assert/strict';
import type { Agent, Place } from '../../../../host/agents/agent';
import { claudeCode } from '../../../../host/agents/known/claude-code';
import { codex } from '../../../../host/agents/known/codex';
import { geminiCli } from '../../../../host/agents/known/gemini-cli';
import { qwenCode } from '../../../../host/agents/known/qwen-code';

const HOMES = { linux: '/home/u', darwin: '/Users/u', win32: 'C:\\Users\\u' } as const;
type Platform = keyof typeof HOMES;

const place = (platform: Platform, env: Place['env'] = {}, workspaces: string[] = []): Place => ({
  platform,
  home: HOMES[platform],
  env,
  workspaces,
});

describe('where configuration is', () => {
  const files: [Agent, Record<Platform, string[]>][] = [
    [
      claudeCode,
      {
        linux: ['/home/u/.claude/settings.json', '/etc/claude-code/managed-settings.json'],
        darwin: [
          '/Users/u/.claude/settings.json',
          '/Library/Application Support/ClaudeCode/managed-settings.json',
        ],
        win32: [
          'C:\\Users\\u\\.claude\\settings.json',
          'C:\\Program Files\\ClaudeCode\\managed-settings.json',
        ],
      },
    ],
    [
      codex,
      {
        linux: ['/home/u/.codex/config.toml', '/etc/codex/managed_config.toml'],
        darwin: ['/Users/u/.codex/config.toml', '/etc/codex/managed_config.toml'],
        win32: ['C:\\Users\\u\\.codex\\config.toml', 'C:\\Users\\u\\.codex\\managed_config.toml'],
      },
    ],
    [
      geminiCli,
      {
        linux: [
          '/home/u/.gemini/settings.json',
          '/home/u/.gemini/.env',
          '/etc/gemini-cli/settings.json',
          '/home/u/.gemini/trustedFolders.json',
        ],
        darwin: [
          '/Users/u/.gemini/settings.json',
          '/Users/u/.gemini/.env',
          '/Library/Application Support/GeminiCli/settings.json',
          '/Users/u/.gemini/trustedFolders.json',
        ],
        win32: [
          'C:\\Users\\u\\.gemini\\settings.json',
          'C:\\Users\\u\\.gemini\\.env',
          'C:\\ProgramData\\gemini-cli\\settings.json',
          'C:\\Users\\u\\.gemini\\trustedFolders.json',
        ],
      },
    ],
    [
      qwenCode,
      {
        linux: ['/home/u/.qwen/settings.json', '/etc/qwen-code/settings.json'],
        darwin: ['/Users/u/.qwen/settings.json', '/Library/Application Support/QwenCode/settings.json'],
        win32: ['C:\\Users\\u\\.qwen\\settings.json', 'C:\\ProgramData\\qwen-code\\settings.json'],
      },
    ],
  ];
  for (const [agent, expected] of files)
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      it(`of ${agent.name} on ${platform}`, () => {
        assert.deepEqual(agent.files(place(platform)), expected[platform]);
      });

  const own: [Agent, string, string][] = [
    [claudeCode, 'CLAUDE_CONFIG_DIR', 'D:\\own\\settings.json'],
    [codex, 'CODEX_HOME', 'D:\\own\\config.toml'],
    [geminiCli, 'GEMINI_CLI_HOME', 'D:\\own\\.gemini\\settings.json'],
    [qwenCode, 'QWEN_HOME', 'D:\\own\\settings.json'],
  ];
  for (const [agent, name, path] of own)
    it(`of ${agent.name} follows ${name}, where that is a whole path`, () => {
      assert.equal(agent.files(place('win32', { [name]: 'D:\\own' }))[0], path);
      const [usual] = agent.files(place('win32'));
      assert.equal(agent.files(place('win32', { [name]: 'own' }))[0], usual);
      assert.equal(agent.files(place('win32', { [name]: ' ' }))[0], usual);
    });

  it('of Gemini CLI has every .env on the way up from a project', () => {
    const all = geminiCli.files(place('win32', {}, ['C:\\Users\\u\\work\\app']));
    assert.deepEqual(
      all.filter((path) => path.endsWith('.env')),
      [
        'C:\\Users\\u\\.gemini\\.env',
        'C:\\Users\\u\\work\\app\\.gemini\\.env',
        'C:\\Users\\u\\work\\app\\.env',
        'C:\\Users\\u\\work\\.gemini\\.env',
        'C:\\Users\\u\\work\\.env',
      ],
    );
  });

  it('a folder that Gemini CLI shall not trust is told of', () => {
    const at = place('linux', {}, ['/home/u/app']);
    const told = (answer: string, folder = '/home/u/app') =>
      geminiCli.overrides(
        at,
        geminiCli.files(at).map((path) => ({
          path,
          ...(path.endsWith('trustedFolders.json') && { text: JSON.stringify({ [folder]: answer }) }),
        })),
      );
    assert.deepEqual(told('DO_NOT_TRUST'), [{ name: '/home/u/.gemini/trustedFolders.json' }]);
    assert.deepEqual(told('TRUST_FOLDER'), []);
    assert.deepEqual(told('DO_NOT_TRUST', '/home/u/other'), []);
  });
});
