import assert from 'node:assert/strict';
import type { AccountStatus, ProxyStatus } from '../../../shared/status';
import {
  describeAccount,
  describeAccounts,
  describeAuthNow,
  describeState,
} from '../../../webview/describe-status';

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

  it('give the reason of an account that cannot answer', () => {
    assert.equal(describeAccount(account({})), 'Ready');
    assert.equal(describeAccount(account({ enabled: false, state: 'disabled' })), 'Off');
    assert.equal(describeAccount(account({ state: 'disabled', reason: '401' })), 'Disabled: 401');
    assert.match(
      describeAccount(
        account({ state: 'cooling', reason: '429', until: new Date(2026, 0, 1, 14, 3).getTime() }),
      ),
      /^Cooling down until .*\d[:.]03.*: 429$/,
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
