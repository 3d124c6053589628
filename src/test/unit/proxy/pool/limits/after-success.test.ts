import assert from 'node:assert/strict';
import { limitAfterSuccess } from '../../../../../proxy/pool/limits/after-success';

const NOW = Date.UTC(2030, 0, 1, 12, 0, 0);
const iso = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

describe('a good answer that says that nothing remains', () => {
  const rows: [what: string, flat: string[], expected: { what: string; seconds: number } | undefined][] = [
    ['nothing said', ['content-type', 'application/json'], undefined],
    [
      'something left',
      ['x-ratelimit-remaining-requests', '10', 'x-ratelimit-reset-requests', '6s'],
      undefined,
    ],
    [
      'OpenAI',
      ['X-RateLimit-Remaining-Requests', '0', 'X-RateLimit-Reset-Requests', '6m0s'],
      { what: 'requests', seconds: 360 },
    ],
    [
      'the longer of two',
      [
        'x-ratelimit-remaining-requests',
        '0',
        'x-ratelimit-reset-requests',
        '6s',
        'x-ratelimit-remaining-tokens',
        '0',
        'x-ratelimit-reset-tokens',
        '9s',
      ],
      { what: 'tokens', seconds: 9 },
    ],
    ['no time', ['x-ratelimit-remaining-requests', '0'], undefined],
    [
      'nothing left of nothing',
      [
        'x-ratelimit-limit-tokens',
        '0',
        'x-ratelimit-remaining-tokens',
        '0',
        'x-ratelimit-reset-tokens',
        '5s',
      ],
      undefined,
    ],
    ['Mistral', ['x-ratelimit-remaining-req-minute', '0'], { what: 'requests per minute', seconds: 60 }],
    [
      'Anthropic',
      ['anthropic-ratelimit-input-tokens-remaining', '0', 'anthropic-ratelimit-input-tokens-reset', iso(30)],
      { what: 'input tokens', seconds: 30 },
    ],
    [
      'Anthropic, priority tier: others serve on',
      ['anthropic-priority-input-tokens-remaining', '0', 'anthropic-priority-input-tokens-reset', iso(30)],
      undefined,
    ],
    ['draft 06', ['ratelimit-remaining', '0', 'ratelimit-reset', '5'], { what: 'requests', seconds: 5 }],
    ['draft 07', ['RateLimit', 'limit=10, remaining=0, reset=5'], { what: 'requests', seconds: 5 }],
    [
      'draft 10',
      ['RateLimit-Policy', '"a";q=9;w=60', 'RateLimit', '"a";r=0;t=5'],
      { what: 'requests per minute', seconds: 5 },
    ],
    ['draft 10, some left', ['RateLimit', '"a";r=10;t=5'], undefined],
    ['a reset that has passed', ['x-ratelimit-remaining', '0', 'x-ratelimit-reset', '0'], undefined],
    [
      'a clock that goes wrong',
      [
        'date',
        'Tue, 01 Jan 2030 11:00:00 GMT',
        'x-ratelimit-remaining',
        '0',
        'x-ratelimit-reset',
        iso(-3590),
      ],
      { what: 'requests', seconds: 10 },
    ],
    ['a lonely name', ['x-ratelimit-remaining'], undefined],
    ['a name alike', ['x-ratelimit-remain', '0', 'anthropic-x', '0', 'x-remaining', '0'], undefined],
  ];
  for (const [what, flat, expected] of rows)
    it(what, () => {
      assert.deepEqual(limitAfterSuccess(flat, NOW), expected);
    });
});
