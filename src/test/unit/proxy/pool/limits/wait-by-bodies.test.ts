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
    ['words in error', { error: 'Please try again in 5s' }, 5],
    ['words in msg', { msg: 'Please try again in 5s' }, 5],
    ['words in Message', { Message: 'Please try again in 5s' }, 5],
    ['words in detail', { detail: 'Please try again in 5s' }, 5],
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
