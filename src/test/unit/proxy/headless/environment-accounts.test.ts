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
    ['DEEPSEEK_API_KEY', 'deepseek'],
    ['GROQ_API_KEY', 'groq'],
    ['MISTRAL_API_KEY', 'mistral'],
    ['XAI_API_KEY', 'xai'],
    ['MOONSHOT_API_KEY', 'moonshot'],
    ['AWS_BEARER_TOKEN_BEDROCK', 'bedrock'],
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

  const usable = (environment: NodeJS.ProcessEnv) => {
    const accounts = environmentAccounts(environment);
    assert.deepEqual(proxySettingsSchema.parse({ accounts }).accounts, accounts);
    return accounts.map(({ provider, key, baseUrl, project, region }) => ({
      provider,
      ...(key && { key }),
      ...(baseUrl && { baseUrl }),
      ...(project && { project }),
      ...(region && { region }),
    }));
  };

  it('are there for Azure, where key and endpoint are, as the portal shows it', () => {
    for (const url of [
      'https://r.openai.azure.com',
      'https://r.openai.azure.com/',
      'https://r.openai.azure.com/?api-version=1',
    ])
      assert.deepEqual(usable({ AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: url }), [
        { provider: 'azure', key: 'k', baseUrl: 'https://r.openai.azure.com' },
      ]);
    assert.deepEqual(usable({ AZURE_OPENAI_API_KEY: 'k' }), [{ provider: 'demo' }]);
  });

  it('are there for Vertex AI, without the credential: it is read when it is needed', () => {
    assert.deepEqual(usable({ GOOGLE_APPLICATION_CREDENTIALS: '/k.json' }), [{ provider: 'vertex' }]);
    assert.deepEqual(usable({ GOOGLE_CLOUD_PROJECT: 'p', GOOGLE_CLOUD_LOCATION: 'us-east5' }), [
      { provider: 'vertex', project: 'p', region: 'us-east5' },
    ]);
    assert.deepEqual(usable({ GOOGLE_CLOUD_PROJECT: 'p' }), [{ provider: 'demo' }]);
  });

  it('are there for Bedrock, by its own key first, and by an access key where a region is', () => {
    const pair = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
    assert.deepEqual(usable(pair), [{ provider: 'demo' }]);
    const here = { ...pair, AWS_REGION: 'eu-west-1' };
    assert.deepEqual(usable(here), [{ provider: 'bedrock', key: 'a:s', region: 'eu-west-1' }]);
    assert.equal(usable({ ...here, AWS_SESSION_TOKEN: 't' })[0]?.key, 'a:s:t');
    assert.equal(usable({ ...here, AWS_BEARER_TOKEN_BEDROCK: 'b' })[0]?.key, 'b');
  });

  it('are the demo where no key is, or only empty ones', () => {
    assert.deepEqual(found({}), ['demo ']);
    assert.deepEqual(found({ GEMINI_API_KEY: '', OPENAI_API_KEY: '  ', PATH: '/bin' }), ['demo ']);
  });
});
