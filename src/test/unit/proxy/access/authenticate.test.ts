import assert from 'node:assert/strict';
import { Authenticator } from '../../../../proxy/access/authenticate';
import { UnauthorizedError } from '../../../../proxy/errors';
import { AUTH_MODES, resolveAuthMode, type ResolvedAuthMode } from '../../../../shared/settings';

const KEY = 'sk-0123456789';

function admitted(configured: string, mode: ResolvedAuthMode, keys: string[], health = false): boolean {
  const authenticator = new Authenticator();
  authenticator.setKey(configured);
  try {
    authenticator.check(mode, keys, health);
    return true;
  } catch (error) {
    assert.ok(error instanceof UnauthorizedError);
    return false;
  }
}

describe('authentication (SPEC 2.1–2.5)', () => {
  const cases: [ResolvedAuthMode, string[], boolean, boolean][] = [
    ['off', [], false, true],
    ['off', ['wrong'], false, true],
    ['strict', [], false, false],
    ['strict', [], true, false],
    ['strict', [KEY], true, true],
    ['strict', [KEY], false, true],
    ['strict', ['wrong'], false, false],
    ['strict', ['wrong', KEY], false, true],
    ['strict', [KEY, 'wrong'], false, true],
    ['strict', [KEY.toUpperCase()], false, false],
    ['strict', [KEY.slice(0, -1)], false, false],
    ['strict', [`${KEY}0`], false, false],
    ['all_except_health', [], true, true],
    ['all_except_health', ['wrong'], true, true],
    ['all_except_health', [], false, false],
    ['all_except_health', ['wrong'], false, false],
    ['all_except_health', [KEY], false, true],
  ];
  for (const [mode, keys, health, expected] of cases)
    it(`${expected ? 'admits' : 'refuses'} ${JSON.stringify(keys)} in ${mode}${health ? ' to the health check' : ''}`, () => {
      assert.equal(admitted(KEY, mode, keys, health), expected);
    });

  for (const keys of [[], [''], ['undefined'], ['sk-']])
    it(`refuses ${JSON.stringify(keys)} while no key is configured`, () => {
      assert.equal(admitted('', 'strict', keys), false);
      assert.equal(admitted('', 'all_except_health', keys), false);
    });

  it('follows a change of the key at once', () => {
    const authenticator = new Authenticator();
    authenticator.setKey(KEY);
    authenticator.setKey('sk-another-key');
    assert.throws(() => {
      authenticator.check('strict', [KEY], false);
    }, UnauthorizedError);
    authenticator.check('strict', ['sk-another-key'], false);
    authenticator.setKey('');
    assert.throws(() => {
      authenticator.check('strict', ['sk-another-key'], false);
    }, UnauthorizedError);
  });

  it('says which headers are accepted, and never a key', () => {
    const authenticator = new Authenticator();
    authenticator.setKey(KEY);
    for (const keys of [[], ['sk-sent-by-mistake']]) {
      try {
        authenticator.check('strict', keys, false);
        assert.fail('admitted');
      } catch (error) {
        assert.ok(error instanceof UnauthorizedError);
        assert.equal(error.status, 401);
        assert.equal(error.headers['www-authenticate'], 'Bearer');
        assert.match(error.message, /Authorization: Bearer.*x-api-key.*x-goog-api-key.*\?key=/);
        assert.doesNotMatch(error.message, /sk-/);
      }
    }
  });

  it('resolves auto by LAN access alone', () => {
    for (const lan of [true, false]) {
      for (const mode of AUTH_MODES)
        assert.equal(
          resolveAuthMode(mode, lan),
          mode === 'auto' ? (lan ? 'all_except_health' : 'off') : mode,
        );
    }
  });
});
