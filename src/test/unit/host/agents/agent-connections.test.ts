import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { skipBecause } from '../../../support/skip-because';
import fc from 'fast-check';
import { MalformedConfigError } from '../../../../host/agents/agent';
import { AGENTS } from '../../../../host/agents/agent-list';
import { ConfigChangedError } from '../../../../host/agents/file-change';
import { AgentHome } from '../../../support/agent-home';
import { sampleFile } from './sample-files';

const ID = 'claude-code';
const OWN = '\uFEFF{\r\n  // mine\r\n  "model": "opus",\r\n  "unknown": [1,2 ,3],\r\n}\r\n';

describe('connecting agents on the disk', () => {
  let at: AgentHome;
  let home: string;
  beforeEach(() => {
    at = new AgentHome();
    ({ home } = at);
  });
  afterEach(() => at.remove());

  const settings = () => join(home, '.claude', 'settings.json');
  const put = (path: string, content: string | Buffer) => at.put(path, content);
  const connect = (id = ID) => at.connect(id);
  const disconnect = (id = ID) => at.disconnect(id);
  const view = (id = ID) => at.view(id);
  const tree = () => at.tree();

  for (const agent of AGENTS) {
    it(`${agent.name}: whatever files there were are there again, byte for byte`, async () => {
      const paths = at.paths(agent.id);
      await fc.assert(
        fc.asyncProperty(fc.tuple(...paths.map(sampleFile)), async (texts) => {
          fs.rmSync(home, { recursive: true });
          fs.mkdirSync(home);
          for (const [index, path] of paths.entries())
            if (texts[index] !== undefined) put(path, texts[index]);
          const before = tree();
          try {
            await connect(agent.id);
          } catch (error) {
            assert.ok(error instanceof MalformedConfigError, String(error));
            assert.deepEqual(tree(), before);
            return;
          }
          assert.equal((await view(agent.id))?.connected, true);
          assert.deepEqual((await at.agents.planConnect(agent.id)).changes, []);
          if ((await at.agents.planDisconnect(agent.id)) !== undefined) await disconnect(agent.id);
          assert.deepEqual(tree(), before);
          assert.ok(!fs.existsSync(join(at.storage, agent.id)));
        }),
        { numRuns: 12 },
      );
    }).timeout(30_000);
  }

  it('a symbolic link stays one, and its target is written', async () => {
    const real = join(home, 'dotfiles', 'claude.json');
    put(real, OWN);
    fs.chmodSync(real, 0o640);
    fs.mkdirSync(dirname(settings()));
    fs.symlinkSync('../dotfiles/claude.json', settings());
    const before = tree();
    await connect();
    assert.ok(fs.lstatSync(settings()).isSymbolicLink());
    assert.match(fs.readFileSync(real, 'utf8'), /^\uFEFF\{\r\n {2}\/\/ mine[^]*ANTHROPIC_BASE_URL/);
    assert.equal(fs.statSync(real).mode & 0o777, 0o640);
    await disconnect();
    assert.deepEqual(tree(), before);
  });

  it('a link that leads to nothing leads to the new file, and to nothing again', async () => {
    fs.mkdirSync(dirname(settings()));
    fs.symlinkSync('../dotfiles/claude.json', settings());
    const before = tree();
    await connect();
    assert.ok(fs.existsSync(join(home, 'dotfiles', 'claude.json')));
    await disconnect();
    assert.deepEqual(tree(), before);
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
    const backups = fs.readdirSync(join(at.storage, ID)).map((name) => join(at.storage, ID, name));
    assert.ok(backups.length > 0);
    for (const path of backups) assert.equal(fs.statSync(path).mode & 0o077, 0, path);
  });

  it('a file that changed between the look and the writing is not written', async () => {
    put(settings(), '{}');
    const plan = await at.agents.planConnect(ID);
    put(settings(), '{"model":"opus"}');
    await assert.rejects(at.agents.apply(plan), ConfigChangedError);
    assert.equal(fs.readFileSync(settings(), 'utf8'), '{"model":"opus"}');
    assert.equal(await at.agents.planDisconnect(ID), undefined, 'nothing is to be taken back');
  });

  it('a file in a folder that may not be written is written all the same', async function () {
    if (process.getuid?.() === 0) skipBecause(this, 'nothing is forbidden to root');
    if (process.platform === 'win32') skipBecause(this, 'folders have no such mode on Windows');
    put(settings(), OWN);
    fs.chmodSync(dirname(settings()), 0o500);
    await connect();
    assert.match(fs.readFileSync(settings(), 'utf8'), /ANTHROPIC_BASE_URL/);
    await disconnect();
    assert.equal(fs.readFileSync(settings(), 'utf8'), OWN);
    fs.chmodSync(dirname(settings()), 0o700);
  });

  it('folders that were made go with the files that were made in them, whoever removed those', async () => {
    const before = tree();
    await connect('gemini-cli');
    fs.rmSync(join(home, '.gemini', 'settings.json'));
    await disconnect('gemini-cli');
    assert.deepEqual(tree(), before);
    await connect('gemini-cli');
    put(join(home, '.gemini', 'mine'), '');
    await disconnect('gemini-cli');
    assert.deepEqual(fs.readdirSync(join(home, '.gemini')), ['mine']);
  });

  it('of two files both are written or none', async () => {
    put(join(home, '.gemini', 'settings.json'), '{}');
    const before = tree();
    const plan = await at.agents.planConnect('gemini-cli');
    assert.equal(plan.changes.length, 2);
    // What cannot be written fails after the first file has been.
    Object.assign(plan.changes[1] ?? {}, { after: 5 });
    await assert.rejects(at.agents.apply(plan), TypeError);
    assert.deepEqual(tree(), before);
  });

  it('connecting again elsewhere keeps the first backup', async () => {
    put(settings(), OWN);
    await connect();
    at.connection = { ...at.connection, url: 'http://127.0.0.1:9045' };
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
    at.connection = { ...at.connection, url: 'http://127.0.0.1:9045' };
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
      put(join(at.root, 'bin', process.platform === 'win32' ? 'claude.cmd' : 'claude'), '');
      at.env = { PATH: join(at.root, 'bin') };
      assert.equal((await view())?.found, true);
    });

    it('says what wins, unless that leads to Portside, too', async () => {
      await connect();
      at.env = { CLAUDE_CODE_USE_BEDROCK: '1' };
      const project = join(at.root, 'project', '.claude', 'settings.local.json');
      put(project, '{"env":{"ANTHROPIC_BASE_URL":"https://example.com"}}');
      assert.deepEqual((await view())?.overrides, ['CLAUDE_CODE_USE_BEDROCK', project]);
      at.env = {};
      put(project, '{"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:8045"}}');
      assert.deepEqual((await view())?.overrides, []);
    });

    it('says that an agent was told another address, until it is told the new one', async () => {
      await connect();
      at.connection = { ...at.connection, url: 'http://127.0.0.1:9045' };
      assert.deepEqual([(await view())?.connected, (await view())?.stale], [false, 'address']);
      await connect();
      assert.deepEqual([(await view())?.connected, (await view())?.stale], [true, undefined]);
      put(settings(), '{"env":{"ANTHROPIC_BASE_URL":"https://example.com"}}');
      assert.deepEqual([(await view())?.connected, (await view())?.stale], [false, undefined]);
    });

    for (const { id, name } of AGENTS)
      it(`${name}: says that its key is not the one that is asked for`, async () => {
        const stale = async () => (await view(id))?.stale;
        at.connection = { ...at.connection, key: 'sk-"$first\\key' };
        await connect(id);
        assert.equal(await stale(), undefined);
        at.connection = { ...at.connection, models: ['beta', 'gamma', 'alpha'] };
        assert.equal(await stale(), undefined, 'other models are no other key');
        at.connection = { ...at.connection, key: 'sk-second-key' };
        assert.equal(await stale(), 'key');
        at.connection = { ...at.connection, key: 'portside' };
        assert.equal(await stale(), undefined, 'none is asked for');
        at.connection = { ...at.connection, key: 'sk-third-key' };
        await connect(id);
        assert.equal(await stale(), undefined);
      });

    it('says that a variable has another key, where one is asked for', async () => {
      at.env = { GEMINI_API_KEY: 'AIza-mine', PORTSIDE_API_KEY: 'sk-mine' };
      const overrides = async () => [
        (await view('gemini-cli'))?.overrides,
        (await view('qwen-code'))?.overrides,
      ];
      await connect('gemini-cli');
      await connect('qwen-code');
      assert.deepEqual(await overrides(), [[], []]);
      at.connection = { ...at.connection, key: 'sk-local-key' };
      assert.deepEqual(await overrides(), [['GEMINI_API_KEY'], ['PORTSIDE_API_KEY']]);
      at.connection = { ...at.connection, key: 'sk-mine' };
      await connect('qwen-code');
      assert.deepEqual((await overrides())[1], []);
    });

    it('says which profile of Codex leads elsewhere', async () => {
      put(
        join(home, '.codex', 'config.toml'),
        'profile = "work"\n[profiles.work]\nmodel_provider = "openai"\n',
      );
      await connect('codex');
      assert.deepEqual((await view('codex'))?.overrides, ['profiles.work']);
    });

    it('has none of an agent that has no files on this machine', async () => {
      at.hasEditor = false;
      assert.equal(await view('vscode-chat'), undefined);
      assert.notEqual(await view(), undefined);
    });

    it('follows a folder of the user’s own choice', async () => {
      at.env = { CLAUDE_CONFIG_DIR: join(home, 'elsewhere') };
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
      await at.agents.look();
      at.agents.onDidChange(() => told++);
      await at.agents.look();
      assert.equal(told, 0);
      await connect();
      assert.equal(told, 1);
    });
  });
});
