/** The way to the keeper of records: its thread is made when it is first needed. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Log } from '../host';
import {
  KEEPER_MARK,
  type FromKeeper,
  type KeeperAnswer,
  type KeeperCall,
  type RawMessage,
  type ToKeeper,
} from './keeper/keeper-messages';
import type * as KeeperBundle from '../monitor-thread';

/** A keeper that dies so often within a minute is not made again. */
const DEATHS = 3;
const WHILE_MS = 60_000;
/**
 * Masking a megabyte makes a dozen of them that are garbage at once: without a limit they would stay for long. One that needs
 * more than this ends, and a new one is told its records again, without bodies.
 */
const LIMITS = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16 };
/** Bodies that are not known to be written, in bytes; above, further ones are not handed over. */
const BODIES_LIMIT = 32 * 1_048_576;
/** Records that are not known to be written, and are told again to a new keeper. Above, the oldest are given up. */
const UNWRITTEN_LIMIT = 20_000;

interface Batch {
  records: string;
  count: number;
  /** Bytes of bodies that went with it. */
  bytes: number;
  /** Whom it was told; absent: nobody yet. */
  told?: Connection;
}

interface Connection {
  post(message: ToKeeper, transfer: ArrayBuffer[]): void;
  /** Whether it keeps the process alive: while its last words are waited for. */
  hold(on: boolean): void;
  end(): Promise<void>;
}

interface Pending {
  /** Who was asked. */
  connection: Connection;
  resolve(answer: KeeperAnswer): void;
  reject(error: Error): void;
}

export interface KeeperLinkOptions {
  /** Path of the keeper's bundle, `dist/monitor.js`. */
  script: string;
  log: Log;
  /** What a new keeper must know first. */
  configuration(): ToKeeper;
  /** Where the proxy is to be had: `http://127.0.0.1:8045`. */
  origin(): string;
  onMessage(message: Extract<FromKeeper, { type: 'changed' | 'info' }>): void;
}

/** Calls and batches of records on their way to the keeper. */
export class KeeperLink {
  readonly #pending = new Map<number, Pending>();
  #connection: Connection | undefined;
  #nextId = 1;
  #deaths: number[] = [];
  #unwritten: Batch[] = [];
  #count = 0;
  #bytes = 0;
  #lost = 0;
  /** The last trouble that was told. */
  #told = '';

  constructor(private readonly options: KeeperLinkOptions) {}

  /** Whether a keeper is there. */
  get open(): boolean {
    return this.#connection !== undefined;
  }

  /** Tells it the configuration of now. Without effect while there is none: a new one hears it first. */
  configure(): void {
    this.#connection?.post(this.options.configuration(), []);
  }

  /**
   * Hands a batch over. Never throws: what cannot be handed over is told in the log.
   * @param records JSON of an array of `count` records
   */
  append(message: Extract<ToKeeper, { type: 'append' }>, count: number): void {
    const connection = this.#tryConnect();
    const bytes = connection ? this.#limitBodies(message.messages) : 0;
    this.#unwritten.push({ records: message.records, count, bytes, ...(connection && { told: connection }) });
    this.#count += count;
    this.#bytes += bytes;
    while (this.#count > UNWRITTEN_LIMIT && this.#unwritten.length > 1) this.#lost += this.#forgetFirst();
    const pieces = message.messages.flatMap(({ body = [] }) =>
      body.map(({ buffer }) => buffer as ArrayBuffer),
    );
    connection?.post(message, pieces);
  }

  /** @returns how many records the oldest batch has */
  #forgetFirst(): number {
    const { count = 0, bytes = 0 } = this.#unwritten.shift() ?? {};
    this.#count -= count;
    this.#bytes -= bytes;
    return count;
  }

  /** @returns undefined where there is no keeper to be had, which is told once */
  #tryConnect(): Connection | undefined {
    try {
      return this.#connect();
    } catch (error) {
      const { message: reason } = error as Error;
      if (reason !== this.#told) this.options.log.warn(`Requests are not recorded: ${reason}`);
      this.#told = reason;
      return undefined;
    }
  }

  /** Takes bodies out where more come than can be masked and written. @returns the bytes of those that stay */
  #limitBodies(messages: RawMessage[]): number {
    let bytes = 0;
    for (const message of messages) {
      const size = (message.body ?? []).reduce((sum, { length }) => sum + length, 0);
      if (this.#bytes + bytes + size <= BODIES_LIMIT) bytes += size;
      else {
        delete message.body;
        message.note = 'More bodies came at this time than could be kept.';
      }
    }
    return bytes;
  }

  /** Asks. Rejects with the keeper's words, or when it dies meanwhile. */
  call(call: KeeperCall): Promise<KeeperAnswer> {
    return this.#ask({ type: 'call', id: this.#nextId++, call, origin: this.options.origin() });
  }

  /**
   * Resolves when everything is written and the thread is over. What comes meanwhile is for a new one.
   * @param keep whether the thread stays, because what it has in memory alone would be gone; asked when that is known, too
   */
  async close(keep: () => boolean): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    connection.hold(true);
    const closed = this.#ask({ type: 'close', id: this.#nextId++ }).then(
      () => true,
      () => false,
    );
    if (!keep()) this.#connection = undefined;
    const alive = await closed;
    // A keeper that had only begun may have told just now what it keeps records in.
    if (alive && keep()) this.#connection ??= connection;
    if (this.#connection === connection) {
      connection.hold(false);
      return;
    }
    await connection.end();
    this.#rejectAll(connection, 'The monitor was closed.');
  }

  #ask(message: Extract<ToKeeper, { id: number }>): Promise<KeeperAnswer> {
    return new Promise((resolve, reject) => {
      const connection = this.#connect();
      this.#pending.set(message.id, { connection, resolve, reject });
      connection.post(message, []);
    });
  }

  /**
   * A new one is told again of what an old one may not have written: records are known by their ids, so none is there twice.
   * @throws Error when there is none to be had
   */
  #connect(): Connection {
    if (this.#connection) return this.#connection;
    const { script, configuration } = this.options;
    const now = Date.now();
    this.#deaths = this.#deaths.filter((time) => now - time < WHILE_MS);
    if (this.#deaths.length >= DEATHS) throw new Error('The keeper of records ended again and again.');
    if (!existsSync(script)) throw new Error('The bundle of the keeper of records is missing.');
    const connection = this.#startWorker(script);
    this.#connection = connection;
    this.#told = '';
    connection.post(configuration(), []);
    for (const batch of this.#unwritten) {
      this.#bytes -= batch.bytes;
      batch.bytes = 0;
      batch.told = connection;
      connection.post({ type: 'append', records: batch.records, messages: [] }, []);
    }
    return connection;
  }

  #startWorker(script: string): Connection {
    let worker: Worker;
    try {
      worker = new Worker(script, {
        name: 'portside-monitor',
        workerData: { [KEEPER_MARK]: true },
        execArgv: [],
        resourceLimits: LIMITS,
      });
    } catch {
      // Where workers are not to be had it stands in this thread.
      return this.#loadHere(script);
    }
    let ended = false;
    const connection: Connection = {
      post: (message, transfer) => {
        worker.postMessage(message, transfer);
      },
      hold: (on) => {
        if (on) worker.ref();
        else worker.unref();
      },
      end: async () => {
        ended = true;
        await worker.terminate();
      },
    };
    const lose = (error: Error) => {
      if (ended) return;
      ended = true;
      void worker.terminate();
      this.#died(connection, error);
    };
    worker.on('message', (message: FromKeeper) => {
      this.#hear(connection, message);
    });
    worker.on('error', lose);
    worker.on('exit', (code) => {
      lose(new Error(`its thread ended with code ${code}`));
    });
    // It keeps no process alive: whoever wants its last words closes it. A listener that comes later would undo this.
    worker.unref();
    return connection;
  }

  #loadHere(script: string): Connection {
    const { port1, port2 }: { port1: MessagePort; port2: MessagePort } = new MessageChannel();
    const { serveKeeper } = createRequire(script)(script) as typeof KeeperBundle;
    serveKeeper(port2);
    const connection: Connection = {
      post: (message, transfer) => {
        port1.postMessage(message, transfer);
      },
      hold: (on) => {
        if (on) port1.ref();
        else port1.unref();
      },
      end: () => {
        port1.close();
        return Promise.resolve();
      },
    };
    port1.on('message', (message: FromKeeper) => {
      this.#hear(connection, message);
    });
    port1.unref();
    port2.unref();
    return connection;
  }

  #hear(connection: Connection, message: FromKeeper): void {
    switch (message.type) {
      case 'answer': {
        const asked = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (message.ok) asked?.resolve(message.answer);
        else asked?.reject(new Error(message.message));
        return;
      }
      case 'log':
        this.options.log[message.level](message.message);
        return;
      case 'changed':
        this.#written(connection, message.added);
        this.options.onMessage(message);
        return;
      case 'info':
        this.options.onMessage(message);
    }
  }

  /** One keeper tells of its batches in their order. */
  #written(connection: Connection, count: number): void {
    let left = count;
    for (let first = this.#unwritten[0]; first?.told === connection; first = this.#unwritten[0]) {
      if (first.count > left) break;
      left -= this.#forgetFirst();
    }
    if (this.#lost === 0) return;
    this.options.log.warn(`The monitor could not keep up: ${this.#lost} requests were not recorded.`);
    this.#lost = 0;
  }

  #died(connection: Connection, error: Error): void {
    if (this.#connection === connection) this.#connection = undefined;
    this.#deaths.push(Date.now());
    this.options.log.warn(`The keeper of records ended: ${error.message}`);
    this.#rejectAll(connection, 'The monitor was interrupted. Try again.');
    if (this.#unwritten.length > 0) this.#tryConnect();
  }

  #rejectAll(connection: Connection, message: string): void {
    for (const [id, asked] of this.#pending) {
      if (asked.connection !== connection) continue;
      this.#pending.delete(id);
      asked.reject(new Error(message));
    }
  }
}
