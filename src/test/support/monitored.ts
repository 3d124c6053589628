/** A proxy that records its requests, with a database in a folder of the test's own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ExchangeRow,
  MonitorCall,
  MonitorCallName,
  MonitorCalls,
  MonitorQuery,
} from '../../shared/monitor';
import { builtProduct } from './run-command';
import { startPortside, type SettingsInput, type StartedPortside } from './start-portside';

/** All records, the newest first. */
export const EVERYTHING: MonitorQuery = { filter: {}, sort: { key: 'time', descending: true } };

export interface Monitored extends StartedPortside {
  /** Where the database is. */
  readonly folder: string;
  /** Asks the monitor as a view would. */
  ask<Name extends MonitorCallName>(
    type: Name,
    ask: MonitorCalls[Name]['ask'],
  ): Promise<MonitorCalls[Name]['answer']>;
  /** All rows once there are that many. */
  rows(count: number): Promise<ExchangeRow[]>;
}

/** Whether this Node has SQLite: without it the monitor keeps records in memory alone. */
export const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined;

/** {@link startPortside} with a monitor. @param folder that of an earlier proxy, to find its records again */
export async function startMonitored(settings: SettingsInput, folder?: string): Promise<Monitored> {
  const storage = folder ?? mkdtempSync(join(tmpdir(), 'portside-monitor-'));
  const script = join(builtProduct(), 'monitor.js');
  const portside = await startPortside(settings, storage, undefined, undefined, undefined, script);
  const ask: Monitored['ask'] = async (type, rest) =>
    (await portside.proxy.monitor.call({ type, ...rest } as MonitorCall)) as never;
  return {
    ...portside,
    folder: storage,
    ask,
    async rows(count) {
      for (;;) {
        const { rows, total } = await ask('rows', { query: EVERYTHING, from: 0, count: 1000 });
        if (total >= count) return rows;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}
