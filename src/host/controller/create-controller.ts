import type { Log } from '../../proxy/index';
import type { LanguageModels } from '../../shared/language-models';
import { providerInfo } from '../../shared/provider-list';
import { bindAddress, resolveAuthMode } from '../../shared/setting-names';
import type { ProxySettings } from '../../shared/settings';
import type { PoolEvent, ProxyStatus } from '../../shared/status';
import { accountDeeds } from '../accounts/account-deeds';
import { Accounts, type Memory } from '../accounts/accounts';
import { ClientKeys } from '../accounts/client-keys';
import { checkHealth } from './check-health';
import { asFailure, ControlError } from './control-error';
import type { Controller } from './controller';
import { describeDecision } from '../../shared/describe-decision';
import { describePoolEvent } from '../../shared/describe-pool-event';
import { DisposableStore, Emitter } from '../disposable';
import { unloadedStatus } from './unloaded-status';
import { findFreePort } from '../find-free-port';
import { gatherSettings } from './gather-settings';
import { MonitorWatch } from '../monitor/monitor-watch';
import { WindowCore } from '../windows/window-core';
import type { Redactor } from '../../shared/redact';
import { isOurSecret, Secrets, type SecretStorage } from '../secrets';
import type { SettingsSource } from '../settings';

/** What the controller has from the editor. */
export interface ControllerOptions {
  /** Path of `dist/proxy.js`. */
  script: string;
  /** A folder of the extension's own, for what the proxy keeps between two runs. */
  storage?: string;
  log: Log;
  /** The editor's own models, for accounts of the provider `vscode`. */
  languageModels?: LanguageModels;
  redactor: Redactor;
  settings: SettingsSource;
  memory: Memory;
  secretStorage: SecretStorage & {
    onDidChange(listener: (event: { key: string }) => void): { dispose(): unknown };
  };
  /** Asks whether the whole network may use the proxy without a key (SPEC 1.3). */
  confirmOpenNetwork(): Promise<boolean>;
  /** Changed settings could not be applied: the proxy goes on with the old ones. */
  onRejectedSettings(message: string): void;
  /** Of the extension: a newer one takes the proxy over from an older one. */
  version?: string;
  /** The thread of the proxy ended by itself. */
  onDeath(message: string): void;
  /** A provider refuses an account that the user wants: it is not asked any more (SPEC 5.8). */
  onDeadAccount?(account: { id: string; label: string; reason: string }): void;
}

/** Makes the controller of a stopped proxy. Loads nothing: that is the first start's business. */
export function createController(options: ControllerOptions): Controller {
  const { log, redactor, settings, memory, secretStorage } = options;
  const owned = new DisposableStore();
  const onListenerError = (error: unknown) => log.error(`A listener failed: ${String(error)}`);
  const changed = owned.add(new Emitter<void>(onListenerError));
  const secrets = new Secrets(secretStorage, redactor);
  const accounts = new Accounts(memory, secrets);
  const clientKeys = new ClientKeys(memory, secrets);

  /** What the core said last; undefined while it is not loaded. */
  let coreStatus: ProxyStatus | undefined;
  let failure: ProxyStatus['failure'];
  let starting = false;
  /** The core that is loaded has heard the settings once. */
  let configured = false;
  /** The user said yes; forgotten when the settings ask for less. */
  let openNetworkAllowed = false;

  const hear = (status: ProxyStatus) => {
    // Whoever owns it was asked (SPEC 1.3): the answer holds when this window takes over, and no longer than there.
    if (status.attached && status.listening)
      openNetworkAllowed = status.authMode === 'off' && status.listening.host === bindAddress(true);
    // What failed before has no meaning any more.
    if (status.listening) failure = undefined;
    coreStatus = status;
    changed.fire();
  };
  const core = new WindowCore({
    version: options.version ?? '0.0.0',
    secret: () => secrets.windowSecret(),
    port: () => settings.read().port,
    gather: () => proxySettings(),
    restart: () => inTurn(() => start(true)),
    onReload: () => void heedUser(),
    onLost: () => {
      configured = false;
    },
    onDetached: (error) => {
      coreStatus = undefined;
      configured = false;
      if (error !== undefined) fail(error);
      changed.fire();
    },
    script: options.script,
    ...(options.storage !== undefined && { storage: options.storage }),
    log,
    ...(options.languageModels && { languageModels: options.languageModels }),
    onStatus: hear,
    onExchanges: (records) => {
      for (const record of records) log.info(describeDecision(record));
    },
    onPoolEvents: (events) => events.forEach(hearPoolEvent),
    onMonitorEvent: (event) => monitorWatch.hear(event),
    onDeath: (error) => {
      coreStatus = undefined;
      configured = false;
      failure = { message: redactor.redact(error.message), code: 'THREAD_DIED' };
      log.error(error.message);
      changed.fire();
      options.onDeath(failure.message);
    },
  });

  const monitorWatch = owned.add(
    new MonitorWatch((on) => {
      core.watchMonitor(on).catch((error: unknown) => {
        log.warn(`The monitor cannot be watched: ${redactor.redact(String(error))}`);
      });
    }, onListenerError),
  );

  function hearPoolEvent(event: PoolEvent): void {
    const account = accounts.views().find(({ id }) => id === event.account);
    const label = account?.label ?? event.label;
    log.info(describePoolEvent(event, label));
    if (event.to !== 'disabled' || event.model !== undefined || !account?.enabled) return;
    const reason = redactor.redact(event.reason ?? '');
    options.onDeadAccount?.({ id: account.id, label, reason });
  }

  const status = (): ProxyStatus => {
    const { failure: _, ...base } = coreStatus ?? unloadedStatus(settings.read(), accounts.views());
    return {
      ...base,
      ...(starting && base.state === 'stopped' && { state: 'starting' }),
      ...(failure && base.state === 'stopped' && !starting && { failure }),
    };
  };

  /** Start, stop and configure happen one after the other, so that the last wish wins. */
  let queue: Promise<unknown> = Promise.resolve();
  function inTurn<T>(deed: () => Promise<T>): Promise<T> {
    const done = queue.then(deed);
    queue = done.catch(() => undefined);
    return done;
  }

  const proxySettings = () => gatherSettings({ settings, secrets, accounts, clientKeys, redactor, log });

  async function configure(wanted: ProxySettings): Promise<void> {
    await core.configure(wanted);
    if (configured) return;
    configured = true;
    monitorWatch.renew();
  }

  /** Whether these settings, bound to this address, let the network in without a key against the user's word. */
  const wouldOpenNetwork = (wanted: ProxySettings, host: string): boolean => {
    const open =
      resolveAuthMode(wanted.authMode, wanted.allowLanAccess) === 'off' && host !== bindAddress(false);
    if (!open) openNetworkAllowed = false;
    return open && !openNetworkAllowed;
  };

  function fail(error: unknown): void {
    const cause = asFailure(error);
    if (cause.code === 'CANCELLED') return;
    failure = { ...cause, message: redactor.redact(cause.message) };
    log.error(failure.message);
  }

  /** @param again another window owned the proxy: a port that is not free yet is no failure */
  async function start(again = false): Promise<ProxyStatus> {
    // It was another start that is gone on with: a stop since then ends it.
    if (again && core.unwanted) throw new ControlError('CANCELLED', 'The proxy was stopped.');
    if (!again) core.want();
    failure = undefined;
    starting = true;
    changed.fire();
    try {
      // Whose turn it is to take over will most likely need it.
      if (again) core.warmUp();
      if (await core.join()) return status();
      core.warmUp();
      const wanted = await proxySettings();
      if (status().state !== 'running' && wouldOpenNetwork(wanted, bindAddress(wanted.allowLanAccess))) {
        openNetworkAllowed = await options.confirmOpenNetwork();
        if (!openNetworkAllowed) throw new ControlError('CANCELLED', 'The start was cancelled.');
      }
      await configure(wanted);
      await core.start();
      return status();
    } catch (error) {
      // Whoever takes over tries again, and says it when that is over.
      if (!again) fail(error);
      throw error;
    } finally {
      starting = false;
      changed.fire();
    }
  }

  async function stop(): Promise<ProxyStatus> {
    failure = undefined;
    await core.stop();
    changed.fire();
    return status();
  }

  /** Hands changed settings, accounts or keys to a loaded core (SPEC 1.8). */
  async function apply(): Promise<void> {
    if (!core.loaded) return;
    const wanted = await proxySettings();
    const host = coreStatus?.listening?.host;
    if (!core.attached && host !== undefined && wouldOpenNetwork(wanted, host)) {
      if (wanted.authMode !== 'auto') {
        // Not awaited: a question that stays open must not keep a stop waiting.
        void askToOpen();
        return;
      }
      // LAN access is off in the settings but still bound until the restart: so is the key's duty.
      wanted.authMode = resolveAuthMode('auto', true);
    }
    await configure(wanted);
    await core.reload();
  }

  let asking = false;
  async function askToOpen(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      openNetworkAllowed = await options.confirmOpenNetwork();
      // A refusal is written down, and comes back as a change of the settings.
      if (openNetworkAllowed) await scheduleApply();
      else await settings.write('authMode', 'auto');
    } catch (error) {
      log.error(`The question about network access failed: ${String(error)}`);
    } finally {
      asking = false;
    }
  }

  let scheduled: Promise<void> | undefined;
  /** Done when the last change has reached the core, or was refused. */
  let applied: Promise<void> = Promise.resolve();
  /** Many changes in one turn are one. Resolves when they act: on the next request (SPEC 1.8). Never rejects. */
  function scheduleApply(): Promise<void> {
    changed.fire();
    scheduled ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      scheduled = undefined;
      return inTurn(apply).catch((error: unknown) => {
        const message = redactor.redact(error instanceof Error ? error.message : String(error));
        log.warn(`The changed settings are not applied: ${message}`);
        // While stopped nobody waits for them; the next start says it.
        if (coreStatus?.listening) options.onRejectedSettings(message);
      });
    });
    return (applied = scheduled);
  }

  let preparing: Promise<void> | undefined;
  /** Sees to it that a core is loaded and knows the settings of the moment. */
  function prepare(): Promise<void> {
    if (configured) return applied;
    core.warmUp();
    preparing ??= inTurn(apply).finally(() => (preparing = undefined));
    return preparing;
  }

  /** The user changed something: what failed before may not fail now. */
  function heedUser(): Promise<void> {
    failure = undefined;
    return scheduleApply();
  }

  owned.add(settings.onDidChange(() => void heedUser()));
  owned.add(
    secretStorage.onDidChange(({ key }) => {
      if (!isOurSecret(key)) return;
      void scheduleApply();
      // Another window may have written it.
      if (keysLearnt) {
        learnKeys().then(
          () => changed.fire(),
          (error: unknown) => log.error(`The keys cannot be read: ${String(error)}`),
        );
      }
    }),
  );

  let keysLearnt = false;
  async function learnKeys(): Promise<void> {
    keysLearnt = true;
    await Promise.all([accounts.withKeys(), secrets.zaiKey()]);
  }

  const url = () => status().listening?.url ?? `http://127.0.0.1:${settings.read().port}`;

  return {
    status,
    onDidChange: (listener) => changed.on(listener),
    settings: () => settings.read(),
    async updateSetting(name, value) {
      await settings.write(name, value);
      await scheduleApply();
    },
    baseUrl: url,
    sampleModel() {
      const all = accounts.list().filter(({ enabled }) => enabled);
      const [first] = all.map(
        (each) => each.models?.[0] ?? each.defaultModel ?? providerInfo(each.provider).sampleModel,
      );
      return first ?? 'gpt-5';
    },

    startsByItself: () => settings.read().autoStart && !core.unwanted,
    start: () => inTurn(() => start()),
    stop: () => inTurn(stop),
    async lookForOwner() {
      await core.lookForOwner();
    },

    apiKey: () => secrets.apiKey(),
    async setApiKey(key) {
      const { apiKeySchema } = await import('../../shared/settings');
      const parsed = apiKeySchema.safeParse(key);
      if (!parsed.success) throw new Error(parsed.error.issues[0]?.message ?? 'The API key is not valid.');
      await secrets.setApiKey(parsed.data);
      await scheduleApply();
    },
    async regenerateApiKey() {
      const key = await secrets.regenerateApiKey();
      await scheduleApply();
      return key;
    },
    async setZaiKey(key) {
      await secrets.setZaiKey(key.trim());
      await heedUser();
    },

    hasZaiKey: () => secrets.holdsZaiKey(),
    learnKeys,

    ...accountDeeds({ accounts, secrets, settings, core, redactor, prepare, changed: heedUser }),

    async explainRoute(model, protocol) {
      await prepare();
      const explanation = await core.explainRoute(model, protocol);
      const labels = new Map(accounts.views().map(({ id, label }) => [id, label]));
      const candidates = explanation.candidates.map((each) => ({
        ...each,
        account: labels.get(each.id) ?? each.account,
      }));
      return { ...explanation, candidates };
    },
    clientKeys: () => clientKeys.views(status().clientKeys ?? [], Date.now()),
    async addClientKey(client) {
      const made = await clientKeys.add(client);
      await heedUser();
      return made;
    },
    async removeClientKey(name) {
      await clientKeys.remove(name);
      await heedUser();
    },
    async monitor(call) {
      await prepare();
      return core.monitor(call);
    },
    onMonitorEvent: (listener) => monitorWatch.on(listener),
    async refresh() {
      if (core.loaded) await core.status();
    },

    checkHealth: () => checkHealth(status().listening?.url, () => secrets.apiKey(), redactor),
    nextFreePort() {
      const { port, allowLanAccess } = settings.read();
      return findFreePort(port, bindAddress(allowLanAccess));
    },

    async dispose() {
      owned.dispose();
      await inTurn(() => core.dispose());
      coreStatus = undefined;
    },
  };
}
