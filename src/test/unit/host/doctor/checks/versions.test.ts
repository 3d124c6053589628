import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkVersions } from '../../../../../host/doctor/checks/versions';

describe('the doctor on versions', () => {
  it('names them', async () => {
    const { find } = bench();
    assert.deepEqual(await find(checkVersions), [
      'info: Portside 0.1.0 · Editor 1.2.3 · Node.js 24.0.0 · SQLite 3 · linux',
    ]);
  });

  it('finds an editor whose Node.js has no SQLite', async () => {
    const { find, machine } = bench();
    delete machine.versions.sqlite;
    assert.match((await find(checkVersions)).join('\n'), /^warning: .* has no SQLite: the monitor forgets/m);
  });
});
