import assert from 'node:assert/strict';
import { Authenticator } from '../../../../proxy/access/authenticate';
import { UnauthorizedError } from '../../../../proxy/errors';
import { proxySettingsSchema } from '../../../../shared/settings';

const LOCAL = 'sk-the-local-key';
const NOW = Date.parse('2026-06-01T12:00:00Z');

describe('client keys (SPEC 2.10)', () => {
  let authenticator: Authenticator;
  const configure = (clientKeys: object[], local = LOCAL) => {
    authenticator = new Authenticator();
    authenticator.setKey(local);
    authenticator.clients.configure(proxySettingsSchema.parse({ clientKeys }).clientKeys);
  };
  const check = (keys: string[], mode: 'off' | 'strict' | 'all_except_health' = 'strict', now = NOW) =>
    authenticator.check(mode, keys, false, now)?.name;
  beforeEach(() => {
    configure([
      { name: 'laptop', key: 'sk-key-of-laptop' },
      { name: 'robot', key: 'sk-key-of-robot', expires: '2026-06-01' },
      { name: 'guest', key: 'sk-key-of-guest', expires: '2026-06-01T14:00:00+01:00' },
    ]);
  });

  it('admit like the local key, and say whose they are', () => {
    assert.equal(check(['sk-key-of-laptop']), 'laptop');
    assert.equal(check(['sk-key-of-guest'], 'all_except_health'), 'guest');
    assert.equal(check([LOCAL]), undefined);
  });

  it('admit where any one of the presented keys is right', () => {
    assert.equal(check(['wrong', 'sk-key-of-laptop', 'also-wrong']), 'laptop');
    assert.equal(check(['sk-key-of-guest', 'sk-key-of-laptop']), 'guest');
  });

  it('stand back behind the local key', () => {
    assert.equal(check(['sk-key-of-laptop', LOCAL]), undefined);
    assert.equal(check(['sk-key-of-robot', LOCAL]), undefined);
    assert.equal(check(['sk-key-of-laptop', LOCAL], 'off'), undefined);
  });

  it('are found with auth off, and nobody else is refused there', () => {
    assert.equal(check(['sk-key-of-laptop'], 'off'), 'laptop');
    assert.equal(check(['wrong'], 'off'), undefined);
    assert.equal(check([], 'off'), undefined);
  });

  it('that have expired give way to one that has not', () => {
    assert.equal(check(['sk-key-of-robot', 'sk-key-of-laptop']), 'laptop');
    assert.equal(check(['sk-key-of-robot']), 'robot');
    const hour = 3_600_000;
    assert.equal(check(['sk-key-of-guest', 'sk-key-of-laptop'], 'strict', NOW + hour - 1), 'guest');
    assert.equal(check(['sk-key-of-guest', 'sk-key-of-laptop'], 'strict', NOW + hour), 'laptop');
  });

  it('admit without a local key, and wrong ones are refused with words that fit', () => {
    configure([{ name: 'laptop', key: 'sk-key-of-laptop' }], '');
    assert.equal(check(['sk-key-of-laptop']), 'laptop');
    for (const keys of [[], ['sk-key-of-lapto'], ['sk-key-of-laptop0']])
      assert.throws(
        () => check(keys),
        (error) => error instanceof UnauthorizedError && !error.message.includes('no API key configured'),
      );
  });

  it('follow changes at once', () => {
    authenticator.clients.configure([]);
    assert.throws(() => check(['sk-key-of-laptop']), UnauthorizedError);
    assert.equal(check(['sk-key-of-laptop'], 'off'), undefined);
  });

  it('keep what was asked in the last minute when settings change', () => {
    const settings = (requestsPerMinute: number) =>
      proxySettingsSchema.parse({ clientKeys: [{ name: 'a', key: 'sk-key-of-a', requestsPerMinute }] });
    const window = () => authenticator.check('strict', ['sk-key-of-a'], false, NOW)!.window!;
    authenticator.clients.configure(settings(2).clientKeys);
    assert.equal(window().take(NOW), 0);
    authenticator.clients.configure(settings(2).clientKeys);
    assert.equal(window().take(NOW), 0);
    assert.equal(window().take(NOW), 60_000);
    authenticator.clients.configure(settings(3).clientKeys);
    assert.equal(window().take(NOW), 0);
    assert.equal(window().take(NOW), 60_000);
  });
});
