import assert from 'node:assert/strict';
import type { CanonicalRequest } from '../../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../../shared/json';
import { encoding, user } from './contexts';
import { assistant, call, encode, f, result } from './messages';

describe('anthropic: the settings of a request to an upstream', () => {
  const thinking: [name: string, model: string, parts: Partial<CanonicalRequest>, expected: JsonObject][] = [
    [
      'a budget',
      'claude-sonnet-4-5',
      { reasoning: { mode: 'on', budgetTokens: 2000 } },
      { thinking: { type: 'enabled', budget_tokens: 2000 }, max_tokens: 32_000 },
    ],
    [
      'a budget under 1024 (CASES 17)',
      'claude-sonnet-4-5',
      { reasoning: { mode: 'on', budgetTokens: 500 }, maxOutputTokens: 4000 },
      { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 4000 },
    ],
    [
      'a budget above max_tokens',
      'claude-sonnet-4-5',
      { reasoning: { mode: 'on', budgetTokens: 9000 }, maxOutputTokens: 4000 },
      { thinking: { type: 'enabled', budget_tokens: 2000 }, max_tokens: 4000 },
    ],
    [
      'a budget with no room',
      'claude-sonnet-4-5',
      { reasoning: { mode: 'on', budgetTokens: 500 }, maxOutputTokens: 600 },
      { max_tokens: 600 },
    ],
    [
      'a great budget without max_tokens',
      'claude-sonnet-4-5',
      { reasoning: { budgetTokens: 40_000 } },
      { thinking: { type: 'enabled', budget_tokens: 40_000 }, max_tokens: 64_000 },
    ],
    [
      'effort for a model with budgets',
      'claude-haiku-4-5-20251001',
      { reasoning: { effort: 'low' } },
      { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 32_000 },
    ],
    [
      'effort for an adaptive model',
      'claude-opus-4-7',
      { reasoning: { effort: 'xhigh' } },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' }, max_tokens: 32_000 },
    ],
    [
      'minimal effort',
      'claude-opus-4-6',
      { reasoning: { effort: 'minimal' } },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' }, max_tokens: 32_000 },
    ],
    [
      'a budget for a model without budgets',
      'claude-opus-5',
      { reasoning: { mode: 'on', budgetTokens: 5000, visible: true } },
      {
        thinking: { type: 'adaptive', display: 'summarized' },
        output_config: { effort: 'medium' },
        max_tokens: 32_000,
      },
    ],
    [
      'thinking off',
      'claude-opus-5',
      { reasoning: { mode: 'off' } },
      { thinking: { type: 'disabled' }, max_tokens: 32_000 },
    ],
    [
      'effort none where thinking is always on',
      'claude-fable-5',
      { reasoning: { effort: 'none' } },
      { max_tokens: 32_000 },
    ],
    [
      'a model that does not think',
      'claude-3-5-sonnet-latest',
      { reasoning: { effort: 'high' } },
      { max_tokens: 8192 },
    ],
    [
      'other models',
      'glm-4.6',
      { reasoning: { effort: 'high' } },
      { thinking: { type: 'enabled', budget_tokens: 24_576 }, max_tokens: 32_000 },
    ],
    [
      'a forced choice',
      'claude-sonnet-4-5',
      { reasoning: { effort: 'high' }, tools: [f], toolChoice: { type: 'required' } },
      { max_tokens: 32_000, tool_choice: { type: 'any' } },
    ],
    [
      'a tool loop that began without',
      'claude-sonnet-4-5',
      { reasoning: { effort: 'high' }, messages: [user('a'), assistant(call('x')), result('x')] },
      { max_tokens: 32_000 },
    ],
    ['too much output', 'claude-opus-4-1', { maxOutputTokens: 200_000 }, { max_tokens: 32_000 }],
  ];
  for (const [name, model, parts, expected] of thinking)
    it(`settles thinking: ${name}`, () => {
      const { messages: _m, model: _n, stream: _s, tools: _t, ...rest } = encode(parts, encoding(model));
      assert.deepEqual(rest, expected);
    });

  const sampling: [
    model: string,
    parts: Partial<CanonicalRequest>,
    expected: JsonObject,
    warnings: number,
  ][] = [
    [
      'claude-3-7-sonnet',
      { temperature: 1.5, topP: 0.5, topK: 3 },
      { temperature: 1, top_p: 0.5, top_k: 3 },
      1,
    ],
    ['claude-sonnet-4-5', { temperature: 0.5, topP: 0.5 }, { temperature: 0.5 }, 1],
    ['claude-sonnet-4-5', { topP: 0.5 }, { top_p: 0.5 }, 0],
    ['claude-opus-4-7', { temperature: 0.5, topP: 0.5, topK: 1 }, {}, 3],
    [
      'claude-sonnet-4-5',
      { temperature: 0.5, topK: 1, reasoning: { mode: 'on', budgetTokens: 2000 } },
      {},
      2,
    ],
  ];
  for (const [model, parts, expected, warnings] of sampling)
    it(`sends sampling ${JSON.stringify(parts)} to ${model}`, () => {
      const context = encoding(model);
      const { temperature, top_p, top_k } = encode(parts, context);
      assert.deepEqual(JSON.parse(JSON.stringify({ temperature, top_p, top_k })), expected);
      assert.equal(context.warnings.length, warnings);
    });

  const choices: [parts: Partial<CanonicalRequest>, expected: JsonObject | undefined][] = [
    [{ toolChoice: { type: 'auto' } }, { type: 'auto' }],
    [{ toolChoice: { type: 'none' }, parallelToolCalls: false }, { type: 'none' }],
    [{ toolChoice: { type: 'required', names: ['f'] } }, { type: 'tool', name: 'f' }],
    [
      { toolChoice: { type: 'tool', name: 'f' }, parallelToolCalls: false },
      { type: 'tool', name: 'f', disable_parallel_tool_use: true },
    ],
    [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [{ parallelToolCalls: true }, undefined],
    [{ tools: [], toolChoice: { type: 'required' } }, undefined],
  ];
  for (const [parts, expected] of choices)
    it(`maps the choice ${JSON.stringify(parts)}`, () => {
      assert.deepEqual(encode({ tools: [f], ...parts })['tool_choice'], expected);
    });
});
