/** Where a model's name goes, and the tester that says so beforehand (SPEC 5.10; CASES 49, 51). */
import assert from 'node:assert/strict';
import { sendSmall } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import type { SettingsInput, StartedPortside } from '../../support/start-portside';
import type { Dialect } from '../../../proxy/dialects/canonical';

describe('routing (SPEC 5.10)', () => {
  let upstream: ScriptedUpstream;
  let other: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream({ models: ['qwen3', 'llama'] });
    other = await startScriptedUpstream({ models: ['mystery-model'] });
  });
  afterEach(async () => {
    upstream.reset();
    other.reset();
    await portside.stop();
  });
  after(async () => {
    await upstream.close();
    await other.close();
  });

  const start = async (settings: SettingsInput) => {
    portside = await startPortside(settings);
  };
  const everybody = () => [
    accountAt(upstream, 'gemini', { id: 'g1', label: 'Gemini one' }),
    accountAt(upstream, 'gemini', { id: 'g2', label: 'Gemini two', key: 'sk-upstream-key-g2' }),
    accountAt(upstream, 'anthropic', { id: 'claude', label: 'Claude' }),
    accountAt(upstream, 'openai-chat', { id: 'local', label: 'Local', models: ['qwen3'] }),
  ];
  const routes = {
    'claude-*': 'gemini-3-flash',
    'claude-opus-*': ['claude/claude-opus-5', 'g1/gemini-3-pro'],
    fast: ['local/qwen3', 'gemini-3-flash'],
    'off-*': 'gone/x',
  };
  const ask = async (model: string, dialect: Dialect) => {
    const response = await sendSmall(portside.url, dialect, { model });
    const text = await response.text();
    return { response, text, record: await portside.recorded(response.headers.get('x-request-id')!) };
  };

  for (const [model, dialect, expected] of [
    ['claude-sonnet-4-5', 'anthropic', ['g1 gemini-3-flash', 'g2 gemini-3-flash']],
    ['claude-opus-4-1-20250805', 'anthropic', ['claude claude-opus-5', 'g1 gemini-3-pro']],
    ['fast', 'openai-chat', ['local qwen3', 'g1 gemini-3-flash', 'g2 gemini-3-flash']],
    ['qwen3', 'gemini', ['local qwen3']],
    ['g2/gemini-x', 'gemini', ['g2 gemini-x']],
    ['anthropic/claude-x', 'gemini', ['claude claude-x']],
  ] as const)
    it(`the tester and a request agree: ${model} by a client of ${dialect}`, async () => {
      await start({ accounts: everybody(), routes, scheduling: 'balance' });
      const told = await portside.proxy.explainRoute(model, dialect);
      assert.deepEqual(
        told.candidates.map((each) => `${each.id} ${each.model}`),
        expected,
      );
      assert.equal(told.error, undefined);
      // Then each of them in this order, as one after another fails.
      upstream.behave({ status: 500 });
      const { record } = await ask(model, dialect);
      assert.deepEqual(
        record.attempts.map((each) => `${each.account} ${each.model}`),
        told.candidates.map((each) => `${each.account} ${each.model}`),
      );
    });

  it('the tester says which route, why, how, and who rests', async () => {
    await start({ accounts: everybody(), routes });
    upstream.fail({ key: 'sk-upstream-key-of-openai-chat', status: 429, headers: { 'retry-after': '60' } });
    await ask('fast', 'anthropic');
    const told = await portside.proxy.explainRoute('fast', 'anthropic');
    assert.deepEqual(told.rule, { pattern: 'fast', targets: ['local/qwen3', 'gemini-3-flash'] });
    assert.match(told.why, /exactly this name/);
    const rests = told.candidates.find(({ id }) => id === 'local');
    assert.equal(rests?.state, 'cooling');
    assert.ok(rests.until);
    assert.equal(told.candidates.at(-1)?.id, 'local');
    assert.equal(told.candidates[0]?.translated, true);
    assert.equal(told.candidates[0].dialect, 'gemini');
    const claude = await portside.proxy.explainRoute('claude-opus-9', 'anthropic');
    assert.equal(claude.candidates[0]?.translated, false);
    assert.match(claude.why, /claude-opus-\*/);
  });

  it('the tester sends nothing but requests for lists of models', async () => {
    await start({ accounts: everybody(), routes });
    for (const model of ['fast', 'claude-x', 'unheard'])
      await portside.proxy.explainRoute(model, 'anthropic');
    assert.equal(upstream.generations.length, 0);
  });

  it('the tester tells why nobody serves a name', async () => {
    await start({ accounts: everybody(), routes: { only: 'g1/x' } });
    portside.configure({ accounts: [] });
    const told = await portside.proxy.explainRoute('only', 'anthropic');
    assert.deepEqual(told.candidates, []);
    assert.match(told.error ?? '', /no available accounts/);
  });

  it('an unknown model goes to the account that lists it', async () => {
    await start({
      accounts: [
        accountAt(upstream, 'anthropic', { id: 'claude' }),
        accountAt(upstream, 'openai-chat', { id: 'one', label: 'One' }),
        accountAt(other, 'openai-chat', { id: 'two', label: 'Two' }),
      ],
    });
    const { response, record } = await ask('mystery-model', 'anthropic');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-portside-account'), 'Two');
    assert.deepEqual(record.warnings, []);
    assert.equal(other.generations[0]?.json.model, 'mystery-model');
  });

  it('a name that an account lists whole goes there, though it begins like another account', async () => {
    const third = await startScriptedUpstream({ models: ['one/mystery'] });
    await start({
      accounts: [
        accountAt(upstream, 'openai-chat', { id: 'one', label: 'One' }),
        accountAt(third, 'openai-chat', { id: 'two', label: 'Two' }),
      ],
    });
    const { response } = await ask('one/mystery', 'openai-chat');
    assert.equal(response.headers.get('x-portside-account'), 'Two');
    assert.equal(third.generations[0]?.json.model, 'one/mystery');
    await third.close();
  });

  it('of a route to accounts that are disabled the client and the tester are told', async () => {
    await start({
      accounts: [
        accountAt(upstream, 'openai-chat', { id: 'one', label: 'One' }),
        accountAt(other, 'openai-chat', { id: 'two', label: 'Two', enabled: false }),
      ],
      routes: { mine: 'two/qwen3' },
    });
    const { response, text } = await ask('mine', 'openai-chat');
    assert.equal(response.status, 404);
    for (const said of [text, (await portside.proxy.explainRoute('mine', 'openai-chat')).error])
      assert.match(said ?? '', /two\/qwen3 alone, which is not enabled/);
  });

  it('the tester warns of a route that leads to nobody', async () => {
    await start({
      accounts: [accountAt(upstream, 'openai-chat', { id: 'one', label: 'One', models: ['qwen3'] })],
      routes: { self: 'self', gone: 'ghost/m', fine: 'one/qwen3', chain: ['ghost/m', 'qwen3'] },
    });
    const warning = async (model: string) =>
      (await portside.proxy.explainRoute(model, 'openai-chat')).warning;
    assert.match((await warning('self')) ?? '', /"served-model"/);
    assert.match((await warning('gone')) ?? '', /"served-model"/);
    assert.equal(await warning('fine'), undefined);
    assert.equal(await warning('chain'), undefined);
  });

  it('does not wait for an account that does not tell its list', async () => {
    await start({
      accounts: [
        accountAt(upstream, 'anthropic', { id: 'claude' }),
        accountAt(other, 'openai-chat', { id: 'two', label: 'Two' }),
        { id: 'gone', provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1', key: 'none' },
      ],
    });
    assert.equal((await ask('mystery-model', 'gemini')).response.headers.get('x-portside-account'), 'Two');
  });

  it('a model that nobody lists goes to the default of the client’s protocol, with a warning', async () => {
    const accounts = [
      accountAt(upstream, 'gemini', { id: 'g', defaultModel: 'gemini-default' }),
      accountAt(upstream, 'anthropic', { id: 'claude', defaultModel: 'claude-default' }),
    ];
    await start({ accounts, scheduling: 'balance' });
    for (const [dialect, model] of [
      ['anthropic', 'claude-default'],
      ['gemini', 'gemini-default'],
      ['anthropic', 'claude-default'],
    ] as const) {
      const { response, record } = await ask('unheard', dialect);
      assert.equal(response.headers.get('x-portside-model'), model);
      assert.match(record.warnings[0]?.message ?? '', /No account has the model "unheard"/);
    }
    assert.match((await portside.proxy.explainRoute('unheard', 'gemini')).warning ?? '', /gemini-default/);
  });

  it('every name that an agent may send is routed or refused, never sent on unmapped', async () => {
    await start({
      accounts: [accountAt(upstream, 'gemini', { id: 'g' })],
      routes: { 'claude-*': 'gemini-3-flash' },
    });
    for (const model of [
      'claude-haiku-4-5-20251001',
      'claude-3-5-haiku-latest',
      'claude-opus-4-1',
      'claude-',
    ])
      await ask(model, 'anthropic');
    assert.ok(upstream.generations.every(({ url }) => url.includes('/gemini-3-flash:')));
  });

  it('the list of models is the union of what accounts list and routes name', async () => {
    await start({
      accounts: [
        accountAt(upstream, 'openai-chat', { id: 'one' }),
        accountAt(other, 'openai-chat', { id: 'two' }),
        accountAt(other, 'openai-chat', { id: 'off', enabled: false, models: ['never'] }),
      ],
      routes: { fast: 'qwen3', 'claude-*': 'qwen3' },
    });
    const list = (await (await fetch(`${portside.url}/v1/models`)).json()) as { data: { id: string }[] };
    assert.deepEqual(list.data.map(({ id }) => id).sort(), ['fast', 'llama', 'mystery-model', 'qwen3']);
  });
});
