import type { Log } from '../proxy/index';
import { providerInfo } from '../shared/provider-list';
import { bindAddress, resolveAuthMode } from '../shared/setting-names';
import type { ProxySettings } from '../shared/settings';
import type { AccountTest, ProxyStatus } from '../shared/status';
import { Accounts, checkAccount, type Memory } from './accounts';
import type { Controller } from './controller';
import { DisposableStore, Emitter } from './disposable';
import { findFreePort } from './find-free-port';
import { probeHttp } from './probe-http';
import { ProxyThread } from './proxy-thread';
import type { Redactor } from '../shared/redact';
import { isOurSecret, Secrets, type SecretStorage } from './secrets';
import type { SettingsSource } from './settings';

const HEALTH_TIMEOUT_MS = 5_000;

/** What the controller has from the editor. */
export interface ControllerOptions {
  /** Path of `dist/proxy.js`. */
  script: string;
  /** A folder of the extension's own, for what the proxy keeps between two runs. */
  storage?: string;
  log: Log;
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
  /** The thread of the proxy ended by itself. */
  onDeath(message: string): void;
}

/** A start or a change that cannot be, with a code that the commands know a remedy for. */
export class ControlError extends Error {
  override name = 'ControlError';
  constructor(
    readonly code: 'INVALID_SETTINGS' | 'CANCELLED',
    message: string,
  ) {
    super(message);
  }
}

/** Makes the controller of a stopped proxy. Loads nothing: that is the first start's business. */
export function createController(options: ControllerOptions): Controller {
  const { log, redactor, settings, memory, secretStorage } = options;
  const owned = new DisposableStore();
  const changed = owned.add(new Emitter<void>((error) => log.error(`A listener failed: ${String(error)}`)));
  const secrets = new Secrets(secretStorage, redactor);
  const accounts = new Accounts(memory, secrets);

  /** What the core said last; undefined while it is not loaded. */
  let coreStatus: ProxyStatus | undefined;
  let failure: ProxyStatus['failure'];
  let starting = false;
  /** The user said yes; forgotten when the settings ask for less. */
  let openNetworkAllowed = false;

  const hear = (status: ProxyStatus) => {
    coreStatus = status;
    changed.fire();
  };
  const thread = new ProxyThread({
    script: options.script,
    ...(options.storage !== undefined && { storage: options.storage }),
    log,
    onStatus: hear,
    onDeath: (error) => {
      coreStatus = undefined;
      failure = { message: redactor.redact(error.message), code: 'THREAD_DIED' };
      log.error(error.message);
      changed.fire();
      options.onDeath(failure.message);
    },
  });

  const status = (): ProxyStatus => {
    const { failure: _, ...base } = coreStatus ?? unloadedStatus();
    return {
      ...base,
      ...(starting && base.state === 'stopped' && { state: 'starting' }),
      ...(failure && base.state === 'stopped' && !starting && { failure }),
    };
  };

  function unloadedStatus(): ProxyStatus {
    const { authMode, allowLanAccess } = settings.read();
    const all = accounts.views();
    return {
      state: 'stopped',
      activeAccounts: all.filter(({ enabled }) => enabled).length,
      accounts: all.map(({ id, label, provider, enabled }) => ({
        id,
        label,
        provider,
        enabled,
        state: enabled ? 'healthy' : 'disabled',
      })),
      authMode: resolveAuthMode(authMode, allowLanAccess),
      restartNeeded: false,
    };
  }

  /** Start, stop and configure happen one after the other, so that the last wish wins. */
  let queue: Promise<unknown> = Promise.resolve();
  function inTurn<T>(deed: () => Promise<T>): Promise<T> {
    const done = queue.then(deed);
    queue = done.catch(() => undefined);
    return done;
  }

  /** Everything the core takes, checked. Throws `INVALID_SETTINGS` with the setting's name. */
  async function proxySettings(): Promise<ProxySettings> {
    const { autoStart: _, ...kept } = settings.read();
    const [{ proxySettingsSchema, portSchema }, apiKey, zaiKey, withKeys] = await Promise.all([
      import('../shared/settings'),
      secrets.apiKey(),
      secrets.zaiKey(),
      accounts.withKeys(),
    ]);
    const parsed = proxySettingsSchema.extend({ port: portSchema }).safeParse({
      ...kept,
      apiKey,
      accounts: withKeys,
      zai: { ...kept.zai, key: zaiKey },
    });
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new ControlError('INVALID_SETTINGS', `portside.${issue?.path.join('.')}: ${issue?.message}`);
  }

  /** Whether these settings, bound to this address, let the network in without a key against the user's word. */
  const wouldOpenNetwork = (wanted: ProxySettings, host: string): boolean => {
    const open =
      resolveAuthMode(wanted.authMode, wanted.allowLanAccess) === 'off' && host !== bindAddress(false);
    if (!open) openNetworkAllowed = false;
    return open && !openNetworkAllowed;
  };

  async function start(): Promise<ProxyStatus> {
    failure = undefined;
    starting = true;
    changed.fire();
    try {
      thread.warmUp();
      const wanted = await proxySettings();
      if (status().state !== 'running' && wouldOpenNetwork(wanted, bindAddress(wanted.allowLanAccess))) {
        openNetworkAllowed = await options.confirmOpenNetwork();
        if (!openNetworkAllowed) throw new ControlError('CANCELLED', 'The start was cancelled.');
      }
      await thread.configure(wanted);
      return await thread.start();
    } catch (error) {
      const cause = asFailure(error);
      if (cause.code !== 'CANCELLED') {
        failure = { ...cause, message: redactor.redact(cause.message) };
        log.error(failure.message);
      }
      throw error;
    } finally {
      starting = false;
      changed.fire();
    }
  }

  async function stop(): Promise<ProxyStatus> {
    failure = undefined;
    if (thread.loaded) await thread.stop();
    changed.fire();
    return status();
  }

  /** Hands changed settings, accounts or keys to a loaded core (SPEC 1.8). */
  async function apply(): Promise<void> {
    if (!thread.loaded) return;
    const wanted = await proxySettings();
    const host = coreStatus?.listening?.host;
    if (host !== undefined && wouldOpenNetwork(wanted, host)) {
      if (wanted.authMode !== 'auto') {
        // Not awaited: a question that stays open must not keep a stop waiting.
        void askToOpen();
        return;
      }
      // LAN access is off in the settings but still bound until the restart: so is the key's duty.
      wanted.authMode = resolveAuthMode('auto', true);
    }
    await thread.configure(wanted);
  }

  let asking = false;
  async function askToOpen(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      openNetworkAllowed = await options.confirmOpenNetwork();
      // A refusal is written down, and comes back as a change of the settings.
      if (openNetworkAllowed) scheduleApply();
      else await settings.write('authMode', 'auto');
    } catch (error) {
      log.error(`The question about network access failed: ${String(error)}`);
    } finally {
      asking = false;
    }
  }

  let scheduled = false;
  /** Many changes in one turn are one. */
  function scheduleApply(): void {
    changed.fire();
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      inTurn(apply).catch((error: unknown) => {
        const message = redactor.redact(error instanceof Error ? error.message : String(error));
        log.warn(`The changed settings are not applied: ${message}`);
        // While stopped nobody waits for them; the next start says it.
        if (coreStatus?.listening) options.onRejectedSettings(message);
      });
    });
  }

  /** The user changed something: what failed before may not fail now. */
  function heedUser(): void {
    failure = undefined;
    scheduleApply();
  }

  owned.add(settings.onDidChange(heedUser));
  owned.add(secretStorage.onDidChange(({ key }) => isOurSecret(key) && scheduleApply()));

  const url = () => status().listening?.url ?? `http://127.0.0.1:${settings.read().port}`;

  return {
    status,
    onDidChange: (listener) => changed.on(listener),
    settings: () => settings.read(),
    updateSetting: (name, value) => settings.write(name, value),
    baseUrl: url,
    sampleModel() {
      const all = accounts.list().filter(({ enabled }) => enabled);
      const [first] = all.map(
        (each) => each.models?.[0] ?? each.defaultModel ?? providerInfo(each.provider).sampleModel,
      );
      return first ?? 'gpt-5';
    },

    start: () => inTurn(start),
    stop: () => inTurn(stop),

    apiKey: () => secrets.apiKey(),
    async setApiKey(key) {
      const { apiKeySchema } = await import('../shared/settings');
      const parsed = apiKeySchema.safeParse(key);
      if (!parsed.success) throw new Error(parsed.error.issues[0]?.message ?? 'The API key is not valid.');
      await secrets.setApiKey(parsed.data);
      scheduleApply();
    },
    async regenerateApiKey() {
      const key = await secrets.regenerateApiKey();
      scheduleApply();
      return key;
    },
    async setZaiKey(key) {
      await secrets.setZaiKey(key.trim());
      heedUser();
    },

    accounts: () => accounts.views(),
    async addAccount(account) {
      const view = await accounts.add(account);
      heedUser();
      return view;
    },
    async setAccountEnabled(id, enabled) {
      await accounts.setEnabled(id, enabled);
      heedUser();
    },
    async removeAccount(id) {
      await accounts.remove(id);
      heedUser();
    },
    async testAccount(account): Promise<AccountTest> {
      try {
        if (typeof account !== 'string') redactor.add(account.key.trim());
        const whole =
          typeof account === 'string'
            ? await accounts.withKey(account)
            : await checkAccount(account, 'new-account');
        const result = await thread.testAccount(whole);
        return { ...result, message: redactor.redact(result.message) };
      } catch (error) {
        return {
          ok: false,
          message: redactor.redact(error instanceof Error ? error.message : String(error)),
        };
      }
    },

    async checkHealth() {
      const began = performance.now();
      const ms = () => Math.round(performance.now() - began);
      const { listening } = status();
      if (!listening) return { body: 'The proxy is not running.', ms: 0 };
      try {
        // Sent in every mode: it is the local proxy's own key, and the mode may change in between.
        const headers = { authorization: `Bearer ${await secrets.apiKey()}` };
        const answer = await probeHttp(`${listening.url}/healthz`, HEALTH_TIMEOUT_MS, headers);
        return { status: answer.status, body: redactor.redact(answer.body), ms: ms() };
      } catch (error) {
        return { body: redactor.redact(error instanceof Error ? error.message : String(error)), ms: ms() };
      }
    },
    nextFreePort() {
      const { port, allowLanAccess } = settings.read();
      return findFreePort(port, bindAddress(allowLanAccess));
    },

    async dispose() {
      owned.dispose();
      await inTurn(() => thread.dispose());
      coreStatus = undefined;
    },
  };
}

/** An error of the core or of this side, as the status tells it. */
function asFailure(error: unknown): NonNullable<ProxyStatus['failure']> {
  const { message, code, host, port } = error as {
    message?: string;
    code?: string;
    host?: string;
    port?: number;
  };
  return {
    message: message ?? String(error),
    code: code ?? 'UNKNOWN',
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
  };
}
