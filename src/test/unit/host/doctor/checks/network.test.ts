import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { checkNetwork } from '../../../../../host/doctor/checks/network';
import { freePort, occupy, release } from '../../../../support/local-port';

describe('the doctor on the editor’s network', () => {
  it('is content without a proxy, and with one that is there; its password is not told', async () => {
    const { find, machine } = bench();
    assert.deepEqual(await find(checkNetwork), ['ok: Providers are reached without a proxy.']);
    const server = await occupy(0);
    const { port } = server.address() as AddressInfo;
    machine.network = {
      proxy: `http://ann:CANARY@127.0.0.1:${port}/`,
      noProxy: ['example.com'],
      strictSsl: true,
    };
    try {
      assert.deepEqual(await find(checkNetwork), [
        `ok: Providers are reached through http://127.0.0.1:${port}; this machine is reached around it.`,
        'info: Reached around it, too: example.com',
      ]);
    } finally {
      await release(server);
    }
  });

  it('finds a proxy that is not there, and one that is none', async () => {
    const { find, press, done, machine } = bench();
    const port = await freePort();
    machine.network = { proxy: `http://127.0.0.1:${port}`, noProxy: [], strictSsl: true };
    assert.deepEqual(await find(checkNetwork), [
      `error: The proxy http://127.0.0.1:${port} of the editor’s settings cannot be reached: ECONNREFUSED`,
    ]);
    machine.network = { proxy: 'socks://CANARY', noProxy: [], strictSsl: true };
    assert.match((await find(checkNetwork)).join(), /^error: .* is not an http or https URL/);
    assert.equal(await press(checkNetwork, /URL/), 'Open Settings');
    assert.deepEqual(done, ['workbench.action.openSettings http.proxy']);
  });

  it('finds that certificates are not checked', async () => {
    const { press, done, machine } = bench();
    machine.network = { proxy: '', noProxy: [], strictSsl: false };
    assert.equal(await press(checkNetwork, /not checked/), 'Check Certificates');
    assert.deepEqual(done, ['http.proxyStrictSSL=true']);
  });
});
