/** What a check of the doctor is, and what it works with (SPEC 7.6). */
import type { Severity } from '../../shared/doctor';
import type { AgentView } from '../../shared/agents';
import type { Controller } from '../controller/controller';
import type { ProbeAnswer } from '../probe-http';

/** One file per check. */
export interface Check {
  id: string;
  /** In the editor's language. */
  title(): string;
  /** It asks others than this machine: it is not run again because something else was mended. */
  far?: true;
  /** Milliseconds that it may take; {@link DEFAULT_LIMIT_MS} where nothing is said. */
  limitMs?: number;
  /**
   * Looks, and changes nothing. May throw: that is a finding, too.
   * @param signal aborted when its time is over
   */
  run(context: DoctorContext, signal: AbortSignal): Finding[] | Promise<Finding[]>;
}

export const DEFAULT_LIMIT_MS = 8_000;

export interface Finding {
  severity: Severity;
  /** For a person, in the editor's language. */
  words: string;
  fix?: Fix;
}

export interface Fix {
  /** Words of its button. */
  title: string;
  /** May ask the user; what it throws is shown. The check runs again afterwards. */
  do(): unknown;
}

/** The machine and the editor at one moment; tests pass their own. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  /** Of the editor's process. */
  env: Readonly<Record<string, string | undefined>>;
  /** What the setting `terminal.integrated.env.*` adds for terminals; null takes a variable away. */
  terminal: Readonly<Record<string, string | null>>;
  /** Names in {@link terminal} that the workspace sets. */
  fromWorkspace: readonly string[];
  /** Whether new terminals lead to the proxy (`portside.terminalEnvironment`). */
  terminalsLed: boolean;
  /** How the editor reaches the network; `proxy` may hold a password. */
  network: { proxy: string; noProxy: readonly string[]; strictSsl: boolean };
  /** The extension's own folder. */
  storage: string;
  versions: { editor: string; editorName: string; extension: string; node: string; sqlite?: string };
  /** Name of the kind of remote that the extension runs on: `ssh-remote`, `wsl`, …; absent on the user's own machine. */
  remote?: string;
  /** The window is a browser's. */
  inBrowser: boolean;
  /** What is open. `files`: those that may hold settings of the workspace, there or not. */
  workspace: { trusted: boolean; files: readonly string[] };
  /** Addresses at which other machines may reach this one over IPv4. */
  addresses: readonly string[];
}

/** What checks look at, and what their fixes use. */
export interface DoctorContext {
  controller: Pick<
    Controller,
    | 'status'
    | 'settings'
    | 'updateSetting'
    | 'baseUrl'
    | 'start'
    | 'apiKey'
    | 'clientKeys'
    | 'accounts'
    | 'learnKeys'
    | 'hasZaiKey'
    | 'setAccountEnabled'
    | 'testAccount'
    | 'clearCooling'
    | 'explainRoute'
    | 'monitor'
    | 'checkHealth'
    | 'nextFreePort'
    | 'lookForOwner'
    | 'refresh'
  >;
  machine: Machine;
  /** The agents of this machine as they stand now. */
  agents(): Promise<AgentView[]>;
  /** Whether connecting an agent would change its files. Rejects when they cannot be read. */
  wouldChange(agent: string): Promise<boolean>;
  /** One GET to a server on this machine. */
  probe(url: string, timeoutMs: number, headers: Record<string, string>): Promise<ProbeAnswer>;
  /** Runs a command of the editor. */
  run(command: string, ...args: unknown[]): PromiseLike<unknown>;
  /** Shows a file, at a place from 1. */
  openFile(path: string, at?: { line: number; column: number }): PromiseLike<unknown>;
  /** Writes one of the editor's settings for the user. */
  writeSetting(name: string, value: unknown): PromiseLike<void>;
  /** Sets a variable of new terminals in the user's settings; null takes it away, undefined says nothing of it. */
  setTerminalVariable(name: string, value: string | null | undefined): PromiseLike<void>;
}
