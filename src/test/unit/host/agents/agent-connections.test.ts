import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { type Connection, MalformedConfigError, type Place } from '../../../../host/agents/agent';
import { AgentConnections } from '../../../../host/agents/agent-connections';
import { AGENTS } from '../../../../host/agents/agent-list';
import { ConfigChangedError } from '../../../../host/agents/file-change';
import { sampleFile } from './sample-files';

const ID = 'claude-code';
const OWN = '\uFEFF{\r\n  // mine\r\n  "model": "opus",\r\n  "unknown": [1,2 ,3],\r\n}\r\n';

describe('connecting agents on the disk', () => {
  let root: string;
  let home: string;
  let storage: string;
  let env: Record<string, string>;
  let connection: Connection;
  let agents: AgentConnections;

  const place = (): Place => ({
    platform: process.platform,
    home,
    env,
    workspaces: [join(root, 'project')],
    editorFolder: join(home, '.config/Code/User'),
  });

  beforeEach(() => {
    root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'portside-connect-')));
    home = join(root, 'home');
    storage = join(root, 'storage');
    fs.mkdirSync(home);
    env = {};
    connection = { url: 'http://127.0.0.1:8045', key: 'portside', models: ['alpha'] };
    agents = new AgentConnections({
      agents: () => Promise.resolve(AGENTS),
      folder: storage,
      place,
      connection: () => Promise.resolve(connection),
      fullConnection: () => Promise.resolve(connection),
      onError: (error) => assert.fail(String(error)),
    });
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  const settings = () => join(home, '.claude', 'settings.json');
  const put = (path: string, content: string | Buffer) => {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, content);
  };
  const connect = async (id = ID) => agents.apply(await agents.planConnect(id));
  async function disconnect(id = ID) {
    const plan = await agents.planDisconnect(id);
    assert.ok(plan, 'there is a backup');
    await agents.apply(plan);
    return plan;
  }
  const view = async (id = ID) => (await agents.look()).find((each) => each.id === id);
  const tree = (folder: string) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const path = join(folder, name);
        const stats = fs.lstatSync(path);
        const content = stats.isSymbolicLink()
          ? `-> ${fs.readlinkSync(path)}`
          : stats.isFile()
            ? fs.readFileSync(path, 'base64')
            : '';
        return `${name} ${(stats.mode & 0o777).toString(8)} ${content}`;
      });

  for (const agent of AGENTS) {
    it(`${agent.name}: whatever files there were are there again, byte for byte`, async () => {
      const paths = agent.files({ ...place(), workspaces: [] }).filter((path) => path.startsWith(home));
      await fc.assert(
        fc.asyncProperty(fc.tuple(...paths.map(sampleFile)), async (texts) => {
          fs.rmSync(home, { recursive: true });
          fs.mkdirSync(home);
          for (const [index, path] of paths.entries())
            if (texts[index] !== undefined) put(path, texts[index]);
          const before = tree(home);
          try {
            await connect(agent.id);
          } catch (error) {
            assert.ok(error instanceof MalformedConfigError, String(error));
            assert.deepEqual(tree(home), before);
            return;
          }
          assert.equal((await view(agent.id))?.connected, true);
          assert.deepEqual((await agents.planConnect(agent.id)).changes, []);
          if ((await agents.planDisconnect(agent.id)) !== undefined) await disconnect(agent.id);
          assert.deepEqual(tree(home), before);
          assert.ok(!fs.existsSync(join(storage, agent.id)));
        }),
        { numRuns: 30 },
      );
    }).timeout(30_000);
  }

  it('a symbolic link stays one, and its target is written', async () => {
    const real = join(home, 'dotfiles', 'claude.json');
    put(real, OWN);
    fs.chmodSync(real, 0o640);
    fs.mkdirSync(dirname(settings()));
    fs.symlinkSync('../dotfiles/claude.json', settings());
    const before = tree(home);
    await connect();
    assert.ok(fs.lstatSync(settings()).isSymbolicLink());
    assert.match(fs.readFileSync(real, 'utf8'), /^\uFEFF\{\r\n {2}\/\/ mine[^]*ANTHROPIC_BASE_URL/);
    assert.equal(fs.statSync(real).mode & 0o777, 0o640);
    await disconnect();
    assert.deepEqual(tree(home), before);
  });

  it('a link that leads to nothing leads to the new file, and to nothing again', async () => {
    fs.mkdirSync(dirname(settings()));
    fs.symlinkSync('../dotfiles/claude.json', settings());
    const before = tree(home);
    await connect();
    assert.ok(fs.existsSync(join(home, 'dotfiles', 'claude.json')));
    await disconnect();
    assert.deepEqual(tree(home), before);
  });

  it('a link in a circle is refused', async () => {
    fs.mkdirSync(dirname(settings()));
    fs.symlinkSync('settings.json', settings());
    await assert.rejects(connect(), /in a circle/);
  });

  it('a file with two names keeps both', async () => {
    put(settings(), OWN);
    fs.linkSync(settings(), join(home, 'second.json'));
    await connect();
    assert.match(fs.readFileSync(join(home, 'second.json'), 'utf8'), /ANTHROPIC_BASE_URL/);
    await disconnect();
    assert.equal(fs.readFileSync(join(home, 'second.json'), 'utf8'), OWN);
  });

  it('new files, folders and backups are for the user alone, and none is left beside a file', async () => {
    await connect();
    assert.equal(fs.statSync(settings()).mode & 0o777, 0o600);
    assert.equal(fs.statSync(dirname(settings())).mode & 0o777, 0o700);
    assert.deepEqual(fs.readdirSync(dirname(settings())), ['settings.json']);
    const backups = fs.readdirSync(join(storage, ID)).map((name) => join(storage, ID, name));
    assert.ok(backups.length > 0);
    for (const path of backups) assert.equal(fs.statSync(path).mode & 0o077, 0, path);
  });

  it('a file that changed between the look and the writing is not written', async () => {
    put(settings(), '{}');
    const plan = await agents.planConnect(ID);
    put(settings(), '{"model":"opus"}');
    await assert.rejects(agents.apply(plan), ConfigChangedError);
    assert.equal(fs.readFileSync(settings(), 'utf8'), '{"model":"opus"}');
    assert.equal(await agents.planDisconnect(ID), undefined, 'nothing is to be taken back');
  });

  it('of two files both are written or none', async () => {
    put(join(home, '.gemini', 'settings.json'), '{}');
    const before = tree(home);
    const plan = await agents.planConnect('gemini-cli');
    assert.equal(plan.changes.length, 2);
    // What cannot be written fails after the first file has been.
    Object.assign(plan.changes[1] ?? {}, { after: 5 });
    await assert.rejects(agents.apply(plan), TypeError);
    assert.deepEqual(tree(home), before);
  });

  it('connecting again elsewhere keeps the first backup', async () => {
    put(settings(), OWN);
    await connect();
    connection = { ...connection, url: 'http://127.0.0.1:9045' };
    assert.equal((await view())?.connected, false);
    await connect();
    assert.match(fs.readFileSync(settings(), 'utf8'), /9045/);
    await disconnect();
    assert.equal(fs.readFileSync(settings(), 'utf8'), OWN);
  });

  it('later edits of the user survive, also when it was connected again after them', async () => {
    put(settings(), '{\n  "model": "opus"\n}\n');
    await connect();
    const edited = fs.readFileSync(settings(), 'utf8').replace('"opus"', '"haiku", // mine\n  "new": true');
    fs.writeFileSync(settings(), edited);
    connection = { ...connection, url: 'http://127.0.0.1:9045' };
    await connect();
    const plan = await disconnect();
    assert.deepEqual(plan.edited, [], 'the second backup has the edits');
    assert.equal(fs.readFileSync(settings(), 'utf8'), '{\n  "model": "haiku", // mine\n  "new": true\n}\n');
  });

  it('a changed file loses what Portside put in, and nothing else', async () => {
    put(settings(), OWN);
    await connect();
    const written = fs.readFileSync(settings(), 'utf8');
    fs.writeFileSync(settings(), written.replace('"opus"', '"haiku"'));
    const plan = await disconnect();
    assert.deepEqual(plan.edited, [settings()]);
    assert.equal(fs.readFileSync(settings(), 'utf8'), OWN.replace('"opus"', '"haiku"'));
  });

  it('a file that was removed since stays so', async () => {
    put(settings(), OWN);
    await connect();
    fs.rmSync(settings());
    await disconnect();
    assert.ok(!fs.existsSync(settings()));
    assert.equal((await view())?.canDisconnect, false);
  });

  it('what is no UTF-8 is refused', async () => {
    put(settings(), Buffer.from([0x7b, 0x0a, 0x22, 0xff, 0x22, 0x7d]));
    await assert.rejects(connect(), (error) => {
      assert.ok(error instanceof MalformedConfigError);
      assert.deepEqual([error.path, error.line, error.column], [settings(), 2, 2]);
      return true;
    });
  });

  describe('the view of an agent', () => {
    it('says whether it is here, by its traces or its program', async () => {
      assert.equal((await view())?.found, false);
      put(join(root, 'bin', process.platform === 'win32' ? 'claude.cmd' : 'claude'), '');
      env = { PATH: join(root, 'bin') };
      assert.equal((await view())?.found, true);
    });

    it('says what wins, unless that leads to Portside, too', async () => {
      await connect();
      env = { CLAUDE_CODE_USE_BEDROCK: '1' };
      const project = join(root, 'project', '.claude', 'settings.local.json');
      put(project, '{"env":{"ANTHROPIC_BASE_URL":"https://example.com"}}');
      assert.deepEqual((await view())?.overrides, ['CLAUDE_CODE_USE_BEDROCK', project]);
      env = {};
      put(project, '{"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:8045"}}');
      assert.deepEqual((await view())?.overrides, []);
    });

    it('follows a folder of the user’s own choice', async () => {
      env = { CLAUDE_CONFIG_DIR: join(home, 'elsewhere') };
      await connect();
      assert.ok(fs.existsSync(join(home, 'elsewhere', 'settings.json')));
    });

    it('says where a file cannot be read', async () => {
      put(settings(), '{\n  "env": oops }');
      const seen = await view();
      assert.deepEqual([seen?.connected, seen?.file, seen?.at], [false, settings(), { line: 2, column: 10 }]);
    });

    it('tells of changes once', async () => {
      let told = 0;
      await agents.look();
      agents.onDidChange(() => told++);
      await agents.look();
      assert.equal(told, 0);
      await connect();
      assert.equal(told, 1);
    });
  });
});
