import { join } from 'node:path';
import type { Account, ProxySettings } from '../shared/settings';
import { bindAddress, proxySettingsSchema, resolveAuthMode } from '../shared/settings';
import type { AccountTest, ProxyStatus, RouteExplanation } from '../shared/status';
import type { Leaving, Ownership } from '../shared/peer-messages';
import type { Dialect } from '../shared/setting-names';
import { ClientKeyUsageBook } from './access/client-key-usage';
import { Guard } from './access/guard';
import { createApp } from './app';
import { createSignatureStore } from './dialects/signatures/signature-store';
import { BindError, NoAccountsError } from './errors';
import type { ProxyHost } from './host';
import { Monitor } from './monitor/monitor';
import { Pool } from './pool/pool';
import { ResponseStore } from './responses/response-store';
import type { Core } from './exchange/core';
import type { Exchange } from './exchange/exchange';
import { dropMessages, keepMessages, keptMessages } from './exchange/kept-messages';
import { listUpstreamModels } from './exchange/list-upstream-models';
import { explainRoute } from './routes/explain-route';
import { testAccount } from './routes/test-account';
import { openExchanges, sendAgain, takeReplayMark } from './exchange/send-again';
import { Peers, type PeerHost } from './peers/peers';
import { ModelCatalog } from './routing/model-catalog';
import { listen, type RunningServer } from './server';
import { Ticker } from './stream/ticker';
import { createSignatureFiles } from './storage/signature-files';
import { secretsOf } from './secrets-of';
import { Dispatchers } from './upstream/dispatcher';

/** The reverse proxy: one per process. All methods are safe to call at any time and in any order. */
export interface Proxy {
  /** Takes new settings: they act on the next request; port and LAN on the next start (SPEC 1.8). */
  configure(settings: ProxySettings, ownership?: Ownership): void;
  /** Listens. Idempotent. Rejects with `NoAccountsError` or `BindError`. */
  start(): Promise<ProxyStatus>;
  /**
   * Stops as SPEC 1.6. Idempotent; resolves when the port is free.
   * @param leaving what other windows are told; absent: that the user stopped it for all
   */
  stop(leaving?: Leaving): Promise<void>;
  status(): ProxyStatus;
  /** Calls back with every change of {@link status}. Returns its own removal. */
  onChange(listener: (status: ProxyStatus) => void): () => void;
  /** One cheap call with the account's key. Works while stopped. Never rejects. */
  testAccount(account: Account): Promise<AccountTest>;
  /** Ends the rest of an account, or of one of its models, by hand. Without effect when there is none. */
  clearCooling(id: string, model?: string): void;
  /** Records, totals and what views of the monitor ask; works while stopped. */
  readonly monitor: Pick<Monitor, 'call' | 'listen'>;
  /** Where a model's name would go now. Works while stopped. Never rejects. */
  explainRoute(model: string, protocol: Dialect): Promise<RouteExplanation>;
}

/** No account of the user's can have it: their ids hold no space. */
const ZAI_DISPATCH_ID = 'z.ai dispatch';

/** The account behind z.ai dispatch (SPEC 5.9). */
function zaiAccount({ zai }: ProxySettings): Account | undefined {
  if (zai.dispatchMode === 'off' || !zai.key) return undefined;
  return {
    id: ZAI_DISPATCH_ID,
    label: 'z.ai dispatch',
    provider: 'zai',
    key: zai.key,
    enabled: true,
    priority: 0,
    weight: 1,
    ...(zai.baseUrl !== undefined && { baseUrl: zai.baseUrl }),
  };
}

/** Makes a stopped proxy with default settings. */
export function createProxy(host: ProxyHost): Proxy {
  const now = host.now ?? Date.now;
  const listeners = new Set<(status: ProxyStatus) => void>();
  let settings = proxySettingsSchema.parse({});
  let state: ProxyStatus['state'] = 'stopped';
  let failure: ProxyStatus['failure'];
  let server: RunningServer | undefined;
  /** Start and stop wait for each other. */
  let queue: Promise<unknown> = Promise.resolve();

  const dispatchers = new Dispatchers(settings.timeouts.connectMs, host.languageModels);
  const pool = new Pool({
    now,
    changed: () => {
      changed();
    },
    event: (event) => host.onPoolEvent?.(event),
  });
  const files =
    host.storage === undefined
      ? undefined
      : createSignatureFiles({ folder: join(host.storage, 'signatures'), log: host.log, now });
  const signatures = createSignatureStore(undefined, undefined, {
    now,
    ...(files && { onRemember: (entry) => files.add(entry) }),
  });
  let restored: Promise<void> | undefined;
  const monitor = new Monitor(
    {
      log: host.log,
      script: host.monitorScript,
      open: () => openExchanges((call) => server?.open(call)),
      canReplay: () => state === 'running',
      origin: () => status().listening?.url ?? `http://127.0.0.1:${settings.port}`,
      async send(request) {
        if (server) await sendAgain(server, request, settings.apiKey);
      },
    },
    settings.monitor,
  );
  const core: Core = {
    settings,
    monitor,
    zaiDispatch: undefined,
    pool,
    choices: new Map(),
    catalog: new ModelCatalog(
      (account) => listUpstreamModels(dispatchers, account, settings.timeouts.connectMs),
      now,
      // What an account lists may change who is asked.
      () => {
        core.choices.clear();
      },
    ),
    dispatchers,
    ticker: new Ticker(host.every),
    signatures,
    responses: new ResponseStore(now),
    responsesOnly: new Set(),
    unencrypted: new Set(),
    effortless: new Set(),
    outputLimits: new Map(),
    log: host.log,
    now,
    recording: settings.monitor.enabled,
  };
  host.languageModels?.onDidChange?.(() => {
    for (const { id, provider } of settings.accounts) if (provider === 'vscode') core.catalog.forget(id);
  });
  const peers = new Peers({
    status: () => status(),
    listen: (listener) => monitor.listen(listener),
    handOver: (to) => inTurn(() => stop({ reason: 'handedOver', to })),
    call: (call) => answerPeer(call),
  });
  const guard = new Guard(settings, now);
  const clientUsage = new ClientKeyUsageBook();
  const app = createApp(core, guard);

  const status = (): ProxyStatus => {
    const accounts = pool.status().filter((account) => account.id !== ZAI_DISPATCH_ID);
    const bound = state === 'running' ? server : undefined;
    const name = bound?.host === '0.0.0.0' ? '127.0.0.1' : bound?.host;
    return {
      state,
      ...(bound && {
        listening: { host: bound.host, port: bound.port, url: `http://${name}:${bound.port}` },
      }),
      activeAccounts:
        accounts.filter((account) => account.state !== 'disabled').length + (core.zaiDispatch ? 1 : 0),
      accounts,
      ...(settings.clientKeys.length > 0 && { clientKeys: clientUsage.list() }),
      authMode: resolveAuthMode(settings.authMode, settings.allowLanAccess),
      restartNeeded:
        bound !== undefined &&
        (bound.host !== bindAddress(settings.allowLanAccess) ||
          (settings.port !== 0 && bound.port !== settings.port)),
      ...(failure && { failure }),
    };
  };
  const changed = () => {
    const current = status();
    peers.tellStatus(current);
    for (const listener of listeners) listener(current);
  };
  const become = (next: ProxyStatus['state']) => {
    state = next;
    changed();
  };
  const begun = (exchange: Exchange) => {
    takeReplayMark(exchange);
    if (monitor.capturing && !exchange.silent && !exchange.path.route.startsWith('/monitor'))
      keepMessages(exchange, monitor);
  };
  const finished = (exchange: Exchange) => {
    clientUsage.add(exchange);
    const recording = monitor.recording && !exchange.silent;
    if (!exchange.silent && (recording || host.onExchange)) {
      const record = exchange.record();
      host.onExchange?.(record);
      if (recording) monitor.add(record, keptMessages(exchange, record, monitor));
    }
    if (!recording) dropMessages(exchange);
  };

  const configure = (next: ProxySettings, ownership?: Ownership) => {
    peers.configure(ownership);
    settings = next;
    core.settings = next;
    core.zaiDispatch = zaiAccount(next);
    pool.configure({
      ...next,
      accounts: core.zaiDispatch ? [...next.accounts, core.zaiDispatch] : next.accounts,
    });
    core.catalog.retain(next.accounts);
    core.choices.clear();
    core.responsesOnly.clear();
    core.unencrypted.clear();
    core.effortless.clear();
    core.outputLimits.clear();
    guard.configure(next);
    clientUsage.configure(next.clientKeys.map(({ name }) => name));
    core.recording = next.monitor.enabled || next.clientKeys.length > 0;
    const database = host.storage === undefined ? undefined : join(host.storage, 'monitor.db');
    monitor.configure(next.monitor, next.monitor.file ?? database, secretsOf(next));
    dispatchers.setConnectTimeout(next.timeouts.connectMs);
    for (const problem of dispatchers.setNetwork(next.network)) host.log.warn(problem);
    changed();
  };

  const start = async (): Promise<ProxyStatus> => {
    if (state === 'running') return status();
    failure = undefined;
    become('starting');
    try {
      if (pool.enabled().length === 0) throw new NoAccountsError();
      await (restored ??= files?.load().then((entries) => signatures.restore(entries)));
      server = await listen(app, bindAddress(settings.allowLanAccess), settings.port, {
        now,
        begun,
        finished,
        peer: (incoming, socket) => peers.accept(incoming, socket),
        webSocket: () => ({
          enabled: settings.responsesWebSocket,
          limitBytes: settings.bodyLimitMiB * 1_048_576,
        }),
      });
    } catch (error) {
      const { message } = error as Error;
      failure =
        error instanceof BindError
          ? { message, code: error.code, host: error.host, port: error.port }
          : { message, code: error instanceof NoAccountsError ? error.code : 'START_FAILED' };
      host.log.error(message);
      become('stopped');
      throw error;
    }
    peers.begin();
    become('running');
    host.log.info(`listening on ${server.host}:${server.port}`);
    return status();
  };

  const stop = async (leaving: Leaving): Promise<void> => {
    if (state === 'stopped') return;
    become('stopping');
    peers.leave(leaving);
    await server?.close();
    server = undefined;
    core.ticker.dispose();
    await dispatchers.destroy();
    await Promise.all([files?.flush(), monitor.close()]);
    failure = undefined;
    become('stopped');
    host.log.info('stopped');
  };

  /** What another window asks. */
  const answerPeer = async (call: Parameters<PeerHost['call']>[0]): Promise<unknown> => {
    switch (call.type) {
      case 'stop':
        await inTurn(() => stop({ reason: 'stopped' }));
        return null;
      case 'reload':
        host.onReload?.();
        return null;
      case 'status':
        return status();
      case 'clearCooling':
        pool.clear(call.account, call.model);
        return status();
      case 'revive':
        pool.revive(call.account);
        // It may have more models than before: those of the editor that were allowed in another window.
        core.catalog.forget(call.account);
        return status();
      case 'explainRoute':
        return explainRoute(core, call.model, call.protocol);
      case 'monitor':
        return monitor.call(call.call);
    }
  };

  const inTurn = <T>(deed: () => Promise<T>): Promise<T> => {
    const turn = queue.then(deed);
    queue = turn.catch(() => undefined);
    return turn;
  };

  return {
    configure,
    start: () => inTurn(start),
    stop: (leaving = { reason: 'stopped' }) => inTurn(() => stop(leaving)),
    status,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async testAccount(account) {
      const test = await testAccount(dispatchers, account, settings.timeouts.connectMs);
      const known = pool.get(account.id);
      // Only what was tested may come back: not an account whose key was changed meanwhile.
      if (test.ok && known?.key === account.key) pool.revive(account.id);
      return test;
    },
    clearCooling(id, model) {
      pool.clear(id, model);
    },
    monitor,
    explainRoute: (model, protocol) => explainRoute(core, model, protocol),
  };
}
