import { bench, RUNNING } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkTerminals } from '../../../../../host/doctor/checks/terminals';

describe('the doctor on terminals', () => {
  it('offers to lead them', async () => {
    const { press, done } = bench();
    assert.equal(await press(checkTerminals, /do not lead/), 'Lead Terminals to Portside');
    assert.deepEqual(done, ['portside.useInTerminals']);
  });

  it('says that they are led while the proxy runs', async () => {
    const { find, press, done, machine, world } = bench();
    machine.terminalsLed = true;
    assert.equal(await press(checkTerminals, /as soon as the proxy runs/), 'Start Proxy');
    assert.deepEqual(done, ['portside.start']);
    Object.assign(world.status, RUNNING);
    assert.deepEqual(await find(checkTerminals), ['ok: New terminals lead agents to Portside.']);
  });
});
