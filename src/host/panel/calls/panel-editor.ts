import type { AgentView } from '../../../shared/agents';
import type { DoctorView } from '../../../shared/doctor';
import type { PanelCallName, PanelCalls, PanelMessage } from '../../../shared/messages';

/** The editor's part in what the panel asks. */
export interface PanelEditor {
  /** Starts after asking what must be asked. Shows nothing: what goes wrong is the panel's to show. */
  start(): Promise<void>;
  /** Looks for model servers on this machine and offers what it finds. */
  detectLocalServers(): Promise<void>;
  showLogs(): void;
  /** Puts text on the clipboard. */
  copy(text: string): PromiseLike<void>;
  /** Asks, then replaces the local key. */
  regenerateKey(): PromiseLike<unknown>;
  /** Asks, then removes the account and its key. */
  removeAccount(id: string): PromiseLike<unknown>;
  /** Asks whose of the editor's own models may be used. */
  allowEditorModels(): PromiseLike<unknown>;
  /** Asks for a file and what shall be in it, and writes it. */
  exportAccounts(): PromiseLike<unknown>;
  /** Asks for a file and what to do with what is in it. */
  importAccounts(): PromiseLike<unknown>;
  /** Asks, then forgets a client's key. */
  removeClientKey(name: string): PromiseLike<unknown>;
  /** How the agents of this machine stood when they were looked at last. */
  agents(): AgentView[] | undefined;
  /** Looks at their files again. */
  lookAtAgents(): PromiseLike<unknown>;
  /** Shows what would be written to an agent's files, asks, and writes it. */
  connectAgent(id: string): PromiseLike<unknown>;
  /** Puts back what an agent's files were. */
  disconnectAgent(id: string): PromiseLike<unknown>;
  /** Shows a file of the user's own, at a place from 1. */
  openFile(path: string, at?: { line: number; column: number }): PromiseLike<unknown>;
  /** What the doctor found so far. */
  doctor(): DoctorView | undefined;
  runDoctor(): PromiseLike<unknown>;
  /** Mends what a finding says, by its id. */
  fixFinding(id: string): PromiseLike<unknown>;
  /** What the doctor found, for others to read. */
  doctorReport(): string;
  /** Opens the editor's own settings at those of Portside. */
  openSettings(): PromiseLike<unknown>;
  openMonitor(): PromiseLike<unknown>;
  /** The editor's language for a text. */
  t(message: string, ...args: (string | number)[]): string;
  /** English text → text in the editor's language. */
  texts: Record<string, string>;
}

/** A checked message by its name. */
export type Ask<Name extends PanelCallName> = Extract<PanelMessage, { type: Name }>;

/** What answers some of the panel's calls. */
export type Answers<Names extends PanelCallName> = {
  [Name in Names]: (ask: Ask<Name>) => Promise<PanelCalls[Name]['answer']>;
};

/** The answer of a call that has nothing to tell, once its deed is done. */
export async function done(deed?: unknown): Promise<null> {
  await deed;
  return null;
}
