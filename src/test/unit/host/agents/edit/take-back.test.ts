import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Agent } from '../../../../../host/agents/agent';
import { editJson, readJson } from '../../../../../host/agents/edit/edit-json';
import { formatOf } from '../../../../../host/agents/edit/file-format';
import { takeBack } from '../../../../../host/agents/edit/take-back';

const JSON_FILE = '/x/settings.json';
const back = (
  path: string,
  before: string | undefined,
  written: string,
  current: string,
  agent?: Pick<Agent, 'isOurs' | 'required'>,
) => {
  const format = formatOf(path);
  assert.ok(format);
  return takeBack(format, before, written, { path, text: current }, agent);
};

describe('taking back what was put into a file', () => {
  it('leaves what was added since, in a file of several lines', () => {
    const written = '{\n  "a": 1,\n  "env": {\n    "URL": "here"\n  }\n}\n';
    const current =
      '{\n  "a": 1,\n  "env": {\n    "URL": "here",\n    "MORE": "x" // mine\n  },\n  "b": 2\n}\n';
    assert.equal(
      back(JSON_FILE, '{\n  "a": 1\n}\n', written, current),
      '{\n  "a": 1,\n  "env": {\n    "MORE": "x" // mine\n  },\n  "b": 2\n}\n',
    );
  });

  it('takes a table that it made when nothing else is in it', () => {
    assert.equal(back(JSON_FILE, '{}', '{"env":{"A":1}}', '{"env":{"A":1}, "b":2}'), '{"b":2}');
  });

  it('puts back what it had replaced or removed, unless it was changed since', () => {
    assert.equal(back(JSON_FILE, '{"a":1,"k":"x"}', '{"a":2}', '{"a":2,"b":3}'), '{"a":1,"b":3,"k":"x"}');
    assert.equal(back(JSON_FILE, '{"a":1}', '{"a":2}', '{"a":5,"b":3}'), '{"a":5,"b":3}');
  });

  it('takes its elements out of a list', () => {
    assert.equal(back(JSON_FILE, '{"l":[1]}', '{"l":[1,{"p":1}]}', '{"l":[0,1,{"p":1},9]}'), '{"l":[0,1,9]}');
  });

  it('says that nothing is left of a file that was not there', () => {
    assert.equal(back(JSON_FILE, undefined, '{"env":{"A":1}}', '{ "env": { "A": 1 } }'), undefined);
    assert.equal(back(JSON_FILE, undefined, '{"env":{"A":1}}', '{"env":{"A":1},"b":1}'), '{"b":1}');
  });

  it('does it in TOML and dotenv files', () => {
    assert.equal(
      back(
        '/x/c.toml',
        'a = 1\n',
        'a = 1\nm = "p"\n\n[t.p]\nu = 1\n',
        'a = 2 # two\nm = "p"\n\n[t.p]\nu = 1\nmine = 3\n\n[z]\nb = 1\n',
      ),
      'a = 2 # two\n\n[t.p]\nmine = 3\n\n[z]\nb = 1\n',
    );
    assert.equal(back('/x/.env', undefined, 'A=1\nB=2\n', 'A=1\n# c\nB=2\nC=3\n'), '# c\nC=3\n');
  });

  it('takes out as a whole what is Portside’s, whatever was changed in it, and puts back what it replaced', () => {
    const agent: Pick<Agent, 'isOurs'> = { isOurs: ([name]) => name === 'p' };
    assert.equal(
      back(JSON_FILE, '{"a":1}', '{"a":1,"p":{"b":1,"c":2}}', '{"a":1,"p":{"b":9,"d":2}}', agent),
      '{"a":1}',
    );
    assert.equal(back(JSON_FILE, '{"p":0,"a":1}', '{"p":1,"a":1}', '{"p":2,"a":3}', agent), '{"p":0,"a":3}');
    const inList: Pick<Agent, 'isOurs'> = {
      isOurs: ([name, index], value) => name === 'l' && index !== undefined && value === 9,
    };
    assert.equal(back(JSON_FILE, '{"l":[1]}', '{"l":[1,2]}', '{"l":[1,9,3]}', inList), '{"l":[1,3]}');
    assert.equal(back(JSON_FILE, '{"l":[9]}', '{"l":[9,2]}', '{"l":[9,3]}', inList), '{"l":[9,3]}');
  });

  it('gives the bytes of before where an agent laid out its file anew, but keeps comments', () => {
    const before = '{"a":1,\r\n"b":[ "x y" ]}';
    const written = '{"a":1,\r\n"b":[ "x y" ], "u":2}';
    const anew = '{\n  "a": 1,\n  "b": [\n    "x y"\n  ],\n  "u": 2\n}\n';
    assert.equal(back(JSON_FILE, before, written, anew), before);
    assert.match(
      back(JSON_FILE, before, written, anew.replace('1,', '1, // one')) ?? '',
      /\n {2}"a": 1, \/\/ one\n/,
    );
    assert.match(back(JSON_FILE, before, written, anew.replace('x y', 'xy')) ?? '', /"xy"/);
  });

  it('leaves what a file must have while something else is in it', () => {
    const agent = { required: ['version'] };
    const written = '{"version":1,"p":{"a":1}}';
    assert.equal(
      back(JSON_FILE, undefined, written, '{"version":1,"p":{"a":1},"x":2}', agent),
      '{"version":1,"x":2}',
    );
    assert.equal(back(JSON_FILE, undefined, written, '{"version":1, "p":{"a":1}}', agent), undefined);
    assert.equal(back(JSON_FILE, '{"y":1}', '{"y":1,"version":1}', '{"y":2,"version":1}', agent), '{"y":2}');
  });

  it('of any JSON file gives what would be there without it', () => {
    const value = fc.dictionary(fc.constantFrom('a', 'b', 'env'), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(value, fc.jsonValue({ maxDepth: 1 }), (before, added) => {
        const text = JSON.stringify(before, null, 2);
        const put = (of: string) =>
          editJson({ path: JSON_FILE, text: of }, [{ path: ['portside', 'x'], value: added }]);
        const theirs = (of: string) =>
          editJson({ path: JSON_FILE, text: of }, [{ path: ['later'], value: { y: added } }]);
        const expected: unknown = readJson({ path: JSON_FILE, text: theirs(text) });
        const result = back(JSON_FILE, text, put(text), theirs(put(text)));
        assert.ok(result !== undefined);
        assert.deepEqual(readJson({ path: JSON_FILE, text: result }), expected);
      }),
    );
  });
});
