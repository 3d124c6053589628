import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkRemote } from '../../../../../host/doctor/checks/remote';

describe('the doctor on the place of the proxy', () => {
  it('says that agents are on the same machine', async () => {
    const { find } = bench();
    assert.deepEqual(await find(checkRemote), ['ok: Portside runs on this machine, like your agents.']);
  });

  it('says on what kind of remote it runs, and what agents elsewhere need', async () => {
    const { find, press, done, machine } = bench();
    machine.remote = 'ssh-remote';
    assert.deepEqual(await find(checkRemote), [
      'info: Portside runs on the machine that you are connected to over SSH: agents in terminals of this window reach it at http://127.0.0.1:8045.',
      'info: Agents elsewhere, on your own machine for instance, need port 8045 forwarded.',
    ]);
    assert.equal(await press(checkRemote, /forwarded/), 'Show Ports');
    assert.deepEqual(done, ['~remote.forwardedPorts.focus']);
  });

  it('knows that Windows and WSL share their ports', async () => {
    const { find, machine } = bench();
    machine.remote = 'wsl';
    assert.match((await find(checkRemote)).join('\n'), /Agents on Windows reach it at the same address/);
  });

  it('takes a kind that it does not know, and a browser', async () => {
    const { find, machine } = bench();
    machine.remote = 'mainframe';
    assert.match((await find(checkRemote)).join('\n'), /the remote machine \(mainframe\)/);
    delete machine.remote;
    machine.inBrowser = true;
    assert.match((await find(checkRemote)).join('\n'), /the server of this browser window/);
  });
});
