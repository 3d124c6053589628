import assert from 'node:assert/strict';
import { accountWithKeySchema, type Dialect, type ProviderName } from '../../../../shared/settings';
import { endpointUrl } from '../../../../proxy/providers/endpoint-url';
import { providerOf } from '../../../../proxy/providers/registry';

/** Where each protocol of an account is. */
function places(provider: ProviderName, baseUrl?: string, dialect?: Dialect): Record<string, string> {
  const account = accountWithKeySchema.parse({ id: 'a', provider, baseUrl, dialect });
  const { endpoints } = providerOf(provider);
  return Object.fromEntries(endpoints.map((each) => [each.dialect, endpointUrl(account, each, endpoints)]));
}

describe('the addresses of an account’s protocols', () => {
  it('are the provider’s own without a base URL', () => {
    assert.deepEqual(places('zai'), {
      anthropic: 'https://api.z.ai/api/anthropic',
      'openai-chat': 'https://api.z.ai/api/paas/v4',
    });
    assert.equal(places('openai-compatible')['openai-chat'], '');
  });

  const rows: [string, ProviderName, string, Record<string, string>][] = [
    [
      'the same host in another country',
      'zai',
      'https://open.bigmodel.cn/api/anthropic',
      {
        anthropic: 'https://open.bigmodel.cn/api/anthropic',
        'openai-chat': 'https://open.bigmodel.cn/api/paas/v4',
      },
    ],
    [
      'the path of the second protocol',
      'zai',
      'http://127.0.0.1:9/paas/v4',
      { anthropic: 'http://127.0.0.1:9/anthropic', 'openai-chat': 'http://127.0.0.1:9/paas/v4' },
    ],
    [
      'a path of the user’s own, which is the first protocol’s',
      'zai',
      'http://127.0.0.1:9/gate',
      { anthropic: 'http://127.0.0.1:9/gate', 'openai-chat': 'http://127.0.0.1:9/gate/paas/v4' },
    ],
    [
      'a first protocol at the root',
      'deepseek',
      'http://127.0.0.1:9',
      { 'openai-chat': 'http://127.0.0.1:9', anthropic: 'http://127.0.0.1:9/anthropic' },
    ],
    [
      'a /v1 that the provider’s own URL does not have',
      'deepseek',
      'http://127.0.0.1:9/v1',
      { 'openai-chat': 'http://127.0.0.1:9/v1', anthropic: 'http://127.0.0.1:9/anthropic' },
    ],
    [
      'China’s Moonshot',
      'moonshot',
      'https://api.moonshot.cn/v1',
      { 'openai-chat': 'https://api.moonshot.cn/v1', anthropic: 'https://api.moonshot.cn/anthropic' },
    ],
    [
      'a second protocol at the root',
      'lmstudio',
      'http://10.0.0.2:1234/v1',
      {
        'openai-chat': 'http://10.0.0.2:1234/v1',
        'openai-responses': 'http://10.0.0.2:1234/v1',
        anthropic: 'http://10.0.0.2:1234',
      },
    ],
    [
      'protocols that share a path',
      'xai',
      'http://127.0.0.1:9/x',
      { 'openai-responses': 'http://127.0.0.1:9/x', 'openai-chat': 'http://127.0.0.1:9/x' },
    ],
    [
      'OpenRouter in Europe',
      'openrouter',
      'https://eu.openrouter.ai/api/v1',
      { 'openai-chat': 'https://eu.openrouter.ai/api/v1', anthropic: 'https://eu.openrouter.ai/api' },
    ],
  ];
  for (const [title, provider, baseUrl, expected] of rows)
    it(`follow from one URL: ${title}`, () => {
      assert.deepEqual(places(provider, baseUrl), expected);
    });

  it('are the user’s URL as it is where the protocol is named', () => {
    const named = places('zai', 'https://api.z.ai/api/coding/paas/v4', 'openai-chat');
    assert.equal(named['openai-chat'], 'https://api.z.ai/api/coding/paas/v4');
  });

  it('are told by the account where the provider’s table asks it', () => {
    assert.equal(
      places('azure', 'https://r.openai.azure.com')['openai-chat'],
      'https://r.openai.azure.com/openai/v1',
    );
  });
});
