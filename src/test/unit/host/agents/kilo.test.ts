import assert from 'node:assert/strict';
import { readJson } from '../../../../host/agents/edit/edit-json';
import { kilo } from '../../../../host/agents/kilo';
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
} from '../../../support/agent-contract';

const names = kilo.files(place()).map((path) => path.replace('/home/me/.config/kilo/', ''));
const texts = (of: Record<string, string>) => names.map((name) => of[name]);

describe('Kilo Code', () => {
  itComesBack(kilo, {
    'no file': [],
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

  it('tells of the files of OpenCode in its folder that win', () => {
    const at = place({ env: { KILO_CONFIG_DIR: '/own' } });
    const all = kilo.files(at);
    const wins = ['/home/me/.config/kilo/opencode.json', '/own/kilo.json', '/etc/kilo/opencode.jsonc'];
    const files = connected(kilo, [], CONNECTION, at).map((text, index) =>
      wins.includes(all[index] ?? '') ? '{"model": "a/b"}' : text,
    );
    assert.deepEqual(
      kilo.overrides(at, filesOf(kilo, files, at)).map(({ name }) => name),
      wins,
    );
    assert.equal(kilo.isConnected(filesOf(kilo, files, at), CONNECTION), false);
  });
});
