import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isDeeperThan, lastObjectNamed, patchSpan, scanMembers } from '../../../../proxy/stream/scan-json';

const WANTED = new Set(['model', 'stream', 'modelVersion']);

/** What the scan finds, as text. */
function found(text: string, wanted = WANTED): Record<string, string> | undefined {
  const bytes = Buffer.from(text);
  const members = scanMembers(bytes, wanted);
  return (
    members &&
    Object.fromEntries([...members].map(([key, { start, end }]) => [key, bytes.toString('utf8', start, end)]))
  );
}

/** The same text with some characters of its strings written as escapes. */
function escapeSome(json: string, flips: boolean[]): string {
  let count = 0;
  const escaped = (character: string) =>
    Array.from({ length: character.length }, (_, unit) => {
      return `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
    }).join('');
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (string) => {
    const inner = string.slice(1, -1).replace(/\\u[0-9a-f]{4}|\\.|[^\\]/gu, (character) => {
      const plain = !character.startsWith('\\');
      return plain && flips[count++ % flips.length] === true ? escaped(character) : character;
    });
    return `"${inner}"`;
  });
}

const object = fc.dictionary(
  fc.oneof(
    fc.constantFrom('model', 'stream', 'modelVersion', 'x'),
    fc.string({ unit: 'binary', maxLength: 12 }),
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"', '\\', '\\"', '}{', '"model":1'),
  ),
);
const layout = fc.constantFrom(undefined, 1, 2, '\t');

describe('scanning the top level of a JSON object', () => {
  const cases: [string, string, Record<string, string> | undefined][] = [
    ['finds members between others', '{"a":{"model":"no"},"model":"yes","b":[1]}', { model: '"yes"' }],
    ['takes any space', ' {\r\n\t"model" : "m" ,\n"stream" :true } \n', { model: '"m"', stream: 'true' }],
    ['skips a byte order mark', '\uFEFF{"model":"m"}', { model: '"m"' }],
    ['is not misled by escaped quotes', '{"a":"\\"model\\":\\\\","model":"m"}', { model: '"m"' }],
    ['is not misled by brackets in strings', '{"a":["}]{",{}],"model":"]"}', { model: '"]"' }],
    ['lets the last of two count', '{"model":"a","model":"b"}', { model: '"b"' }],
    ['reads escapes in keys', '{"mod\\u0065l":"m"}', { model: '"m"' }],
    [
      'reads keys of nothing but escapes',
      `{"${escapeSome('"modelVersion"', [true]).slice(1, -1)}":1}`,
      { modelVersion: '1' },
    ],
    ['lets the last count, escaped or not', '{"model":"a","\\u006dodel":"b"}', { model: '"b"' }],
    ['lets the last count, escaped first', '{"\\u006dodel":"b","model":"a"}', { model: '"a"' }],
    ['finds nothing in an empty object', '{}', {}],
    ['leaves bad escapes in keys to the parser', '{"mo\\qdel":1,"model":2}', { model: '2' }],
    ['gives up on arrays', '[{"model":"m"}]', undefined],
    ['gives up on text', '"model"', undefined],
    ['gives up on nothing', '', undefined],
    ['gives up on what follows', '{"model":"m"}x', undefined],
    ['gives up on a second object', '{"model":"m"}{}', undefined],
    ['gives up on a comma too many', '{"model":"m",}', undefined],
    ['gives up on a missing comma', '{"model":"m" "a":1}', undefined],
    ['gives up on a missing colon', '{"model" "m"}', undefined],
    ['gives up on a missing value', '{"model":}', undefined],
    ['gives up on bare keys', '{model:"m"}', undefined],
  ];
  for (const [title, text, expected] of cases)
    it(title, () => {
      assert.deepEqual(found(text), expected);
    });

  it('gives up on every object that is cut off', () => {
    const text = '{"model":"a\\"b","stream":true,"x":{"y":[1,"é"]}}';
    const bytes = Buffer.from(text);
    for (let end = 0; end < bytes.length; end++)
      assert.equal(scanMembers(bytes.subarray(0, end), WANTED), undefined, String(end));
  });

  it('finds exactly what JSON.parse finds, in any layout and with any escapes', () => {
    fc.assert(
      fc.property(
        object,
        layout,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
        (value, space, flips) => {
          const text = escapeSome(JSON.stringify(value, null, space), flips);
          const parsed = JSON.parse(text) as Record<string, unknown>;
          const spans = found(text);
          assert.ok(spans);
          const read = Object.fromEntries(
            Object.entries(spans).map(([key, json]) => [key, JSON.parse(json) as unknown]),
          );
          const wanted = Object.fromEntries(Object.entries(parsed).filter(([key]) => WANTED.has(key)));
          assert.deepEqual(read, wanted);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never finds something where JSON.parse would take the object and find something else', () => {
    const piece = fc.constantFrom(
      '"model"',
      ':',
      ',',
      '{',
      '}',
      '[',
      ']',
      '"\\',
      '"',
      'é',
      '1',
      ' ',
      '"stream"',
      'null',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = `{"model":${pieces.join('')}`;
        let parsed: Record<string, unknown>;
        try {
          parsed = JSON.parse(text) as Record<string, unknown>;
        } catch {
          return;
        }
        assert.deepEqual(JSON.parse(found(text)?.model ?? 'undefined'), parsed.model);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes deep nesting without a stack', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    assert.deepEqual(found(`{"a":${deep},"model":"m"}`), { model: '"m"' });
  });
});

describe('the depth of JSON', () => {
  for (const [text, depth] of [
    ['1', 0],
    ['[]', 1],
    ['{"a":[1,{}],"b":[]}', 3],
    ['["[[[[","\\"[[["]', 1],
    ['["open [[[', 1],
  ] as const)
    it(`of ${text} is ${depth}`, () => {
      assert.equal(isDeeperThan(Buffer.from(text), depth), false);
      if (depth > 0) assert.equal(isDeeperThan(Buffer.from(text), depth - 1), true);
    });
});

describe('patching a span', () => {
  it('changes this value and leaves all other bytes', () => {
    fc.assert(
      fc.property(object, layout, fc.string({ unit: 'binary' }), (value, space, name) => {
        const bytes = Buffer.from(JSON.stringify({ ...value, model: 'before' }, null, space));
        const span = scanMembers(bytes, WANTED)?.get('model');
        assert.ok(span);
        const patched = patchSpan(bytes, span, JSON.stringify(name));
        assert.deepEqual(patched.subarray(0, span.start), bytes.subarray(0, span.start));
        const tail = bytes.length - span.end;
        assert.deepEqual(patched.subarray(patched.length - tail), bytes.subarray(span.end));
        // What has no UTF-8 form (half a surrogate pair) is written by JSON.stringify as an escape.
        assert.equal((JSON.parse(patched.toString()) as { model: string }).model, name);
      }),
    );
  });
});

describe('the last object of a name', () => {
  const cases: [string, string, unknown][] = [
    ['is the last one', '{"usage":{"a":1}}\n{"usage":{"a":2}}', { a: 2 }],
    ['may have space around its colon', '"usage" : \n{"a":1}', { a: 1 }],
    ['is not null', '{"usage":{"a":1}}{"usage":null}', { a: 1 }],
    ['is not one that is cut off', '{"usage":{"a":1}}{"usage":{"a":', { a: 1 }],
    ['is not in a string', JSON.stringify({ usage: { a: 1 }, text: '"usage":{"a":9}' }), { a: 1 }],
    ['may begin at the first byte', '"usage":{"a":1}', { a: 1 }],
    ['may hold brackets in strings', '{"usage":{"a":"}{"}}', { a: '}{' }],
    ['may follow bytes cut inside a character', '\uFFFD{"usage":{"a":1}}', { a: 1 }],
    ['is absent where there is none', '{"used":{"a":1}}', undefined],
    ['is absent in nothing', '', undefined],
    ['is absent where it is not JSON', '{"usage":{a}}', undefined],
  ];
  for (const [title, text, expected] of cases)
    it(title, () => {
      assert.deepEqual(lastObjectNamed(Buffer.from(text), 'usage'), expected);
    });
});
