import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  durationAtStart,
  parseDate,
  parseDuration,
  saneSeconds,
  secondsOf,
  secondsToPacificMidnight,
  secondsUntil,
} from '../../../../../proxy/pool/limits/durations';

const NOW = Date.UTC(2030, 0, 1, 12, 0, 0);
const near = (actual: number | undefined, expected: number) =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);

describe('times as providers write them', () => {
  const durations: [string, number | undefined][] = [
    ['2h21m25.8s', 8485.8],
    ['500ms', 0.5],
    ['479.417207ms', 0.479417207],
    ['3.5s', 3.5],
    ['1m', 60],
    ['6m0s', 360],
    ['1h', 3600],
    ['161h39m41.300432511s', 581981.300432511],
    ['0s', 0],
    [' 7s ', 7],
    ['1m500ms', 60.5],
    ['250us', 0.00025],
    ['250µs', 0.00025],
    ['1d2h', 93_600],
    ['', undefined],
    ['5', undefined],
    ['s', undefined],
    ['5w', undefined],
    ['-5s', undefined],
    ['5s ago', undefined],
    ['1.s', undefined],
    ['1e3s', undefined],
    [`${'9'.repeat(70)}s`, undefined],
  ];
  for (const [text, seconds] of durations)
    it(`a duration of ${JSON.stringify(text.slice(0, 30))}: ${seconds ?? 'none'}`, () => {
      if (seconds === undefined) assert.equal(parseDuration(text), undefined);
      else near(parseDuration(text), seconds);
    });

  const spoken: [string, number | undefined][] = [
    ['26 seconds.', 26],
    ['1 second', 1],
    ['1.5 secs and so on', 1.5],
    ['5S', 5],
    ['2 Minutes', 120],
    ['5 minutes, please', 300],
    ['1 hour and 5 minutes', 3900],
    ['2 hours, 30 mins', 9000],
    ['1 day', 86_400],
    ['300 milliseconds', 0.3],
    ['644ms. Visit https://example.com', 0.644],
    ['9m38.016s. Need more', 578.016],
    ['45.578569677s.', 45.578569677],
    ['a minute', undefined],
    ['12 apples', undefined],
    ['', undefined],
  ];
  for (const [text, seconds] of spoken)
    it(`a sentence that goes on with ${JSON.stringify(text)}: ${seconds ?? 'none'}`, () => {
      if (seconds === undefined) assert.equal(durationAtStart(text), undefined);
      else near(durationAtStart(text), seconds);
    });

  it('a date without a zone is UTC unless another is known', () => {
    assert.equal(parseDate('2030-01-01 12:00:00'), NOW);
    assert.equal(parseDate('2030-01-01 20:00:00', '+08:00'), NOW);
    assert.equal(parseDate('2030-01-01T12:00:00.000000+00:00', '+08:00'), NOW);
    assert.equal(parseDate('-1'), undefined);
    assert.equal(parseDate('2030-99-99'), undefined);
    assert.equal(parseDate('retry 5'), undefined);
  });

  it('tells delays, epochs in seconds and epochs in milliseconds apart by their size', () => {
    assert.equal(secondsOf('30', NOW), 30);
    assert.equal(secondsOf(String(NOW / 1000 + 30), NOW), 30);
    assert.equal(secondsOf(String(NOW + 30_000), NOW), 30);
    assert.equal(secondsOf('33011.382867', NOW), 33011.382867);
  });

  it('drops what no limit can be: negative, years away, long ago', () => {
    assert.equal(saneSeconds(-1), undefined);
    assert.equal(saneSeconds(Number.NaN), undefined);
    assert.equal(saneSeconds(Number.POSITIVE_INFINITY), undefined);
    assert.equal(saneSeconds(8 * 86_400), 8 * 86_400);
    assert.equal(saneSeconds(8 * 86_400 + 1), undefined);
    assert.equal(secondsUntil(NOW - 5000, NOW), 0);
    assert.equal(secondsUntil(0, NOW), undefined);
    assert.equal(secondsOf('2099-01-01T00:00:00Z', NOW), undefined);
    assert.equal(secondsOf('99999999', NOW), undefined);
  });

  it('a day of Google ends at midnight in California, in winter and in summer', () => {
    assert.equal(secondsToPacificMidnight(Date.UTC(2030, 0, 1, 12)), 20 * 3600);
    assert.equal(secondsToPacificMidnight(Date.UTC(2030, 6, 1, 12)), 19 * 3600);
    assert.equal(secondsToPacificMidnight(Date.UTC(2030, 0, 1, 8)), 24 * 3600);
  });

  it('reads every duration that Go would write', () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(part(180), part(59), part(59), part(999), (hours, minutes, seconds, thousandths) => {
        const text = `${hours}h${minutes}m${seconds}.${String(thousandths).padStart(3, '0')}s`;
        near(parseDuration(text), hours * 3600 + minutes * 60 + seconds + thousandths / 1000);
        near(durationAtStart(`${text}. More`), hours * 3600 + minutes * 60 + seconds + thousandths / 1000);
        near(parseDuration(`${seconds}s${thousandths}ms`), seconds + thousandths / 1000);
      }),
    );
  });

  it('gives a sane number or nothing for any text', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '1',
        '9',
        '-',
        '.',
        'm',
        's',
        'h',
        'ms',
        ' ',
        'e',
        'Jan',
        '2030',
        ':',
        'T',
        'GMT',
        '00',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((list) => list.join('')),
        ),
        (text) => {
          const seconds = secondsOf(text, NOW);
          assert.ok(seconds === undefined || (seconds >= 0 && seconds <= 8 * 86_400), text);
          assert.ok(!Number.isNaN(durationAtStart(text) ?? 0));
        },
      ),
    );
  });
});
