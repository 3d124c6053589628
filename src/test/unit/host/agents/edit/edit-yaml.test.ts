import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { MalformedConfigError } from '../../../../../host/agents/agent';
import { editYaml, readYaml, type YamlChange } from '../../../../../host/agents/edit/edit-yaml';

const file = (text?: string) => ({ path: '/x/a.yaml', ...(text !== undefined && { text }) });
const edit = (text: string | undefined, change: YamlChange) => editYaml(file(text), [change]);

describe('an edit of a YAML file', () => {
  for (const [what, before, change, after] of [
    ['makes a file', undefined, { path: ['models', 0], value: { a: 'x' } }, 'models:\n  - a: x\n'],
    ['keeps what comments stand alone', '# mine', { path: ['a'], value: 1 }, '# mine\na: 1\n'],
    ['fills an empty file', '\uFEFF', { path: ['a'], value: 1 }, '\uFEFFa: 1\n'],
    ['appends', 'a: 1 # one\n# end\n', { path: ['b'], value: [1] }, 'a: 1 # one\nb:\n  - 1\n# end\n'],
    ['appends without a last line end', 'a: 1', { path: ['b'], value: 'x' }, 'a: 1\nb: x'],
    [
      'keeps CRLF and a mark',
      '\uFEFFa: 1\r\n',
      { path: ['b', 'c'], value: 1 },
      '\uFEFFa: 1\r\nb:\r\n  c: 1\r\n',
    ],
    ['changes a value alone', 'a:   "x"   # c\nb: 1\n', { path: ['a'], value: 'y' }, 'a:   y   # c\nb: 1\n'],
    ['fills a key without a value', 'a: # c\nb: 1\n', { path: ['a', 0], value: 1 }, 'a: # c\n  - 1\nb: 1\n'],
    ['fills a last key', 'a:', { path: ['a', 'b'], value: 1 }, 'a:\n  b: 1'],
    [
      'fills an empty list',
      'a: [] # c\nb: 1\n',
      { path: ['a', 0], value: { c: 1 } },
      'a: # c\n  - c: 1\nb: 1\n',
    ],
    [
      'comes first',
      'a:\n- x: 1\n  y: 2\n- z\n',
      { path: ['a', 0], value: { n: 1, m: 2 }, insert: true },
      'a:\n- n: 1\n  m: 2\n- x: 1\n  y: 2\n- z\n',
    ],
    [
      'comes first, above comments',
      'a: # k\n\n    # of x\n    - x\n',
      { path: ['a', 0], value: 'n', insert: true },
      'a: # k\n    - n\n\n    # of x\n    - x\n',
    ],
    [
      'comes first in one line',
      'a: [x, y]\n',
      { path: ['a', 0], value: { n: 1 }, insert: true },
      'a: [{"n":1}, x, y]\n',
    ],
    [
      'comes last',
      'a:\n  - x # c\n\n# end\nb: 1\n',
      { path: ['a', 1], value: 'y' },
      'a:\n  - x # c\n  - y\n\n# end\nb: 1\n',
    ],
    ['appends to JSON', '{"a": 1}\n', { path: ['b'], value: 'x' }, '{"a": 1, "b": "x"}\n'],
    [
      'changes inside an element',
      'a:\n  - b: 1\n    c: x # c\n',
      { path: ['a', 0, 'c'], value: 'y' },
      'a:\n  - b: 1\n    c: y # c\n',
    ],
    [
      'adds inside an element',
      'a:\n  - b: 1\n    # c\n  - d\n',
      { path: ['a', 0, 'n'], value: 'y' },
      'a:\n  - b: 1\n    n: y\n    # c\n  - d\n',
    ],
    ['replaces a folded text', 'a: |\n  x\n  y\nb: 1\n', { path: ['a'], value: 'z' }, 'a: z\nb: 1\n'],
    ['replaces a block by a value', 'a:\n  b: 1\nc: 2\n', { path: ['a'], value: 'z' }, 'a: z\nc: 2\n'],
    [
      'replaces a value by a block',
      'a: 1 # c\nb: 2\n',
      { path: ['a'], value: { x: [1] } },
      'a: # c\n  x:\n    - 1\nb: 2\n',
    ],
    [
      'replaces a block by a block',
      'a:\n  # c\n  b: 1\nc: 2\n',
      { path: ['a'], value: [1, 2] },
      'a:\n  # c\n  - 1\n  - 2\nc: 2\n',
    ],
    [
      'removes a pair',
      'a: 1\nb:\n  c: 1\n# c\nd: 1\n',
      { path: ['b'], value: undefined },
      'a: 1\n# c\nd: 1\n',
    ],
    [
      'removes an element',
      'a:\n  - b: 1\n    c: 2\n  # c\n  - d\n',
      { path: ['a', 0], value: undefined },
      'a:\n  # c\n  - d\n',
    ],
    ['removes the only element', 'a:\n  - b\nc: 1\n', { path: ['a', 0], value: undefined }, 'a: []\nc: 1\n'],
    [
      'removes the first of an element',
      'a:\n  - b: 1\n    c: 2\n',
      { path: ['a', 0, 'b'], value: undefined },
      'a:\n  - c: 2\n',
    ],
    ['removes from one line', 'a: [x, y, z]\n', { path: ['a', 1], value: undefined }, 'a: [x, z]\n'],
    [
      'removes the last of one line',
      'a: {x: 1, y: 2}\n',
      { path: ['a', 'y'], value: undefined },
      'a: {x: 1}\n',
    ],
    ['removes nothing that is not there', 'a: 1\n', { path: ['b', 'c'], value: undefined }, 'a: 1\n'],
  ] as const)
    it(what, () => assert.equal(edit(before, { ...change, path: [...change.path] }), after));

  it('refuses what is no YAML, and says where', () => {
    const refused = (text: string, path: string[], line: number, column: number) =>
      assert.throws(
        () => edit(text, { path, value: 1 }),
        (error) =>
          error instanceof MalformedConfigError &&
          (assert.deepEqual(
            [error.path, error.line, error.column],
            ['/x/a.yaml', line, column],
            error.message,
          ),
          true),
      );
    refused('a: [1\r\nb: 2\r\n', ['a'], 2, 1);
    refused('\uFEFFa: "x', ['a'], 1, 6);
    refused('a: 1\na: 2\n', ['a'], 2, 1);
    refused('a: 1\n---\nb: 2\n', ['a'], 2, 1);
    refused('- 1\n', ['a'], 1, 1);
    refused('a:\n  b: x\n', ['a', 'b', 'c'], 2, 6);
    refused('x: &a {b: 1}\ny: *a\n', ['y', 'c'], 2, 4);
    refused('a: *b\n', ['a'], 1, 1);
  });

  it('reads what is there', () => {
    assert.equal(readYaml(file()), undefined);
    assert.equal(readYaml(file('# x\n')), undefined);
    assert.deepEqual(readYaml(file('\uFEFFa: [1, {b: null}] # c\r\n')), { a: [1, { b: null }] });
  });

  describe('of any file', () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant('a: b # c'),
    );
    const { value: any } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c d', '- e', '#'), tie('value'), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      ),
    }));
    const text = fc
      .tuple(
        fc.dictionary(fc.constantFrom('a', 'b', 'models', 'x y'), any, { minKeys: 1, maxKeys: 4 }),
        fc.record({
          indent: fc.constantFrom(2, 3, 4),
          indentSeq: fc.boolean(),
          collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
        }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', '\uFEFF'),
        fc.array(fc.constantFrom('', '# c', '', '  # d'), { maxLength: 8 }),
        fc.boolean(),
      )
      .map(([value, options, eol, mark, comments, hasEnd]) => {
        const lines = stringify(value, { ...options, lineWidth: 0 })
          .trimEnd()
          .split('\n');
        // Comments on lines of their own, where a text in lines would take them for its own.
        const isSafe = !lines.some((line) => /[|>][-+\d]*$/.test(line));
        const all = isSafe
          ? lines.flatMap((line, index) => [comments[index] ?? '', line].filter(Boolean))
          : lines;
        return { value, text: mark + all.join(eol) + (hasEnd ? eol : '') };
      })
      // An empty list on a line of its own may be taken for a key.
      .filter((original) => isYaml(original.text));
    const path = fc.array(fc.constantFrom('a', 'b', 'models', 'n', 0), { minLength: 1, maxLength: 3 });
    const comments = (of: string) => of.split(/\r?\n/).filter((line) => /^ *# [cd]$/.test(line)).length;
    const unmarked = (of: string) => of.replace(/^\uFEFF/, '');

    it('sets what it shall, keeps every other line that has nothing to do with it, and does nothing twice', () => {
      let edited = 0;
      fc.assert(
        fc.property(text, path, any, (original, where, value) => {
          let after: string;
          try {
            after = edit(original.text, { path: where, value });
          } catch (error) {
            assert.ok(error instanceof MalformedConfigError, String(error));
            return;
          }
          edited++;
          assert.equal(edit(after, { path: where, value }), after);
          assert.equal(after.startsWith('\uFEFF'), original.text.startsWith('\uFEFF'));
          const [top] = where;
          const [old, now] = [original.value, readYaml(file(after)) as Record<string, unknown>];
          for (const name of Object.keys(old))
            if (name !== top) assert.ok(isDeepStrictEqual(now[name], reread(old[name])), name);
          if (!Object.hasOwn(old, String(top))) {
            assert.ok(comments(after) >= comments(original.text));
            const lines = new Set(unmarked(after).split(/\r?\n/));
            if (!/^(?:\s|#.*)*\{/.test(unmarked(original.text)))
              for (const line of unmarked(original.text).split(/\r?\n/)) assert.ok(lines.has(line), line);
          }
          if (original.text.includes('\r\n')) assert.doesNotMatch(after, /[^\r]\n/);
        }),
        { numRuns: 500 },
      );
      assert.ok(edited > 200, `${edited} were not refused`);
    });

    it('takes away what it added', () => {
      fc.assert(
        fc.property(text, any, (original, value) => {
          const added = edit(original.text, { path: ['Portside'], value });
          const back = edit(added, { path: ['Portside'], value: undefined });
          assert.deepEqual(readYaml(file(back)), readYaml(file(original.text)));
          assert.equal(comments(back), comments(original.text));
        }),
        { numRuns: 500 },
      );
    });
  });
});

function reread(value: unknown): unknown {
  return (readYaml(file(stringify({ value }))) as { value: unknown }).value;
}

function isYaml(text: string): boolean {
  try {
    readYaml(file(text));
    return true;
  } catch {
    return false;
  }
}
