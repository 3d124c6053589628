import { buildSync } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let script: string | undefined;

/** Path of the stand-in core as one file, which a worker can load. Built once per run. */
export function standInCore(): string {
  if (script) return script;
  script = join(mkdtempSync(join(tmpdir(), 'portside-core-')), 'proxy.js');
  buildSync({
    entryPoints: ['src/test/unit/host/stand-in-core.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    outfile: script,
    logLevel: 'error',
  });
  return script;
}
