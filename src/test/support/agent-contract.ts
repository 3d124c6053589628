/** What must hold of every agent's configuration, whatever its files say: connecting, once more, and back again. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { type Agent, type Connection, MalformedConfigError, type Place } from '../../host/agents/agent';
import { planConnect } from '../../host/agents/connect-agent';
import { planDisconnect } from '../../host/agents/disconnect-agent';
import { readJsonObject } from '../../host/agents/edit/edit-json';
import { formatOf } from '../../host/agents/edit/file-format';
import { takeBack } from '../../host/agents/edit/take-back';
import { applyChanges } from '../../host/agents/file-change';

export const CONNECTION: Connection = {
  url: 'http://127.0.0.1:8045',
  key: 'sk-local-0123456789',
  models: ['gpt-5', 'claude-opus', 'vendor/model:free'],
};

/** Another port and key, one model less and one more. */
export const MOVED: Connection = {
  url: 'http://127.0.0.1:9000',
  key: 'sk-other-0123456789',
  models: ['claude-opus', 'new', 'gpt-5'],
};

/** A machine for tests of the pure parts. */
export const place = (over: Partial<Place> = {}): Place => ({
  platform: 'linux',
  home: '/home/me',
  env: {},
  workspaces: [],
  ...over,
});

/** Texts of the agent's files, by their places in `files`; undefined where there is none. */
export type Texts = readonly (string | undefined)[];

/** The files as `connect` leaves them. */
export function connected(
  agent: Agent,
  texts: Texts,
  connection = CONNECTION,
  at = place(),
): (string | undefined)[] {
  const files = filesOf(agent, texts, at);
  const changes = agent.connect(files, connection);
  return files.map(({ path, text }) => changes.find((each) => each.path === path)?.text ?? text);
}

/** The agent's files with these texts. */
export function filesOf(agent: Agent, texts: Texts, at = place()): { path: string; text?: string }[] {
  return agent.files(at).map((path, index) => {
    const text = texts[index];
    return { path, ...(text !== undefined && { text }) };
  });
}

/**
 * Tests with files on the disk: connecting says so, changes nothing the second time, follows another port, and
 * disconnecting leaves every byte as it was.
 * @param samples by what they are called
 */
export function itComesBack(agent: Agent, samples: Record<string, Texts>): void {
  for (const [what, texts] of Object.entries(samples))
    it(`is connected, and comes back byte for byte, with ${what}`, async () => {
      const home = await fs.mkdtemp(join(tmpdir(), 'portside-agent-'));
      try {
        const at = place({ home, platform: process.platform, editorFolder: join(home, 'User') });
        const paths = agent.files(at).filter((path) => path.startsWith(home));
        const before = new Map<string, Buffer>();
        for (const [index, path] of paths.entries()) {
          const text = texts[index];
          if (text === undefined) continue;
          await fs.mkdir(dirname(path), { recursive: true });
          await fs.writeFile(path, text);
          before.set(path, Buffer.from(text));
        }
        const all = await namesIn(home);
        const plan = await planConnect(agent, at, CONNECTION, []);
        assert.ok(plan.changes.length > 0);
        await applyChanges(plan.changes);
        assert.equal(agent.isConnected(await read(paths), CONNECTION), true);
        assert.equal(agent.isConnected(await read(paths), MOVED), false);
        assert.deepEqual((await planConnect(agent, at, CONNECTION, plan.backups)).changes, []);

        const moved = await planConnect(agent, at, MOVED, plan.backups);
        await applyChanges(moved.changes);
        assert.equal(agent.isConnected(await read(paths), MOVED), true);
        for (const { text = '' } of await read(paths))
          assert.ok(!text.includes(CONNECTION.key) && !text.includes(CONNECTION.url), text);

        await applyChanges((await planDisconnect(agent, moved.backups)).changes);
        for (const path of paths) {
          const bytes = await fs.readFile(path).catch(() => undefined);
          assert.deepEqual(bytes, before.get(path), path);
        }
        assert.deepEqual(await namesIn(home), all);
      } finally {
        await fs.rm(home, { recursive: true });
      }
    });
}

/**
 * What disconnecting leaves of a file that was changed after it had been connected.
 * @param before texts of the agent's files
 * @param edit what was done to the file since
 * @param index which of the files it is
 * @returns undefined when the file goes
 */
export function disconnected(
  agent: Agent,
  before: Texts,
  edit: (text: string) => string,
  index = 0,
): string | undefined {
  const path = agent.files(place())[index] ?? '';
  const format = formatOf(path);
  const written = connected(agent, before)[index];
  assert.ok(format && written !== undefined);
  const text = edit(written);
  assert.notEqual(text, written);
  return takeBack(format, before[index], written, { path, text }, agent);
}

const namesIn = async (folder: string): Promise<string[]> =>
  (await fs.readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const read = (paths: readonly string[]) =>
  Promise.all(
    paths.map(async (path) => {
      const text = await fs.readFile(path, 'utf8').catch(() => undefined);
      return { path, ...(text !== undefined && { text }) };
    }),
  );

/**
 * A test that a broken file is refused, with the place where it is broken.
 * @param index which of the agent's files it is
 */
export function itRefuses(agent: Agent, texts: Texts, line: number, column: number, index = 0): void {
  it(`refuses ${JSON.stringify(texts[index])} at ${line}:${column}`, () => {
    const files = filesOf(agent, texts, place({ editorFolder: '/home/me/User' }));
    assert.throws(
      () => agent.connect(files, CONNECTION),
      (error) => {
        assert.ok(error instanceof MalformedConfigError, String(error));
        assert.deepEqual([error.path, error.line, error.column], [files[index]?.path, line, column]);
        return true;
      },
    );
  });
}

/** A configuration with the layout of somebody else. */
export interface Sample {
  value: unknown;
  text: string;
}

/** JSON with white space, comments, trailing commas, line ends and marks of any kind. */
export const anyJson = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Sample> =>
  fc
    .tuple(
      values,
      fc.array(fc.constantFrom('', ' ', '\n', '\n  ', '\t', ' /* } */ ', ' // {"\n', '\n    // c\n    '), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('', '\uFEFF'),
      fc.boolean(),
    )
    .map(([value, gaps, eol, mark, trailing]) => {
      let next = 0;
      const gap = () => gaps[next++ % gaps.length] ?? '';
      const list = (open: string, items: string[], close: string) =>
        open +
        items.join(`${gap()},${gap()}`) +
        (trailing && items.length > 0 ? `${gap()},` : '') +
        gap() +
        close;
      const show = (each: unknown): string => {
        if (Array.isArray(each)) return gap() + list('[', each.map(show), ']');
        if (typeof each !== 'object' || each === null) return gap() + JSON.stringify(each);
        const pairs = Object.entries(each).map(
          ([name, inner]) => `${gap()}${JSON.stringify(name)}${gap()}:${show(inner)}`,
        );
        return gap() + list('{', pairs, '}');
      };
      return {
        value: JSON.parse(JSON.stringify(value)) as unknown,
        text: mark + (show(value) + gap()).replaceAll('\n', eol),
      };
    });

/** What the text of a JSON file says. */
export const said = (text: string | undefined): Record<string, unknown> =>
  readJsonObject({ path: '', ...(text !== undefined && { text }) });

/** Something that nobody knows. */
export const anything = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 3,
  noNullPrototype: true,
});

/**
 * A property: connecting leaves what is not Portside's, the comments and the line ends, and is done the first time.
 * @param texts configurations of the agent's first file
 * @param read of what a text says
 * @param without takes out of what a file says whatever is Portside's
 */
export function itLeavesOthers(
  agent: Agent,
  texts: fc.Arbitrary<Sample>,
  read: (file: { path: string; text: string }) => unknown,
  without: (said: unknown) => unknown,
): void {
  it('leaves unknown keys, comments and line ends of any configuration', () => {
    const at = place({ editorFolder: '/home/me/User' });
    fc.assert(
      fc.property(texts, (original) => {
        const [path = ''] = agent.files(at);
        const after = connected(agent, [original.text], CONNECTION, at);
        const [text = ''] = after;
        assert.deepEqual(
          sorted(without(read({ path, text }))),
          sorted(without(structuredClone(original.value))),
        );
        assert.equal(agent.isConnected(filesOf(agent, after, at), CONNECTION), true);
        assert.deepEqual(connected(agent, after, CONNECTION, at), after);
        assert.ok(comments(text) >= comments(original.text), 'a comment is lost');
        assert.equal(text.startsWith('\uFEFF'), original.text.startsWith('\uFEFF'));
        if (original.text.includes('\r\n')) assert.doesNotMatch(text, /[^\r]\n/);
        const moved = connected(agent, after, MOVED, at);
        assert.deepEqual(
          sorted(without(read({ path, text: moved[0] ?? '' }))),
          sorted(without(structuredClone(original.value))),
        );
        assert.equal(agent.isConnected(filesOf(agent, moved, at), MOVED), true);
      }),
      { numRuns: 150 },
    );
  });
}

const comments = (of: string): number => of.match(/\/\*[^]*?\*\/|\/\/ (?:c|\{")|^ *# c\b/gm)?.length ?? 0;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => [name, sorted(each)]);
}
