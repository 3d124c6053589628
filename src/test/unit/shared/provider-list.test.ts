import assert from 'node:assert/strict';
import { providerOf } from '../../../proxy/providers/registry';
import { PROVIDER_LIST, providerInfo } from '../../../shared/provider-list';
import { accountProblem, accountWithKeySchema, baseUrlSchema, PROVIDERS } from '../../../shared/settings';

describe('the list of providers', () => {
  it('has each provider once, in the order of the settings', () => {
    assert.deepEqual(
      PROVIDER_LIST.map(({ name }) => name),
      [...PROVIDERS],
    );
  });

  for (const name of PROVIDERS) {
    it(`agrees with the core about ${name}`, () => {
      const info = providerInfo(name);
      const provider = providerOf(name);
      assert.equal(info.label, provider.label);
      assert.equal(info.key === 'required', provider.needsKey);
      const own = provider.endpoints[0]?.baseUrl;
      assert.equal(info.defaultBaseUrl, typeof own === 'function' ? undefined : own);
      assert.equal(info.sampleModel, provider.defaultModel);
      const whole = accountWithKeySchema.parse({ id: name, provider: name });
      assert.equal(info.baseUrl === 'required', accountProblem(whole) !== undefined);
      if (info.defaultBaseUrl) assert.equal(baseUrlSchema.parse(info.defaultBaseUrl), info.defaultBaseUrl);
      if (info.keyPage) assert.match(info.keyPage, /^https:/);
    });
  }
});
