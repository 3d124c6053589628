import assert from 'node:assert/strict';
import { clientName } from '../../../../proxy/monitor/client-name';

describe('the name of a client', () => {
  const named: [string, string, string | undefined][] = [
    ['claude-cli/2.0.14 (external, cli)', 'claude-cli', '2.0.14'],
    ['codex_cli_rs/0.58.0 (Ubuntu 24.4.0; x86_64) xterm', 'codex_cli_rs', '0.58.0'],
    ['GeminiCLI/0.15.1/gemini-2.5-pro (linux; x64)', 'GeminiCLI', '0.15.1'],
    ['OpenAI/JS 6.49.0', 'OpenAI/JS', '6.49.0'],
    ['Anthropic/Python 0.75.0', 'Anthropic/Python', '0.75.0'],
    ['opencode/local ai-sdk/provider-utils/3.0.17', 'opencode/local', undefined],
    ['curl/8.5.0', 'curl', '8.5.0'],
    ['node', 'node', undefined],
    ['tool/v1.2', 'tool', '1.2'],
  ];
  for (const [header, name, version] of named)
    it(`of "${header}" is ${name}${version === undefined ? '' : ` ${version}`}`, () => {
      const found = clientName(header);
      assert.equal(found?.name, name);
      assert.equal(found?.version, version);
    });

  it('is missing where nothing names it', () => {
    for (const header of [undefined, '', '   ', '(just a comment)'])
      assert.equal(clientName(header), undefined);
  });

  it('is bounded and holds no control characters', () => {
    assert.equal(clientName('x'.repeat(5000))?.name.length, 60);
    assert.equal(clientName('a\x07b/1')?.name, 'a?b');
  });
});
