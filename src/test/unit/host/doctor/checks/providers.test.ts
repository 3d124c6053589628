import { account, bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkProviders } from '../../../../../host/doctor/checks/providers';

describe('the doctor on providers', () => {
  it('asks each healthy account, and tells what its provider said', async () => {
    const { find, press, done, world } = bench();
    world.accounts = [account('good'), account('bad')];
    world.tests['bad'] = { ok: false, message: 'API key not valid' };
    assert.deepEqual(await find(checkProviders), [
      'ok: GOOD: fine',
      'error: BAD does not work: API key not valid',
    ]);
    assert.equal(await press(checkProviders, /BAD/), 'Edit');
    assert.deepEqual(done, ['portside.editAccount bad']);
  });

  it('leaves alone what is off, rests, has no key, or may ask for consent', async () => {
    const { find, world } = bench();
    world.accounts = [
      account('off', { enabled: false }),
      account('rests'),
      account('keyless', { hasKey: false }),
      account('lm', { provider: 'vscode', hasKey: false }),
    ];
    world.status.accounts = [
      { id: 'rests', label: 'rests', provider: 'gemini', enabled: true, state: 'cooling' },
    ];
    assert.deepEqual(await find(checkProviders), ['info: No healthy account is there to be asked.']);
  });

  it('is not run again because something else was mended', () => {
    assert.equal(checkProviders.far, true);
  });
});
