import assert from 'node:assert/strict';
import type { ReasoningEffort } from '../../../../proxy/dialects/canonical';
import {
  budgetOfEffort,
  effortOfBudget,
  effortOfLevel,
  levelOfEffort,
} from '../../../../proxy/dialects/reasoning-levels';

describe('reasoning levels', () => {
  const budgets: [number, ReasoningEffort][] = [
    [0, 'none'],
    [-1, 'none'],
    [1, 'low'],
    [1024, 'low'],
    [1025, 'medium'],
    [8192, 'medium'],
    [8193, 'high'],
    [31_999, 'high'],
    [200_000, 'high'],
  ];
  for (const [budget, effort] of budgets)
    it(`reads a budget of ${budget} as ${effort}`, () => {
      assert.equal(effortOfBudget(budget), effort);
    });

  for (const effort of ['none', 'low', 'medium', 'high'] as const)
    it(`brings ${effort} back from its budget`, () => {
      assert.equal(effortOfBudget(budgetOfEffort(effort)), effort);
    });

  for (const effort of ['minimal', 'low', 'medium', 'high'] as const)
    it(`brings ${effort} back from its level`, () => {
      assert.equal(effortOfLevel(levelOfEffort(effort).toUpperCase()), effort);
    });

  it('gives more budget for more effort, and knows no other levels', () => {
    const efforts: ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
    const tokens = efforts.map(budgetOfEffort);
    assert.deepEqual(
      tokens,
      tokens.toSorted((a, b) => a - b),
    );
    assert.equal(effortOfLevel('THINKING_LEVEL_UNSPECIFIED'), undefined);
  });
});
