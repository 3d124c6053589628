import '../vscode-stub';
import assert from 'node:assert/strict';
import type { MonitorCall } from '../../../../shared/monitor';
import type { Check, DoctorContext, Finding, Machine } from '../../../../host/doctor/check';
import type { AccountView, ClientKeyView } from '../../../../host/controller/controller';
import type { AgentView } from '../../../../shared/agents';
import type { AccountTest, ProxyStatus, RouteExplanation } from '../../../../shared/status';

/** The local key; no finding may hold it. */
export const LOCAL_KEY = 'sk-local-CANARY-0123456789';

/** A running proxy. */
export const RUNNING: Partial<ProxyStatus> = {
  state: 'running',
  listening: { host: '127.0.0.1', port: 8045, url: 'http://127.0.0.1:8045' },
};

/** A machine and an editor where all is well and the proxy is stopped; what fixes do to them is written down. */
export function bench() {
  /** Deeds of fixes, in order. */
  const done: string[] = [];
  const note = (deed: string) => Promise.resolve(void done.push(deed));
  const status: ProxyStatus = {
    state: 'stopped',
    activeAccounts: 0,
    accounts: [],
    authMode: 'off',
    restartNeeded: false,
  };
  const world = {
    status,
    settings: {
      port: 8045,
      allowLanAccess: false,
      authMode: 'auto',
      routes: {} as Record<string, string[]>,
      zai: { dispatchMode: 'off' },
    },
    hasZaiKey: false,
    accounts: [] as AccountView[],
    clientKeys: [] as ClientKeyView[],
    key: LOCAL_KEY,
    /** By name of the model. */
    routes: {} as Record<string, RouteExplanation>,
    /** By id of the account. */
    tests: {} as Record<string, AccountTest>,
    health: { status: 200, body: '{"status":"ok"}', ms: 3 } as { status?: number; body: string; ms: number },
    monitor: { enabled: true, capturing: false, storage: 'disk', records: 2, bytes: 1_048_576 } as object,
    agents: [] as AgentView[],
    /** Ids of agents whose files would change; an Error instead is thrown. */
    outdated: [] as string[] | Error,
    freePort: 8046 as number | undefined,
    probe: (_url: string, _headers: Record<string, string>) =>
      Promise.resolve({ status: 200, body: '{"data":[1],"models":[1]}' }),
  };
  const machine: Machine = {
    platform: 'linux',
    home: '/home/ann',
    env: {},
    terminal: {},
    fromWorkspace: [],
    terminalsLed: false,
    network: { proxy: '', noProxy: [], strictSsl: true },
    storage: '/home/ann/storage',
    versions: { editor: '1.2.3', editorName: 'Editor', extension: '0.1.0', node: '24.0.0', sqlite: '3' },
    inBrowser: false,
    workspace: { trusted: true, files: [] },
    addresses: [],
  };
  const controller = {
    status: () => world.status,
    settings: () => world.settings,
    updateSetting: (name: string, value: unknown) => note(`${name}=${String(value)}`),
    baseUrl: () => `http://127.0.0.1:${world.settings.port}`,
    apiKey: () => Promise.resolve(world.key),
    clientKeys: () => world.clientKeys,
    accounts: () => world.accounts,
    hasZaiKey: () => world.hasZaiKey,
    learnKeys: () => Promise.resolve(),
    refresh: () => Promise.resolve(),
    lookForOwner: () => Promise.resolve(),
    setAccountEnabled: (id: string, on: boolean) => note(`${id} ${on ? 'on' : 'off'}`),
    testAccount: (id: string) => Promise.resolve(world.tests[id] ?? { ok: true, message: 'fine' }),
    clearCooling: (id: string, model?: string) => note(`clear ${id} ${model ?? ''}`.trim()),
    explainRoute: (model: string) => Promise.resolve(world.routes[model]),
    monitor: (call: MonitorCall) => {
      if (call.type === 'setCapture') done.push(`capture=${call.capture}`);
      return Promise.resolve(world.monitor);
    },
    checkHealth: () => Promise.resolve(world.health),
    nextFreePort: () => Promise.resolve(world.freePort),
  } as unknown as DoctorContext['controller'];
  const context: DoctorContext = {
    controller,
    machine,
    agents: () => Promise.resolve(world.agents),
    wouldChange: (id) =>
      world.outdated instanceof Error
        ? Promise.reject(world.outdated)
        : Promise.resolve(world.outdated.includes(id)),
    probe: (url, _timeoutMs, headers) => world.probe(url, headers),
    run: (command, ...args) => note([command, ...args.map(String)].join(' ')),
    openFile: (path, at) => note(`open ${path}${at ? `:${at.line}:${at.column}` : ''}`),
    writeSetting: (name, value) => note(`${name}=${String(value)}`),
    setTerminalVariable: (name, value) => note(`terminal ${name}=${String(value)}`),
  };
  return {
    world,
    machine,
    context,
    done,
    /** What a check finds: severity and words of each, as lines; none of them holds the local key. */
    async find(check: Check): Promise<string[]> {
      const findings = await check.run(context, new AbortController().signal);
      const lines = findings.map(({ severity, words }) => `${severity}: ${words}`);
      assert.doesNotMatch(lines.join('\n'), /CANARY/);
      return lines;
    },
    /** Presses the button of the first finding that says this; gives the button's title. */
    async press(check: Check, words: RegExp): Promise<string> {
      const findings: Finding[] = await check.run(context, new AbortController().signal);
      const fix = findings.find((each) => words.test(each.words))?.fix;
      assert.ok(fix, `a fix for ${words.source} in ${JSON.stringify(findings)}`);
      await fix.do();
      return fix.title;
    },
  };
}

/** An account that is fine. */
export function account(id: string, part: Partial<AccountView> = {}): AccountView {
  return {
    id,
    label: id.toUpperCase(),
    provider: 'gemini',
    enabled: true,
    priority: 0,
    weight: 1,
    hasKey: true,
    ...part,
  };
}

/** An agent that is not here. */
export function agent(part: Partial<AgentView> = {}): AgentView {
  return {
    id: 'claude-code',
    name: 'Claude Code',
    documentation: 'https://example.com/docs',
    file: '/home/ann/.claude/settings.json',
    found: false,
    connected: false,
    canDisconnect: false,
    overrides: [],
    ...part,
  };
}
