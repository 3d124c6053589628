import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { MalformedConfigError } from '../../../../../host/agents/agent';
import { editToml, readToml } from '../../../../../host/agents/edit/edit-toml';

const file = (text?: string) => ({ path: '/x/config.toml', ...(text !== undefined && { text }) });
const set = (text: string | undefined, path: string[], value: unknown) =>
  editToml(file(text), [{ path, value }]);
const PROVIDER = { name: 'Portside', base_url: 'http://127.0.0.1:8045/v1' };

describe('an edit of a TOML file', () => {
  for (const [what, before, path, value, after] of [
    ['makes a file', undefined, ['a', 'b'], { c: 1 }, '[a.b]\nc = 1\n'],
    [
      'adds to the root',
      'x = 1 # one\n\n# t\n[t]\ny = 2\n',
      ['a'],
      'b',
      'x = 1 # one\na = "b"\n\n# t\n[t]\ny = 2\n',
    ],
    ['adds above the tables', '\uFEFF# hi\n[t]\ny = 2', ['a'], 'b', '\uFEFFa = "b"\n\n# hi\n[t]\ny = 2'],
    ['adds to comments', '# hi', ['a'], true, '# hi\na = true\n'],
    ['changes a value alone', "x = 'old'  # why\r\n[t]\r\n", ['x'], 'new', 'x = "new"  # why\r\n[t]\r\n'],
    [
      'changes a value of several lines',
      'x = [\n 1, # "]\n 2,\n]\ny = """\na]"""\n',
      ['x'],
      [3],
      'x = [ 3 ]\ny = """\na]"""\n',
    ],
    [
      'adds a table',
      'x = 1\r\n',
      ['p', 'q'],
      PROVIDER,
      `x = 1\r\n\r\n[p.q]\r\nname = "Portside"\r\nbase_url = "http://127.0.0.1:8045/v1"\r\n`,
    ],
    [
      'adds to a table',
      '[p.q]\n  a = 1\n\n[z]\nb = 2\n',
      ['p', 'q', 'c'],
      3,
      '[p.q]\n  a = 1\nc = 3\n\n[z]\nb = 2\n',
    ],
    ['adds to a table of dotted keys', 'p.q.a = 1\n[z]\n', ['p', 'q', 'c'], 3, 'p.q.a = 1\np.q.c = 3\n[z]\n'],
    [
      'finds quoted names',
      '["p".\'q r\']\n"a.b" = 1\n',
      ['p', 'q r', 'a.b'],
      2,
      '["p".\'q r\']\n"a.b" = 2\n',
    ],
    ['quotes names', '', ['p', 'q r'], { 'a.b': 1 }, '[p."q r"]\n"a.b" = 1\n'],
    ['does not take a list for a table', '[[p]]\na = 1\n', ['q', 'a'], 1, '[[p]]\na = 1\n\n[q]\na = 1\n'],
    ['removes a line', 'a = 1 # c\nb = 2\n', ['a'], undefined, 'b = 2\n'],
    [
      'removes a table',
      'x = 1\n\n[p.q]\na = 1\n\n[p.q.r]\nb = 1\n\n[z]\nc = 1\n',
      ['p', 'q'],
      undefined,
      'x = 1\n\n[z]\nc = 1\n',
    ],
  ] as const)
    it(what, () => assert.equal(set(before, [...path], value), after));

  it('refuses what is no TOML, and says where', () => {
    const refused = (text: string, path: string[], line: number) =>
      assert.throws(
        () => set(text, path, 1),
        (error) => error instanceof MalformedConfigError && (assert.equal(error.line, line), true),
      );
    refused('a = 1\nb = \n', ['c'], 2);
    refused('a = 1\na = 2\n', ['c'], 2);
    refused('x = 1\np = { q = { a = 1 } }\n', ['p', 'q', 'b'], 2);
    refused('\np = "text"\n', ['p', 'q'], 2);
    refused('[[p]]\na = 1\n', ['p', 'a'], 1);
  });

  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant('"""]#\n'),
    fc.array(fc.string(), { maxLength: 3 }),
  );
  const name = fc.oneof(
    fc.constantFrom('a', 'b', 'model_provider', 'model_providers', 'portside'),
    fc.string({ minLength: 1 }),
  );
  const table = fc.dictionary(name, scalar, { maxKeys: 4 });
  const document = fc
    .tuple(
      table,
      fc.dictionary(name, fc.dictionary(name, fc.oneof(scalar, table), { maxKeys: 4 }), { maxKeys: 3 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([root, tables, eol, mark, newline]) => {
      const lines = stringify({ ...root, ...tables })
        .trimEnd()
        .split('\n')
        .map((line, index) =>
          /^[\w"]/.test(line) && !line.includes('"""') && index % 2 === 0 ? `${line}  # comment ] "` : line,
        );
      const text = ['# first', ...lines].join(eol) + (newline ? eol : '');
      return (mark ? '\uFEFF' : '') + text;
    });
  const comments = (text: string) => text.match(/# (comment|first)/g)?.length ?? 0;

  it('of any file sets what it shall, keeps the rest and every comment, and does nothing twice', () => {
    let done = 0;
    fc.assert(
      fc.property(document, (text) => {
        const changes = [
          { path: ['model_provider'], value: 'portside' },
          { path: ['model_providers', 'portside'], value: PROVIDER },
        ];
        const old = readToml(file(text));
        let after: string;
        try {
          after = editToml(file(text), changes);
        } catch (error) {
          assert.ok(error instanceof MalformedConfigError);
          return;
        }
        done++;
        const now = readToml(file(after)) as typeof old & { model_providers: { portside: object } };
        assert.equal(now['model_provider'], 'portside');
        assert.deepEqual({ ...now.model_providers.portside, ...PROVIDER }, now.model_providers.portside);
        for (const [key, value] of Object.entries(old))
          if (!key.startsWith('model_provider')) assert.deepEqual(now[key], value);
        assert.equal(comments(after), comments(text));
        assert.equal(editToml(file(after), changes), after);
      }),
      { numRuns: 400 },
    );
    assert.ok(done > 200, String(done));
  });
});
