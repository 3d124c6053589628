/** Several windows of one editor in one process, each with a core of its own. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createController } from '../../../../host/controller/create-controller';
import type { Controller } from '../../../../host/controller/controller';
import { editorSettings } from '../../../../host/settings';
import { Redactor } from '../../../../shared/redact';
import { builtProduct } from '../../../support/run-command';

/** What all windows of an editor share. */
export class Editor {
  readonly secrets = new Map<string, string>();
  readonly memory = new Map<string, unknown>([
    [
      'portside.accounts',
      [{ id: 'demo', label: 'Demo', provider: 'demo', enabled: true, priority: 0, weight: 1 }],
    ],
  ]);
  readonly storage = mkdtempSync(join(tmpdir(), 'portside-windows-'));
  readonly listeners = new Set<(event: { key: string }) => void>();
  readonly logs: string[] = [];
  readonly windows: Controller[] = [];
  /** The next that reads the API key waits for it. */
  held: Promise<void> | undefined;
  /** So often it was asked whether the network may use the proxy; always with yes as the answer. */
  questions = 0;

  open(version = '1.0.0', secret?: string): Controller {
    const { secrets, memory, listeners } = this;
    const log = (message: string) => this.logs.push(message);
    const own = new Map<string, string>(secret === undefined ? [] : [['portside.windowSecret', secret]]);
    const window = createController({
      version,
      script: join(builtProduct(), 'proxy.js'),
      storage: this.storage,
      log: { debug: log, info: log, warn: log, error: log },
      redactor: new Redactor(),
      settings: editorSettings,
      memory: {
        get: <T>(key: string) => memory.get(key) as T | undefined,
        update: (key, value) => Promise.resolve(void memory.set(key, value)),
      },
      secretStorage: {
        get: async (key) => {
          if (key === 'portside.apiKey') {
            const { held } = this;
            this.held = undefined;
            await held;
          }
          return own.get(key) ?? secrets.get(key);
        },
        store: (key, value) => {
          secrets.set(key, value);
          for (const listener of listeners) listener({ key });
          return Promise.resolve();
        },
        delete: (key) => Promise.resolve(void secrets.delete(key)),
        onDidChange: (listener) => {
          listeners.add(listener);
          return { dispose: () => listeners.delete(listener) };
        },
      },
      confirmOpenNetwork: () => Promise.resolve((this.questions += 1) > 0),
      onRejectedSettings: log,
      onDeath: log,
    });
    this.windows.push(window);
    return window;
  }

  /** Those that own the proxy. */
  owners(): Controller[] {
    return this.windows.filter((each) => each.status().listening && !each.status().attached);
  }

  attached(): Controller[] {
    return this.windows.filter((each) => each.status().attached);
  }

  /** Closes a window. Resolves when the port is free. */
  async close(window: Controller): Promise<void> {
    this.windows.splice(this.windows.indexOf(window), 1);
    await window.dispose();
  }

  async dispose(): Promise<void> {
    await Promise.all(this.windows.map((window) => window.dispose()));
  }
}

/** Asks on a connection of its own: the status, or why there is none. */
export const ask = (port: number) =>
  new Promise<unknown>((resolve) => {
    get({ port, host: '127.0.0.1', path: '/healthz', agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', () => resolve('half an answer'));
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

/** Fails when it does not come true within some seconds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 8000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
