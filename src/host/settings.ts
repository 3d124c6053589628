/** The editor's settings of Portside: read, written, watched. Whether they make sense is the schema's question. */
import * as vscode from 'vscode';
import type { EditorSettings, WritableSettings } from './controller/controller';
import type { NetworkSettings } from '../shared/settings';
import type { Disposable } from './disposable';
import { affectsNetwork, readNetwork } from './network';

const SECTION = 'portside';

/** Where the controller has its settings from. */
export interface SettingsSource {
  read(): EditorSettings;
  /** How the editor itself reaches the network. It may take a moment: certificates are read. */
  network(warn: (message: string) => void): NetworkSettings;
  /** For this machine, never for a workspace: a repository must not open somebody's proxy. */
  write<Name extends keyof WritableSettings>(name: Name, value: WritableSettings[Name]): Promise<void>;
  onDidChange(listener: () => void): Disposable;
}

/** The settings as `package.json` declares them; every default stands there. */
export const editorSettings: SettingsSource = {
  read() {
    const section = vscode.workspace.getConfiguration(SECTION);
    // Declared settings always have a value: the default at least.
    const get = <T>(name: string) => section.get(name) as T;
    const zaiBaseUrl = get<string>('zai.baseUrl');
    return {
      port: get('port'),
      allowLanAccess: get('allowLanAccess'),
      authMode: get('authMode'),
      autoStart: get('autoStart'),
      routes: get('routes'),
      scheduling: get('scheduling'),
      stickySessions: get('stickySessions'),
      stickyMinutes: get('stickyMinutes'),
      preferredAccount: get('preferredAccount'),
      maxAttempts: get('maxAttempts'),
      timeouts: {
        connectMs: get('timeouts.connectMs'),
        firstByteMs: get('timeouts.firstByteMs'),
        idleMs: get('timeouts.idleMs'),
        totalMs: get('timeouts.totalMs'),
        failoverMs: get('timeouts.failoverMs'),
      },
      responsesWebSocket: get('responsesWebSocket'),
      bodyLimitMiB: get('bodyLimitMiB'),
      allowedHosts: get('allowedHosts'),
      allowedOrigins: get('allowedOrigins'),
      allowList: get('allowList'),
      blockList: get('blockList'),
      zai: {
        dispatchMode: get('zai.dispatchMode'),
        models: get('zai.models'),
        ...(zaiBaseUrl && { baseUrl: zaiBaseUrl }),
      },
      monitor: {
        enabled: get('monitor.enabled'),
        captureBodies: get('monitor.captureBodies'),
        bodyLimitKiB: get('monitor.bodyLimitKiB'),
        keepDays: get('monitor.keepDays'),
        maxRecords: get('monitor.maxRecords'),
        maxMiB: get('monitor.maxMiB'),
        prices: get('monitor.prices'),
      },
    };
  },
  network: readNetwork,
  async write(name, value) {
    await vscode.workspace.getConfiguration(SECTION).update(name, value, vscode.ConfigurationTarget.Global);
  },
  onDidChange: (listener) =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION) || affectsNetwork(event)) listener();
    }),
};
