import assert from 'node:assert/strict';
import { providerOf } from '../../../proxy/providers/registry';
import { PROVIDER_LIST, providerInfo } from '../../../shared/provider-list';
import { baseUrlSchema, PROVIDERS } from '../../../shared/settings';

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
      assert.equal(info.defaultBaseUrl, provider.endpoints[0]?.baseUrl);
      assert.equal(info.sampleModel, provider.defaultModel);
      assert.equal(info.baseUrl === 'required', provider.endpoints.length > 0 && !info.defaultBaseUrl);
      if (info.defaultBaseUrl) assert.equal(baseUrlSchema.parse(info.defaultBaseUrl), info.defaultBaseUrl);
      if (info.keyPage) assert.match(info.keyPage, /^https:/);
    });
  }
});
