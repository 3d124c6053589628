import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkMonitor } from '../../../../../host/doctor/checks/monitor';

describe('the doctor on the monitor', () => {
  it('says what is kept on the disk', async () => {
    const { find } = bench();
    assert.deepEqual(await find(checkMonitor), ['ok: Records on disk: 2 (1 MiB).']);
  });

  it('finds records that are in memory alone, with the reason', async () => {
    const { find, world } = bench();
    Object.assign(world.monitor, { storage: 'memory', note: 'the disk is full' });
    assert.deepEqual(await find(checkMonitor), [
      'warning: Records in memory alone: 2. They are gone when the proxy stops.',
      'warning: the disk is full',
    ]);
  });

  it('says that nothing is recorded, and that messages are kept', async () => {
    const { find, press, done, world } = bench();
    Object.assign(world.monitor, { enabled: false, capturing: true });
    assert.deepEqual(await find(checkMonitor), [
      'info: Requests are not recorded.',
      'info: Messages are kept with the records.',
    ]);
    assert.equal(await press(checkMonitor, /recorded/), 'Open Settings');
    assert.equal(await press(checkMonitor, /Messages/), 'Keep No Messages');
    assert.deepEqual(done, [
      'workbench.action.openSettings portside.monitor.enabled',
      'monitor.captureBodies=false',
      // They may have been switched on in the monitor, whatever the setting says.
      'capture=false',
    ]);
  });
});
