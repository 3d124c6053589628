import { bench, RUNNING } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkHealth } from '../../../../../host/doctor/checks/health';

describe('the doctor on the proxy’s answer', () => {
  it('does not ask a proxy that does not run', async () => {
    const { find } = bench();
    assert.deepEqual(await find(checkHealth), ['info: Not looked at: the proxy does not run.']);
  });

  it('tells how fast it answers', async () => {
    const { find, world } = bench();
    Object.assign(world.status, RUNNING);
    assert.deepEqual(await find(checkHealth), ['ok: http://127.0.0.1:8045/healthz answers within 3 ms.']);
  });

  it('offers a restart of one that answers otherwise, or not at all', async () => {
    const { find, press, done, world } = bench();
    Object.assign(world.status, RUNNING);
    world.health = { status: 500, body: 'boom', ms: 3 };
    assert.match((await find(checkHealth)).join(), /^error: .* does not answer as it should: 500 boom$/);
    world.health = { body: 'ECONNREFUSED', ms: 3 };
    assert.match((await find(checkHealth)).join(), /^error: .* does not answer as it should: ECONNREFUSED$/);
    assert.equal(await press(checkHealth, /as it should/), 'Restart Proxy');
    assert.deepEqual(done, ['portside.restart']);
  });
});
