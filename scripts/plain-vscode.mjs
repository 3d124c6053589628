// The editor's API as it is. For `import * as vscode` a bundle copies all names of the API once for each file that has the
// import: milliseconds before the extension is activated. `import vscode = require('vscode')` takes the module itself.
import { readFile } from 'node:fs/promises';

const COPIED = /^import \* as vscode from 'vscode';$/m;

/** A plugin for esbuild. */
export const plainVscode = () => ({
  name: 'plain-vscode',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/](host[\\/].*|extension)\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(COPIED, "import vscode = require('vscode');"),
      loader: 'ts',
    }));
  },
});
