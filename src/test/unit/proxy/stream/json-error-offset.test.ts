import assert from 'node:assert/strict';
import fc from 'fast-check';
import { jsonErrorOffset } from '../../../../proxy/stream/json-error-offset';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('where a text stops being JSON', () => {
  const cases: [string, number | undefined][] = [
    ['{"a":1}', undefined],
    [' [ ] ', undefined],
    ['"\\u00e9\\n"', undefined],
    ['-1.5e+3', undefined],
    ['', 0],
    ['nope', 0],
    ['{"b":{},"a":}', 12],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[1,2', 4],
    ['{"a":"x\ny"}', 7],
    ['{"a":1 "b"}', 7],
    ['{"a":tru}', 5],
    ['{"a":"\\q"}', 6],
    ['{"a":"\\u12"}', 6],
    ['{"a":01}', 6],
    ['{"a":-}', 5],
    ['{"a":1.}', 6],
    ['{a:1}', 1],
    ['{"a"}', 4],
    ['[1}', 2],
    ['{"a":[}}', 6],
    ['1 2', 2],
    ['{"a":"open', 10],
    ['{"a":', 5],
  ];
  for (const [text, offset] of cases)
    it(`${JSON.stringify(text)}: ${offset ?? 'nowhere'}`, () => {
      assert.equal(jsonErrorOffset(text), offset);
      assert.equal(isJson(text), offset === undefined);
    });

  it('agrees with JSON.parse on what is JSON, for whole and for damaged texts', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"\\0-1. tnx\n', ''), (text, place, put) => {
        assert.equal(jsonErrorOffset(text), undefined);
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + put + text.slice(at + 1);
        assert.equal(jsonErrorOffset(damaged) === undefined, isJson(damaged), damaged);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same place where JSON.parse names one, give or take the escape or number that is cut there', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:x'), (text, place, put) => {
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + put + text.slice(at + 1);
        try {
          JSON.parse(damaged);
        } catch (error) {
          const told = /at position (\d+)/.exec((error as Error).message)?.[1];
          const offset = jsonErrorOffset(damaged);
          if (told !== undefined) assert.ok(Math.abs(Number(told) - (offset ?? -99)) <= 5, damaged);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('does not mind depth or length', () => {
    assert.equal(jsonErrorOffset('['.repeat(300_000)), 300_000);
    const long = `"${'x\\n'.repeat(1_000_000)}"`;
    assert.equal(jsonErrorOffset(long), undefined);
    assert.equal(jsonErrorOffset(`[${long}`), long.length + 1);
  });
});
