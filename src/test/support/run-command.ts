/** Runs the product's command line as a child process. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

let folder: string | undefined;

/** The product's bundles, `cli.js` among them: built once per run from the sources, so that they are never old ones. */
export function builtProduct(): string {
  if (folder && existsSync(folder)) return folder;
  folder = join(mkdtempSync(join(tmpdir(), 'portside-cli-')), 'dist');
  execFileSync(process.execPath, ['esbuild.mjs', `--outdir=${folder}`]);
  return folder;
}

export interface RunningCommand {
  child: ChildProcess;
  /** Everything written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the text so far once it matches; rejects when the process ends without. */
  seen(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<string>;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `portside` with these arguments; the environment is these variables, PATH and a folder of the run's own alone. */
export function runCommand(args: string[], environment: Record<string, string> = {}): RunningCommand {
  const product = builtProduct();
  const file = join(product, 'cli.js');
  const state = join(dirname(product), 'state');
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH ?? '', PORTSIDE_STATE: state, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      child.emit('output');
    });
  let code: number | null | undefined;
  const closed = once(child, 'close').then(() => {
    code = child.exitCode;
    child.emit('output');
  });
  return {
    child,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    async seen(stream, pattern) {
      while (!pattern.test(text[stream])) {
        if (code !== undefined)
          throw new Error(`ended with ${code} before ${pattern} was seen: ${text.stdout}${text.stderr}`);
        await once(child, 'output');
      }
      return text[stream];
    },
    async ended() {
      await closed;
      return code ?? null;
    },
    async stop(signal = 'SIGTERM') {
      if (code === undefined) child.kill(signal);
      await closed;
      return code ?? null;
    },
  };
}
