import assert from 'node:assert/strict';
import { join } from 'node:path';
import { stateFolder } from '../../../../proxy/headless/state-folder';

describe('the folder of the command line', () => {
  const home = join('/', 'home', 'me');

  it('is the one that PORTSIDE_STATE names, everywhere', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      assert.equal(stateFolder({ PORTSIDE_STATE: '/x', XDG_STATE_HOME: '/y' }, platform, home), '/x');
  });

  it('is none when PORTSIDE_STATE is empty', () => {
    assert.equal(stateFolder({ PORTSIDE_STATE: '' }, 'linux', home), undefined);
  });

  it('is where the platform keeps such files', () => {
    assert.equal(stateFolder({}, 'linux', home), join(home, '.local', 'state', 'portside'));
    assert.equal(stateFolder({ XDG_STATE_HOME: '/state' }, 'linux', home), join('/state', 'portside'));
    assert.equal(stateFolder({}, 'darwin', home), join(home, 'Library', 'Application Support', 'Portside'));
    assert.equal(stateFolder({ LOCALAPPDATA: '/local' }, 'win32', home), join('/local', 'Portside'));
    assert.equal(stateFolder({}, 'win32', home), join(home, 'AppData', 'Local', 'Portside'));
  });
});
