import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  baseUrls,
  environmentBlock,
  KEY_PLACEHOLDER,
  quickStartSnippet,
  SHELLS,
  SNIPPETS,
} from '../../../shared/quick-start';

const url = 'http://127.0.0.1:8045';
const model = 'gemini-3-flash';
/** Everything that some shell or language gives a meaning, in a key that the settings allow. */
const nastyKey = `sk-'"\\$(id)\`id\`!{0}%s#`;
const inShell = (script: string): string => execFileSync('sh', ['-c', script], { encoding: 'utf8' });

describe('base URLs', () => {
  it('end in /v1 for OpenAI and are the root for Anthropic and Gemini', () => {
    assert.deepEqual(baseUrls(`${url}/`), { openai: `${url}/v1`, anthropic: url, gemini: url });
  });
});

describe('quick-start snippets', () => {
  for (const id of SNIPPETS) {
    it(`${id} holds the key it is given and no other`, () => {
      assert.match(quickStartSnippet(id, { url, model, key: KEY_PLACEHOLDER }), /YOUR_API_KEY/);
      assert.doesNotMatch(quickStartSnippet(id, { url, model, key: 'sk-0123456789' }), /YOUR_API_KEY/);
    });
  }

  it('give each SDK the base URL that it wants', () => {
    const text = (id: (typeof SNIPPETS)[number]) =>
      quickStartSnippet(id, { url, model, key: 'sk-0123456789' });
    assert.match(text('openai-python'), /base_url="http:\/\/127\.0\.0\.1:8045\/v1"/);
    assert.match(text('openai-js'), /baseURL: "http:\/\/127\.0\.0\.1:8045\/v1"/);
    assert.match(text('gemini-python'), /"base_url": "http:\/\/127\.0\.0\.1:8045"/);
    assert.match(text('claude-code'), /ANTHROPIC_BASE_URL='http:\/\/127\.0\.0\.1:8045'/);
    assert.match(text('curl'), /'http:\/\/127\.0\.0\.1:8045\/v1\/chat\/completions'/);
  });

  it('curl passes url, headers and JSON to the program unharmed by the shell', () => {
    const script = quickStartSnippet('curl', { url, model: "it's", key: nastyKey });
    const words = inShell(`curl() { for word in "$@"; do printf '%s\\n' "$word"; done; }\n${script}`).split(
      '\n',
    );
    assert.equal(words[0], `${url}/v1/chat/completions`);
    assert.equal(words[2], `Authorization: Bearer ${nastyKey}`);
    assert.deepEqual(JSON.parse(words[6]!), {
      model: "it's",
      messages: [{ role: 'user', content: 'Hello' }],
    });
  });

  it('Claude Code gets its two variables from a POSIX shell', () => {
    const script = quickStartSnippet('claude-code', { url, model, key: nastyKey });
    const out = inShell(
      `claude() { printf '%s\\n' "$ANTHROPIC_BASE_URL" "$ANTHROPIC_AUTH_TOKEN"; }\n${script}`,
    );
    assert.equal(out, `${url}\n${nastyKey}\n`);
  });

  it('JavaScript reads back the key that was put in', () => {
    const literal = /apiKey: ("(?:[^"\\]|\\.)*")/.exec(
      quickStartSnippet('openai-js', { url, model, key: nastyKey }),
    );
    assert.equal(JSON.parse(literal![1]!), nastyKey);
  });
});

describe('environment blocks', () => {
  it('set every variable of the three protocols in each shell', () => {
    for (const shell of SHELLS) {
      const block = environmentBlock(shell, { url, key: 'sk-0123456789' });
      for (const name of ['OPENAI', 'ANTHROPIC', 'GOOGLE_GEMINI'])
        assert.match(block, new RegExp(`${name}_BASE_URL\\b.*http://127\\.0\\.0\\.1:8045`), shell);
      assert.equal(block.split('sk-0123456789').length - 1, 3, shell);
    }
  });

  it('bash keeps any key in one piece', () => {
    const out = inShell(`${environmentBlock('bash', { url, key: nastyKey })}\nprintf %s "$GEMINI_API_KEY"`);
    assert.equal(out, nastyKey);
  });

  it('fish escapes backslash and quote, PowerShell doubles the quote', () => {
    const key = `sk-a'b\\c`;
    assert.match(environmentBlock('fish', { url, key }), /set -gx OPENAI_API_KEY 'sk-a\\'b\\\\c'/);
    assert.match(environmentBlock('powershell', { url, key }), /\$env:OPENAI_API_KEY = 'sk-a''b\\c'/);
  });
});
