import '../vscode-stub';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SENTENCES, translateVerdict } from '../../../../host/accounts/translate-verdict';

describe('what the proxy says of a tested account', () => {
  it('is found again, sentence by sentence', () => {
    const source = readFileSync('src/proxy/routes/test-account.ts', 'utf8').replace(/\$\{[^}]+\}/g, '{}');
    const said = [...source.matchAll(/(?:message:\s*(?:scrub\()?\s*)(['`])(.+?)\1/gs)].map(
      ([, , text]) => text,
    );
    assert.ok(said.length >= 10);
    assert.deepEqual(
      [...new Set(said)].sort(),
      SENTENCES.map((sentence) => sentence.replace(/\{\d\}/g, '{}')).sort(),
    );
  });

  it('keeps its values, and stays itself in English', () => {
    for (const message of [
      'The demo account is built in and always works.',
      'OpenAI accepted the key and lists 12 models.',
      'OpenAI answered 404: no such path. Check the base URL.',
      'z.ai answered 500: it broke: badly',
      'connect ECONNREFUSED 127.0.0.1:1',
    ])
      assert.equal(translateVerdict(message), message);
  });
});
