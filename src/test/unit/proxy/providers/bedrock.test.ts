import assert from 'node:assert/strict';
import { bedrock } from '../../../../proxy/providers/bedrock';
import { accountWithKeySchema } from '../../../../shared/settings';

const [endpoint] = bedrock.endpoints;

function addresses(more: Record<string, string>): (string | undefined)[] {
  const account = accountWithKeySchema.parse({ id: 'aws', provider: 'bedrock', key: 'ABSKkey', ...more });
  const { baseUrl } = endpoint!;
  return [typeof baseUrl === 'function' ? baseUrl(account) : baseUrl, endpoint?.lists?.baseUrl(account)];
}

describe('the table of Amazon Bedrock', () => {
  const names = ['AWS_REGION', 'AWS_DEFAULT_REGION'];
  const before = names.map((name) => [name, process.env[name]] as const);
  beforeEach(() => {
    for (const name of names) delete process.env[name];
  });
  after(() => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });

  it('has an address for each region, or the user’s', () => {
    const of = (region: string, end = '') =>
      ['bedrock-runtime', 'bedrock'].map((service) => `https://${service}.${region}.amazonaws.com${end}`);
    assert.deepEqual(addresses({}), of('us-east-1'));
    assert.deepEqual(addresses({ region: 'eu-west-1' }), of('eu-west-1'));
    assert.deepEqual(addresses({ region: 'cn-north-1' }), of('cn-north-1', '.cn'));
    const own = 'http://127.0.0.1:1/gateway';
    assert.deepEqual(addresses({ region: 'eu-west-1', baseUrl: own }), [own, own]);
  });

  it('follows the machine’s region where it uses the machine’s credentials', () => {
    process.env['AWS_DEFAULT_REGION'] = 'ap-south-1';
    assert.match(addresses({ key: '' })[0]!, /ap-south-1/);
    process.env['AWS_REGION'] = 'sa-east-1';
    assert.match(addresses({ key: '' })[0]!, /sa-east-1/);
    assert.match(addresses({ key: '', region: 'eu-west-1' })[0]!, /eu-west-1/);
    assert.match(addresses({})[0]!, /us-east-1/);
  });

  it('signs for the region that a URL names', async () => {
    const sign = async (baseUrl: string) => {
      const key = 'AKIAIOSFODNN7EXAMPLE:secret';
      const account = accountWithKeySchema.parse({ id: 'aws', provider: 'bedrock', key, baseUrl });
      const request = { method: 'POST', url: `${baseUrl}/model/m/converse`, headers: [], body: null };
      const lines = await endpoint?.authorize?.(account, request, {} as never);
      return /\/\d{8}\/([^/]+)\/bedrock\//.exec(lines?.at(-1) ?? '')?.[1];
    };
    assert.equal(await sign('https://bedrock-runtime.us-gov-west-1.amazonaws.com'), 'us-gov-west-1');
    assert.equal(await sign('https://bedrock-runtime-fips.ca-central-1.amazonaws.com'), 'ca-central-1');
    assert.equal(await sign('https://vpce-1.bedrock-runtime.eu-west-3.vpce.amazonaws.com'), 'eu-west-3');
    assert.equal(await sign('https://gateway.example.com'), 'us-east-1');
  });

  it('sends API keys, and never a pair of keys', () => {
    assert.deepEqual(endpoint?.auth('ABSKkey='), { authorization: 'Bearer ABSKkey=' });
    assert.deepEqual(endpoint?.auth('AKIAIOSFODNN7EXAMPLE:secret'), {});
  });
});
