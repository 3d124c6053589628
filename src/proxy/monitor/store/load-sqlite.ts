/** Node's own SQLite, where it has one: Node 22.13, and editors from 1.105 on. */
import type * as NodeSqlite from 'node:sqlite';
import { isMainThread } from 'node:worker_threads';

export type Sqlite = typeof NodeSqlite;

/**
 * @returns the module, or undefined where there is none. In a thread of our own, the remark that Node makes of it once is
 * left out; the main thread belongs to others too, and keeps all of its remarks.
 */
export function loadSqlite(): Sqlite | undefined {
  const emitWarning = process.emitWarning;
  if (!isMainThread) {
    process.emitWarning = (...said: unknown[]) => {
      if (said[1] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, said);
    };
  }
  try {
    return process.getBuiltinModule('node:sqlite') as Sqlite | undefined;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
