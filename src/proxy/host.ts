/** What the core asks of whoever runs it: the editor's worker, the command line, a test. */
import type { ExchangeRecord } from '../shared/exchange';
import type { LanguageModels } from '../shared/language-models';
import type { PoolEvent } from '../shared/status';
import type { Every } from './stream/ticker';

/** Levels as LogOutputChannel has them. Arguments are redacted before they are handed over. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface ProxyHost {
  log: Log;
  /** Called once per finished exchange, off the hot path. */
  onExchange?(record: ExchangeRecord): void;
  /** Called once per change of an account's health. */
  onPoolEvent?(event: PoolEvent): void;
  /** Another window says that accounts or settings changed. */
  onReload?(): void;
  /** The editor's own models, where the host is an editor that has any to give. */
  languageModels?: LanguageModels;
  /** Path of the bundle of the monitor's keeper, `dist/monitor.js`. Absent: there is no monitor. */
  monitorScript?: string;
  /** A folder of the proxy's own, for what must survive a restart (no secrets). Without one, memory is all there is. */
  storage?: string;
  /** Unix time in milliseconds; a test may pass its own. */
  now?(): number;
  /** What time limits and heart-beats go by: four times a second where it is absent; a test may let time pass at once. */
  every?: Every;
}
