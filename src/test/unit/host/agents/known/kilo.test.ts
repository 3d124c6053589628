import assert from 'node:assert/strict';
import { readJson } from '../../../../../host/agents/edit/edit-json';
import { kilo } from '../../../../../host/agents/known/kilo';
import {
  anyJson,
  anything,
  connected,
  CONNECTION,
  filesOf,
  itComesBack,
  itLeavesOthers,
  itRefuses,
  place,
} from '../../../../support/agent-contract';

const names = kilo.files(place()).map((path) => path.replace('/home/me/.config/kilo/', ''));
const texts = (of: Record<string, string>) => names.map((name) => of[name]);

describe('Kilo Code', () => {
  itComesBack(kilo, {
    'no file': [],
    'an empty file': texts({ 'kilo.jsonc': '' }),
    'a mark and no last line end': texts({ 'kilo.jsonc': '\uFEFF{ "share": "manual" }' }),
    'a file of OpenCode that wins': texts({ 'kilo.json': '{}', 'opencode.json': '{"model":"a/b"}' }),
    comments: texts({ 'kilo.jsonc': '{\r\n  // mine\r\n  "model": "kilo/x",\r\n}' }),
    'the file without comments': texts({ 'kilo.json': '{"permission": {"bash": "ask"}}\n' }),
  });

  itRefuses(kilo, texts({ 'kilo.jsonc': '{"a" 1}' }), 1, 6, names.indexOf('kilo.jsonc'));

  itLeavesOthers(kilo, anyJson(anything), readJson, (value) => {
    const {
      provider: _,
      model: __,
      small_model: ___,
      $schema: ____,
      ...rest
    } = value as Record<string, unknown>;
    return rest;
  });

  it('writes kilo.jsonc', () => {
    const after = connected(kilo, []);
    assert.deepEqual(
      names.filter((_, index) => after[index] !== undefined),
      ['kilo.jsonc'],
    );
    assert.equal(kilo.isConnected(filesOf(kilo, after), CONNECTION), true);
  });

  it('changes a file of OpenCode in its folder where that one wins', () => {
    const before = texts({ 'kilo.jsonc': '{"theme": "x"}', 'opencode.json': '{ "model": "a/b" }' });
    const after = connected(kilo, before);
    assert.equal(kilo.isConnected(filesOf(kilo, before), CONNECTION), false);
    assert.equal(kilo.isConnected(filesOf(kilo, after), CONNECTION), true);
    assert.equal(after[names.indexOf('kilo.jsonc')], '{"theme": "x"}');
  });

  it('tells of the folder of a variable, a project and the organisation, which win', () => {
    const at = place({ env: { KILO_CONFIG_DIR: '/own' }, workspaces: ['/work'] });
    const all = kilo.files(at);
    const wins = ['/work/.kilo/kilo.jsonc', '/own/kilo.json', '/etc/kilo/opencode.jsonc'];
    const files = connected(kilo, [], CONNECTION, at).map((text, index) =>
      wins.includes(all[index] ?? '') ? '{"model": "a/b"}' : text,
    );
    assert.deepEqual(
      kilo.overrides(at, filesOf(kilo, files, at)).map(({ name }) => name),
      wins,
    );
  });

  it('knows where its files are, on every system', () => {
    const windows = place({ platform: 'win32', home: 'C:\\Users\\me', env: { ProgramData: 'D:\\Data' } });
    assert.equal(kilo.files(windows)[0], 'C:\\Users\\me\\.config\\kilo\\kilo.jsonc');
    assert.equal(kilo.files(windows).at(-1), 'D:\\Data\\kilo\\opencode.json');
    const mac = place({ platform: 'darwin', home: '/Users/me' });
    assert.equal(kilo.files(mac)[0], '/Users/me/.config/kilo/kilo.jsonc');
    assert.equal(kilo.files(mac).at(-1), '/Library/Application Support/kilo/opencode.json');
  });
});
