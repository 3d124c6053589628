import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { workbench } from './workbench';

describe('the package', () => {
  it('is smaller than 1 MB', () => {
    assert.ok(statSync(workbench.vsix).size < 1_000_000);
  });

  it('holds what runs and no source', () => {
    // The names of a zip archive's members stand in it as they are.
    const archive = readFileSync(workbench.vsix, 'latin1');
    for (const file of [
      'dist/extension.js',
      'dist/proxy.js',
      'dist/monitor.js',
      'dist/webview/panel.js',
      'dist/webview/monitor.js',
      'media/icon.png',
      'media/walkthrough/account.svg',
      'package.nls.de.json',
      'l10n/bundle.l10n.de.json',
    ]) {
      assert.ok(archive.includes(`extension/${file}`), file);
    }
    for (const folder of ['src/', 'node_modules/', 'tools/', 'scripts/', 'out/', 'bench/']) {
      assert.ok(!archive.includes(`extension/${folder}`), folder);
    }
    assert.ok(!/extension\/[\w./-]+\.map/.test(archive));
  });
});
