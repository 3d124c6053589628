/** A provider in a process of its own, which a test kills with SIGKILL at a moment of its choice, and starts again. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Where the next answer stops. */
export type Moment =
  /** The connection is there, but the process never takes it. */
  | 'in-the-queue'
  /** The request was read. */
  | 'before-headers'
  | 'amid-headers'
  /** The headers are out. */
  | 'after-headers'
  /** A stream's first event is out, which in most protocols only opens it. */
  | 'after-first-event'
  /** Half of a stream's events are out. */
  | 'amid-stream'
  /** Half of a whole body is out. */
  | 'amid-body';

/** What the test tells the process; answers come whole from then on where no moment is named. */
export interface Order {
  moment?: Moment;
}
/** What the process tells the test. */
export type Notice = { type: 'listening'; port: number } | { type: 'understood' } | { type: 'reached' };

export interface KillableUpstream {
  /** `http://127.0.0.1:<port>`; the same after {@link start}. */
  readonly url: string;
  readonly openaiUrl: string;
  readonly port: number;
  /** Answers stop at this moment from now on. Without one they come whole. */
  stopAt(moment?: Moment): Promise<void>;
  /** Resolves when an answer has come to the moment. */
  reached(): Promise<void>;
  /** SIGKILL. Resolves when the process is gone, and its port closed. */
  kill(): Promise<void>;
  /** Starts it again on its port, where it is not running. */
  start(): Promise<void>;
}

let program: string | undefined;
const started: ChildProcess[] = [];
// A test that fails half-way leaves its process running.
after(() => {
  for (const child of started) child.kill('SIGKILL');
  if (program) rmSync(join(program, '..'), { recursive: true, force: true });
});

/** The bundled program: built once per run from the sources. */
function programFile(): string {
  if (program) return program;
  program = join(mkdtempSync(join(tmpdir(), 'portside-killable-')), 'upstream.js');
  buildSync({
    entryPoints: ['src/test/support/upstream/killable-process.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    outfile: program,
  });
  return program;
}

/** Starts one on a free port. */
export async function startKillableUpstream(): Promise<KillableUpstream> {
  let child: ChildProcess | undefined;
  let port = 0;
  let reached = 0;

  const notice = async (type: Notice['type']): Promise<Notice> => {
    for (;;) {
      const gone = new AbortController();
      const [told] = (await Promise.race([
        once(child!, 'message', { signal: gone.signal }),
        once(child!, 'exit', { signal: gone.signal }).then(() => {
          throw new Error(`the upstream's process ended before it was ${type}`);
        }),
      ]).finally(() => {
        gone.abort();
      })) as [Notice];
      if (told.type === type) return told;
    }
  };
  const start = async () => {
    if (child) return;
    child = fork(programFile(), [String(port)], { stdio: 'inherit' });
    started.push(child);
    reached = 0;
    child.on('message', (told: Notice) => {
      if (told.type === 'reached') reached++;
    });
    const listening = await notice('listening');
    if (listening.type === 'listening') port = listening.port;
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    openaiUrl: `http://127.0.0.1:${port}/v1`,
    port,
    start,
    async stopAt(moment) {
      const understood = notice('understood');
      reached = 0;
      child!.send({ ...(moment && { moment }) } satisfies Order);
      await understood;
    },
    async reached() {
      if (reached === 0) await notice('reached');
    },
    async kill() {
      if (!child) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      child = undefined;
    },
  };
}
