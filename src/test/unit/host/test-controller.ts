import './vscode-stub';
import { mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentConnections } from '../../../host/agents/agent-connections';
import { AGENTS } from '../../../host/agents/agent-list';
import { editorConnection, fullConnection } from '../../../host/agents/editor-connection';
import type { CommandContext } from '../../../host/commands/command-context';
import { createController, type ControllerOptions } from '../../../host/controller/create-controller';
import { Doctor } from '../../../host/doctor/doctor';
import { createLog } from '../../../host/log';
import { Redactor } from '../../../shared/redact';
import { editorSettings } from '../../../host/settings';
import { standInCore } from './build-stand-in-core';
import { changeSetting, resetEditor } from './vscode-stub';

/** A controller over the stubbed editor and the stand-in core, on a port of its own. */
export async function testController(options: Partial<ControllerOptions> = {}) {
  resetEditor();
  const port = await unusedPort();
  changeSetting('port', port);
  const secrets = new Map<string, string>();
  const memory = new Map<string, unknown>();
  const redactor = new Redactor();
  const log = createLog(redactor);
  const rejected: string[] = [];
  const deaths: string[] = [];
  const dead: { id: string; label: string; reason: string }[] = [];
  const opened: (string | undefined)[] = [];
  const secretListeners = new Set<(event: { key: string }) => void>();
  const controller = createController({
    script: standInCore(),
    log,
    redactor,
    settings: editorSettings,
    memory: {
      get: <T>(key: string) => memory.get(key) as T | undefined,
      update: (key, value) => Promise.resolve(void memory.set(key, value)),
    },
    secretStorage: {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => {
        secrets.set(key, value);
        secretListeners.forEach((listener) => listener({ key }));
        return Promise.resolve();
      },
      delete: (key) => Promise.resolve(void secrets.delete(key)),
      onDidChange: (listener) => {
        secretListeners.add(listener);
        return { dispose: () => secretListeners.delete(listener) };
      },
    },
    confirmOpenNetwork: () => Promise.resolve(false),
    onRejectedSettings: (message) => rejected.push(message),
    onDeath: (message) => deaths.push(message),
    onDeadAccount: (account) => dead.push(account),
    ...options,
  });
  const home = mkdtempSync(join(tmpdir(), 'portside-home-'));
  const agents = new AgentConnections({
    agents: () => Promise.resolve(AGENTS),
    folder: join(home, 'storage', 'agents'),
    place: () => ({ platform: process.platform, home, env: {}, workspaces: [] }),
    connection: () => editorConnection(controller),
    fullConnection: () => fullConnection(controller),
    onError: (error) => log.error(String(error)),
  });
  const context: CommandContext = {
    controller,
    agents,
    doctor: new Doctor({
      checks: () => Promise.resolve([]),
      context: () => {
        throw new Error('no check asks for it');
      },
      redact: (text) => redactor.redact(text),
      onError: (error) => log.error(String(error)),
    }),
    log,
    openPanel: (account) => opened.push(account),
    openMonitor: () => opened.push('monitor'),
    openDoctor: () => opened.push('doctor'),
    doctorReport: () => '### A report',
    redact: (text) => redactor.redact(text),
  };
  return { controller, context, agents, home, port, secrets, memory, rejected, deaths, dead, opened };
}

export type TestController = Awaited<ReturnType<typeof testController>>;

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until something holds; gives up after the test did, so that nothing keeps running. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never came true: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
