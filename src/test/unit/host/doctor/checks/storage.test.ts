import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStorage } from '../../../../../host/doctor/checks/storage';

describe('the doctor on storage', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'portside-doctor-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes into the folder, and leaves nothing there', async () => {
    const { find, machine } = bench();
    machine.storage = join(folder, 'own');
    assert.equal((await find(checkStorage))[0], `ok: ${machine.storage} can be written.`);
    assert.deepEqual(readdirSync(machine.storage), []);
  });

  it('finds a folder that cannot be written', async () => {
    const { find, machine } = bench();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    machine.storage = join(file, 'own');
    assert.deepEqual(await find(checkStorage), [
      `error: ${machine.storage} cannot be written (ENOTDIR): the monitor and backups are not kept.`,
    ]);
  });
});
