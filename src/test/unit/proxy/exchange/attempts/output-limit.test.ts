import assert from 'node:assert/strict';
import { outputLimitIn } from '../../../../../proxy/exchange/attempts/output-limit';

describe('the limit of output in a refusal', () => {
  for (const [message, tokens, always = true] of [
    [
      'max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.',
      16_384,
    ],
    [
      'max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for claude-sonnet-4',
      64_000,
    ],
    ['Invalid max_tokens value, the valid range of max_tokens is [1, 8192]', 8192],
    ['<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]', 8192],
    ['`max_tokens` must be less than or equal to `32768`, the maximum value for this model', 32_768],
    [
      'Unable to submit request because it has a maxOutputTokens value of 128000 but the supported range is from 1 (inclusive) to 65537 (exclusive).',
      65_536,
    ],
    [
      "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 32768 tokens and your request has 5000 input tokens (32000 > 32768 - 5000).",
      27_768,
      false,
    ],
  ] as [string, number, boolean?][])
    it(`is ${tokens} in "${message.slice(0, 60)}…"`, () => {
      assert.deepEqual(outputLimitIn(message), { tokens, always });
    });

  for (const message of [
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    'prompt is too long: 210000 tokens > 200000 maximum',
    'max_tokens: Field required',
    "'max_tokens' is too large: 10 (10 > 4096 - 5000)",
  ])
    it(`is not there in "${message.slice(0, 60)}…"`, () => {
      assert.equal(outputLimitIn(message), undefined);
    });
});
