import assert from 'node:assert/strict';
import fc from 'fast-check';
import { panelMessageSchema } from '../../../../shared/message-schema';
import { apiKeySchema, baseUrlSchema, clientKeySchema, portSchema } from '../../../../shared/settings';
import {
  baseUrlProblem,
  clientKeyNameProblem,
  countProblem,
  keyProblem,
  patternProblem,
  portProblem,
  priorityProblem,
  regionProblem,
  splitModels,
  targetsProblem,
  weightProblem,
} from '../../../../webview/parts/field-rules';

describe('the panel’s field rules agree with the settings’ schema', () => {
  it('on ports', () => {
    for (const text of ['1', '65535', ' 8045 ', '0', '65536', '99999', '-1', '1.5', '1e3', '0x10', '', 'abc'])
      assert.equal(
        portProblem(text) === undefined,
        /^\d+$/.test(text.trim()) && portSchema.safeParse(Number(text)).success,
        text,
      );
  });

  it('on API keys', () => {
    const key = fc.oneof(
      fc.string(),
      fc.string().map((tail) => `sk-${tail}`),
    );
    fc.assert(
      fc.property(key, (text) => {
        assert.equal(keyProblem(text) === undefined, apiKeySchema.safeParse(text).success);
      }),
    );
    assert.equal(keyProblem('sk-0123456'), undefined);
  });

  it('on base URLs', () => {
    for (const text of [
      'http://127.0.0.1:8000/v1',
      ' https://example.com/ ',
      'ftp://example.com',
      'http://user:pw@example.com',
      'http://example.com/?key=1',
      'http://example.com/#top',
      'example.com/v1',
      '',
      'http://',
    ])
      assert.equal(baseUrlProblem(text) === undefined, baseUrlSchema.safeParse(text).success, text);
  });
});

describe('the panel’s field rules agree with what the host takes', () => {
  const takesFields = (fields: object): boolean =>
    panelMessageSchema.safeParse({ seq: 1, type: 'editAccount', id: 'a', fields }).success;
  const typed = fc.oneof(
    fc.integer({ min: -1100, max: 1100 }).map(String),
    fc.double({ min: -1, max: 1100, noNaN: true }).map((number) => number.toFixed(2)),
    fc.constantFrom(
      '0',
      '1000',
      '1001',
      '-1000',
      '-1001',
      '10000',
      '10001',
      '1e3',
      '0x10',
      'abc',
      '.5',
      '1.',
    ),
  );

  for (const [name, problem] of [
    ['priority', priorityProblem],
    ['weight', weightProblem],
    ['maxConcurrent', (text: string) => countProblem(text, 10_000)],
  ] as const) {
    it(`on ${name}: what the panel lets through, the host takes; plain numbers agree both ways`, () => {
      fc.assert(
        fc.property(typed, (text) => {
          const taken = takesFields({ [name]: Number(text) });
          if (problem(text) === undefined) assert.ok(taken, text);
          else if (/^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text) assert.ok(!taken, text);
        }),
      );
    });
  }

  it('on regions', () => {
    for (const text of ['us-central1', 'global', 'eu_west', 'EU', 'x'.repeat(64), 'x'.repeat(65)])
      assert.equal(regionProblem(text) === undefined, takesFields({ region: text }), text);
    assert.equal(regionProblem(''), undefined);
  });

  it('on the names of client keys', () => {
    for (const text of [
      'ci',
      'Claude Code',
      '-x',
      'a/b',
      'ü',
      '',
      'x'.repeat(64),
      'x'.repeat(65),
      ' padded ',
    ])
      assert.equal(
        clientKeyNameProblem(text, []) === undefined,
        clientKeySchema.safeParse({ name: text }).success,
        text,
      );
    assert.match(clientKeyNameProblem('ci ', ['ci']) ?? '', /already/);
  });

  it('on routes', () => {
    const takesRoute = (pattern: string, targets: string[]): boolean =>
      panelMessageSchema.safeParse({ seq: 1, type: 'setRoutes', routes: { [pattern]: targets } }).success;
    for (const text of ['claude-*', 'fast', '', ' ', 'x'.repeat(256), 'x'.repeat(257)])
      assert.equal(patternProblem(text, []) === undefined, takesRoute(text.trim(), ['m']), text);
    assert.match(patternProblem('fast ', ['fast']) ?? '', /already/);
    for (const text of [
      'm',
      'a/m, b/m',
      '',
      ',',
      'x'.repeat(257),
      Array.from({ length: 51 }, (_, i) => i).join(),
    ])
      assert.equal(targetsProblem(text) === undefined, takesRoute('p', splitModels(text)), text);
    assert.match(targetsProblem('a/m, gemini-*') ?? '', /not a pattern: gemini-\*/);
  });
});

describe('model names as typed', () => {
  it('come from lines and commas, once each', () => {
    assert.deepEqual(splitModels(' a, b\n\n b ,c:free\r\n'), ['a', 'b', 'c:free']);
    assert.deepEqual(splitModels(' \n,'), []);
  });
});
