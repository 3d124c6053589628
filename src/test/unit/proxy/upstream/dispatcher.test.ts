import assert from 'node:assert/strict';
import { Dispatchers } from '../../../../proxy/upstream/dispatcher';
import { networkSchema } from '../../../../shared/settings';

const settings = (more: object) => networkSchema.parse(more);

describe('connections to upstreams', () => {
  let dispatchers: Dispatchers;
  beforeEach(() => {
    dispatchers = new Dispatchers(1000);
  });
  afterEach(() => dispatchers.destroy());

  it('have one pool for each origin', () => {
    const pool = dispatchers.for('http://127.0.0.1:1');
    assert.equal(dispatchers.for('http://127.0.0.1:1'), pool);
    assert.notEqual(dispatchers.for('http://127.0.0.1:2'), pool);
  });

  it('keep their pools when settings come that say the same', () => {
    dispatchers.setNetwork(settings({ proxy: 'http://proxy.corp' }));
    const pool = dispatchers.for('https://api.test');
    assert.deepEqual(dispatchers.setNetwork(settings({ proxy: 'http://proxy.corp' })), []);
    dispatchers.setConnectTimeout(1000);
    assert.equal(dispatchers.for('https://api.test'), pool);
  });

  for (const change of [
    { proxy: 'http://other.corp' },
    { noProxy: ['api.test'] },
    { strictSsl: false },
    { certificates: ['x'] },
  ])
    it(`have new pools after a change of ${Object.keys(change)[0]}`, () => {
      dispatchers.setNetwork(settings({}));
      const pool = dispatchers.for('https://api.test');
      dispatchers.setNetwork(settings(change));
      assert.notEqual(dispatchers.for('https://api.test'), pool);
    });

  it('tell once what of the settings cannot be used', () => {
    const bad = settings({ proxy: 'socks5://me:secret@proxy.corp' });
    const [told] = dispatchers.setNetwork(bad);
    assert.match(told!, /socks5/);
    assert.doesNotMatch(told!, /secret/);
    assert.deepEqual(dispatchers.setNetwork(bad), []);
  });
});
