import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editEnv, readEnv } from '../../../../../host/agents/edit/edit-env';

const file = (text?: string) => ({ path: '/x/.env', ...(text !== undefined && { text }) });
const set = (text: string | undefined, name: string, value: unknown) =>
  editEnv(file(text), [{ path: [name], value }]);

describe('an edit of a dotenv file', () => {
  for (const [what, before, name, value, after] of [
    ['makes a file', undefined, 'A', 'http://127.0.0.1:8045', 'A=http://127.0.0.1:8045\n'],
    ['appends', '# mine\nB=1', 'A', 'x', '# mine\nB=1\nA=x\n'],
    ['keeps CRLF', '\uFEFFB=1\r\n', 'A', 'x y', "\uFEFFB=1\r\nA='x y'\r\n"],
    ['changes a value alone', 'export A = "old" # why\nB=1\n', 'A', 'new', 'export A = new # why\nB=1\n'],
    ['changes the last of equal names', 'A=1\nA=2', 'A', '3', 'A=1\nA=3'],
    ['fills an empty value', 'A=\nB=1\n', 'A', 'x', 'A=x\nB=1\n'],
    ['is not led astray by values of several lines', 'B="\nA=no\n"\nA=1\n', 'A', '2', 'B="\nA=no\n"\nA=2\n'],
    ['does not take a comment for a variable', '#A=1\n', 'A', '2', '#A=1\nA=2\n'],
    ['removes', 'A=1\r\nB=2\r\nA=3', 'A', undefined, 'B=2\r\n'],
    ['does nothing twice', 'A="x"\n', 'A', 'x', 'A="x"\n'],
  ] as const)
    it(what, () => assert.equal(set(before, name, value), after));

  it('reads back any value that it wrote', () => {
    const value = fc.string().filter((text) => !/["'`\\\r\n]/.test(text));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('# c', 'B=1', 'export C="2"', '', 'D: x # y', "E='#'")),
        value,
        (lines, text) => {
          const before = lines.join('\n');
          const after = set(before, 'A', text);
          assert.deepEqual(readEnv(file(after)), { ...readEnv(file(before)), A: text });
          assert.ok(after.startsWith(before));
        },
      ),
    );
  });
});
