import assert from 'node:assert/strict';
import { parseDuration, retryAfterSeconds } from '../../../../proxy/pool/retry-after';

const NOW = Date.UTC(2030, 0, 1, 12, 0, 0);

describe('when an upstream wants to be asked again', () => {
  const headers: [string[], number | undefined][] = [
    [['Retry-After', '120'], 120],
    [['retry-after', ' 1.5 '], 1.5],
    [['RETRY-AFTER', '0'], 0],
    [['Retry-After', 'Tue, 01 Jan 2030 12:00:30 GMT'], 30],
    [['Retry-After', 'Tuesday, 01-Jan-2030 12:00:30 GMT'], 30],
    [['Retry-After', '2030-01-01T12:01:00Z'], 60],
    [['Retry-After', 'Tue, 01 Jan 2030 11:00:00 GMT'], 0],
    [['Retry-After', '5s'], 5],
    [['Retry-After', '2h21m25.8s'], 8485.8],
    [['Retry-After', '-1'], undefined],
    [['Retry-After', 'soon'], undefined],
    [['Retry-After', 'retry 5'], undefined],
    [['Retry-After', ''], undefined],
    [['Retry-After', 'NaN'], undefined],
    [['retry-after-ms', '1500'], 1.5],
    [['retry-after-ms', '1500', 'retry-after', '9'], 1.5],
    [['retry-after', '9', 'retry-after-ms', '1500'], 1.5],
    [['retry-after-ms', 'soon', 'retry-after', '9'], 9],
    [['retry-after-ms', '-5'], undefined],
    [['x-retry-after', '9'], undefined],
    [['x', 'retry-after'], undefined],
    [['retry-after'], undefined],
    [[], undefined],
  ];
  for (const [flat, seconds] of headers)
    it(`${JSON.stringify(flat)}: ${seconds ?? 'unknown'}`, () => {
      assert.equal(retryAfterSeconds(flat, NOW), seconds);
    });

  const durations: [string, number | undefined][] = [
    ['2h21m25.8s', 8485.8],
    ['500ms', 0.5],
    ['3.5s', 3.5],
    ['1m', 60],
    ['1h', 3600],
    ['0s', 0],
    [' 7s ', 7],
    ['1m500ms', 60.5],
    ['', undefined],
    ['5', undefined],
    ['s', undefined],
    ['5d', undefined],
    ['-5s', undefined],
    ['5s ago', undefined],
    ['1.s', undefined],
  ];
  for (const [text, seconds] of durations)
    it(`a duration of ${JSON.stringify(text)}: ${seconds ?? 'none'}`, () => {
      assert.equal(parseDuration(text), seconds);
    });
});
