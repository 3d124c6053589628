import assert from 'node:assert/strict';
import type { AccountStatus } from '../../shared/status';
import { openPanelAlone, panelState, type PanelAlone } from './panel-alone';

const account = (id: string, part: Partial<AccountStatus> = {}): AccountStatus => ({
  id,
  label: id,
  provider: 'gemini',
  enabled: true,
  state: 'healthy',
  ...part,
});

describe('states of the pool in the panel', () => {
  let alone: PanelAlone;
  afterEach(() => alone.close());

  const row = (id: string) => alone.page.locator(`[data-account="${id}"]`);
  const show = (tab: string) => alone.page.getByRole('tab', { name: tab, exact: true }).click();
  const words = (id: string) => row(id).getByTestId('account-state').innerText();

  it('each has its own words', async () => {
    const soon = Date.now() + 3_700_000;
    alone = await openPanelAlone(
      panelState([
        account('well', { inFlight: 2, queued: 1, successRate: 0.987, latencyMs: 420, served: 12 }),
        account('tired', { state: 'cooling', until: soon, reason: 'requests per day' }),
        account('tried', { state: 'probing', reason: 'overloaded' }),
        account('dead', { state: 'disabled', reason: 'the bill is not paid' }),
        account('off', { state: 'disabled', enabled: false }),
      ]),
    );
    await show('Accounts');
    assert.equal(await words('well'), 'Healthy');
    assert.match(await words('tired'), /^Cooling, back in 1:01:\d\d: requests per day$/);
    assert.equal(await words('tried'), 'Probing, one request decides: overloaded');
    assert.equal(await words('dead'), 'Disabled by the provider: the bill is not paid');
    assert.equal(await words('off'), 'Disabled by you');
    const numbers = await row('well').getByTestId('account-numbers').innerText();
    assert.deepEqual(
      numbers.split(/\s*\n\s*/).join(' '),
      'In flight 2 Waiting 1 Succeeded 98% First byte 420 ms Served 12',
    );
    assert.equal(await row('off').getByTestId('account-numbers').count(), 0);
  });

  it('only what rests can be cleared: the account, or a model by itself', async () => {
    const models = [
      { model: 'm-1', state: 'cooling' as const, reason: 'tokens per minute', until: Date.now() + 60_000 },
    ];
    alone = await openPanelAlone(
      panelState([account('a', { models }), account('b', { state: 'cooling' }), account('c')]),
    );
    await show('Accounts');
    await row('a').getByText('1 model rests').click();
    await row('a')
      .getByText(/^Cooling, back in \d:\d\d: tokens per minute$/)
      .waitFor();
    await row('a').getByRole('button', { name: 'Clear m-1' }).click();
    await row('b').getByRole('button', { name: 'Clear b' }).click();
    assert.equal(
      await row('c')
        .getByRole('button', { name: /^Clear/ })
        .count(),
      0,
    );
    assert.deepEqual(await alone.calls(), [
      { type: 'clearCooling', id: 'a', model: 'm-1' },
      { type: 'clearCooling', id: 'b' },
    ]);
  });

  it('focus, typed text and open details outlast fresh numbers, which are asked for while they are shown', async () => {
    const models = [{ model: 'm-1', state: 'probing' as const, reason: 'its rest is over' }];
    const state = panelState([account('a', { models, served: 1 }), account('b')]);
    alone = await openPanelAlone(state);
    await alone.page.waitForTimeout(500);
    assert.equal(await alone.refreshes(), 0);
    await show('Accounts');
    await row('a').locator('summary').click();
    await row('b').getByTestId('edit').click();
    await alone.page.locator('#account-label').fill('half-typed');
    await alone.tell({
      type: 'state',
      state: panelState([account('a', { models, served: 2 }), account('b')]),
    });
    await row('a').getByTestId('account-numbers').getByText('2', { exact: true }).waitFor();
    assert.equal(await alone.page.locator('#account-label').inputValue(), 'half-typed');
    assert.equal(await alone.page.evaluate('document.activeElement.id'), 'account-label');
    assert.equal(await row('a').locator('details').getAttribute('open'), '');
    while ((await alone.refreshes()) < 3) await alone.page.waitForTimeout(20);
  });

  it('of quick choices the last one wins', async () => {
    alone = await openPanelAlone(panelState([account('a')]));
    await show('Accounts');
    await alone.page.evaluate(
      `for (let clicks = 0; clicks < 2; clicks += 1) document.querySelector('[role="switch"]').click()`,
    );
    const asked = async () => (await alone.calls()).map(({ enabled }) => enabled);
    while ((await asked()).length < 2) await alone.page.waitForTimeout(20);
    assert.deepEqual(await asked(), [false, true]);
  });

  it('a switch shows what was chosen, also while the proxy does not know of it yet', async () => {
    const state = panelState([account('a', { enabled: false, state: 'disabled' }), account('b')]);
    alone = await openPanelAlone({ ...state, accounts: [{ ...state.accounts[0]!, enabled: true }] });
    await show('Accounts');
    assert.equal(await row('a').getByRole('switch').isChecked(), true);
    assert.equal(await words('a'), 'Disabled by you');
    assert.equal(await row('b').count(), 0);
  });

  it('the host can open the form of an account', async () => {
    alone = await openPanelAlone(panelState([account('a'), account('b')]));
    await alone.tell({ type: 'show', account: 'b' });
    await row('b').getByRole('heading', { name: 'Edit b' }).waitFor();
    assert.equal(await alone.page.locator('#page-accounts').getAttribute('aria-selected'), 'true');
  });

  it('a service account’s JSON is pasted on many lines, masked, and sent on one', async () => {
    alone = await openPanelAlone(panelState([]), { addAccount: { ok: true, message: 'Works.' } });
    await show('Accounts');
    await alone.page.getByTestId('add-account').click();
    await alone.page.locator('#account-provider').selectOption('vertex');
    const key = alone.page.locator('textarea#account-key');
    await key.fill('{ not JSON');
    await alone.page.getByTestId('save-account').click();
    await alone.page.getByText('The service account is not valid JSON.').waitFor();
    await key.fill('{\n  "type": "service_account",\n  "private_key": "a\\nb"\n}\n');
    const masked = await alone.page.evaluate(
      'getComputedStyle(document.querySelector("#account-key")).webkitTextSecurity',
    );
    assert.equal(masked, 'disc');
    await alone.page.locator('#account-region').fill('global');
    await alone.page.getByTestId('save-account').click();
    await alone.page.locator('portside-account-form').waitFor({ state: 'detached' });
    assert.deepEqual(await alone.calls(), [
      {
        type: 'addAccount',
        account: {
          provider: 'vertex',
          key: '{"type":"service_account","private_key":"a\\nb"}',
          region: 'global',
        },
      },
    ]);
  });

  it('where a name would go: the rule, the order, what is skipped and what is wrong', async () => {
    const candidate = { account: 'a', id: 'a', provider: 'gemini', model: 'm', dialect: 'gemini' };
    alone = await openPanelAlone(panelState([account('a')]), {
      explainRoute: {
        model: 'claude-x',
        protocol: 'anthropic',
        rule: { pattern: 'claude-*', targets: ['a/m', 'b/n'] },
        why: 'most specific pattern',
        candidates: [
          { ...candidate, translated: true, state: 'healthy' },
          {
            ...candidate,
            account: 'b',
            translated: false,
            dialect: 'anthropic',
            state: 'cooling',
            reason: 'tired',
          },
        ],
        warning: 'm is not claude-x.',
        error: 'Nobody would serve it.',
      },
    });
    await show('Routing');
    await alone.page.getByTestId('explain-route').click();
    await alone.page.getByText('The model name is missing.').waitFor();
    await alone.page.locator('#test-model').fill('claude-x');
    await alone.page.keyboard.press('Enter');
    const found = alone.page.getByTestId('route-explanation');
    await found.getByText('claude-*').waitFor();
    assert.deepEqual(await found.locator('.chain li').allInnerTexts(), ['a/m', 'b/n']);
    const lines = (await found.getByTestId('candidate').allInnerTexts()).map((text) =>
      text.replace(/\s+/g, ' '),
    );
    assert.deepEqual(lines, ['a m translated to Gemini Healthy', 'b m passed through Cooling: tired']);
    await found.getByText('m is not claude-x.').waitFor();
    await found.getByText('Nobody would serve it.').waitFor();
  });
});
