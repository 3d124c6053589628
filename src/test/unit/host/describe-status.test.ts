import assert from 'node:assert/strict';
import { describeStatus } from '../../../host/describe-status';
import type { ProxyStatus } from '../../../shared/status';

const t = (message: string, ...args: (string | number)[]) =>
  message.replace(/\{(\d+)\}/g, (_, n: string) => String(args[Number(n)]));
const stopped: ProxyStatus = {
  state: 'stopped',
  activeAccounts: 2,
  accounts: [],
  authMode: 'off',
  restartNeeded: false,
};
const running: ProxyStatus = {
  ...stopped,
  state: 'running',
  listening: { host: '127.0.0.1', port: 8045, url: 'http://127.0.0.1:8045' },
};

describe('the status bar', () => {
  it('names state, port and active accounts', () => {
    assert.deepEqual(describeStatus(running, t), {
      text: '$(radio-tower) Portside: running on 8045 (2)',
      label: 'Portside is running on port 8045, active accounts: 2',
      failed: false,
    });
  });

  it('says to those who ask when another window runs the proxy', () => {
    const { text, label } = describeStatus({ ...running, attached: true }, t);
    assert.equal(text, '$(radio-tower) Portside: running on 8045 (2)');
    assert.equal(label, 'Portside is running in another window on port 8045, active accounts: 2');
  });

  it('is red after a failure only, and says which', () => {
    const failed = describeStatus({ ...stopped, failure: { message: 'no luck', code: 'X' } }, t);
    assert.deepEqual([failed.failed, failed.label], [true, 'Portside failed: no luck']);
    for (const state of ['stopped', 'starting', 'stopping'] as const) {
      assert.equal(describeStatus({ ...stopped, state }, t).failed, false);
    }
    assert.equal(describeStatus(running, t).failed, false);
  });

  it('warns while a restart is needed', () => {
    assert.match(describeStatus({ ...running, restartNeeded: true }, t).text, /^\$\(warning\)/);
  });
});
