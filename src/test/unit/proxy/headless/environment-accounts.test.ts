import assert from 'node:assert/strict';
import { proxySettingsSchema } from '../../../../shared/settings';
import { environmentAccounts } from '../../../../proxy/headless/environment-accounts';

const found = (environment: NodeJS.ProcessEnv) =>
  environmentAccounts(environment).map(({ provider, key }) => `${provider} ${key}`);

describe('accounts from the environment (SPEC §9)', () => {
  for (const [variable, provider] of [
    ['GEMINI_API_KEY', 'gemini'],
    ['ANTHROPIC_API_KEY', 'anthropic'],
    ['OPENAI_API_KEY', 'openai'],
    ['ZAI_API_KEY', 'zai'],
    ['OPENROUTER_API_KEY', 'openrouter'],
  ] as const)
    it(`are there for ${variable}`, () => {
      assert.deepEqual(found({ [variable]: ' k ' }), [`${provider} k`]);
    });

  it('are there for several keys at once, each usable as it is', () => {
    const accounts = environmentAccounts({ OPENAI_API_KEY: 'o', GEMINI_API_KEY: 'g' });
    assert.deepEqual(
      accounts.map(({ id }) => id),
      ['gemini', 'openai'],
    );
    assert.deepEqual(proxySettingsSchema.parse({ accounts }).accounts, accounts);
  });

  it('are the demo where no key is, or only empty ones', () => {
    assert.deepEqual(found({}), ['demo ']);
    assert.deepEqual(found({ GEMINI_API_KEY: '', OPENAI_API_KEY: '  ', PATH: '/bin' }), ['demo ']);
  });
});
