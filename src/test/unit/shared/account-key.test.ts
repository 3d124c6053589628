import assert from 'node:assert/strict';
import { checkAccountKey, LONGEST_ACCOUNT_KEY, secretParts } from '../../../shared/account-key';

const SERVICE_ACCOUNT = `{
  "type": "service_account",
  "project_id": "größe",
  "private_key": "-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"
}`;

describe('a key of an account', () => {
  it('is one line of ASCII without the white space around it', () => {
    assert.deepEqual(checkAccountKey('openai', ' sk-1 \n'), { ok: true, key: 'sk-1' });
    for (const key of ['a\nb', 'ключ', 'a\tb']) assert.equal(checkAccountKey('openai', key).ok, false);
    assert.equal(checkAccountKey('openai', 'x'.repeat(LONGEST_ACCOUNT_KEY + 1)).ok, false);
    assert.equal(checkAccountKey('gemini', SERVICE_ACCOUNT).ok, false);
  });

  it('for Vertex AI may be a service account, kept on one line with the same meaning', () => {
    const checked = checkAccountKey('vertex', SERVICE_ACCOUNT);
    assert.ok(checked.ok);
    assert.match(checked.key, /^[\x21-\x7e ]+$/);
    assert.deepEqual(JSON.parse(checked.key), JSON.parse(SERVICE_ACCOUNT));
    assert.deepEqual(checkAccountKey('vertex', checked.key), checked);
  });

  it('that is broken JSON, or no credential, is refused without being quoted', () => {
    for (const key of ['{"private_key": "CANARY', '{"private_key":"CANARY"}', '{}']) {
      const checked = checkAccountKey('vertex', key);
      assert.ok(!checked.ok);
      assert.doesNotMatch(checked.problem, /CANARY/);
    }
  });

  it('has secret parts that are secret by themselves', () => {
    assert.deepEqual(secretParts('sk-1'), ['sk-1']);
    const line = JSON.stringify({ type: 'x', private_key: 'p', refresh_token: 'r', project_id: 'open' });
    assert.deepEqual(secretParts(line), [line, 'p', 'r']);
  });
});
