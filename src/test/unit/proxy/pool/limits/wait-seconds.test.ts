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
    ['draft 10, two lines', ['RateLimit', '"burst";r=3;t=12', 'ratelimit', '"daily";r=0;t=3600'], 3600],
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

const google = (message: string, ...details: object[]) => ({
  error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details },
});
const type = (name: string) => ({ '@type': `type.googleapis.com/google.rpc.${name}` });
const openai = (message: string, code: string | null = 'rate_limit_exceeded') => ({
  error: { message, type: 'tokens', param: null, code },
});

describe('when an upstream wants to be asked again, in bodies', () => {
  const rows: [what: string, body: unknown, seconds: number | undefined][] = [
    ['RetryInfo', google('x', { ...type('RetryInfo'), retryDelay: '34.4s' }), 34.4],
    ['RetryInfo in a list', [google('x', { ...type('RetryInfo'), retryDelay: '34s' })], 34],
    [
      'RetryInfo as a message',
      google('x', { ...type('RetryInfo'), retryDelay: { seconds: '3', nanos: 500_000_000 } }),
      3.5,
    ],
    [
      'RetryInfo behind a gateway',
      {
        error: {
          code: 429,
          message: JSON.stringify(google('x', { ...type('RetryInfo'), retryDelay: '26s' })),
        },
      },
      26,
    ],
    ['negative RetryInfo', google('x', { ...type('RetryInfo'), retryDelay: '-3s' }), undefined],
    ['endless RetryInfo', google('x', { ...type('RetryInfo'), retryDelay: '99999999s' }), undefined],
    [
      'quotaResetDelay',
      google('x', { ...type('ErrorInfo'), metadata: { quotaResetDelay: '479.417207ms' } }),
      0.479417207,
    ],
    [
      'quotaResetTimeStamp',
      google('x', { ...type('ErrorInfo'), metadata: { quotaResetTimeStamp: iso(90) } }),
      90,
    ],
    [
      'zero RetryInfo beside a delay',
      google(
        'x',
        { ...type('RetryInfo'), retryDelay: '0s' },
        { ...type('ErrorInfo'), metadata: { quotaResetDelay: '7s' } },
      ),
      7,
    ],
    [
      'a quota of the day, whatever the delay',
      google(
        'x',
        {
          ...type('QuotaFailure'),
          violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
        },
        { ...type('RetryInfo'), retryDelay: '34s' },
      ),
      20 * 3600,
    ],
    [
      'Gemini in words',
      google('You exceeded your current quota.\nPlease retry in 45.578569677s.'),
      45.578569677,
    ],
    ['Gemini in milliseconds', google('Please retry in 644.5ms.'), 0.6445],
    [
      'Google in words',
      google('You have exhausted your capacity on this model. Your quota will reset after 4h28m20s.'),
      16_100,
    ],
    ['Google, resets in', google('Individual quota reached. Resets in 9h22m20s.'), 33_740],
    [
      'OpenAI',
      openai(
        'Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 14567, Requested 24754. Please try again in 18.642s. Visit https://x to learn more.',
      ),
      18.642,
    ],
    ['OpenAI, milliseconds', openai('Please try again in 6ms.'), 0.006],
    ['OpenAI, minutes', openai('Please try again in 1m47.5854s. Visit'), 107.5854],
    ['OpenAI, hours', openai('Please try again in 2h21m25.8s.'), 8485.8],
    [
      'Groq',
      openai(
        'Rate limit reached for model `llama-3.3-70b-versatile` in organization `org_01` service tier `on_demand` on tokens per day (TPD): Limit 100000, Used 97050, Requested 3619. Please try again in 9m38.016s. Need more tokens?',
      ),
      578.016,
    ],
    [
      'Moonshot',
      {
        error: {
          message:
            'Your account org-x<ak-y> request reached organization max RPM: 3, please try again after 1 seconds',
          type: 'rate_limit_reached_error',
        },
      },
      1,
    ],
    [
      'Azure',
      {
        error: {
          code: '429',
          message:
            'Requests to the ChatCompletions_Create Operation have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 26 seconds. Please go here',
        },
      },
      26,
    ],
    ['Azure, a day', { error: { code: '429', message: 'Please retry after 86400 seconds.' } }, 86_400],
    ['in minutes', openai('Please try again in 20 minutes.'), 1200],
    [
      'a gateway that asks to wait',
      { message: 'Too fast. Please wait 17 seconds before the next request.' },
      17,
    ],
    [
      'z.ai, in Chinese time',
      {
        error: {
          code: '1308',
          message: 'Usage limit reached for 5 hour. Your limit will reset at 2030-01-01 20:30:00',
        },
      },
      1800,
    ],
    [
      'z.ai in another zone',
      { error: { code: '1308', message: 'Your limit will reset at 2030-01-01 12:30:00' } },
      1800,
    ],
    [
      'z.ai, a week',
      {
        error: {
          code: '1310',
          message: '[1310][Weekly/Monthly Limit Exhausted. Your limit will reset at 2030-01-07 20:00:00]',
        },
      },
      6 * 86_400,
    ],
    [
      'z.ai, a month',
      { error: { code: '1310', message: 'Your limit will reset at 2030-01-31 20:00:00' } },
      undefined,
    ],
    [
      'OpenRouter',
      {
        error: {
          message: 'Rate limit exceeded: free-models-per-day',
          code: 429,
          metadata: {
            headers: {
              'X-RateLimit-Limit': '50',
              'X-RateLimit-Remaining': '0',
              'X-RateLimit-Reset': String(NOW + 60_000),
            },
          },
        },
      },
      60,
    ],
    [
      'OpenRouter, what the provider said',
      {
        error: {
          message: 'Provider returned error',
          code: 429,
          metadata: { raw: '{"error":{"message":"Please try again in 3.5s."}}' },
        },
      },
      3.5,
    ],
    [
      'seconds of a plan',
      { error: { type: 'usage_limit_reached', message: 'x', resets_in_seconds: 900 } },
      900,
    ],
    [
      'epoch of a plan',
      { error: { type: 'usage_limit_reached', message: 'x', resets_at: SECONDS + 901 } },
      901,
    ],
    ['retry_after', { error: { message: 'x' }, retry_after: 5 }, 5],
    ['retry_after_seconds', { error: { message: 'x', metadata: { retry_after_seconds: '6.5' } } }, 6.5],
    ['a model that loads', { error: 'Model x is currently loading', estimated_time: 20.5 }, 20.5],
    [
      'Anthropic, spending',
      {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message:
            'You have reached your specified API usage limits. You will regain access on 2030-01-02 at 00:00 UTC.',
        },
      },
      43_200,
    ],
    ['text', 'Too many requests, try again in 5s', 5],
    ['no time', openai('Rate limit reached.'), undefined],
    ['again later', openai('Please try again later.'), undefined],
    ['NaN', { retry_after: Number.NaN }, undefined],
    ['negative', { retry_after: -5 }, undefined],
    ['null', null, undefined],
    ['a number', 5, undefined],
    ['a list of nothing', [], undefined],
  ];
  for (const [what, body, seconds] of rows)
    it(`${what}: ${seconds ?? 'unknown'}`, () => {
      same(waitSeconds([], body, NOW), seconds);
    });

  it('a time in a body counts from the clock of the answer', () => {
    const body = google('x', { ...type('ErrorInfo'), metadata: { quotaResetTimeStamp: iso(90) } });
    same(waitSeconds(['date', http(60)], body, NOW), 30);
  });

  it('headers go before bodies, and both before counters', () => {
    const body = openai('Please try again in 7s.');
    same(waitSeconds(['retry-after', '3'], body, NOW), 3);
    same(waitSeconds(['x-ratelimit-remaining', '0', 'x-ratelimit-reset', '9'], body, NOW), 7);
  });

  it('the lines of the answer go before those that a gateway passes on', () => {
    const body = { error: { message: 'x', metadata: { headers: { 'Retry-After': '50' } } } };
    same(waitSeconds([], body, NOW), 50);
    same(waitSeconds(['retry-after', '3'], body, NOW), 3);
  });
});
