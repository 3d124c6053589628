import { account, bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkRoutes } from '../../../../../host/doctor/checks/routes';
import type { RouteExplanation } from '../../../../../shared/status';

type Candidate = RouteExplanation['candidates'][number];
const candidate = (part: Partial<Candidate> = {}): Candidate => ({
  account: 'A',
  id: 'a',
  provider: 'gemini',
  model: 'm',
  dialect: 'gemini',
  translated: true,
  state: 'healthy',
  ...part,
});
const way = (pattern: string, candidates: Candidate[], error?: string): RouteExplanation => ({
  model: 'm',
  protocol: 'openai-chat',
  rule: { pattern, targets: ['a/m'] },
  why: '',
  candidates,
  ...(error !== undefined && { error }),
});

describe('the doctor on routes', () => {
  function routed(...patterns: string[]) {
    const own = bench();
    own.world.accounts = [account('a')];
    own.world.settings.routes = Object.fromEntries(patterns.map((pattern) => [pattern, ['a/m']]));
    return own;
  }

  it('has nothing to say where there are none, or no accounts', async () => {
    const { find, world } = routed();
    assert.deepEqual(await find(checkRoutes), ['ok: No routes are set: names of models decide.']);
    world.settings.routes = { gpt: ['x'] };
    world.accounts = [];
    assert.deepEqual(await find(checkRoutes), ['info: Not looked at: there is no account.']);
  });

  it('follows each to an account, patterns by a name that they take', async () => {
    const { find, world } = routed('gpt', 'claude-*');
    world.routes = { gpt: way('gpt', [candidate()]), 'claude-x': way('claude-*', [candidate()]) };
    assert.deepEqual(await find(checkRoutes), ['ok: Every route leads to accounts (2).']);
  });

  it('finds one that leads nowhere', async () => {
    const { find, press, done, world } = routed('gpt');
    world.routes = { gpt: way('gpt', [], 'there is no account "b"') };
    assert.deepEqual(await find(checkRoutes), [
      'error: The route “gpt” leads nowhere (a/m): there is no account "b"',
    ]);
    world.routes = { gpt: way('gpt', []) };
    assert.deepEqual(await find(checkRoutes), [
      'error: The route “gpt” leads nowhere (a/m): nobody serves it',
    ]);
    assert.equal(await press(checkRoutes, /nowhere/), 'Open Settings');
    assert.deepEqual(done, ['workbench.action.openSettings portside.routes']);
  });

  it('finds one that another takes the names of', async () => {
    const { find, world } = routed('gpt');
    world.routes = { gpt: way('g*', [candidate()]) };
    assert.deepEqual(await find(checkRoutes), ['warning: The route “gpt” is never taken: “g*” comes first.']);
  });

  it('finds one whose accounts all rest', async () => {
    const { find, world } = routed('gpt');
    world.routes = { gpt: way('gpt', [candidate({ state: 'cooling', reason: 'quota' })]) };
    assert.deepEqual(await find(checkRoutes), ['warning: Nobody can serve the route “gpt” now: quota']);
  });
});
