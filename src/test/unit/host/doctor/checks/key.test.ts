import { bench } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkKey } from '../../../../../host/doctor/checks/key';

describe('the doctor on key and access', () => {
  it('says of whom the key is asked', async () => {
    const { find, world } = bench();
    assert.deepEqual(await find(checkKey), [
      'ok: Programs of this machine need no key; other machines cannot reach the proxy.',
    ]);
    world.settings.authMode = 'strict';
    assert.match((await find(checkKey)).join(), /^ok: Clients must send the API key/);
    Object.assign(world.settings, { authMode: 'auto', allowLanAccess: true });
    assert.match((await find(checkKey)).join(), /^ok: Clients of this machine and of the network must/);
  });

  it('finds a network that needs no key, and asks for it from then on', async () => {
    const { press, done, world } = bench();
    Object.assign(world.settings, { authMode: 'off', allowLanAccess: true });
    assert.equal(await press(checkKey, /whole network may use your accounts/), 'Ask for the Key');
    assert.deepEqual(done, ['authMode=auto']);
  });

  it('finds a key that is none', async () => {
    const { press, done, world } = bench();
    world.key = 'with space';
    assert.equal(await press(checkKey, /not valid/), 'Regenerate API Key');
    assert.deepEqual(done, ['portside.regenerateApiKey']);
  });

  it('finds client keys that have expired, those alone', async () => {
    const { find, press, done, world } = bench();
    world.clientKeys = [
      { name: 'ci', expired: true },
      { name: 'dev', expired: false },
    ];
    assert.deepEqual(
      (await find(checkKey)).filter((line) => line.includes('client key')),
      ['warning: The client key “ci” has expired: its client gets 401.'],
    );
    assert.equal(await press(checkKey, /expired/), 'Remove Client Key');
    assert.deepEqual(done, ['portside.removeClientKey ci']);
  });
});
