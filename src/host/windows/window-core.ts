/**
 * The proxy as one window sees it, of however many there are (SPEC 1.10). The bind is the lock: whoever listens owns the proxy
 * and runs it in its thread; a window that finds the port taken by a window of the same editor attaches to it, shows its
 * status and asks it. When the owner goes, whoever binds first is the next one.
 */
import { randomUUID } from 'node:crypto';
import type { MonitorCall, MonitorEvent } from '../../shared/monitor';
import { isNewer, type Leaving } from '../../shared/peer-messages';
import type { Account, ProxySettings } from '../../shared/settings';
import type { Dialect } from '../../shared/setting-names';
import type { AccountTest, ProxyStatus, RouteExplanation } from '../../shared/status';
import { ProxyThread, type ProxyThreadOptions } from '../thread/proxy-thread';
import { findOwner, type Found, type PeerConnection } from './peer-connection';
import { OwnerFile } from './owner-file';
import { pause } from './pause';

/** For so long a window that lost its owner tries to take over, or to find the one that did. */
const TAKE_OVER_MS = 5000;
/** So long the next one in turn is given before another window tries as well: two cores that load at once are slow. */
const TURN_MS = 500;
/** A window that is next for so long gets a core ready: it takes long to load one while the editor starts a killed host anew. */
const STAND_BY_MS = 1000;
/** A busy owner is asked so often before its port counts as somebody else's. */
const MOST_SILENT = 5;
/** For so long a start waits for an owner that is about to go, or that two windows know by different secrets yet. */
const START_MS = 1500;
/** What another window wrote reaches this one's memory a moment after it was told of it. */
const RELOAD_MS = [50, 600];

export interface WindowCoreOptions extends ProxyThreadOptions {
  version: string;
  /** Known to all windows of this user's editor. */
  secret(): Promise<string>;
  /** The port that is set: where an owner would be. */
  port(): number;
  /** The settings of the moment. Rejects where they are not valid. */
  gather(): Promise<ProxySettings>;
  /** Starts anew with the settings of the moment, as a person would; resolves when this window owns or is attached. */
  restart(): Promise<unknown>;
  /** Accounts or settings changed in another window. */
  onReload(): void;
  /** The owner is gone; this window may take over. What this one's own core was told may be out of date. */
  onLost(): void;
  /** This window is attached no more, and owns nothing. `error`: why it did not take over, where it wanted to. */
  onDetached(error?: unknown): void;
}

type Outcome = 'attached' | Exclude<Found, PeerConnection>;

/** Methods as those of {@link ProxyThread}; whether they are answered here or by the owner is nobody's concern. */
export class WindowCore {
  readonly #options: WindowCoreOptions;
  readonly #thread: ProxyThread;
  readonly #file: OwnerFile | undefined;
  readonly #window = randomUUID();
  #owner: PeerConnection | undefined;
  #settings: ProxySettings | undefined;
  /** The settings that its own core has. */
  #told: ProxySettings | undefined;
  /** Of this window's own thread, also while it is not shown. */
  #own: ProxyStatus | undefined;
  /** The core is one that stands by: nobody has asked for it, and its settings may be out of date. */
  #spare = false;
  #standingBy: NodeJS.Timeout | undefined;
  #watching = false;
  #disposed = false;
  #looking: Promise<Outcome> | undefined;

  constructor(options: WindowCoreOptions) {
    this.#options = options;
    this.#thread = new ProxyThread({
      ...options,
      onStatus: (status) => {
        this.#hearOwn(status);
      },
      onReload: () => {
        for (const ms of RELOAD_MS) setTimeout(() => this.#disposed || options.onReload(), ms).unref();
      },
      onDeath: (error) => {
        if (this.#own?.listening) this.#file?.forget();
        this.#own = this.#told = undefined;
        if (this.#owner) options.log.warn(error.message);
        else options.onDeath(error);
      },
    });
    if (options.storage === undefined) return;
    this.#file = new OwnerFile(options.storage, () => void this.#heedFile());
    // Not before activation is over.
    setImmediate(() => this.#disposed || this.#file?.watch());
  }

  /** Whether a status can be had without loading a core. */
  get loaded(): boolean {
    return this.#owner !== undefined || (this.#thread.loaded && !this.#spare);
  }

  /** Whether another window owns the proxy. */
  get attached(): boolean {
    return this.#owner !== undefined;
  }

  /** Whether the user's last wish was a stop, in whatever window. {@link want} forgets it. */
  get unwanted(): boolean {
    return this.#file?.stopped ?? false;
  }

  /** The user wants the proxy to run. */
  want(): void {
    this.#file?.forgetStop();
  }

  warmUp(): void {
    if (this.#owner) return;
    this.#spare = false;
    this.#thread.warmUp();
  }

  async configure(settings: ProxySettings): Promise<void> {
    this.#settings = settings;
    if (!this.#owner) await this.#configureThread(settings);
  }

  /**
   * Attaches to the window that owns the proxy, where there is one; a newer version takes the port from an older one.
   * @returns whether this window is attached now
   */
  async join(): Promise<boolean> {
    // One that was told to stop, or was killed, may be gone before this window has heard of it.
    if (!(await this.lookForOwner()) || !(await this.#hasOwner())) return false;
    await this.#replaceOlder();
    return true;
  }

  /** Listens, or attaches to the window that does. Rejects when neither can be. */
  async start(): Promise<void> {
    const begun = Date.now();
    while (!(await this.#hasOwner()))
      try {
        // It may have been attached when it was configured.
        if (this.#settings && this.#told !== this.#settings) await this.#configureThread(this.#settings);
        await this.#thread.start();
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
        const found = await this.#look();
        if (found === 'attached') continue;
        if (Date.now() > begun + START_MS || !this.#mayChange(found)) throw error;
        await pause();
      }
    await this.#replaceOlder();
  }

  /** For all windows. Rejects when the owner does not answer. */
  async stop(): Promise<void> {
    // First of all: a window that is about to take over looks at it after it has bound, this one looks for it below.
    this.#file?.markStopped();
    if (this.#own?.listening) await this.#thread.stop({ reason: 'stopped' });
    else if (await this.lookForOwner()) await this.#owner?.stop();
  }

  async status(): Promise<void> {
    const owner = this.#owner;
    if (!owner) {
      await this.#thread.status();
      return;
    }
    try {
      this.#show((await owner.call({ type: 'status' })) as ProxyStatus);
    } catch (error) {
      // One that is gone meanwhile was told of already.
      if (this.#owner === owner) throw error;
    }
  }

  /** By this window's own thread: keys do not cross. */
  async testAccount(account: Account): Promise<AccountTest> {
    if (this.#owner && this.#settings) await this.#configureThread(this.#settings);
    const test = await this.#thread.testAccount(account);
    if (test.ok) await this.#owner?.call({ type: 'revive', account: account.id }).catch(() => undefined);
    return test;
  }

  async clearCooling(account: string, model?: string): Promise<void> {
    if (!this.#owner) await this.#thread.clearCooling(account, model);
    else await this.#owner.call({ type: 'clearCooling', account, ...(model !== undefined && { model }) });
  }

  async explainRoute(model: string, protocol: Dialect): Promise<RouteExplanation> {
    if (!this.#owner) return this.#thread.explainRoute(model, protocol);
    return (await this.#owner.call({ type: 'explainRoute', model, protocol })) as RouteExplanation;
  }

  monitor(call: MonitorCall): Promise<unknown> {
    return this.#owner ? this.#owner.call({ type: 'monitor', call }) : this.#thread.monitor(call);
  }

  async watchMonitor(watch: boolean): Promise<void> {
    this.#watching = watch;
    if (this.#owner) await this.#owner.call({ type: 'watchMonitor', watch });
    else if (this.loaded) await this.#thread.watchMonitor(watch);
  }

  /** Tells the owner, when it is another window, that accounts or settings changed here. */
  async reload(): Promise<void> {
    await this.#owner?.call({ type: 'reload' }).catch(() => undefined);
  }

  /**
   * Attaches to the owner, where there is one. Never rejects.
   * @returns whether this window is attached
   */
  async lookForOwner(): Promise<boolean> {
    return (await this.#look()) === 'attached';
  }

  /** Stops watching for owners, and the proxy, if it is this window's. Resolves when the port is free. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#standingBy);
    this.#owner?.close();
    this.#owner = undefined;
    if (this.#own?.listening) this.#file?.forget();
    this.#file?.dispose();
    await this.#thread.dispose({ reason: 'closing' });
  }

  async #configureThread(settings: ProxySettings): Promise<void> {
    const { version, secret } = this.#options;
    this.#spare = false;
    await this.#thread.configure(settings, { secret: await secret(), version });
    this.#told = settings;
  }

  /** Another window may have begun to listen: what is being looked at may be the one before it. */
  async #heedFile(): Promise<void> {
    await this.#looking;
    await this.#look();
  }

  #look(): Promise<Outcome> {
    if (this.#owner) return Promise.resolve('attached');
    if (this.#own?.listening || this.#disposed) return Promise.resolve('none');
    this.#looking ??= this.#attachPatiently()
      .catch((): Outcome => 'none')
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** An owner may be busy: where a window says that it listens, silence is no answer. */
  async #attachPatiently(): Promise<Outcome> {
    // An owner keeps its port until the restart, also when another one is set.
    const named = this.#file?.port;
    if (named !== undefined && named !== this.#options.port() && (await this.#attach(named)) === 'attached')
      return 'attached';
    for (let tries = 1; ; tries += 1) {
      const port = this.#options.port();
      const found = await this.#attach(port);
      if (found !== 'silent' || tries === MOST_SILENT || this.#disposed) return found;
      if (this.#file?.port !== port) return found;
    }
  }

  /** Whether who has the port may be another one in a moment, or be known then. */
  #mayChange(found: Outcome): boolean {
    if (found === 'foreign') return this.#file?.port === this.#options.port();
    return found === 'leaving' || found === 'none';
  }

  async #attach(port: number): Promise<Outcome> {
    const { version, secret, onMonitorEvent } = this.#options;
    const found = await findOwner({
      port,
      secret: await secret(),
      version,
      window: this.#window,
      onStatus: (status) => {
        if (this.#owner) this.#show(status);
      },
      onMonitorEvent: (event: MonitorEvent) => onMonitorEvent?.(event),
      onRank: (rank) => {
        this.#standBy(rank === 0);
      },
      onEnd: (leaving) => void this.#lose(leaving),
    });
    if (typeof found === 'string') return found;
    if (this.#disposed || this.#own?.listening) {
      found.close();
      return 'none';
    }
    if (found.ended) return 'leaving';
    this.#owner = found;
    this.#show(found.status);
    if (this.#watching) {
      await this.watchMonitor(true).catch(() => undefined);
      onMonitorEvent?.({ type: 'changed', added: 0 });
    }
    return 'attached';
  }

  /** @returns whether the window that this one is attached to owns the proxy still, as far as it answers */
  async #hasOwner(): Promise<boolean> {
    const owner = this.#owner;
    if (!owner) return false;
    await this.status().catch(() => undefined);
    return this.#owner === owner;
  }

  #standBy(isNext: boolean): void {
    clearTimeout(this.#standingBy);
    if (!isNext) return;
    this.#standingBy = setTimeout(() => {
      // One that is loaded has run before.
      if (this.#owner && !this.#thread.loaded) void this.#prepare();
    }, STAND_BY_MS).unref();
  }

  /** Loads a core, and lets it and this thread go once through what a start needs: the first time takes long. */
  async #prepare(): Promise<void> {
    this.#spare = true;
    this.#thread.warmUp();
    try {
      const settings = await this.#options.gather();
      // Whoever asked for the core meanwhile has told it what it needs, and this would let no window attach.
      if (this.#spare) await this.#thread.configure(settings);
    } catch (error) {
      this.#options.log.debug(`This window is not ready to take over at once: ${String(error)}`);
    }
  }

  /** An older version hands the port over to a newer one. */
  async #replaceOlder(): Promise<void> {
    const owner = this.#owner;
    if (!owner || !isNewer(this.#options.version, owner.version)) return;
    // Its goodbye names this window, which then takes over as after any owner.
    await owner.call({ type: 'handOver' }).catch(() => undefined);
  }

  /** The owner is gone. */
  async #lose(leaving: Leaving | undefined): Promise<void> {
    const rank = this.#owner?.rank ?? 0;
    this.#owner = undefined;
    this.#standBy(false);
    if (this.#disposed) return;
    if (leaving?.reason === 'stopped') {
      this.#options.onDetached();
      return;
    }
    this.#options.onLost();
    const begun = Date.now();
    const turn = begun + this.#waits(leaving, rank);
    for (;;) {
      let error: unknown;
      if (await this.#takeOver(Date.now() >= turn).catch((reason: unknown) => void (error = reason))) return;
      if (this.#disposed) return;
      const over = Date.now() > begun + TAKE_OVER_MS;
      // Somebody else was faster, or is not gone quite yet.
      const goesOn = error === undefined || (error as { code?: string }).code === 'EADDRINUSE';
      if (over || !goesOn || this.unwanted) {
        this.#options.onDetached(this.unwanted ? undefined : error);
        return;
      }
      await pause();
    }
  }

  /** @returns for how many milliseconds this window leaves the port to others */
  #waits(leaving: Leaving | undefined, rank: number): number {
    if (leaving?.reason !== 'handedOver') return rank * TURN_MS;
    return leaving.to === this.#window ? 0 : TAKE_OVER_MS / 2;
  }

  /**
   * Rejects as a start does.
   * @returns whether this window owns the proxy now, or is attached to the one that does
   */
  async #takeOver(mayBind: boolean): Promise<boolean> {
    if (!mayBind || this.unwanted) return this.lookForOwner();
    await this.#options.restart();
    // Whoever stopped it meanwhile may not have found it.
    if (this.#own?.listening && this.unwanted) await this.#thread.stop({ reason: 'stopped' });
    return true;
  }

  #hearOwn(status: ProxyStatus): void {
    const before = this.#own?.listening;
    this.#own = status;
    if (status.listening && !before) this.#file?.write({ port: status.listening.port });
    else if (!status.listening && before) this.#file?.forget();
    if (!this.#owner) this.#options.onStatus(status);
  }

  #show(status: ProxyStatus): void {
    this.#options.onStatus({ ...status, attached: true });
  }
}
