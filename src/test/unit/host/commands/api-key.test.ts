import assert from 'node:assert/strict';
import { generateApiKey } from '../../../../host/secrets';
import { apiKeySchema } from '../../../../shared/settings';

describe('a generated API key (SPEC 2.4)', () => {
  it('is sk- and 48 hex digits, and what the settings accept', () => {
    const key = generateApiKey();
    assert.match(key, /^sk-[0-9a-f]{48}$/);
    assert.equal(apiKeySchema.parse(key), key);
  });

  it('is another one each time', () => {
    assert.equal(new Set(Array.from({ length: 1000 }, generateApiKey)).size, 1000);
  });

  for (const [key, good] of [
    ['sk-1234567', true],
    ['sk-123456', false],
    ['pk-1234567890', false],
    ['sk-1234 5678', false],
    ['sk-1234567\n', false],
    ['sk-1234567é', false],
    ['', false],
  ] as const)
    it(`${good ? 'may' : 'may not'} be ${JSON.stringify(key)} when a person chooses it`, () => {
      assert.equal(apiKeySchema.safeParse(key).success, good);
    });
});
