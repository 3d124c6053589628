import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from '../../../../proxy/headless/serve';

describe('the settings of a command', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portside-settings-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const read = (...accounts: object[]) => {
    const config = join(folder, 'portside.json');
    writeFileSync(config, JSON.stringify({ accounts }));
    return settingsOf({ config });
  };

  it('have no account of the editor’s own models: there is no editor', () => {
    const editor = { id: 'mine', provider: 'vscode' };
    assert.throws(() => read({ id: 'demo', provider: 'demo' }, editor), /"mine".*inside the editor only/);
    assert.equal(read({ ...editor, enabled: false }).settings.accounts.length, 1);
  });
});
