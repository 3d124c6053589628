/** Tokens, log probabilities and several answers: every protocol's fields both ways (SPEC 4.6, 4.8). */
import assert from 'node:assert/strict';
import type { CanonicalResponse, Dialect, Usage } from '../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../proxy/dialects/registry';
import type { JsonObject } from '../../../../shared/json';
import { DIALECT_NAMES } from '../../../support/dialect-requests';
import { heard, spoken, told } from './both-ways';

/** A usage object as the protocol has it, and what it counts. */
const WIRE: Record<Dialect, { member: string; usage: JsonObject; counts: Usage }[]> = {
  // https://platform.openai.com/docs/api-reference/completions/object#completions/object-usage, and servers like it
  'openai-chat': [
    {
      member: 'usage',
      usage: {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 20, accepted_prediction_tokens: 0 },
      },
      counts: {
        inputTokens: 100,
        outputTokens: 50,
        cachedInputTokens: 60,
        cacheWriteTokens: 10,
        reasoningTokens: 20,
      },
    },
    {
      // DeepSeek
      member: 'usage',
      usage: {
        prompt_tokens: 100,
        completion_tokens: 5,
        prompt_cache_hit_tokens: 64,
        prompt_cache_miss_tokens: 36,
      },
      counts: { inputTokens: 100, outputTokens: 5, cachedInputTokens: 64 },
    },
    {
      // xAI counts reasoning beside the completion.
      member: 'usage',
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 45,
        completion_tokens_details: { reasoning_tokens: 30 },
      },
      counts: { inputTokens: 10, outputTokens: 35, reasoningTokens: 30 },
    },
  ],
  // https://platform.openai.com/docs/api-reference/responses/object#responses-object-usage
  'openai-responses': [
    {
      member: 'usage',
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
        output_tokens: 50,
        output_tokens_details: { reasoning_tokens: 20 },
        total_tokens: 150,
      },
      counts: {
        inputTokens: 100,
        outputTokens: 50,
        cachedInputTokens: 60,
        cacheWriteTokens: 10,
        reasoningTokens: 20,
      },
    },
  ],
  // https://platform.claude.com/docs/en/api/messages#response-usage: cached input stands beside input_tokens
  anthropic: [
    {
      member: 'usage',
      usage: {
        input_tokens: 30,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 10,
        output_tokens: 50,
        output_tokens_details: { thinking_tokens: 20 },
      },
      counts: {
        inputTokens: 100,
        outputTokens: 50,
        cachedInputTokens: 60,
        cacheWriteTokens: 10,
        reasoningTokens: 20,
      },
    },
    {
      member: 'usage',
      usage: { input_tokens: 3, output_tokens: 4 },
      counts: { inputTokens: 3, outputTokens: 4 },
    },
  ],
  // https://ai.google.dev/api/generate-content#UsageMetadata: thoughts stand beside candidatesTokenCount
  gemini: [
    {
      member: 'usageMetadata',
      usage: {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 30,
        thoughtsTokenCount: 20,
        totalTokenCount: 150,
      },
      counts: { inputTokens: 100, outputTokens: 50, cachedInputTokens: 60, reasoningTokens: 20 },
    },
    {
      member: 'usageMetadata',
      usage: {
        promptTokenCount: 90,
        toolUsePromptTokenCount: 10,
        candidatesTokenCount: 5,
        totalTokenCount: 105,
      },
      counts: { inputTokens: 100, outputTokens: 5 },
    },
    {
      // Without a count of its own, what is left of the total was generated.
      member: 'usageMetadata',
      usage: { promptTokenCount: 10, totalTokenCount: 17 },
      counts: { inputTokens: 10, outputTokens: 7 },
    },
  ],
};

const answerWith = (usage: Usage): CanonicalResponse => ({
  choices: [{ content: [{ type: 'text', text: 'Hi' }], finish: { reason: 'stop' } }],
  usage,
});

describe('usage', () => {
  for (const dialect of DIALECT_NAMES)
    WIRE[dialect].forEach(({ member, usage, counts }) => {
      it(`of ${dialect} counts once: ${JSON.stringify(usage)}`, () => {
        const { metadata: _own, ...read } = adapterOf(dialect).readUsage({ [member]: usage }) ?? {
          inputTokens: -1,
        };
        assert.deepEqual(read, counts);
      });
    });

  for (const dialect of DIALECT_NAMES)
    it(`is told in full to ${dialect}`, () => {
      const usage: Usage = {
        inputTokens: 100,
        outputTokens: 50,
        cachedInputTokens: 60,
        cacheWriteTokens: 10,
        reasoningTokens: 20,
      };
      const { answers } = told(dialect, answerWith(usage));
      const expected = { input: 100, output: 50, cached: 60, cacheWrite: 10, reasoning: 20 };
      // Gemini has no field for what was written to a cache.
      const { cacheWrite: _written, ...without } = expected;
      for (const answer of answers) assert.deepEqual(answer.usage, dialect === 'gemini' ? without : expected);
    });

  for (const dialect of DIALECT_NAMES)
    it(`of ${dialect} is the same whole and streamed`, () => {
      const says = spoken(dialect, {
        text: 'Hi',
        usage: { input: 50, output: 20, cached: 30, cacheWrite: 5, reasoning: 7 },
      });
      const [whole, streamed] = heard(dialect, says).map(({ usage }) => ({ ...usage, metadata: undefined }));
      assert.deepEqual(streamed, whole);
      assert.deepEqual([whole?.inputTokens, whole?.outputTokens, whole?.reasoningTokens], [50, 20, 7]);
    });
});

describe('log probabilities', () => {
  const logprobs = [
    {
      token: 'Hi',
      logprob: -0.25,
      top: [
        { token: 'Hi', logprob: -0.25 },
        { token: 'Yo', logprob: -2 },
      ],
    },
    { token: '!', logprob: -0.5, top: [] },
  ];
  for (const from of DIALECT_NAMES.filter((one) => one !== 'anthropic'))
    for (const to of DIALECT_NAMES.filter((one) => one !== 'anthropic'))
      it(`of ${from} reach ${to}`, () => {
        for (const response of heard(from, spoken(from, { text: 'Hi!', logprobs })))
          for (const answer of told(to, response, { logprobs: true, topLogprobs: 2 }).answers)
            assert.deepEqual(
              answer.logprobs,
              logprobs.map(({ token, logprob, top }) => ({
                token,
                logprob,
                top: top.map((one) => one.token),
              })),
            );
      });
  it('are reported as lost where the protocol has none', () => {
    const [response] = heard('openai-chat', spoken('openai-chat', { text: 'Hi!', logprobs }));
    const { warnings } = told('anthropic', response);
    assert.deepEqual([...new Set(warnings.map(({ field }) => field))], ['logprobs']);
    assert.equal(warnings.length, 2, 'whole and streamed');
  });
});

describe('several answers', () => {
  const answer = { text: 'First.', alternatives: ['Second.', 'Third.'] };
  for (const from of ['openai-chat', 'gemini'] as const)
    for (const to of DIALECT_NAMES)
      it(`of ${from} ${to === 'openai-chat' || to === 'gemini' ? 'all reach' : 'are one, with a warning, for'} ${to}`, () => {
        for (const response of heard(from, spoken(from, answer))) {
          const { answers, warnings } = told(to, response, { candidates: 3 });
          const all = to === 'openai-chat' || to === 'gemini';
          for (const { choices } of answers)
            assert.deepEqual(choices, all ? ['First.', 'Second.', 'Third.'] : ['First.']);
          assert.deepEqual(
            warnings.map(({ field }) => field),
            all ? [] : ['n', 'n'],
          );
        }
      });
});
