/** The host's end of the proxy core: loads it on first need, in a worker thread, and speaks to it over its port. */
import { createRequire } from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Log } from '../../proxy/index';
import type * as Core from '../../proxy/thread';
import type { ExchangeRecord } from '../../shared/exchange';
import type { LanguageModels } from '../../shared/language-models';
import type { MonitorCall, MonitorEvent } from '../../shared/monitor';
import type { Leaving, Ownership } from '../../shared/peer-messages';
import type { Account, ProxySettings } from '../../shared/settings';
import type { Dialect } from '../../shared/setting-names';
import type { AccountTest, PoolEvent, ProxyStatus, RouteExplanation } from '../../shared/status';
import type {
  LmToHost,
  ThreadCallName,
  ThreadCalls,
  ThreadData,
  ThreadError,
  ThreadMessage,
} from '../../shared/thread-messages';
import { THREAD_MARK } from '../../shared/thread-messages';
import { ThreadAnswers } from './answer-thread';

/** A worker that has not said `ready` by then is given up. */
const READY_MS = 10_000;

/** Calls that are answered by something else than the new status. */
const NOT_A_STATUS: ReadonlySet<ThreadCallName> = new Set([
  'testAccount',
  'explainRoute',
  'monitor',
  'watchMonitor',
]);

export interface ProxyThreadOptions {
  /** Path of the core's bundle, `dist/proxy.js`. */
  script: string;
  /** A folder for what must survive a restart. */
  storage?: string;
  log: Log;
  /** The editor's own models, where it has any to give. */
  languageModels?: LanguageModels;
  /** Every status that the core tells, by itself or as an answer; never one of a thread that has died since. */
  onStatus(status: ProxyStatus): void;
  /** Exchanges that did not go the straight way. */
  onExchanges?(records: ExchangeRecord[]): void;
  /** Changes of accounts' health, in their order. */
  onPoolEvents?(events: PoolEvent[]): void;
  /** What the monitor tells while it is watched. */
  onMonitorEvent?(event: MonitorEvent): void;
  /** Another window says that accounts or settings changed. */
  onReload?(): void;
  /** The thread ended by itself: nothing listens any more. The next call loads a new one. */
  onDeath(error: Error): void;
  /** Makes the worker, for tests. */
  spawn?(script: string, data: ThreadData): Worker;
}

/** An error of the core with the fields it carried over. */
export class CoreError extends Error {
  override name: string;
  readonly code: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;

  constructor(error: ThreadError) {
    super(error.message);
    this.name = error.name;
    this.code = error.code;
    this.host = error.host;
    this.port = error.port;
  }
}

/** The thread ended while something was asked of it. */
export class ThreadDeathError extends Error {
  override name = 'ThreadDeathError';
  readonly code = 'THREAD_DIED';
}

/** A loaded core, wherever it runs. */
interface Connection {
  post(message: object): void;
  /** Ends the thread; in the main thread it closes the port. */
  end(): Promise<unknown>;
}

interface Pending {
  type: ThreadCallName;
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** The `Proxy` face over a thread. Methods reject with {@link CoreError} or {@link ThreadDeathError}. */
export class ProxyThread {
  readonly #options: ProxyThreadOptions;
  readonly #pending = new Map<number, Pending>();
  #connection: Promise<Connection> | undefined;
  #nextId = 1;

  constructor(options: ProxyThreadOptions) {
    this.#options = options;
  }

  /** Whether a core is loaded or being loaded. */
  get loaded(): boolean {
    return this.#connection !== undefined;
  }

  /** Begins to load the core, so that it is there when it is asked. Its failure is told to who asks next. */
  warmUp(): void {
    this.#connect().catch(() => undefined);
  }

  /** @param ownership with it, other windows may attach */
  configure(settings: ProxySettings, ownership?: Ownership): Promise<ProxyStatus> {
    return this.#ask('configure', { settings, ...(ownership && { ownership }) });
  }

  start(): Promise<ProxyStatus> {
    return this.#ask('start', {});
  }

  /** @param leaving what attached windows are told */
  stop(leaving?: Leaving): Promise<ProxyStatus> {
    return this.#ask('stop', { ...(leaving && { leaving }) });
  }

  status(): Promise<ProxyStatus> {
    return this.#ask('status', {});
  }

  testAccount(account: Account): Promise<AccountTest> {
    return this.#ask('testAccount', { account });
  }

  /** Ends the rest of an account, or of one of its models. */
  clearCooling(account: string, model?: string): Promise<ProxyStatus> {
    return this.#ask('clearCooling', { account, ...(model !== undefined && { model }) });
  }

  /** Where a model's name would go now. */
  explainRoute(model: string, protocol: Dialect): Promise<RouteExplanation> {
    return this.#ask('explainRoute', { model, protocol });
  }

  /** Asks the monitor; the answer is the one that `MonitorCalls` names. */
  monitor(call: MonitorCall): Promise<unknown> {
    return this.#ask('monitor', { call });
  }

  /** Whether events of the monitor are wanted. A new thread has to be told again. */
  async watchMonitor(watch: boolean): Promise<void> {
    await this.#ask('watchMonitor', { watch });
  }

  /** Stops the proxy and ends the thread. Resolves when the port is free. */
  async dispose(leaving?: Leaving): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    if (!connection) return;
    await this.stop(leaving).catch((error: unknown) =>
      this.#options.log.error(`Stopping failed: ${String(error)}`),
    );
    this.#connection = undefined;
    await connection.end();
    this.#rejectPending(new ThreadDeathError('the proxy was shut down'));
  }

  async #ask<Name extends ThreadCallName>(
    type: Name,
    ask: ThreadCalls[Name]['ask'],
  ): Promise<ThreadCalls[Name]['answer']> {
    const connection = await this.#connect();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { type, resolve, reject });
      connection.post({ id, type, ...ask });
    });
  }

  #connect(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const connection = this.#startWorker().catch((error: unknown) => {
      this.#options.log.warn(
        `No worker thread to be had (${String(error)}): the proxy runs in the main thread.`,
      );
      return this.#loadInMainThread();
    });
    this.#connection = connection;
    connection.catch(() => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    return connection;
  }

  /** Resolves once the worker says `ready`; rejects when it errs, exits or stays silent before that. */
  #startWorker(): Promise<Connection> {
    const { script, storage, languageModels } = this.#options;
    return new Promise((resolve, reject) => {
      const worker = (this.#options.spawn ?? spawnWorker)(script, {
        [THREAD_MARK]: true,
        ...(storage !== undefined && { storage }),
        ...(languageModels && { languageModels: true }),
      });
      const answers = new ThreadAnswers(languageModels, (message) => worker.postMessage(message));
      let phase: 'loading' | 'ready' | 'ended' = 'loading';
      const silence = setTimeout(() => lose(new Error('no answer in time')), READY_MS);
      const lose = (error: Error) => {
        clearTimeout(silence);
        const before = phase;
        phase = 'ended';
        if (before === 'ended') return;
        answers.dispose();
        void worker.terminate();
        if (before === 'ready') this.#died(error);
        else reject(error);
      };
      worker.on('message', (message: ThreadMessage) => {
        if (message.type === 'ready' && phase === 'loading') {
          clearTimeout(silence);
          phase = 'ready';
          resolve({
            post: (request) => worker.postMessage(request),
            end: () => {
              phase = 'ended';
              answers.dispose();
              return worker.terminate();
            },
          });
        } else if (message.type === 'lm') answers.hear(message);
        else this.#hear(message);
      });
      worker.on('messageerror', (error) =>
        this.#options.log.error(`Unreadable message of the proxy: ${error.message}`),
      );
      worker.on('error', (error) => lose(error instanceof Error ? error : new Error(String(error))));
      worker.on('exit', (code) => lose(new Error(`the thread ended with code ${code}`)));
    });
  }

  /** The same conversation over a channel whose other end is in this thread. */
  #loadInMainThread(): Promise<Connection> {
    const { script, storage, languageModels } = this.#options;
    const core = createRequire(script)(script) as typeof Core;
    const { port1, port2 } = new MessageChannel();
    const answers = new ThreadAnswers(languageModels, (message) => port1.postMessage(message));
    port1.on('message', (message: ThreadMessage) => {
      if (message.type === 'lm') answers.hear(message);
      else this.#hear(message);
    });
    core.serveCore(port2, storage, languageModels !== undefined);
    return Promise.resolve({
      post: (request) => port1.postMessage(request),
      end: () => {
        answers.dispose();
        port1.close();
        return Promise.resolve();
      },
    });
  }

  #hear(message: Exclude<ThreadMessage, LmToHost>): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'status':
        this.#options.onStatus(message.status);
        return;
      case 'log':
        for (const line of message.lines) this.#options.log[line.level](line.message);
        return;
      case 'exchanges':
        this.#options.onExchanges?.(message.records);
        return;
      case 'poolEvents':
        this.#options.onPoolEvents?.(message.events);
        return;
      case 'reload':
        this.#options.onReload?.();
        return;
      case 'monitor':
        this.#options.onMonitorEvent?.(message.event);
        return;
      case 'answer': {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (!message.ok) {
          pending?.reject(new CoreError(message.error));
          return;
        }
        // Here and not where the answer is awaited: the thread may die in between.
        if (pending && !NOT_A_STATUS.has(pending.type)) this.#options.onStatus(message.answer as ProxyStatus);
        pending?.resolve(message.answer as never);
      }
    }
  }

  #died(cause: Error): void {
    this.#connection = undefined;
    const error = new ThreadDeathError(`the proxy ended unexpectedly: ${cause.message}`, { cause });
    this.#options.onDeath(error);
    this.#rejectPending(error);
  }

  #rejectPending(error: Error): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }
}

/** `execArgv` is emptied so that an inspector flag of the editor's own process does not reach the thread. */
function spawnWorker(script: string, data: ThreadData): Worker {
  return new Worker(script, { name: 'portside-proxy', workerData: data, execArgv: [] });
}
