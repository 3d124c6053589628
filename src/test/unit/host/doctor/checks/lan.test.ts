import { bench, RUNNING } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkLan } from '../../../../../host/doctor/checks/lan';

describe('the doctor on other machines', () => {
  it('says that they do not reach the proxy', async () => {
    const { find } = bench();
    assert.deepEqual(await find(checkLan), ['ok: The proxy can be reached from this machine alone.']);
  });

  it('says where they do, at the port that is bound', async () => {
    const { find, press, done, machine, world } = bench();
    Object.assign(world.settings, { allowLanAccess: true, port: 9000 });
    Object.assign(world.status, RUNNING);
    machine.addresses = ['192.168.1.2', '10.0.0.3'];
    assert.match(
      (await find(checkLan)).join(),
      /^info: .* http:\/\/192\.168\.1\.2:8045, http:\/\/10\.0\.0\.3:8045, where firewalls/,
    );
    assert.equal(await press(checkLan, /firewalls/), 'Open Settings');
    assert.deepEqual(done, ['workbench.action.openSettings portside.allowLanAccess']);
  });

  it('finds that there is no network', async () => {
    const { find, world } = bench();
    world.settings.allowLanAccess = true;
    assert.deepEqual(await find(checkLan), [
      'warning: LAN access is on, but this machine has no address in a network.',
    ]);
  });
});
