/**
 * Keeps records: prices and masks what comes, stores it, lets go of what is too old, and answers. The other end of its port
 * is keeper-link.ts. Nothing that a disk does ends it: what cannot be written waits, then is counted and told.
 */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { MonitorInfo } from '../../../shared/monitor';
import type { MonitorSettings } from '../../../shared/monitor-settings';
import { createPriceBook, type PriceBook } from '../prices/price-book';
import { MessageRedactor } from '../redact/message-redactor';
import { setAside } from '../store/open-database';
import { openStore } from '../store/open-store';
import type { RecordStore, StoredMessage } from '../store/record-store';
import { isDamage, isPassing, sqliteCode, troubleInWords } from '../store/sqlite-trouble';
import { answerCall } from './answer-call';
import type { FromKeeper, KeeperAnswer, KeeperCall, RawMessage, ToKeeper } from './keeper-messages';
import { WaitingBatches, type Batch } from './waiting-batches';

/** How often is looked for what is to be let go, in milliseconds. */
const RETAIN_MS = 30_000;
/** … and the pause between two slices of it, in which others have their turn. */
const SLICE_PAUSE_MS = 15;
/** So many bytes of bodies do not wait for the next time. */
const RETAIN_BYTES = 4 * 1024 * 1024;
/** Most slices in a row that make room for what comes. */
const SLICES_AT_ONCE = 50;
/** When writing is tried again. */
const RETRY_MS = 2000;

/** The part of a MessagePort that is used. */
export interface KeeperPort {
  postMessage(message: FromKeeper): void;
  on(event: 'message', listener: (message: ToKeeper) => void): unknown;
}

export class Keeper {
  readonly #post: (message: FromKeeper) => void;
  readonly #now: () => number;
  #configuration: Extract<ToKeeper, { type: 'configure' }> | undefined;
  #prices: PriceBook | undefined;
  #redactor = new MessageRedactor([]);
  #store: RecordStore | undefined;
  readonly #waiting = new WaitingBatches();
  /** Why the store is another than was wished for. */
  #openNote: string | undefined;
  /** Why nothing can be written just now. */
  #trouble: string | undefined;
  #lost = 0;
  #told = '';
  #bytesSince = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #retainTimer: NodeJS.Timeout | undefined;
  #retainDue = 0;

  constructor(post: (message: FromKeeper) => void, now: () => number = Date.now) {
    this.#post = post;
    this.#now = now;
  }

  /** Does what a message says. Never throws. */
  hear(message: ToKeeper): void {
    switch (message.type) {
      case 'configure':
        this.#configure(message);
        return;
      case 'append':
        this.#append(message.records, message.messages);
        return;
      case 'call':
        this.#answer(message.id, message.call, message.origin);
        return;
      case 'close':
        this.#close();
        this.#post({ type: 'answer', id: message.id, ok: true, answer: null });
    }
  }

  #configure(message: Extract<ToKeeper, { type: 'configure' }>): void {
    const before = this.#configuration;
    this.#configuration = message;
    this.#prices = createPriceBook(message.settings.prices);
    this.#redactor = new MessageRedactor(message.secrets);
    if (before && before.file !== message.file) {
      this.#write();
      this.#leaveMemory();
      this.#closeStore();
    }
    this.#openStore(message);
    this.#write();
    this.#tellInfo(true);
    this.#retainIn(RETAIN_MS);
  }

  /** @returns the store; it is opened where it is not */
  #openStore({ file }: { file?: string }): RecordStore {
    if (this.#store) return this.#store;
    const { store, note } = openStore(file, this.#now());
    this.#store = store;
    this.#openNote = note;
    if (note !== undefined) this.#post({ type: 'log', level: 'warn', message: `Monitor: ${note}` });
    this.#retainIn(RETAIN_MS);
    this.#tellInfo();
    return store;
  }

  /** What is in memory alone is not taken along into a file. */
  #leaveMemory(): void {
    const records = this.#store?.kind === 'memory' ? this.#store.size().records : 0;
    if (records > 0) this.#warn(`${records} requests were kept in memory alone and are gone with it`);
  }

  #closeStore(): void {
    try {
      this.#store?.close();
    } catch (error) {
      this.#warn(`the database was not closed in order, ${troubleInWords(error)}`);
    }
    this.#store = undefined;
  }

  #append(json: string, raw: RawMessage[]): void {
    let told: ExchangeRecord[];
    try {
      told = JSON.parse(json) as ExchangeRecord[];
    } catch {
      this.#warn('records came that are no JSON');
      return;
    }
    const records = told.flatMap((record) => this.#prepare(record));
    const messages = raw.flatMap((message) => this.#mask(message));
    for (const { body } of messages) this.#bytesSince += body?.length ?? 0;
    this.#waiting.add({ count: told.length, records, messages });
    this.#write();
    if (this.#bytesSince < RETAIN_BYTES) return;
    this.#makeRoom();
    this.#retainIn(SLICE_PAUSE_MS);
  }

  /**
   * Lets go of old bodies before more are taken: messages that wait at the port are heard one after another, and no timer
   * comes between them.
   */
  #makeRoom(): void {
    const most = (this.#configuration?.settings.maxMiB ?? 0) * 1024 * 1024;
    for (let slices = 0; slices < SLICES_AT_ONCE; slices++) {
      if ((this.#store?.size().bytes ?? 0) <= most || !this.#retainSlice()) return;
    }
  }

  #prepare(record: ExchangeRecord): ExchangeRecord[] {
    try {
      // Priced as it was: a name that is masked has no price.
      const costNano = this.#prices?.cost(record)?.costNano;
      const masked = this.#redactor.record(record);
      return [costNano === undefined ? masked : { ...masked, costNano }];
    } catch (error) {
      this.#lose(1, `it could not be masked: ${(error as Error).name}`);
      return [];
    }
  }

  /** What cannot be masked is not kept. */
  #mask(message: RawMessage): StoredMessage[] {
    try {
      return [this.#redactor.message(message)];
    } catch (error) {
      this.#warn(`a message was not kept, it could not be masked: ${(error as Error).name}`);
      return [];
    }
  }

  /** Writes what waits. The other end hears of every batch once, in their order. */
  #write(): void {
    if (!this.#configuration) return;
    for (let batch = this.#waiting.first; batch; batch = this.#waiting.first) {
      const error = this.#tryWrite(batch);
      if (error !== undefined && (isPassing(error) || isDamage(error))) {
        this.#wait(error);
        return;
      }
      this.#waiting.shift();
      if (error !== undefined) this.#lose(batch.records.length, troubleInWords(error));
      this.#post({ type: 'changed', added: batch.count });
    }
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#post({ type: 'log', level: 'info', message: 'Monitor: the database can be written again.' });
    this.#tellInfo();
  }

  /** @returns what went wrong, or undefined; after damage it has been tried with a new database */
  #tryWrite({ records, messages }: Batch): unknown {
    if (!this.#configuration) return undefined;
    for (let tries = 1; ; tries++) {
      try {
        this.#openStore(this.#configuration).append(records, messages);
        return undefined;
      } catch (error) {
        if (!isDamage(error) || tries > 1) return error;
        this.#replace();
      }
    }
  }

  /** The database broke while it was in use. */
  #replace(): void {
    const file = this.#configuration?.file;
    if (!this.#configuration || this.#store?.kind !== 'disk' || file === undefined) return;
    this.#closeStore();
    try {
      const aside = setAside(file, this.#now());
      this.#warn(`the database was damaged and is now ${aside}`);
    } catch (error) {
      this.#warn(`the database is damaged and cannot be renamed, ${troubleInWords(error)}`);
    }
    this.#openStore(this.#configuration);
    this.#openNote ??= 'The database was damaged: a new one was begun, the old one lies beside it.';
    this.#tellInfo();
  }

  #wait(error: unknown): void {
    const trouble = `The database cannot be written: ${troubleInWords(error)}.`;
    if (trouble !== this.#trouble) this.#post({ type: 'log', level: 'warn', message: `Monitor: ${trouble}` });
    this.#trouble = trouble;
    for (const batch of this.#waiting.trim()) {
      this.#lose(batch.records.length, 'too many wait to be written');
      this.#post({ type: 'changed', added: batch.count });
    }
    this.#tellInfo();
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = undefined;
      this.#write();
    }, RETRY_MS).unref();
  }

  #lose(count: number, why: string): void {
    this.#lost += count;
    this.#warn(`${count} requests were not recorded: ${this.#redactor.text(why)}`);
    this.#tellInfo();
  }

  #answer(id: number, call: KeeperCall, origin: string): void {
    const give = (answer: KeeperAnswer) => {
      this.#post({ type: 'answer', id, ok: true, answer });
    };
    const refuse = (error: unknown) => {
      const message =
        sqliteCode(error) === undefined
          ? this.#redactor.text((error as Error).message)
          : `The database cannot be used: ${troubleInWords(error)}.`;
      this.#post({ type: 'answer', id, ok: false, message });
      if (isDamage(error)) this.#replace();
    };
    try {
      const configuration = this.#configuration;
      if (!configuration || !this.#prices) throw new Error('The monitor is not set up yet.');
      const store = this.#openStore(configuration);
      const info = () => this.#infoOf(configuration.settings);
      const context = {
        store,
        prices: this.#prices,
        redactor: this.#redactor,
        info,
        origin,
        now: this.#now(),
      };
      const answer = answerCall(call, context);
      if (answer instanceof Promise) {
        answer.then(give, refuse);
        return;
      }
      give(answer);
      if (call.type !== 'clear') return;
      this.#post({ type: 'changed', added: 0 });
      this.#tellInfo(true);
    } catch (error) {
      refuse(error);
    }
  }

  /** Looks for what is to be let go after so many milliseconds, or sooner where that is said already. */
  #retainIn(ms: number): void {
    const due = performance.now() + ms;
    if (this.#retainTimer && this.#retainDue <= due) return;
    clearTimeout(this.#retainTimer);
    this.#retainDue = due;
    this.#retainTimer = setTimeout(() => {
      this.#retainTimer = undefined;
      this.#retainIn(this.#retainSlice() ? SLICE_PAUSE_MS : RETAIN_MS);
    }, ms).unref();
  }

  #retainSlice(): boolean {
    const store = this.#store;
    if (!store || !this.#configuration) return false;
    this.#bytesSince = 0;
    try {
      const went = store.retain(this.#configuration.settings, this.#now());
      if (went) this.#post({ type: 'changed', added: 0 });
      return went;
    } catch (error) {
      // A lock or a full disk is told when something is written.
      if (isDamage(error)) this.#replace();
      else if (!isPassing(error)) this.#warn(`old records were not deleted, ${troubleInWords(error)}`);
      return false;
    }
  }

  #close(): void {
    this.#write();
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#retainTimer);
    this.#retryTimer = undefined;
    this.#retainTimer = undefined;
    if (this.#waiting.records > 0) {
      this.#warn(`${this.#waiting.records} requests were not recorded: ${this.#trouble ?? ''}`);
    }
    // What is in memory alone would be gone.
    if (this.#store?.kind === 'disk') this.#closeStore();
  }

  #infoOf(settings: MonitorSettings): MonitorInfo {
    let size = { records: 0, bytes: 0 };
    try {
      size = this.#store?.size() ?? size;
    } catch {
      // The note says what is wrong.
    }
    const lost = this.#lost > 0 && `${this.#lost} requests were not recorded.`;
    const note = [this.#openNote, this.#trouble, lost].filter(Boolean).join(' ');
    const { enabled, captureBodies, keepDays, maxRecords, maxMiB } = settings;
    return {
      enabled,
      capturing: captureBodies,
      storage: this.#store?.kind ?? 'memory',
      ...(note !== '' && { note }),
      ...size,
      limits: { keepDays, maxRecords, maxMiB },
      canReplay: false,
    };
  }

  /** Tells kind and trouble of the storage, where they are others than were told. */
  #tellInfo(always = false): void {
    if (!this.#configuration) return;
    const { enabled: _1, capturing: _2, canReplay: _3, ...info } = this.#infoOf(this.#configuration.settings);
    const told = JSON.stringify([info.storage, info.note]);
    if (told === this.#told && !always) return;
    this.#told = told;
    this.#post({ type: 'info', info });
  }

  #warn(what: string): void {
    this.#post({ type: 'log', level: 'warn', message: `Monitor: ${what}.` });
  }
}

/** Attaches a keeper to a port. It listens at once; the first message configures it. */
export function serveKeeper(port: KeeperPort): void {
  const keeper = new Keeper((message) => {
    port.postMessage(message);
  });
  port.on('message', (message) => {
    keeper.hear(message);
  });
}
