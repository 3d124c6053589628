import assert from 'node:assert/strict';
import { breakLines, linesOf, splitLines, tokensOf } from '../../../../../webview/monitor/detail/json-lines';

const kinds = (line: string) => tokensOf(line).map(({ kind, text }) => `${kind} ${text}`);

describe('JSON for the eye', () => {
  it('tells names, strings, numbers, words and marks apart', () => {
    assert.deepEqual(
      kinds('  "a b": "x: \\"y\\"",'),
      ['mark   ', 'name "a b"', 'mark : ', 'string "x: \\"y\\""', 'mark ,'].flatMap((one) =>
        one === 'mark : ' ? ['mark :', 'mark  '] : [one],
      ),
    );
    assert.deepEqual(kinds('[-1.5e+3, true, null]'), [
      'mark [',
      'number -1.5e+3',
      'mark , ',
      'word true',
      'mark , ',
      'word null',
      'mark ]',
    ]);
  });

  it('loses nothing of any line, also of one that was cut', () => {
    const lines = [
      '{',
      '"a": "unfinished \\',
      '"a": "unfinished',
      'event: not JSON at all "x" 12 -',
      '  "e\\\\": "\\\\", "f" : 1e5',
      '',
    ];
    for (const line of lines)
      assert.equal(
        tokensOf(line)
          .map(({ text }) => text)
          .join(''),
        line,
      );
  });

  it('takes a string of a megabyte in its stride', () => {
    const line = `"text": "${'a \\n "'.replace('"', '\\"').repeat(200_000)}"`;
    assert.deepEqual(
      tokensOf(line).map(({ kind }) => kind),
      ['name', 'mark', 'mark', 'string'],
    );
  });

  it('a long string is cut after its ends of lines, not after an escaped backslash and an n', () => {
    const text = JSON.stringify(`${'first line '.repeat(10)}\n\nC:\\new\nlast\n`);
    const lines = breakLines(text);
    assert.deepEqual(lines.slice(1), ['\\n', 'C:\\\\new\\n', 'last\\n"']);
    assert.equal(lines.join(''), text);
    assert.deepEqual(breakLines('"short\\nstring"'), ['"short\\nstring"']);
  });

  it('folds members and members of members, and closes what it opens', () => {
    const text = JSON.stringify({ n: 1, list: [{ deep: { deeper: [1] } }, {}], o: { p: 1 } }, null, 2);
    const folds = [...linesOf(text)].flatMap((line) =>
      line.opens ? [`open ${line.text.trim()}`] : line.closes ? [`close ${line.text.trim()}`] : [],
    );
    assert.deepEqual(folds, ['open "list": [', 'open {', 'close },', 'close ],', 'open "o": {', 'close }']);
    const again = [...linesOf(text)].map((line) => line.text).join('\n');
    assert.equal(again, text);
  });

  it('a cut text leaves folds open, and a stray end closes none', () => {
    const cut = [...linesOf('{\n  "a": [\n    {\n      "b": "{')];
    assert.equal(cut.filter(({ opens }) => opens).length, 2);
    const stray = [...linesOf('}\n}\n{\n  "a": {\n  }\n}')];
    assert.deepEqual(stray.map(({ opens, closes }) => (opens ? 'o' : closes ? 'c' : '-')).join(''), '---oc-');
  });

  it('lines are those of the text, an end at its end makes no further one', () => {
    assert.deepEqual([...splitLines('a\n\nb\n')], ['a', '', 'b']);
    assert.deepEqual([...splitLines('')], ['']);
  });
});
