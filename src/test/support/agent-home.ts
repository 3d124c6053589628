/** A home folder on the disk for tests, and the agents that are connected in it. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentView } from '../../shared/agents';
import type { Connection, Place } from '../../host/agents/agent';
import { AgentConnections } from '../../host/agents/agent-connections';
import { AGENTS } from '../../host/agents/agent-list';
import type { DisconnectPlan } from '../../host/agents/disconnect-agent';

/** To be made anew for each test, and removed after it. */
export class AgentHome {
  readonly root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'portside-home-')));
  readonly home = join(this.root, 'home');
  /** Where backups go. */
  readonly storage = join(this.root, 'storage');
  /** Environment of the machine. */
  env: Record<string, string> = {};
  /** Whether the editor runs on this machine. */
  hasEditor = true;
  connection: Connection = { url: 'http://127.0.0.1:8045', key: 'portside', models: ['alpha'] };
  readonly agents = new AgentConnections({
    agents: () => Promise.resolve(AGENTS),
    folder: this.storage,
    place: () => this.place(),
    connection: () => Promise.resolve(this.connection),
    fullConnection: () => Promise.resolve(this.connection),
    onError: (error) => assert.fail(String(error)),
  });

  constructor() {
    fs.mkdirSync(this.home);
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  place(): Place {
    return {
      platform: process.platform,
      home: this.home,
      env: this.env,
      workspaces: [join(this.root, 'project')],
      ...(this.hasEditor && { editorFolder: join(this.home, '.config/Code/User') }),
    };
  }

  /** The agent's files that lie in the home. */
  paths(id: string): string[] {
    const agent = AGENTS.find((each) => each.id === id);
    return (
      agent?.files({ ...this.place(), workspaces: [] }).filter((path) => path.startsWith(this.home)) ?? []
    );
  }

  put(path: string, content: string | Buffer): void {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, content);
  }

  async connect(id: string): Promise<void> {
    await this.agents.apply(await this.agents.planConnect(id));
  }

  async disconnect(id: string): Promise<DisconnectPlan> {
    const plan = await this.agents.planDisconnect(id);
    assert.ok(plan, 'there is a backup');
    await this.agents.apply(plan);
    return plan;
  }

  async view(id: string): Promise<AgentView | undefined> {
    return (await this.agents.look()).find((each) => each.id === id);
  }

  /** All that is in a folder: names, permissions, how many names a file has, contents, and where links lead. */
  tree(folder = this.home): string[] {
    return fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const path = join(folder, name);
        const stats = fs.lstatSync(path);
        const content = stats.isSymbolicLink()
          ? `-> ${fs.readlinkSync(path)}`
          : stats.isFile()
            ? `${stats.nlink} ${JSON.stringify(fs.readFileSync(path, 'latin1'))}`
            : '';
        return `${name} ${(stats.mode & 0o777).toString(8)} ${content}`;
      });
  }
}
