import { Emitter, type Disposable } from '../disposable';
import type { AgentView } from '../../shared/agents';
import type { Agent, Connection, Place } from './agent';
import { Backups } from './backups';
import type { DisconnectPlan } from './disconnect-agent';
import { applyChanges, type Plan } from './file-change';

/** What connecting depends on. */
export interface ConnectionsOptions {
  /** Loaded when they are first needed: the parsers of all formats come with them. */
  agents(): Promise<readonly Agent[]>;
  /** Folder for backups; need not exist. */
  folder: string;
  /** The machine as it is now. */
  place(): Place;
  /** What agents shall be told now, with as many models as are known at once. */
  connection(): Promise<Connection>;
  /** The same for an agent that is about to be connected: models may be asked for. */
  fullConnection(): Promise<Connection>;
  onError(error: unknown): void;
}

/** The agents of this machine: how they stand, and what connecting them takes. Shows nothing. */
export class AgentConnections implements Disposable {
  readonly #options: ConnectionsOptions;
  readonly #backups: Backups;
  readonly #changed: Emitter<void>;
  readonly #views = new Map<string, AgentView>();
  #looking: Promise<AgentView[]> | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#backups = new Backups(options.folder);
    this.#changed = new Emitter(options.onError);
  }

  /** Calls back when {@link views} has something new. */
  onDidChange(listener: () => void): Disposable {
    return this.#changed.on(listener);
  }

  /** How the agents stood when they were looked at last; undefined before that. */
  views(): AgentView[] | undefined {
    return this.#views.size > 0 ? [...this.#views.values()] : undefined;
  }

  /** Whether Portside connected any agent; the parsers are not needed to know. Never rejects. */
  any(): Promise<boolean> {
    return this.#backups.any();
  }

  /** Looks at all agents' files. */
  look(): Promise<AgentView[]> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** The same, where something has just changed: a look that is under way may have seen what was before. */
  async lookAnew(): Promise<AgentView[]> {
    await this.#looking;
    return this.look();
  }

  /** @throws when there is no agent of this id */
  async agent(id: string): Promise<Agent> {
    const agent = (await this.#options.agents()).find((each) => each.id === id);
    if (!agent) throw new Error(`There is no agent "${id}".`);
    return agent;
  }

  /** What connecting it would write. @throws MalformedConfigError */
  async planConnect(id: string): Promise<Plan> {
    const { place, fullConnection } = this.#options;
    const agent = await this.agent(id);
    const kept = await this.#backups.load(id);
    const { planConnect } = await import('./connect-agent');
    return planConnect(agent, place(), await fullConnection(), kept);
  }

  /** What disconnecting it would write; undefined when Portside did not connect it. @throws MalformedConfigError */
  async planDisconnect(id: string): Promise<DisconnectPlan | undefined> {
    const agent = await this.agent(id);
    const kept = await this.#backups.load(id);
    if (kept.length === 0) return undefined;
    const { planDisconnect } = await import('./disconnect-agent');
    return planDisconnect(agent, kept);
  }

  /**
   * Does what a plan says. New backups are there before the first file is written, old ones go after the last.
   * @throws ConfigChangedError when a file is not what it was; nothing is written then
   */
  async apply({ agent, changes, backups }: Plan): Promise<void> {
    const { id } = agent;
    const kept = await this.#backups.load(id);
    if (backups.length > 0) await this.#backups.save(id, backups);
    const made = await applyChanges(changes).catch(async (error: unknown) => {
      await this.#backups.save(id, kept);
      throw error;
    });
    // Should this fail, what is kept already is enough to disconnect with.
    await this.#backups.save(
      id,
      backups.map((backup) => ({
        ...backup,
        folders: backup.folders.length > 0 ? backup.folders : (made.get(backup.path) ?? []),
      })),
    );
    await this.lookAnew();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #look(): Promise<AgentView[]> {
    const agents = await this.#options.agents();
    const place = this.#options.place();
    const connection = await this.#options.connection();
    // One without files has none on this machine.
    const here = agents.filter((agent) => agent.files(place).length > 0);
    // Brings the readers of all formats along.
    const { statusOf } = await import('./agent-status');
    const views = await Promise.all(
      here.map(async (agent) => {
        // Unreadable ones are told when they are needed.
        const kept = await this.#backups.load(agent.id).catch(() => []);
        return statusOf(agent, place, connection, kept);
      }),
    );
    const before = JSON.stringify(this.views());
    this.#views.clear();
    for (const view of views) this.#views.set(view.id, view);
    if (JSON.stringify(this.views()) !== before) this.#changed.fire();
    return views;
  }
}
