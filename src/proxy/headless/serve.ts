import { unwatchFile, watchFile } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { proxySettingsSchema, type ProxySettings } from '../../shared/settings';
import { describeDecision, isNoteworthy } from '../../shared/describe-decision';
import { describePoolEvent } from '../../shared/describe-pool-event';
import { Redactor } from '../../shared/redact';
import { createProxy, type Proxy } from '../create-proxy';
import { secretsOf } from '../secrets-of';
import { environmentAccounts } from './environment-accounts';
import { environmentNetwork } from './environment-network';
import { problemsIn, readConfig } from './read-config';
import { settingsNotes } from './settings-notes';
import { stateFolder } from './state-folder';

/** The settings of a command. */
export interface Config {
  settings: ProxySettings;
  /** Whether the file says how upstreams are reached; if not, the environment does. */
  hasNetwork: boolean;
  /** For a person: what is odd about them. */
  notes: string[];
}

export interface ServeOptions {
  config?: string;
  port?: number;
  json: boolean;
  /** Tells of every request how it was decided; otherwise of those that did not go the straight way. */
  verbose: boolean;
}

/** How often the configuration file is looked at, in milliseconds. */
const WATCH_MS = 400;

/** @throws an error that names the account and the field, and holds no value */
function environmentSettings(environment: NodeJS.ProcessEnv): ProxySettings {
  const accounts = environmentAccounts(environment);
  const { PORTSIDE_API_KEY: apiKey } = environment;
  const parsed = proxySettingsSchema.safeParse({ accounts, ...(apiKey && { apiKey }) });
  if (parsed.success) return parsed.data;
  const named = problemsIn(parsed.error).replace(
    /\baccounts\.(\d+)/g,
    (whole, index: string) => accounts[Number(index)]?.label ?? whole,
  );
  throw new Error(`the environment: ${named}`);
}

/**
 * The settings of a command: its file, else what the environment has.
 * @throws an error whose message names the file and the field, and holds no value
 */
export function settingsOf(options: Pick<ServeOptions, 'config' | 'port'>): Config {
  const { settings, hasNetwork } =
    options.config === undefined
      ? { settings: environmentSettings(process.env), hasNetwork: false }
      : readConfig(options.config, process.env);
  const editors = settings.accounts.find(({ provider, enabled }) => provider === 'vscode' && enabled);
  if (editors)
    throw new Error(
      `the account "${editors.id}" is the editor's own models, which are to be had inside the editor only`,
    );
  const around = hasNetwork ? undefined : environmentNetwork(process.env);
  return {
    settings: {
      ...settings,
      ...(around && { network: around.network }),
      ...(options.port !== undefined && { port: options.port }),
    },
    hasNetwork,
    notes: [...settingsNotes(settings), ...(around?.notes ?? [])],
  };
}

/** Saving the file is the click that tests accounts again whose provider refused them (SPEC 5.8). */
function retestDead(proxy: Proxy, { accounts }: ProxySettings, note: (message: string) => void): void {
  for (const { id, label, state } of proxy.status().accounts) {
    const account = accounts.find((each) => each.id === id);
    if (state !== 'disabled' || !account?.enabled) continue;
    void proxy.testAccount(account).then(({ message }) => {
      note(`${label}: tested again: ${message}`);
    });
  }
}

/** Runs the proxy until SIGTERM or SIGINT. Sets the exit code; resolves when it is over. */
export async function serve(options: ServeOptions): Promise<void> {
  const redactor = new Redactor();
  const note = (message: string) => process.stderr.write(`${redactor.redact(message)}\n`);
  const say = (event: Record<string, unknown>, words: string) => {
    process.stdout.write(
      `${options.json ? redactor.redact(JSON.stringify(event)) : redactor.redact(words)}\n`,
    );
  };
  const fail = (message: string) => {
    say({ event: 'error', message }, `Portside could not start: ${message}`);
    process.exitCode = 1;
  };
  const knowSecrets = (settings: ProxySettings) => {
    for (const secret of secretsOf(settings)) redactor.add(secret);
  };

  let config: Config;
  try {
    config = settingsOf(options);
  } catch (error) {
    fail((error as Error).message);
    return;
  }
  knowSecrets(config.settings);
  const quiet = () => undefined;
  const totals = { requests: 0, failed: 0, inputTokens: 0, outputTokens: 0 };
  const storage = stateFolder(process.env, process.platform, homedir());
  const proxy = createProxy({
    ...(storage !== undefined && { storage }),
    monitorScript: join(__dirname, 'monitor.js'),
    log: { debug: quiet, info: quiet, warn: note, error: quiet },
    onPoolEvent: (event) => note(describePoolEvent(event)),
    onExchange(record) {
      const { outcome, usage } = record;
      if (options.verbose || isNoteworthy(record)) note(describeDecision(record));
      totals.requests++;
      if (outcome === 'failed' || outcome === 'rejected') totals.failed++;
      totals.inputTokens += usage?.inputTokens ?? 0;
      totals.outputTokens += usage?.outputTokens ?? 0;
    },
  });
  proxy.configure(config.settings);
  for (const each of config.notes) note(each);
  // Listened for from the start: a signal that comes right after "listening" must not end streams the hard way.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  let status;
  try {
    status = await proxy.start();
  } catch (error) {
    fail((error as Error).message);
    return;
  }
  const url = status.listening?.url ?? '';
  const demo = config.settings.accounts.every(({ provider }) => provider === 'demo');
  say(
    { event: 'listening', url, accounts: status.activeAccounts },
    `Portside is running at ${url} with ${status.activeAccounts} account${status.activeAccounts === 1 ? '' : 's'}.`,
  );
  if (demo && options.config === undefined)
    note('No provider key was found in the environment: the built-in demo account answers.');

  const { config: file } = options;
  if (file !== undefined) {
    watchFile(file, { interval: WATCH_MS }, () => {
      try {
        const next = settingsOf(options);
        knowSecrets(next.settings);
        proxy.configure(next.settings);
        for (const each of next.notes) note(each);
        note(`${file}: applied${proxy.status().restartNeeded ? '; port and LAN access need a restart' : ''}`);
        retestDead(proxy, next.settings, note);
      } catch (error) {
        note(`${(error as Error).message}. The settings stay as they were.`);
      }
    });
  }
  await stopped;
  if (file !== undefined) unwatchFile(file);
  await proxy.stop();
  note(
    `Stopped after ${totals.requests} requests (${totals.failed} failed), ` +
      `${totals.inputTokens} tokens in, ${totals.outputTokens} out.`,
  );
}
