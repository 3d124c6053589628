import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkForwardProxy } from '../../../../../host/doctor/checks/forward-proxy';

describe('the doctor on agents’ forward proxy', () => {
  it('is content without one, and with one that this machine is excepted from', async () => {
    const { find, machine } = bench();
    assert.deepEqual(await find(checkForwardProxy), ['ok: No forward proxy is set for agents.']);
    for (const except of ['127.0.0.1', '*', 'example.com, 127.0.0.1:8045', '127.0.0.0/8']) {
      machine.env = { https_proxy: 'http://proxy.example.com:3128', NO_PROXY: except };
      assert.deepEqual(await find(checkForwardProxy), [
        'ok: https_proxy is set, and NO_PROXY has 127.0.0.1.',
      ]);
    }
  });

  it('finds one that would be asked for this machine, and tells it without its password', async () => {
    const { find, machine } = bench();
    machine.env = { HTTP_PROXY: 'http://ann:CANARY@proxy.example.com:3128', NO_PROXY: 'localhost' };
    assert.deepEqual(await find(checkForwardProxy), [
      'warning: HTTP_PROXY (the editor’s environment) leads to http://proxy.example.com:3128 and NO_PROXY does not have 127.0.0.1: agents would look for Portside there.',
    ]);
  });

  it('adds this machine to what is excepted already, under its name', async () => {
    const { press, done, machine } = bench();
    machine.env = { HTTP_PROXY: 'proxy:3128', no_proxy: 'example.com' };
    assert.equal(await press(checkForwardProxy, /127/), 'Add to NO_PROXY in Terminals');
    machine.env = { HTTP_PROXY: 'proxy:3128' };
    await press(checkForwardProxy, /127/);
    assert.deepEqual(done, [
      'terminal no_proxy=example.com,127.0.0.1,localhost',
      'terminal NO_PROXY=127.0.0.1,localhost',
    ]);
  });
});
