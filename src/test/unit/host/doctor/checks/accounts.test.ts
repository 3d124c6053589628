import { account, bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkAccounts } from '../../../../../host/doctor/checks/accounts';
import type { AccountStatus } from '../../../../../shared/status';

const state = (id: string, part: Partial<AccountStatus>): AccountStatus => ({
  id,
  label: id,
  provider: 'gemini',
  enabled: true,
  state: 'healthy',
  ...part,
});

describe('the doctor on accounts', () => {
  it('finds that there is none, and offers a real one and the demo', async () => {
    const { press, done } = bench();
    assert.equal(await press(checkAccounts, /There is no account/), 'Add Account');
    assert.equal(await press(checkAccounts, /demo/), 'Use Demo Account');
    assert.deepEqual(done, ['portside.addAccount', 'portside.useDemoAccount']);
  });

  it('knows that z.ai answers some clients without an account, once it has a key', async () => {
    const { find, world } = bench();
    world.settings.zai.dispatchMode = 'exclusive';
    assert.match((await find(checkAccounts))[0] ?? '', /nobody can answer/);
    world.hasZaiKey = true;
    assert.deepEqual(await find(checkAccounts), [
      'warning: There is no account: only z.ai answers, and only clients that speak Anthropic’s protocol.',
    ]);
  });

  it('counts those that can be asked', async () => {
    const { find, world } = bench();
    world.accounts = [account('a'), account('b', { enabled: false }), account('c', { hasKey: false })];
    assert.deepEqual(await find(checkAccounts), [
      'ok: Accounts that can be asked: 1 of 3.',
      'info: B is switched off.',
      'error: C has no key on this machine.',
    ]);
  });

  it('wants no key of a provider that has none', async () => {
    const { find, world } = bench();
    world.accounts = [account('demo', { provider: 'demo', hasKey: false })];
    assert.deepEqual(await find(checkAccounts), ['ok: Accounts that can be asked: 1 of 1.']);
  });

  it('finds that all are off', async () => {
    const { find, press, done, world } = bench();
    world.accounts = [account('a', { enabled: false })];
    assert.equal((await find(checkAccounts))[0], 'error: No account can be asked.');
    assert.equal(await press(checkAccounts, /switched off/), 'Switch On');
    assert.deepEqual(done, ['a on']);
  });

  it('finds a refused key, in its provider’s words', async () => {
    const { find, press, done, world } = bench();
    world.accounts = [account('a')];
    world.status.accounts = [state('a', { state: 'disabled', reason: 'API key not valid' })];
    assert.deepEqual(await find(checkAccounts), [
      'error: No account can be asked.',
      'error: A is not asked any more: API key not valid',
    ]);
    assert.equal(await press(checkAccounts, /not asked/), 'Re-test');
    assert.deepEqual(done, ['portside.retestAccount a']);
  });

  it('finds that all rest, and for how long; a rest can be ended', async () => {
    const { find, press, done, world } = bench();
    world.accounts = [account('a')];
    world.status.accounts = [
      state('a', { state: 'cooling', reason: 'quota', until: Date.now() + 3_600_000 }),
    ];
    const [total, rest] = await find(checkAccounts);
    assert.equal(total, 'error: All accounts rest: clients are told to wait until the first is back.');
    assert.match(rest ?? '', /^warning: A rests for (3600|3599) seconds more: quota$/);
    assert.equal(await press(checkAccounts, /A rests/), 'Ask Again Now');
    assert.deepEqual(done, ['clear a']);
  });

  it('finds a model that rests while its account serves others', async () => {
    const { find, press, done, world } = bench();
    world.accounts = [account('a')];
    world.status.accounts = [
      state('a', { models: [{ model: 'big', state: 'cooling', reason: 'tokens per day' }] }),
    ];
    assert.deepEqual(await find(checkAccounts), [
      'ok: Accounts that can be asked: 1 of 1.',
      'warning: A, big rests: tokens per day',
    ]);
    await press(checkAccounts, /big/);
    assert.deepEqual(done, ['clear a big']);
  });
});
