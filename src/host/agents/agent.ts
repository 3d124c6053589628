/**
 * What Portside knows of a coding agent's configuration: where it lives, and how it is made to use Portside. One file per
 * agent (SPEC 7.5). Pure: text in, text out; reading, writing, backups and the diff are connect-agent's.
 */

/** The machine and the user, as far as configuration depends on them; tests pass their own. */
export interface Place {
  platform: NodeJS.Platform;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Folders that are open in the window, for agents that have configuration there; often none. */
  workspaces: readonly string[];
  /** The User folder of the editor that Portside runs in; absent where that is on another machine. */
  editorFolder?: string;
}

/** What an agent shall be told. */
export interface Connection {
  /** `http://127.0.0.1:8045`, without a path. */
  url: string;
  /** The local API key where one is asked for, else a word that says that none is. */
  key: string;
  /** Models that the pool has, the first being the one to begin with. Never empty. */
  models: readonly string[];
}

/** A file as it stands; `text` is absent where there is none. Line ends, comments and a byte order mark are its own. */
export interface ConfigFile {
  path: string;
  text?: string;
}

/** A file cannot be read as what it should be: it is not touched. */
export class MalformedConfigError extends Error {
  override name = 'MalformedConfigError';

  /** @param line, column from 1 */
  constructor(
    readonly path: string,
    readonly line: number,
    readonly column: number,
    reason: string,
  ) {
    super(`${path}:${line}:${column}: ${reason}`);
  }
}

/** An environment variable or another file that wins over what Portside writes. */
export interface Override {
  /** `ANTHROPIC_BASE_URL`, or a path. */
  name: string;
  /** What it leads to, without any key. */
  value?: string;
  /** Whether it puts another key in place of the one that Portside writes: no trouble where none is asked for. */
  isKey?: true;
}

export interface Agent {
  /** `claude-code` */
  id: string;
  name: string;
  /** Page that documents the configuration. */
  documentation: string;
  /** Files that are read and, by {@link connect}, written; the first need not exist. Absolute paths. */
  files(place: Place): string[];
  /** Folders or files whose existence says that the agent is installed here. */
  traces(place: Place): string[];
  /** Names of its program on the PATH; none for extensions. */
  programs: readonly string[];
  /** Whether the files lead to Portside. @throws MalformedConfigError */
  isConnected(files: readonly ConfigFile[], connection: Connection): boolean;
  /**
   * The files as they shall be: comments, order, unknown keys, indentation, line ends and a byte order mark stay.
   * @returns those that change, with their new text
   * @throws MalformedConfigError
   */
  connect(files: readonly ConfigFile[], connection: Connection): { path: string; text: string }[];
  /**
   * Whether what stands in a file is Portside's as a whole, though parts of it were changed since: without Portside it leads
   * nowhere, so that disconnecting takes it out. Absent: whatever was changed is somebody's wish, and stays.
   * @param path names and indexes, from the root
   * @param written what Portside wrote there; for an element of a list it is not known
   */
  isOurs?(path: readonly (string | number)[], value: unknown, written: unknown): boolean;
  /** Names at the root without which the agent takes a file for broken: they stay with whatever else does. */
  required?: readonly string[];
  /** What wins over the files. */
  overrides(place: Place, files: readonly ConfigFile[]): Override[];
}

/** A file with a new text, as {@link Agent.connect} gives it: nothing where it has that text already. */
export const rewritten = (
  { path, text: before }: ConfigFile,
  text: string,
): { path: string; text: string }[] => (text === before ? [] : [{ path, text }]);
