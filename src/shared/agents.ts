/** What is shown of the coding agents on this machine (SPEC 7.5). */

/** One agent. Holds no key. */
export interface AgentView {
  /** `claude-code` */
  id: string;
  name: string;
  documentation: string;
  /** The file that leads it to Portside, or the one that is the problem. */
  file: string;
  /** Whether there are traces of it on this machine. */
  found: boolean;
  /** Whether its files lead to Portside. */
  connected: boolean;
  /** What it was told once and does not hold any more: another address of the proxy, or another key than it asks for. */
  stale?: 'address' | 'key';
  /** Whether Portside wrote its files and can put back what was there. */
  canDisconnect: boolean;
  /** Names of environment variables, and files, that win over its files and lead elsewhere. */
  overrides: string[];
  /** Why its files cannot be read. */
  problem?: string;
  /** Where in the file the problem is, from 1. */
  at?: { line: number; column: number };
}
