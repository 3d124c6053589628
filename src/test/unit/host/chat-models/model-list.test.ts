import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ModelList } from '../../../../host/chat-models/model-list';
import type { AccountView, Controller } from '../../../../host/controller/controller';
import type { AccountStatus, ProxyStatus } from '../../../../shared/status';
import { until } from '../test-controller';

describe('the models that the editor’s chat is offered', () => {
  let server: Server;
  let url: string;
  /** What the proxy lists, and by whom. */
  let listed: [id: string, ...providers: string[]][];
  let refused: boolean;
  /** Answers that wait, while `held`. */
  let waiting: (() => void)[];
  let held: boolean;
  let asked: { path: string; key: string; agent: string }[];
  let running: boolean;
  let accounts: Pick<AccountView, 'id' | 'provider' | 'enabled'>[];
  let health: AccountStatus['state'];
  let changed: () => void;
  let warnings: string[];
  let list: ModelList;
  let told: number;

  beforeEach(async () => {
    listed = [['one', 'openai'], ['fast'], ['copilot-one', 'vscode'], ['both', 'vscode', 'openai']];
    [refused, held, running, health] = [false, false, true, 'healthy'];
    [waiting, asked, warnings, told] = [[], [], [], 0];
    accounts = [{ id: 'a', provider: 'openai', enabled: true }];
    server = createServer((request, response) => {
      const { authorization = '', 'user-agent': agent = '' } = request.headers;
      asked.push({ path: request.url ?? '', key: authorization, agent });
      const answer = () => {
        response.statusCode = refused ? 401 : 200;
        const models = listed.map(([id, ...providers]) => ({ id, providers }));
        response.end(JSON.stringify(refused ? { error: { message: 'Which key?' } } : { models }));
      };
      if (held) waiting.push(answer);
      else answer();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    list.dispose();
    server.close();
    server.closeAllConnections();
  });

  function begin() {
    const controller = {
      status: (): Partial<ProxyStatus> => ({
        state: running ? 'running' : 'stopped',
        ...(running && { listening: { host: '127.0.0.1', port: 1, url } }),
        accounts: accounts.map((each) => ({ ...each, label: each.id, state: health })),
      }),
      accounts: () => accounts,
      settings: () => ({ routes: {} }),
      onDidChange: (listener: () => void) => {
        changed = listener;
        return { dispose: () => undefined };
      },
    } as unknown as Controller;
    const address = () => Promise.resolve({ url, key: 'sk-local-key', userAgent: 'vscode-chat/1' });
    list = new ModelList(controller, address, (message) => warnings.push(message));
    list.onDidChange(() => (told += 1));
  }
  const ids = async () => (await list.models()).map(({ id }) => id);

  it('are those that the proxy lists, without the editor’s own', async () => {
    begin();
    assert.deepEqual(await ids(), ['one', 'fast', 'both']);
    assert.deepEqual(asked, [
      { path: '/monitor/models', key: 'Bearer sk-local-key', agent: 'vscode-chat/1' },
    ]);
    assert.equal(told, 1);
  });

  it('are not asked for before somebody wants to see them', async () => {
    begin();
    accounts = [];
    changed();
    await new Promise((later) => setTimeout(later, 50));
    assert.deepEqual(asked, []);
    await ids();
    assert.equal(asked.length, 1);
  });

  it('are none while the proxy does not run', async () => {
    running = false;
    begin();
    assert.deepEqual(await ids(), []);
    running = true;
    changed();
    assert.deepEqual(await ids(), ['one', 'fast', 'both']);
    running = false;
    changed();
    assert.deepEqual(await ids(), []);
    assert.equal(told, 2);
  });

  it('are asked for again when accounts change or one is refused, and not when it is merely busy', async () => {
    begin();
    await ids();
    changed();
    health = 'cooling';
    changed();
    await ids();
    assert.equal(asked.length, 1);
    health = 'disabled';
    listed = [['two', 'openai']];
    changed();
    assert.deepEqual(await ids(), ['two']);
    accounts = [{ id: 'b', provider: 'openai', enabled: true }];
    changed();
    await ids();
    assert.equal(asked.length, 3);
    assert.equal(told, 2);
  });

  it('are those of the last change when an answer comes late', async () => {
    held = true;
    begin();
    void list.models();
    await until(() => waiting.length === 1);
    accounts = [];
    changed();
    await until(() => waiting.length === 2);
    waiting[1]!();
    await list.models();
    listed = [['late', 'openai']];
    waiting[0]!();
    await new Promise((later) => setTimeout(later, 50));
    assert.deepEqual(await ids(), ['one', 'fast', 'both']);
  });

  it('keep nobody waiting where the proxy may be waiting for the editor', async () => {
    accounts.push({ id: 'editor', provider: 'vscode', enabled: true });
    held = true;
    begin();
    assert.deepEqual(await ids(), []);
    await until(() => waiting.length === 1);
    waiting[0]!();
    await until(() => told === 1);
    assert.deepEqual(await ids(), ['one', 'fast', 'both']);
  });

  it('that cannot be had are none, the log says why, and whoever looks next asks again', async () => {
    refused = true;
    begin();
    assert.deepEqual(await ids(), []);
    assert.match(warnings.join(), /Which key\?/);
    refused = false;
    assert.deepEqual(await ids(), ['one', 'fast', 'both']);
  });
});
