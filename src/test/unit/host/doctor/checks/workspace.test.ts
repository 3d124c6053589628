import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkWorkspace } from '../../../../../host/doctor/checks/workspace';

describe('the doctor on the workspace', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'portside-doctor-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is content with one that is trusted and sets nothing', async () => {
    const { find, machine } = bench();
    machine.workspace = { trusted: true, files: [join(folder, 'absent.json')] };
    assert.deepEqual(await find(checkWorkspace), [
      'ok: The workspace is trusted and sets nothing of Portside.',
    ]);
  });

  it('says what Restricted Mode means', async () => {
    const { press, done, machine } = bench();
    machine.workspace = { trusted: false, files: [] };
    assert.equal(await press(checkWorkspace, /Restricted Mode/), 'Manage Trust');
    assert.deepEqual(done, ['workbench.trust.manage']);
  });

  it('finds settings that count nothing there, and opens each at its place', async () => {
    const { find, press, done, machine } = bench();
    const settings = join(folder, 'settings.json');
    const workspace = join(folder, 'my.code-workspace');
    writeFileSync(settings, '{\r\n  // mine\r\n  "a": { "portside.no": 1 },\r\n  "portside.port": 80,\r\n}');
    writeFileSync(workspace, '{ "settings": { "portside.routes": {} } }');
    machine.workspace = { trusted: true, files: [workspace, settings] };
    const words = 'which counts nothing there: settings of Portside belong to the user.';
    assert.deepEqual(await find(checkWorkspace), [
      `warning: ${workspace} sets portside.routes, ${words}`,
      `warning: ${settings} sets portside.port, ${words}`,
    ]);
    assert.equal(await press(checkWorkspace, /portside\.port/), 'Open File');
    assert.deepEqual(done, [`open ${settings}:4:3`]);
  });
});
