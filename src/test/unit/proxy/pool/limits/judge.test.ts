import assert from 'node:assert/strict';
import fc from 'fast-check';
import { upstreamAdapterOf } from '../../../../../proxy/dialects/registry';
import type { ErrorKind } from '../../../../../proxy/dialects/canonical';
import { judge } from '../../../../../proxy/pool/limits/judge';
import type { ProviderName } from '../../../../../shared/setting-names';
import { readRecordings, whyNoRecordings } from '../../../../support/recordings';
import {
  anthropic,
  brief,
  DIALECTS,
  type Dialect,
  NOW,
  openai,
  verdictOf,
  zai,
} from '../../../../support/upstream/refusals';
import { skipBecause } from '../../../../support/skip-because';

describe('a refusal inside a good answer', () => {
  const told = (dialect: Dialect, provider: ProviderName, event: { event?: string; data: string }) => {
    const info = upstreamAdapterOf(dialect).readStreamError(event as never);
    assert.ok(info);
    return brief(
      judge({ status: info.status, headers: [], body: undefined }, info, { provider, dialect }, NOW),
    );
  };

  it('is judged by what its adapter read', () => {
    const overloaded = JSON.stringify(anthropic('overloaded_error', 'Overloaded'));
    assert.equal(
      told('anthropic', 'anthropic', { event: 'error', data: overloaded }),
      'overloaded model ? told: overloaded',
    );
    const rate = JSON.stringify(
      openai('Rate limit reached for x on tokens per min. Please try again in 1.5s.', 'rate_limit_exceeded'),
    );
    assert.equal(told('openai-chat', 'openai', { data: rate }), 'limited model 1.5 told: tokens per minute');
    const zaiLimit = JSON.stringify(
      zai('1310', 'Limit Exhausted. Your limit will reset at 2030-01-02 20:00:00'),
    );
    assert.equal(
      told('anthropic', 'zai', { event: 'error', data: zaiLimit }),
      'limited key 86400 told: usage limit of the week or month',
    );
  });

  it('with the status of the answer counts as what it says', () => {
    const info = { status: 429, kind: 'rate_limit' as const, message: 'x', retryAfterSeconds: 4 };
    const verdict = judge(
      { status: 200, headers: [], body: undefined },
      info,
      { provider: 'openai', dialect: 'openai-chat' },
      NOW,
    );
    assert.equal(brief(verdict), 'limited model 4 told: rate limit');
  });
});

describe('what an adapter read of a time', () => {
  it('counts where nothing else tells, unless no limit can last so long', () => {
    for (const [retryAfterSeconds, expected] of [
      [4, 'limited model 4 told: rate limit'],
      [-4, 'limited model ? untold: rate limit'],
      [1e9, 'limited model ? untold: rate limit'],
      [Number.NaN, 'limited model ? untold: rate limit'],
    ] as const) {
      const info = { status: 429, kind: 'rate_limit' as const, message: 'x', retryAfterSeconds };
      const asked = { provider: 'openai', dialect: 'openai-chat' } as const;
      assert.equal(brief(judge({ status: 429, headers: [], body: undefined }, info, asked, NOW)), expected);
    }
  });
});

describe('a refusal without words', () => {
  const judged = (status: number, kind: ErrorKind) =>
    brief(
      judge(
        { status, headers: [], body: undefined },
        { status, kind, message: '' },
        { provider: 'openai', dialect: 'openai-chat' },
        NOW,
      ),
    );

  const statuses: [number, string][] = [
    [401, 'dead key key'],
    [402, 'dead key billing'],
    [403, 'dead key permission'],
    [404, 'elsewhere'],
    [405, 'elsewhere'],
    [408, 'elsewhere'],
    [409, 'elsewhere'],
    [410, 'elsewhere'],
    [425, 'elsewhere'],
    [501, 'elsewhere'],
    [424, 'failed'],
    [499, 'failed'],
    [500, 'failed'],
    [520, 'failed'],
    [400, 'request'],
    [406, 'request'],
    [413, 'request'],
    [422, 'request'],
    [429, 'limited model ? untold: rate limit'],
    [451, 'dead key permission'],
    [498, 'overloaded model ? told: overloaded'],
    [503, 'overloaded model ? told: overloaded'],
    [529, 'overloaded model ? told: overloaded'],
  ];
  for (const [status, expected] of statuses)
    it(`${status}: ${expected}`, () => {
      assert.equal(judged(status, 'upstream'), expected);
    });

  const kinds: [number, ErrorKind, string][] = [
    [400, 'authentication', 'dead key key'],
    [400, 'permission', 'dead key permission'],
    [400, 'not_found', 'elsewhere'],
    [400, 'rate_limit', 'limited model ? untold: rate limit'],
    [400, 'billing', 'dead key billing'],
    [429, 'overloaded', 'overloaded model ? untold: overloaded'],
    [500, 'overloaded', 'overloaded model ? told: overloaded'],
    [500, 'billing', 'failed'],
  ];
  for (const [status, kind, expected] of kinds)
    it(`${status} that its adapter took for ${kind}: ${expected}`, () => {
      assert.equal(judged(status, kind), expected);
    });
});

describe('a refusal of a provider, as recorded', () => {
  before(function () {
    const missing = whyNoRecordings();
    if (missing !== undefined) skipBecause(this, missing);
  });
  const read = (dialect: 'gemini' | 'openai-responses', file: string) =>
    readRecordings(dialect).bodies.find(({ name }) => name === file)?.body;

  it('Gemini’s quota of a minute rests the model', () => {
    const body = read('gemini', 'google-429-retry-info.json');
    assert.equal(brief(verdictOf('gemini', 429, body)), 'limited model 34.4 told: requests per minute');
  });

  it('OpenAI’s empty purse ends the key', () => {
    const body = read('openai-responses', 'openai-error.1.json');
    assert.equal(brief(verdictOf('openai', 429, body, [], 'openai-responses')), 'dead key billing');
  });
});

describe('any refusal at all', () => {
  const status = fc.oneof(
    fc.constantFrom(400, 401, 402, 403, 404, 413, 429, 500, 503, 529),
    fc.integer({ min: 300, max: 599 }),
  );
  const name = fc.constantFrom(
    'retry-after',
    'retry-after-ms',
    'date',
    'RateLimit',
    'ratelimit-policy',
    'x-ratelimit-remaining',
    'x-ratelimit-reset',
    'x-ratelimit-reset-tokens',
    'anthropic-ratelimit-unified-reset',
    'anthropic-ratelimit-requests-reset',
    'x-amzn-errortype',
  );
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '0',
      '-1',
      '1e999',
      'NaN',
      '99999999999999999999',
      '"a";r=0;t=-5',
      '1970-01-01T00:00:00Z',
    ),
  );
  const key = fc.constantFrom(
    'error',
    'message',
    'code',
    'type',
    'details',
    'metadata',
    'headers',
    'raw',
    '@type',
    'retryDelay',
    'violations',
    'quotaId',
    'retry_after',
    'resets_at',
    'status',
    '__proto__',
  );
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(
        null,
        -1,
        0,
        1e308,
        Number.NaN,
        'google.rpc.RetryInfo',
        '-5s',
        'x',
        'Please try again in -3s',
        true,
      ),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(key, tie('json'), { maxKeys: 4 }),
    ),
  }));

  for (const provider of ['openai', 'anthropic', 'gemini', 'zai', 'bedrock', 'openai-compatible'] as const)
    it(`is judged, with a sane time or none (${provider})`, () => {
      fc.assert(
        fc.property(status, fc.array(fc.tuple(name, value), { maxLength: 5 }), json, (code, lines, body) => {
          const dialect = DIALECTS[provider] ?? 'openai-chat';
          const info = { status: code, kind: 'upstream' as const, message: 'x' };
          const verdict = judge(
            { status: code, headers: lines.flat(), body },
            info,
            { provider, dialect },
            NOW,
          );
          if (verdict.type !== 'limited') return;
          const { waitSeconds, what } = verdict;
          assert.ok(what.length > 0);
          assert.ok(waitSeconds === undefined || (waitSeconds >= 0 && waitSeconds <= 8 * 86_400 + 1));
        }),
      );
    });

  it('is judged however long and odd its words are', () => {
    for (const piece of [
      'model ',
      'Quota exceeded for metric: ',
      '[1310][',
      'request too large for ',
      '1 hour ',
      '<',
      'a=',
      '"a";r=0,',
    ]) {
      const text = piece.repeat(200_000 / piece.length);
      // A regular expression that goes back and forth would take hours.
      verdictOf('zai', 429, text, ['retry-after', text, 'ratelimit', text]);
      verdictOf('openai-compatible', 400, { error: { message: text } });
    }
  });
});
