/** z.ai dispatch for Anthropic clients (SPEC 5.9, 1.4). */
import assert from 'node:assert/strict';
import { sendSmall } from '../../support/dialect-requests';
import { withAccounts } from '../../support/one-account';
import { accountAt, makePortside } from '../../support/start-portside';
import type { SettingsInput } from '../../support/start-portside';
import type { Dialect } from '../../../proxy/dialects/canonical';

const OWN = 'sk-upstream-key-own';
const ZAI = 'sk-upstream-key-zai';

describe('z.ai dispatch (SPEC 5.9)', () => {
  const at = withAccounts();

  type Mode = NonNullable<NonNullable<SettingsInput['zai']>['dispatchMode']>;
  const start = async (dispatchMode: Mode, more: SettingsInput = {}) => {
    await at.startWith({
      scheduling: 'balance',
      accounts: [accountAt(at.upstream, 'anthropic', { id: 'own', key: OWN })],
      zai: {
        dispatchMode,
        key: ZAI,
        baseUrl: at.upstream.url,
        models: { opus: 'glm-big', sonnet: 'glm-middle', haiku: 'glm-small' },
      },
      ...more,
    });
  };
  const ask = async (model = 'claude-sonnet-4-5', dialect: Dialect = 'anthropic') => {
    const response = await sendSmall(at.portside.url, dialect, { model });
    assert.equal(response.status, 200, await response.clone().text());
    return { response, text: await response.text() };
  };
  const asked = () =>
    at.upstream.generations.map(({ key, json }) => `${key === ZAI ? 'zai' : 'own'} ${String(json.model)}`);

  it('off: nobody is sent there', async () => {
    await start('off');
    for (let count = 0; count < 4; count++) await ask();
    assert.deepEqual(new Set(asked()), new Set(['own claude-sonnet-4-5']));
  });

  it('exclusive: all requests of Anthropic clients, by the map of families, whatever routes say', async () => {
    await start('exclusive', { routes: { 'claude-*': 'own/claude-x' } });
    for (const model of [
      'claude-opus-4-1',
      'claude-sonnet-4-5',
      'claude-haiku-4-5-20251001',
      'glm-5',
      'else',
    ])
      await ask(model);
    assert.deepEqual(asked(), [
      'zai glm-big',
      'zai glm-middle',
      'zai glm-small',
      'zai glm-5',
      'zai glm-middle',
    ]);
    await ask('claude-sonnet-4-5', 'openai-chat');
    assert.match(asked().at(-1) ?? '', /^own /);
  });

  it('exclusive: the answer names the model as it was asked for, and warns of nothing', async () => {
    await start('exclusive');
    const { response, text } = await ask('claude-opus-4-1');
    assert.equal((JSON.parse(text) as { model: string }).model, 'claude-opus-4-1');
    assert.equal(response.headers.get('x-portside-model'), 'glm-big');
    const record = await at.portside.recorded(response.headers.get('x-request-id')!);
    assert.deepEqual(record.warnings, []);
  });

  it('pooled: one slot in the rotation', async () => {
    await start('pooled');
    for (let count = 0; count < 6; count++) await ask();
    assert.deepEqual(asked().sort(), [
      ...Array<string>(3).fill('own claude-sonnet-4-5'),
      ...Array<string>(3).fill('zai glm-middle'),
    ]);
  });

  it('fallback: only when nothing else is available', async () => {
    await start('fallback');
    for (let count = 0; count < 3; count++) await ask();
    at.upstream.fail({ key: OWN, status: 429, headers: { 'retry-after': '100' } });
    for (let count = 0; count < 2; count++) await ask();
    assert.deepEqual(
      asked().map((each) => each.split(' ')[0]),
      ['own', 'own', 'own', 'own', 'zai', 'zai'],
    );
  });

  it('is confused with no account of the user’s, whatever its id', async () => {
    const own = { id: 'zai-dispatch', key: OWN };
    await start('pooled', { accounts: [accountAt(at.upstream, 'anthropic', own)] });
    for (let count = 0; count < 4; count++) await ask();
    assert.equal(new Set(asked()).size, 2);
    const { activeAccounts, accounts } = at.portside.proxy.status();
    assert.equal(activeAccounts, 2);
    assert.deepEqual(
      accounts.map(({ id }) => id),
      ['zai-dispatch'],
    );
  });

  it('may be all there is: the proxy starts without accounts (SPEC 1.4)', async () => {
    await start('fallback', { accounts: [] });
    await ask();
    assert.deepEqual(asked(), ['zai glm-middle']);
    assert.equal(at.portside.proxy.status().activeAccounts, 1);
    const without = makePortside({ zai: { dispatchMode: 'exclusive', key: '' } });
    await assert.rejects(
      without.proxy.start(),
      /^NoAccountsError: no available accounts, please add an account first$/,
    );
  });
});
