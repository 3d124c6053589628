import { mkdirSync, readFileSync, rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** A stop keeps windows from starting by themselves for so long at most: an editor's server may run for weeks. */
const STOP_HOLDS_MS = 12 * 3_600_000;
/** Windows that wait for an owner look at the port a moment after the file changed. */
const SETTLE_MS = 20;

/**
 * A file in the extension's own folder, which all windows of an editor share: it changes when a window begins to listen, so
 * that the others look for an owner at the port. It is a hint and proves nothing; it holds a port and no secret. Beside it
 * lies a mark while the user's last wish is that the proxy be stopped: it reaches windows that no owner can tell.
 */
export class OwnerFile {
  readonly #file: string;
  readonly #stopped: string;
  #watching = false;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange a window may have begun to listen */
  constructor(
    readonly folder: string,
    readonly onChange: () => void,
  ) {
    this.#file = join(folder, 'owner.json');
    this.#stopped = join(folder, 'stopped.json');
  }

  /** Watches from now on: not before it is of use, since it takes a moment to begin. */
  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    try {
      mkdirSync(this.folder, { recursive: true });
      this.#watcher = watch(this.folder, { persistent: false }, (_event, name) => {
        if (name !== 'owner.json') return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.onChange, SETTLE_MS).unref();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // Without it a window learns of an owner when it starts the proxy itself.
    }
  }

  write(owner: { port: number }): void {
    try {
      writeFileSync(this.#file, JSON.stringify({ ...owner, since: Date.now() }), { mode: 0o600 });
    } catch {
      // A hint.
    }
  }

  /** The port at which a window says that it listens. */
  get port(): number | undefined {
    const port = read(this.#file)?.port;
    return Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536 ? Number(port) : undefined;
  }

  /** The user stopped the proxy, in whatever window. */
  markStopped(): void {
    try {
      // Windows of one run of the editor have the same parent.
      writeFileSync(this.#stopped, JSON.stringify({ editor: process.ppid, at: Date.now() }), { mode: 0o600 });
    } catch {
      // Windows that are attached are told by the owner.
    }
  }

  /** The user wants the proxy to run. */
  forgetStop(): void {
    rmSync(this.#stopped, { force: true });
  }

  /** Whether the user's last wish, in this run of the editor, was that the proxy be stopped. */
  get stopped(): boolean {
    const mark = read(this.#stopped);
    return mark?.editor === process.ppid && Date.now() - Number(mark.at) < STOP_HOLDS_MS;
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }
}

function read(file: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
