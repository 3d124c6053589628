import assert from 'node:assert/strict';
import type { AccountStatus, ProxyStatus } from '../../../../shared/status';
import {
  accountNumbers,
  countdown,
  describeAccount,
  describeAccounts,
  describeAuthNow,
  describeHealth,
  describeState,
} from '../../../../webview/parts/describe-status';

const status = (part: Partial<ProxyStatus>): ProxyStatus => ({
  state: 'stopped',
  activeAccounts: 0,
  accounts: [],
  authMode: 'off',
  restartNeeded: false,
  ...part,
});
const account = (part: Partial<AccountStatus>): AccountStatus => ({
  id: 'a1',
  label: 'A',
  provider: 'gemini',
  enabled: true,
  state: 'healthy',
  ...part,
});

const NOW = 1_800_000_000_000;

describe('the panel’s words', () => {
  it('tell a failed start from a stop', () => {
    assert.equal(describeState(status({})), 'Stopped');
    assert.equal(describeState(status({ failure: { message: 'm', code: 'EADDRINUSE' } })), 'Failed to start');
    assert.equal(describeState(status({ state: 'running' })), 'Running');
  });

  it('count accounts as a person does', () => {
    assert.deepEqual(
      [0, 1, 2].map((activeAccounts) => describeAccounts(status({ activeAccounts }))),
      ['no active accounts', '1 active account', '2 active accounts'],
    );
  });

  it('say who disabled an account, and why', () => {
    assert.equal(describeAccount(account({}), NOW), 'Healthy');
    assert.equal(describeAccount(account({ enabled: false, state: 'disabled' }), NOW), 'Disabled by you');
    assert.equal(
      describeAccount(account({ state: 'disabled', reason: '401' }), NOW),
      'Disabled by the provider: 401',
    );
  });

  it('count down to the end of a rest, with its reason', () => {
    const cooling = account({ state: 'cooling', reason: '429', until: NOW + 41_001 });
    assert.equal(describeAccount(cooling, NOW), 'Cooling, back in 0:42: 429');
    assert.equal(describeAccount(cooling, NOW + 1_000), 'Cooling, back in 0:41: 429');
    assert.equal(describeAccount(cooling, NOW + 50_000), 'Cooling, back any moment: 429');
    assert.equal(describeHealth({ state: 'cooling' }, NOW), 'Cooling');
    assert.equal(
      describeHealth({ state: 'probing', reason: 'overloaded' }, NOW),
      'Probing, one request decides: overloaded',
    );
  });

  it('tell a healthy account’s last reason to nobody', () => {
    assert.equal(describeHealth({ state: 'healthy', reason: 'old' }, NOW), 'Healthy');
  });

  it('write times left as a clock does', () => {
    assert.deepEqual([0, -5, 1, 59_999, 60_000, 3_599_000, 3_600_000, 8_485_800].map(countdown), [
      '0:00',
      '0:00',
      '0:01',
      '1:00',
      '1:00',
      '59:59',
      '1:00:00',
      '2:21:26',
    ]);
  });

  it('show the numbers that are known, and never round a failure away', () => {
    assert.deepEqual(accountNumbers(account({})), []);
    assert.deepEqual(accountNumbers(account({ inFlight: 0, served: 0 })), []);
    assert.deepEqual(
      accountNumbers(
        account({ inFlight: 0, queued: 0, successRate: 0.999, latencyMs: 419.6, served: 7 }),
      ).map(({ name, value }) => `${name} ${value}`),
      ['In flight 0', 'Succeeded 99%', 'First byte 420 ms', 'Served 7'],
    );
    assert.deepEqual(
      accountNumbers(account({ queued: 3, latencyMs: 1_840 })).map(({ value }) => value),
      ['3', '1.8 s'],
    );
  });

  it('say what auto amounts to, and why', () => {
    assert.equal(
      describeAuthNow('auto', 'off', false),
      'LAN access is off, so auto means off. No key is asked for.',
    );
    assert.match(describeAuthNow('auto', 'all_except_health', true), /LAN access is on.*but \/healthz/);
    assert.equal(describeAuthNow('strict', 'strict', true), 'Every request needs the API key, /healthz too.');
  });
});
