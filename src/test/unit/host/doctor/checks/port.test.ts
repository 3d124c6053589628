import { bench, RUNNING } from '../doctor-bench';
import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { basename } from 'node:path';
import { checkPort } from '../../../../../host/doctor/checks/port';
import { occupy, release } from '../../../../support/local-port';

describe('the doctor on the port', () => {
  let server: Server | undefined;
  afterEach(async () => {
    if (server) await release(server);
    server = undefined;
  });

  /** A bench whose port something else holds. */
  async function taken() {
    server = await occupy(0);
    const { port } = server.address() as AddressInfo;
    const own = bench();
    own.world.settings.port = port;
    return { ...own, port };
  }

  it('says which window serves it', async () => {
    const { find, world } = bench();
    Object.assign(world.status, RUNNING);
    assert.deepEqual(await find(checkPort), ['ok: http://127.0.0.1:8045 is served by this window.']);
    world.status.attached = true;
    assert.deepEqual(await find(checkPort), [
      'ok: http://127.0.0.1:8045 is served by another window of this editor; this one shows it.',
    ]);
  });

  it('offers a restart where settings wait for one', async () => {
    const { press, done, world } = bench();
    Object.assign(world.status, RUNNING, { restartNeeded: true });
    assert.equal(await press(checkPort, /needs a restart/), 'Restart Proxy');
    assert.deepEqual(done, ['portside.restart']);
  });

  it('offers to start where the port is free', async () => {
    const { port, find, press, done } = await taken();
    await release(server!);
    server = undefined;
    assert.deepEqual(await find(checkPort), [
      `warning: The proxy does not run: clients are refused. Port ${port} is free.`,
    ]);
    assert.equal(await press(checkPort, /does not run/), 'Start Proxy');
    assert.deepEqual(done, ['portside.start']);
  });

  it('tells a foreign program with its name and process, and offers another port', async () => {
    const { port, find, press, done, world } = await taken();
    world.probe = () => Promise.resolve({ status: 404, body: 'no' });
    const [line] = await find(checkPort);
    if (process.platform === 'linux')
      assert.equal(
        line,
        `error: Port ${port} is held by another program (${basename(realpathSync(process.execPath))}, process ${process.pid}).`,
      );
    else assert.match(line ?? '', /is held by another program/);
    assert.equal(await press(checkPort, /held/), 'Use Port 8046');
    assert.deepEqual(done, ['port=8046', 'portside.start']);
  });

  it('knows another Portside by its answer, also by one that wants a key', async () => {
    const { find, world } = await taken();
    for (const body of [
      '{"name":"portside","status":"ok"}',
      '{"error":{"message":"No API key was sent. Use Portside\'s local API key."}}',
    ]) {
      world.probe = () => Promise.resolve({ status: 200, body });
      const [line] = await find(checkPort);
      assert.match(
        line ?? '',
        /^error: Port \d+ is held by the Portside of another editor or of the command line/,
      );
    }
  });

  it('has no button when no port is free, and no verdict while the proxy starts', async () => {
    const { context, world, find } = await taken();
    world.freePort = undefined;
    const [finding] = await checkPort.run(context, new AbortController().signal);
    assert.deepEqual([finding?.severity, finding?.fix], ['error', undefined]);
    world.status.state = 'starting';
    assert.deepEqual(await find(checkPort), ['info: The proxy is just starting or stopping.']);
  });
});
