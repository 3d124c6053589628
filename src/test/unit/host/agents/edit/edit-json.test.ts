import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MalformedConfigError } from '../../../../../host/agents/agent';
import { editJson, readJson, readJsonObject, valueAt } from '../../../../../host/agents/edit/edit-json';
import { anyJson } from '../../../../support/agent-contract';

const file = (text?: string) => ({ path: '/x/a.json', ...(text !== undefined && { text }) });
const set = (text: string | undefined, path: (string | number)[], value: unknown) =>
  editJson(file(text), [{ path, value }]);

describe('an edit of a JSON file', () => {
  for (const [what, before, path, value, after] of [
    ['makes a file', undefined, ['env', 'A'], 'x', '{\n  "env": {\n    "A": "x"\n  }\n}\n'],
    ['fills an empty file', '\uFEFF', ['a'], 1, '\uFEFF{\n  "a": 1\n}\n'],
    ['keeps what comments stand alone', '// mine', ['a'], 1, '// mine\n{\n  "a": 1\n}\n'],
    ['fills an empty object', '{}', ['a'], 1, '{\n  "a": 1\n}'],
    ['fills an object of comments', '{\n  // none\n}\n', ['a'], 1, '{\n  // none\n  "a": 1\n}\n'],
    ['fills an object of one comment', '{ /* c */ }', ['a'], 1, '{ /* c */\n  "a": 1\n }'],
    [
      'appends',
      '{\n    "a": 1\n}\n',
      ['b'],
      { c: [1] },
      '{\n    "a": 1,\n    "b": {\n        "c": [\n            1\n        ]\n    }\n}\n',
    ],
    ['keeps a comment at its line', '{\n\t"a": 1 // one\n}', ['b'], 2, '{\n\t"a": 1, // one\n\t"b": 2\n}'],
    ['keeps a trailing comma', '{\n  "a": 1, // one\n}', ['b'], 2, '{\n  "a": 1, // one\n  "b": 2,\n}'],
    [
      'keeps a comma on a line of its own',
      '{\n  "a": 1\n  , // c\n}',
      ['b'],
      2,
      '{\n  "a": 1\n  , // c\n  "b": 2,\n}',
    ],
    [
      'keeps CRLF',
      '{\r\n  "a": 1\r\n}\r\n',
      ['b', 'c'],
      2,
      '{\r\n  "a": 1,\r\n  "b": {\r\n    "c": 2\r\n  }\r\n}\r\n',
    ],
    ['keeps one line', '{"a":1}', ['b'], 2, '{"a":1,"b":2}'],
    ['keeps one line with spaces', '{ "a": 1 }', ['b'], 2, '{ "a": 1, "b": 2 }'],
    [
      'changes a value alone',
      '{\n  "a" :  "x",  // c\n  "b": 1 }',
      ['a'],
      'y',
      '{\n  "a" :  "y",  // c\n  "b": 1 }',
    ],
    ['changes the last of equal names', '{"a":1,"a":2}', ['a'], 3, '{"a":1,"a":3}'],
    ['appends to a list', '[\n  1\n]', [1], { a: 1 }, '[\n  1,\n  {\n    "a": 1\n  }\n]'],
    ['removes the last', '{\n  "a": 1,\n  "b": 2\n}\n', ['b'], undefined, '{\n  "a": 1\n}\n'],
    ['removes the first', '{\n  "a": 1,\n  "b": 2\n}\n', ['a'], undefined, '{\n  "b": 2\n}\n'],
    ['removes the only one', '{\n  "a": 1\n}\n', ['a'], undefined, '{\n}\n'],
    ['removes from one line', '{"a":1, "b":2, "c":3}', ['b'], undefined, '{"a":1, "c":3}'],
    ['removes the end of one line', '{"a":1, "b":2}', ['b'], undefined, '{"a":1}'],
    [
      'leaves comments of what it removes',
      '{\n  "a": 1, // c\n  "b": 2\n}',
      ['a'],
      undefined,
      '{\n  // c\n  "b": 2\n}',
    ],
    ['removes nothing that is not there', '{"a":1}', ['b', 'c'], undefined, '{"a":1}'],
  ] as const)
    it(what, () => assert.equal(set(before, [...path], value), after));

  it('refuses what is no JSON, and says where', () => {
    const refused = (text: string, path: string[], line: number, column: number) =>
      assert.throws(
        () => set(text, path, 1),
        (error) =>
          error instanceof MalformedConfigError &&
          (assert.deepEqual([error.path, error.line, error.column], ['/x/a.json', line, column]), true),
      );
    refused('\uFEFF{\r\n  "a": ,\r\n}', ['a'], 2, 8);
    refused('{"a": 1', ['a'], 1, 8);
    refused('{} {}', ['a'], 1, 4);
    refused('[]', ['a'], 1, 1);
    refused('{\n "a": "x"}', ['a', 'b'], 2, 7);
    refused('\uFEFF[]', ['a'], 1, 1);
    assert.throws(() => readJsonObject(file('3')), /\/x\/a\.json:1:1: An object/);
  });

  it('reads what is there', () => {
    assert.equal(readJson(file()), undefined);
    assert.equal(readJson(file(' // x\n')), undefined);
    assert.deepEqual(readJsonObject(file('\uFEFF{ "a": [1, {"b": null},], /* c */ }')), {
      a: [1, { b: null }],
    });
    assert.equal(valueAt({ a: [{ b: 2 }] }, ['a', 0, 'b']), 2);
    assert.equal(valueAt({ a: 1 }, ['toString']), undefined);
    assert.equal(Object.hasOwn(readJsonObject(file('{"__proto__": {"a": 1}}')), '__proto__'), true);
  });

  describe('of any file', () => {
    const text = anyJson(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }));
    const path = fc.array(fc.constantFrom('a', 'b', 'env', '__proto__', ' '), { minLength: 1, maxLength: 3 });
    const comments = (of: string) => of.match(/\/\*[^]*?\*\/|\/\/ (?:c|\{")/g)?.length ?? 0;

    it('sets what it shall, keeps the rest and every comment, and does nothing twice', () => {
      fc.assert(
        fc.property(text, path, fc.jsonValue({ maxDepth: 2 }), (original, where, value) => {
          const whole = where.map((name) => (name === 'b' ? 'Portside' : name));
          let after: string;
          try {
            after = set(original.text, whole, value);
          } catch (error) {
            assert.ok(error instanceof MalformedConfigError);
            return;
          }
          const expected = structuredClone(original.value) as Record<string, unknown>;
          put(expected, whole, JSON.parse(JSON.stringify(value)));
          assert.equal(JSON.stringify(sorted(readJson(file(after)))), JSON.stringify(sorted(expected)));
          assert.equal(set(after, whole, value), after);
          if (valueAt(readJson(file(original.text)), whole) === undefined)
            assert.ok(comments(after) >= comments(original.text));
        }),
        { numRuns: 500 },
      );
    });

    it('takes away what it added', () => {
      fc.assert(
        fc.property(text, (original) => {
          const added = set(original.text, ['Portside'], 1);
          const back = set(added, ['Portside'], undefined);
          assert.deepEqual(readJson(file(back)), readJson(file(original.text)));
          assert.equal(comments(back), comments(original.text));
        }),
        { numRuns: 500 },
      );
    });
  });
});

function put(root: Record<string, unknown>, path: string[], value: unknown): void {
  const [name = '', ...rest] = path;
  const define = (inner: unknown) =>
    Object.defineProperty(root, name, { value: inner, enumerable: true, configurable: true, writable: true });
  if (rest.length === 0) {
    define(value);
    return;
  }
  if (!Object.hasOwn(root, name)) define({});
  put(root[name] as Record<string, unknown>, rest, value);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => [name, sorted(each)]);
}
