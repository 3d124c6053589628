import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Agent,
  type ConfigFile,
  type Connection,
  MalformedConfigError,
  type Place,
} from '../../../../host/agents/agent';
import { AGENTS } from '../../../../host/agents/agent-list';
import { formatOf } from '../../../../host/agents/edit/file-format';
import { takeBack } from '../../../../host/agents/edit/take-back';
import { commentsOf, sampleFile } from './sample-files';

const linux: Place = {
  platform: 'linux',
  home: '/home/u',
  env: {},
  workspaces: [],
  editorFolder: '/home/u/.config/Code/User',
};
const HERE: Connection = { url: 'http://127.0.0.1:8045', key: 'portside', models: ['alpha', 'beta'] };
const MOVED: Connection = { url: 'http://127.0.0.1:9045', key: 'sk-other', models: ['beta', 'gamma'] };

/** The files after connecting; those that did not change stay. */
function connected(agent: Agent, files: ConfigFile[], connection = HERE): ConfigFile[] {
  const changes = agent.connect(files, connection);
  return files.map((file) => ({ ...file, ...changes.find(({ path }) => path === file.path) }));
}

describe('every agent', () => {
  it('has an id, a name and paths of its own', () => {
    for (const pick of [
      ({ id }: Agent) => id,
      ({ name }: Agent) => name,
      (agent: Agent) => agent.files(linux)[0],
    ])
      assert.equal(new Set(AGENTS.map(pick)).size, AGENTS.length);
  });

  for (const platform of ['linux', 'darwin', 'win32'] as const)
    it(`has absolute paths under the home on ${platform}`, () => {
      const home = platform === 'win32' ? 'C:\\Users\\u' : '/home/u';
      const place: Place = { platform, home, env: {}, workspaces: [], editorFolder: home };
      for (const agent of AGENTS) {
        assert.ok(agent.files(place)[0]?.startsWith(home), agent.id);
        assert.ok(
          agent.files(place).every((path) => /^(\/|[A-Z]:\\)/.test(path)),
          agent.id,
        );
        assert.equal(new Set(agent.files(place)).size, agent.files(place).length, agent.id);
      }
    });

  for (const agent of AGENTS) {
    const paths = agent.files(linux);
    const files = fc.tuple(...paths.map(sampleFile)).map((texts) =>
      paths.map((path, index): ConfigFile => ({
        path,
        ...(texts[index] !== undefined && { text: texts[index] }),
      })),
    );

    describe(agent.name, () => {
      it('is connected with nothing there, and not without', () => {
        const empty = paths.map((path) => ({ path }));
        assert.equal(agent.isConnected(empty, HERE), false);
        const now = connected(agent, empty);
        assert.equal(agent.isConnected(now, HERE), true);
        assert.equal(agent.isConnected(now, MOVED), false);
        assert.ok(now.some(({ text }) => text?.includes(HERE.url)));
        assert.deepEqual(agent.overrides(linux, now), []);
      });

      it('of any files is connected, twice as once, with every comment; and its own is taken back out', () => {
        let done = 0;
        fc.assert(
          fc.property(files, (before) => {
            let after: ConfigFile[];
            try {
              after = connected(agent, before);
            } catch (error) {
              assert.ok(error instanceof MalformedConfigError, String(error));
              return;
            }
            done++;
            assert.equal(agent.isConnected(after, HERE), true);
            assert.deepEqual(agent.connect(after, HERE), []);
            for (const [index, { path, text }] of before.entries()) {
              const now = after[index]?.text;
              if (now === text) continue;
              assert.ok(now !== undefined);
              assert.ok(commentsOf(now) >= commentsOf(text), now);
              if (text !== undefined) {
                assert.equal(now.startsWith('\uFEFF'), text.startsWith('\uFEFF'));
                if (text.includes('\r\n')) assert.ok(!/[^\r]\n/.test(now), JSON.stringify(now));
              }
              const format = formatOf(path);
              assert.ok(format);
              const old = format.read({ path, ...(text !== undefined && { text }) }) ?? {};
              const back = takeBack(format, text, now, { path, text: now }, agent);
              const isNothing = (value: unknown) =>
                JSON.stringify(value ?? {}) === '{}' || JSON.stringify(value) === '[]';
              if (back === undefined) assert.ok(isNothing(old));
              else assert.deepEqual(sorted(format.read({ path, text: back }) ?? {}), sorted(old));
            }
          }),
          { numRuns: 150 },
        );
        assert.ok(done > 30, `${done} files could be read`);
      });

      it('follows to another port and key', () => {
        fc.assert(
          fc.property(files, (before) => {
            let moved: ConfigFile[];
            try {
              moved = connected(agent, connected(agent, before), MOVED);
            } catch (error) {
              assert.ok(error instanceof MalformedConfigError, String(error));
              return;
            }
            assert.equal(agent.isConnected(moved, MOVED), true);
            assert.ok(!moved.some(({ text }) => text?.includes(HERE.url)));
          }),
          { numRuns: 60 },
        );
      });

      it('refuses what it cannot read', () => {
        const [path = ''] = paths;
        const broken = path.endsWith('.toml') ? 'a = \n' : /\.ya?ml$/.test(path) ? 'a: [\n' : '{ "a": }';
        const all = paths.map((each, index) => ({ path: each, ...(index === 0 && { text: broken }) }));
        assert.throws(() => agent.connect(all, HERE), MalformedConfigError);
      });
    });
  }
});

/** Order of names aside: a name that was replaced and put back may come last. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, sorted(each)] as const);
  return entries
    .filter(([, each]) => !(Array.isArray(each) && each.length === 0))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
