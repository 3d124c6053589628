import assert from 'node:assert/strict';
import { waitSeconds } from '../../../../../proxy/pool/limits/wait-seconds';

const NOW = Date.UTC(2030, 0, 1, 12, 0, 0);
const SECONDS = NOW / 1000;
const http = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString();
const iso = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

function same(actual: number | undefined, expected: number | undefined): void {
  if (expected === undefined || actual === undefined) assert.equal(actual, expected);
  else assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);
}

describe('when an upstream wants to be asked again, in headers', () => {
  const rows: [what: string, flat: string[], seconds: number | undefined][] = [
    ['seconds', ['Retry-After', '120'], 120],
    ['decimals', ['retry-after', ' 1.5 '], 1.5],
    ['zero', ['RETRY-AFTER', '0'], 0],
    ['HTTP date', ['Retry-After', 'Tue, 01 Jan 2030 12:00:30 GMT'], 30],
    ['old HTTP date', ['Retry-After', 'Tuesday, 01-Jan-2030 12:00:30 GMT'], 30],
    ['ISO date', ['Retry-After', '2030-01-01T12:01:00Z'], 60],
    ['past date', ['Retry-After', 'Tue, 01 Jan 2030 11:00:00 GMT'], 0],
    ['duration', ['Retry-After', '5s'], 5],
    ['long duration', ['Retry-After', '2h21m25.8s'], 8485.8],
    ['epoch', ['Retry-After', String(SECONDS + 9)], 9],
    ['negative', ['Retry-After', '-1'], undefined],
    ['word', ['Retry-After', 'soon'], undefined],
    ['word and number', ['Retry-After', 'retry 5'], undefined],
    ['empty', ['Retry-After', ''], undefined],
    ['NaN', ['Retry-After', 'NaN'], undefined],
    ['Infinity', ['Retry-After', 'Infinity'], undefined],
    ['exponent', ['Retry-After', '1e400'], undefined],
    ['too long', ['Retry-After', '700000'], undefined],
    ['milliseconds', ['retry-after-ms', '1500'], 1.5],
    ['milliseconds first', ['retry-after-ms', '1500', 'retry-after', '9'], 1.5],
    ['milliseconds last', ['retry-after', '9', 'retry-after-ms', '1500'], 1.5],
    ['bad milliseconds', ['retry-after-ms', 'soon', 'retry-after', '9'], 9],
    ['negative milliseconds', ['retry-after-ms', '-5'], undefined],
    ['zero milliseconds, but seconds', ['retry-after-ms', '0', 'retry-after', '9'], 9],
    ['Azure milliseconds', ['x-ms-retry-after-ms', '26000'], 26],
    ['another name', ['x-retry-after', '9'], undefined],
    ['a value of that name', ['x', 'retry-after'], undefined],
    ['no value', ['retry-after'], undefined],
    ['nothing', [], undefined],
    ['date against the clock of the answer', ['date', http(-600), 'retry-after', http(-570)], 30],
    [
      'epoch against the clock of the answer',
      ['Date', http(600), 'x-ratelimit-reset', String(SECONDS + 630)],
      30,
    ],
    ['delay whatever the clock of the answer', ['Date', http(600), 'retry-after', '30'], 30],
    ['unusable clock of the answer', ['Date', 'now', 'retry-after', http(30)], 30],
    [
      'OpenAI, requests spent',
      [
        'x-ratelimit-remaining-requests',
        '0',
        'x-ratelimit-reset-requests',
        '6m0s',
        'x-ratelimit-remaining-tokens',
        '149984',
        'x-ratelimit-reset-tokens',
        '1s',
      ],
      360,
    ],
    [
      'OpenAI, tokens spent',
      [
        'x-ratelimit-remaining-requests',
        '59',
        'x-ratelimit-reset-requests',
        '6m0s',
        'x-ratelimit-remaining-tokens',
        '0',
        'x-ratelimit-reset-tokens',
        '20ms',
      ],
      0.02,
    ],
    [
      'OpenAI, both spent',
      [
        'x-ratelimit-remaining-requests',
        '0',
        'x-ratelimit-reset-requests',
        '2s',
        'x-ratelimit-remaining-tokens',
        '0',
        'x-ratelimit-reset-tokens',
        '1m30s',
      ],
      90,
    ],
    [
      'OpenAI, none spent',
      [
        'x-ratelimit-remaining-requests',
        '5',
        'x-ratelimit-reset-requests',
        '2s',
        'x-ratelimit-remaining-tokens',
        '9',
        'x-ratelimit-reset-tokens',
        '90s',
      ],
      undefined,
    ],
    [
      'OpenAI, project',
      ['x-ratelimit-remaining-project-tokens', '0', 'x-ratelimit-reset-project-tokens', '3s'],
      3,
    ],
    ['only resets', ['x-ratelimit-reset-requests', '6m0s', 'x-ratelimit-reset-tokens', '1s'], 1],
    [
      'Groq',
      ['retry-after', '2', 'x-ratelimit-remaining-requests', '0', 'x-ratelimit-reset-requests', '2m59.56s'],
      2,
    ],
    [
      'Groq, a zero beside a counter',
      ['retry-after', '0', 'x-ratelimit-remaining-requests', '0', 'x-ratelimit-reset-requests', '2m59.56s'],
      179.56,
    ],
    [
      'Cerebras',
      ['x-ratelimit-remaining-requests-day', '0', 'x-ratelimit-reset-requests-day', '33011.382867'],
      33011.382867,
    ],
    ['xAI', ['x-ratelimit-limit-requests', '480', 'x-ratelimit-remaining-requests', '0'], undefined],
    ['Mistral, minute', ['x-ratelimit-limit-req-minute', '60', 'x-ratelimit-remaining-req-minute', '0'], 60],
    ['Mistral, month', ['x-ratelimit-remaining-tokens-month', '0'], undefined],
    ['Mistral, before', ['ratelimitbysize-remaining', '0', 'ratelimitbysize-reset', '41'], 41],
    ['Mistral, before that', ['x-ratelimitbysize-remaining', '0', 'x-ratelimitbysize-reset', '42'], 42],
    [
      'a window that tells its end as well',
      ['x-ratelimit-reset-req-minute', '12', 'x-ratelimit-remaining-req-minute', '0'],
      12,
    ],
    [
      'Anthropic, use beyond a plan that is not allowed',
      [
        ...['anthropic-ratelimit-unified-overage-status', 'rejected'],
        ...['anthropic-ratelimit-unified-overage-reset', String(SECONDS + 60)],
        ...['anthropic-ratelimit-unified-status', 'allowed'],
      ],
      undefined,
    ],
    ['epoch seconds', ['X-RateLimit-Remaining', '0', 'X-RateLimit-Reset', String(SECONDS + 17)], 17],
    ['OpenRouter, epoch ms', ['X-RateLimit-Remaining', '0', 'X-RateLimit-Reset', String(NOW + 17_000)], 17],
    ['delta seconds', ['X-RateLimit-Remaining', '0', 'X-RateLimit-Reset', '17'], 17],
    ['a date to be reset', ['x-ratelimit-reset', iso(17)], 17],
    ['reset-after', ['x-ratelimit-remaining', '0', 'x-ratelimit-reset-after', '12.5'], 12.5],
    ['a reset alone', ['x-ratelimit-reset', '17'], 17],
    ['a reset of something left', ['x-ratelimit-remaining', '3', 'x-ratelimit-reset', '17'], undefined],
    ['negative reset', ['x-ratelimit-remaining', '0', 'x-ratelimit-reset', '-5'], undefined],
    ['Azure counts nothing', ['x-ratelimit-remaining-tokens', '-1', 'x-ratelimit-reset-tokens', '5s'], 5],
    ['draft 06', ['RateLimit-Limit', '100', 'RateLimit-Remaining', '0', 'RateLimit-Reset', '50'], 50],
    ['draft 07', ['RateLimit', 'limit=100, remaining=0, reset=50'], 50],
    ['draft 07, some left', ['RateLimit', 'limit=100, remaining=7, reset=50'], undefined],
    ['draft 10', ['RateLimit', '"default";r=0;t=30'], 30],
    ['draft 10, two', ['RateLimit', '"burst";r=0;t=12, "daily";r=50;t=3600'], 12],
    ['draft 10, two lines', ['RateLimit', '"daily";r=0;t=3600', 'ratelimit', '"burst";r=3;t=12'], 3600],
    ['draft 10, policy', ['RateLimit-Policy', '"d";q=100;w=60', 'RateLimit', '"d";r=0;t=9'], 9],
    [
      'Anthropic, input tokens',
      [
        ...['anthropic-ratelimit-requests-remaining', '49', 'anthropic-ratelimit-requests-reset', iso(2)],
        ...[
          'anthropic-ratelimit-input-tokens-remaining',
          '0',
          'anthropic-ratelimit-input-tokens-reset',
          iso(41),
        ],
      ],
      41,
    ],
    [
      'Anthropic, tokens and output tokens',
      [
        ...['anthropic-ratelimit-tokens-remaining', '0', 'anthropic-ratelimit-tokens-reset', iso(5)],
        ...[
          'anthropic-ratelimit-output-tokens-remaining',
          '0',
          'anthropic-ratelimit-output-tokens-reset',
          iso(8),
        ],
      ],
      8,
    ],
    [
      'Anthropic, its Retry-After before the time of full replenishment',
      [
        'retry-after',
        '4',
        'anthropic-ratelimit-requests-remaining',
        '0',
        'anthropic-ratelimit-requests-reset',
        iso(58),
      ],
      4,
    ],
    [
      'Anthropic, priority',
      ['anthropic-priority-input-tokens-remaining', '0', 'anthropic-priority-input-tokens-reset', iso(9)],
      9,
    ],
    [
      'Anthropic, priority beside the ordinary',
      [
        ...[
          'anthropic-priority-input-tokens-remaining',
          '0',
          'anthropic-priority-input-tokens-reset',
          iso(900),
        ],
        ...['anthropic-ratelimit-requests-remaining', '0', 'anthropic-ratelimit-requests-reset', iso(9)],
      ],
      9,
    ],
    [
      'Anthropic, date without a zone letter',
      [
        'anthropic-ratelimit-requests-remaining',
        '0',
        'anthropic-ratelimit-requests-reset',
        '2030-01-01T13:00:10+01:00',
      ],
      10,
    ],
    [
      'Anthropic, 5 hours',
      [
        ...[
          'anthropic-ratelimit-unified-status',
          'rejected',
          'anthropic-ratelimit-unified-reset',
          String(SECONDS + 7200),
        ],
        ...[
          'anthropic-ratelimit-unified-5h-status',
          'rejected',
          'anthropic-ratelimit-unified-5h-reset',
          String(SECONDS + 7200),
        ],
        ...[
          'anthropic-ratelimit-unified-7d-status',
          'allowed',
          'anthropic-ratelimit-unified-7d-reset',
          String(SECONDS + 400_000),
        ],
      ],
      7200,
    ],
    [
      'Anthropic, 7 days',
      [
        'anthropic-ratelimit-unified-7d-status',
        'rejected',
        'anthropic-ratelimit-unified-7d-reset',
        String(SECONDS + 400_000),
      ],
      400_000,
    ],
  ];
  for (const [what, flat, seconds] of rows)
    it(`${what}: ${seconds ?? 'unknown'}`, () => {
      same(waitSeconds(flat, undefined, NOW), seconds);
    });
});
