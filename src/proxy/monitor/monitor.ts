/**
 * The proxy's end of the monitor: gathers records of finished exchanges, hands them to the keeper in batches, and tells views
 * that something changed. While the monitor is off and nobody looks, nothing of it exists.
 */
import type { ExchangeRecord } from '../../shared/exchange';
import type { MonitorCall, MonitorEvent, MonitorInfo, OpenExchange } from '../../shared/monitor';
import type { MonitorSettings } from '../../shared/monitor-settings';
import type { Log } from '../host';
import { Capture } from './capture';
import { KeeperLink } from './keeper-link';
import type { FromKeeper, RawMessage, ReplayRequest } from './keeper/keeper-messages';
import { Metrics } from './metrics';

/** A record waits this long for company: within a second it is on disk (SPEC 6.3). */
const BATCH_MS = 250;
/** … but no more than so many of them, or so many bytes of bodies. */
const BATCH_SIZE = 200;
const BATCH_BYTES = 4 * 1_048_576;

export interface MonitorOptions {
  log: Log;
  /** Path of the keeper's bundle; absent: there is no monitor. */
  script: string | undefined;
  /** Exchanges that are not over, newest first. */
  open(): OpenExchange[];
  /** Sends a request again, to the proxy itself. Rejects with words when it does not run. */
  send(request: ReplayRequest): Promise<void>;
  canReplay(): boolean;
  /** Where the proxy is to be had, running or not: `http://127.0.0.1:8045`. */
  origin(): string;
}

/** How often views are told, in milliseconds. */
const BEAT_MS = 250;

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #keeper: KeeperLink | undefined;
  readonly #listeners = new Set<(event: MonitorEvent) => void>();
  #settings: MonitorSettings;
  #file: string | undefined;
  #secrets: string[] = [];
  /** Set by a view, until the settings change. */
  #capture: boolean | undefined;
  #records: ExchangeRecord[] = [];
  #messages: RawMessage[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #metrics: Metrics | undefined;
  /** What listeners are to be told with the next beat. */
  #added = 0;
  #changed = false;
  #told = '[]';
  #info: Extract<FromKeeper, { type: 'info' }>['info'] | undefined;

  constructor(options: MonitorOptions, settings: MonitorSettings) {
    this.#options = options;
    this.#settings = settings;
    const { script, log } = options;
    if (script === undefined) return;
    this.#keeper = new KeeperLink({
      script,
      log,
      configuration: () => ({
        type: 'configure',
        settings: this.#settings,
        secrets: this.#secrets,
        ...(this.#file !== undefined && { file: this.#file }),
      }),
      origin: () => options.origin(),
      onMessage: (message) => {
        this.#hear(message);
      },
    });
  }

  /** Whether exchanges are to be recorded. */
  get recording(): boolean {
    return this.#keeper !== undefined && this.#settings.enabled;
  }

  /** Whether bodies are kept. */
  get capturing(): boolean {
    return this.recording && (this.#capture ?? this.#settings.captureBodies);
  }

  /** What keeps an exchange's messages with their bodies. */
  createCapture(): Capture {
    return new Capture(this.#settings.bodyLimitKiB * 1024);
  }

  /** What keeps heads alone: those of what failed. */
  createHeadCapture(): Capture {
    return new Capture(0);
  }

  /**
   * Takes new settings; they hold for exchanges that begin from now on.
   * @param file absolute path of the database; absent: memory only
   * @param secrets all that must be masked wherever it stands
   */
  configure(settings: MonitorSettings, file: string | undefined, secrets: string[]): void {
    if (settings.captureBodies !== this.#settings.captureBodies) this.#capture = undefined;
    this.#settings = settings;
    this.#file = file;
    this.#secrets = secrets;
    this.#keeper?.configure();
    this.#tellInfo();
  }

  /** Takes the record of an exchange that is over, and what was kept of its messages. */
  add(record: ExchangeRecord, messages: RawMessage[] | undefined): void {
    this.#records.push(record);
    if (messages) {
      this.#messages.push(...messages);
      for (const { body = [] } of messages) for (const { length } of body) this.#bytes += length;
    }
    if (this.#records.length >= BATCH_SIZE || this.#bytes >= BATCH_BYTES) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, BATCH_MS).unref();
  }

  /** Hands over what is gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const records = this.#records;
    if (records.length === 0) return;
    const messages = this.#messages;
    this.#records = [];
    this.#messages = [];
    this.#bytes = 0;
    this.#metrics ??= new Metrics();
    for (const record of records) this.#metrics.add(record);
    this.#keeper?.append({ type: 'append', records: JSON.stringify(records), messages }, records.length);
  }

  /** Counts since the proxy was made; undefined while nothing was recorded. */
  get metrics(): Metrics | undefined {
    this.flush();
    return this.#metrics;
  }

  /** Answers a view's question. Rejects with an error whose message is for a person. */
  async call(call: MonitorCall): Promise<unknown> {
    const keeper = this.#keeper;
    if (!keeper) throw new Error('There is no monitor here.');
    switch (call.type) {
      case 'open':
        return { open: this.#options.open() };
      case 'setCapture':
        this.#capture = call.capture;
        this.#tellInfo();
        return null;
      case 'replay': {
        if (!this.#options.canReplay())
          throw new Error('The proxy does not run. Start it to send the request again.');
        const request = (await keeper.call({ type: 'replayRequest', seq: call.seq })) as ReplayRequest;
        await this.#options.send(request);
        return null;
      }
      case 'info': {
        this.flush();
        const info = (await keeper.call(call)) as MonitorInfo;
        return { ...info, ...this.#own() };
      }
      case 'query':
      case 'rows':
      case 'indexOf':
      case 'detail':
      case 'body':
      case 'totals':
      case 'series':
      case 'facets':
      case 'clear':
      case 'curl':
      case 'exportPiece':
        // What is over already belongs to the answer.
        this.flush();
        return keeper.call(call);
    }
  }

  /** Hears events from now on. @returns its own removal */
  listen(listener: (event: MonitorEvent) => void): () => void {
    this.#listeners.add(listener);
    this.#beat ??= setInterval(() => {
      this.#tick();
    }, BEAT_MS).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#beat);
      this.#beat = undefined;
    };
  }

  /** Tells listeners what happened since the last beat. */
  #tick(): void {
    const open = this.#options.open();
    const text = JSON.stringify(open);
    if (text !== this.#told) {
      this.#told = text;
      this.#tell({ type: 'open', open });
    }
    if (!this.#changed) return;
    const added = this.#added;
    this.#changed = false;
    this.#added = 0;
    this.#tell({ type: 'changed', added });
  }

  /** Resolves when everything is written and the database is closed. It may be used again afterwards. */
  async close(): Promise<void> {
    this.flush();
    await this.#keeper?.close(() => this.#info?.storage === 'memory');
    this.#tellInfo();
  }

  #own(): Pick<MonitorInfo, 'enabled' | 'capturing' | 'canReplay'> {
    return {
      enabled: this.#settings.enabled,
      capturing: this.capturing,
      canReplay: this.#options.canReplay(),
    };
  }

  #hear(message: Extract<FromKeeper, { type: 'changed' | 'info' }>): void {
    if (message.type === 'changed') {
      this.#added += message.added;
      this.#changed = true;
      return;
    }
    this.#info = message.info;
    this.#tellInfo();
  }

  /** Views hear of it at once: it changes what they may do. */
  #tellInfo(): void {
    if (this.#listeners.size === 0 || !this.#info) return;
    this.#tell({ type: 'info', info: { ...this.#info, ...this.#own() } });
  }

  #tell(event: MonitorEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
