import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { AGENTS } from '../../../../host/agents/agent-list';
import { UnwritableConfigError } from '../../../../host/agents/agent-files';
import { AgentHome } from '../../../support/agent-home';
import { commentsOf } from './sample-files';

/** A file of somebody's own, with comments, odd blanks, and keys that Portside does not know. */
function sampleOf(path: string): string {
  const name = basename(path);
  if (name === 'chatLanguageModels.json')
    return '[\n  // comment\n  { "vendor": "other", "name":"mine", "unknown": [1,2 ,3] } /* comment */\n]\n';
  if (/\.jsonc?$/.test(name))
    return '{\n  // comment\n  "unknown": { "a": [1,2 ,3] }, /* comment */\n\n  "theme" : "dark"\n}\n';
  if (name.endsWith('.toml'))
    return '# comment\nmodel   = "mine" # comment\nunknown = [1,2 ,3]\n\n[tui]\n# comment\ntheme = "dark"\n';
  if (name.endsWith('.yaml'))
    return '# comment\nname: mine # comment\nversion: 0.0.1\nunknown: [1,2 ,3]\nrules:\n    - be kind\n';
  return '# comment\nOTHER=1\nexport X="a b" # comment\n';
}

const crlf = (text: string) => text.replaceAll('\n', '\r\n');

/** What a file may look like. */
const LAYOUTS: Record<string, (text: string) => string> = {
  'comments and unknown keys': (text) => text,
  CRLF: crlf,
  'a byte order mark': (text) => `\uFEFF${text}`,
  'a byte order mark and CRLF': (text) => `\uFEFF${crlf(text)}`,
  'no line end at the end': (text) => text.trimEnd(),
  'blank lines at the end': (text) => `${text}\n\n`,
  tabs: (text) => text.replace(/^ +/gm, (blanks) => (text.startsWith('#') ? blanks : '\t')),
  'nothing in it': () => '',
  'a line end alone in it': () => '\n',
};

/** How it may lie on the disk. Each makes it of a text. */
const PLACES: Record<string, (home: AgentHome, path: string, text: string) => void> = {
  'read by its owner alone': (home, path, text) => {
    home.put(path, text);
    fs.chmodSync(path, 0o600);
  },
  'read by a group, run by nobody': (home, path, text) => {
    home.put(path, text);
    fs.chmodSync(path, 0o664);
  },
  'behind a relative link': (home, path, text) => {
    const real = join(home.home, 'dotfiles', relative(home.home, path));
    home.put(real, text);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.symlinkSync(relative(dirname(path), real), path);
  },
  'behind two links': (home, path, text) => {
    const real = join(home.home, 'dotfiles', relative(home.home, path));
    home.put(real, text);
    fs.symlinkSync(basename(real), `${real}.link`);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.symlinkSync(`${real}.link`, path);
  },
  'in a folder that is a link': (home, path, text) => {
    const real = join(home.home, 'dotfiles', relative(home.home, dirname(path)).replaceAll(sep, '-'));
    if (!fs.existsSync(dirname(path))) {
      fs.mkdirSync(real, { recursive: true });
      fs.mkdirSync(dirname(dirname(path)), { recursive: true });
      fs.symlinkSync(real, dirname(path));
    }
    fs.writeFileSync(path, text);
  },
  'with a second name': (home, path, text) => {
    home.put(path, text);
    const second = join(home.home, 'second', relative(home.home, path));
    fs.mkdirSync(dirname(second), { recursive: true });
    fs.linkSync(path, second);
  },
  'not there, with its folder': (home, path) => fs.mkdirSync(dirname(path), { recursive: true }),
  'not there, nor its folder': () => undefined,
  'not there behind a link': (home, path) => {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.symlinkSync(join(home.home, 'dotfiles', relative(home.home, path)), path);
  },
};

const readAll = (paths: readonly string[]) =>
  paths.map((path) => (fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : ''));

/** The layout of a text that stays whatever is put into it. */
const layoutOf = (text: string) => ({
  mark: text.startsWith('\uFEFF'),
  eols: [/\r\n/.test(text), /[^\r]\n/.test(text)],
});

describe('files that were connected and disconnected', function () {
  this.timeout(20_000);
  let home: AgentHome;
  beforeEach(() => (home = new AgentHome()));
  afterEach(() => home.remove());

  /** Connects, moves to another port and key, and disconnects: whatever was there is there again. */
  async function thereAndBack(id: string): Promise<void> {
    const paths = home.paths(id);
    const before = home.tree();
    const texts = readAll(paths);
    await home.connect(id);
    const modes = (tree: string[]) => tree.map((line) => line.split(' ').slice(0, 2).join(' '));
    const others = modes(before).filter((line) => !modes(home.tree()).includes(line));
    assert.deepEqual(others, [], 'what was there keeps its permissions, and links stay links');
    const seen = await home.view(id);
    assert.deepEqual([seen?.connected, seen?.problem, seen?.stale], [true, undefined, undefined]);
    for (const [index, text] of readAll(paths).entries()) {
      const old = texts[index] ?? '';
      assert.equal(commentsOf(text), commentsOf(old));
      if (old.trim() !== '') assert.deepEqual(layoutOf(text), layoutOf(old));
    }
    assert.deepEqual((await home.agents.planConnect(id)).changes, []);

    home.connection = { url: 'http://127.0.0.1:9045', key: 'sk-$other\\"key', models: ['beta', 'alpha'] };
    assert.equal((await home.view(id))?.stale, 'address');
    await home.connect(id);
    assert.deepEqual([(await home.view(id))?.connected, (await home.view(id))?.stale], [true, undefined]);

    const plan = await home.disconnect(id);
    assert.deepEqual(plan.edited, []);
    assert.deepEqual(home.tree(), before);
    assert.ok(!fs.existsSync(join(home.storage, id)));
  }

  for (const { id, name } of AGENTS)
    describe(name, () => {
      for (const [layout, dress] of Object.entries(LAYOUTS))
        it(`are what they were, with ${layout}`, async () => {
          for (const path of home.paths(id)) home.put(path, dress(sampleOf(path)));
          await thereAndBack(id);
        });

      for (const [place, put] of Object.entries(PLACES))
        it(`are what they were, ${place}`, async () => {
          for (const path of home.paths(id)) put(home, path, crlf(sampleOf(path)));
          await thereAndBack(id);
        });

      it('keep what was added meanwhile, and lose nothing else', async () => {
        const comment = (path: string) =>
          /\.jsonc?$/.test(path) ? '// comment of mine' : '# comment of mine';
        const paths = home.paths(id);
        for (const path of paths) home.put(path, sampleOf(path));
        const before = readAll(paths);
        await home.connect(id);
        const now = readAll(paths);
        for (const [index, path] of paths.entries())
          if (now[index] !== before[index]) home.put(path, `${comment(path)}\n${now[index] ?? ''}`);
        const edited = paths.filter((_, index) => now[index] !== before[index]);
        assert.deepEqual((await home.disconnect(id)).edited, edited);
        for (const [index, path] of paths.entries())
          assert.equal(
            fs.readFileSync(path, 'utf8'),
            (edited.includes(path) ? `${comment(path)}\n` : '') + (before[index] ?? ''),
          );
      });

      it('are refused where they are read-only, before anything is shown', async () => {
        for (const path of home.paths(id)) {
          home.put(path, sampleOf(path));
          fs.chmodSync(path, 0o444);
        }
        const before = home.tree();
        await assert.rejects(home.agents.planConnect(id), UnwritableConfigError);
        assert.deepEqual(home.tree(), before);
      });
    });
});
