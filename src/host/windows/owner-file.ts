import { mkdirSync, readFileSync, rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Windows that wait for an owner look at the port a moment after the file changed. */
const SETTLE_MS = 20;

/**
 * A file in the extension's own folder, which all windows of an editor share: it changes when a window begins to listen, so
 * that the others look for an owner at the port. It is a hint and proves nothing; it holds a port and no secret.
 */
export class OwnerFile {
  readonly #file: string;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange a window may have begun to listen */
  constructor(folder: string, onChange: () => void) {
    this.#file = join(folder, 'owner.json');
    try {
      mkdirSync(folder, { recursive: true });
      this.#watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name !== 'owner.json') return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(onChange, SETTLE_MS).unref();
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

  /** Whether a window says that it listens at this port. */
  names(port: number): boolean {
    try {
      return (JSON.parse(readFileSync(this.#file, 'utf8')) as { port?: unknown }).port === port;
    } catch {
      return false;
    }
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }
}
