import assert from 'node:assert/strict';
import fc from 'fast-check';
import { crush } from '../../../../../host/agents/known/crush';
import { readJson, valueAt } from '../../../../../host/agents/edit/edit-json';
import {
  anyJson,
  anything,
  connected,
  CONNECTION,
  disconnected,
  filesOf,
  itComesBack,
  itLeavesOthers,
  itRefuses,
  place,
  said,
} from '../../../../support/agent-contract';

describe('Crush', () => {
  itComesBack(crush, {
    'no file': [],
    'an empty file': [''],
    'a mark and no last line end': ['\uFEFF{"options":{"debug":true}}'],
    comments: ['{\n  // mine\n  "options": { "tui": {} }, /* x */\n}\n'],
    'CRLF and unknown keys': [
      '{\r\n  "options": { "debug": true },\r\n  "providers": { "x": { "type": "openai" } }\r\n}\r\n',
    ],
    'a model chosen in Crush': [
      '{}',
      '{"models":{"large":{"model":"m","provider":"x","think":true},"small":{"model":"s","provider":"x"}}}',
    ],
    'another choice without models': [undefined, '{"options": {}}'],
  });

  itRefuses(crush, ['{\n"a": 1\n"b": 2}'], 3, 1);
  itRefuses(crush, ['{}', '{"models": '], 1, 12, 1);
  itRefuses(crush, ['{"providers": []}'], 1, 15);

  itLeavesOthers(
    crush,
    anyJson(
      fc
        .tuple(
          anything,
          fc.record({ providers: fc.record({ x: anything }), options: anything }, { requiredKeys: [] }),
        )
        .map(([any, known]) => ({ ...any, ...known })),
    ),
    readJson,
    (value) => {
      const { providers, models: _, ...rest } = value as Record<string, unknown>;
      const { portside: __, ...others } = (providers ?? {}) as Record<string, unknown>;
      return { ...rest, ...others };
    },
  );

  it('makes a provider and uses its first model for everything', () => {
    const { models, providers } = said(connected(crush, [])[0]);
    const first = { provider: 'portside', model: 'gpt-5' };
    assert.deepEqual(models, { large: first, small: first });
    assert.equal(valueAt(providers, ['portside', 'type']), 'openai-compat');
    assert.equal(valueAt(providers, ['portside', 'base_url']), 'http://127.0.0.1:8045/v1');
    assert.equal(valueAt(providers, ['portside', 'models', 2, 'id']), 'vendor/model:free');
  });

  it('changes what was chosen in Crush, but no small model of somebody else', () => {
    const [, data] = connected(crush, [
      '{}',
      '{"models":{"large":{"provider":"x","model":"y","think":true},"small":{"provider":"x","model":"z"}}}',
    ]);
    assert.deepEqual(said(data)['models'], {
      large: { provider: 'portside', model: 'gpt-5' },
      small: { provider: 'x', model: 'z' },
    });
    const texts = ['{}', '{"models":{"large":{"provider":"x","model":"y"}}}'];
    const [config] = connected(crush, texts);
    assert.equal(crush.isConnected(filesOf(crush, [config, texts[1]]), CONNECTION), false);
  });

  it('writes the key so that Crush does not expand it', () => {
    const [text] = connected(crush, [], { ...CONNECTION, key: 'sk-a$b`c\\d"e\'f' });
    assert.equal(valueAt(said(text), ['providers', 'portside', 'api_key']), 'sk-a\\$b\\`c\\\\d"e\'f');
  });

  it('knows where its files are, on every system', () => {
    const windows = place({ platform: 'win32', home: 'C:\\Users\\me', env: { LOCALAPPDATA: 'D:\\Local' } });
    assert.deepEqual(crush.files(place()).slice(0, 2), [
      '/home/me/.config/crush/crush.json',
      '/home/me/.local/share/crush/crush.json',
    ]);
    assert.deepEqual(crush.files(windows).slice(0, 2), [
      'C:\\Users\\me\\.config\\crush\\crush.json',
      'D:\\Local\\crush\\crush.json',
    ]);
    const mac = place({ platform: 'darwin', home: '/Users/me', env: { XDG_DATA_HOME: '/data' } });
    assert.deepEqual(crush.files(mac).slice(0, 2), [
      '/Users/me/.config/crush/crush.json',
      '/data/crush/crush.json',
    ]);
    assert.equal(crush.files(place({ env: { CRUSH_GLOBAL_DATA: '/d' } }))[1], '/d/crush.json');
    assert.equal(crush.files(place({ env: { CRUSH_GLOBAL_CONFIG: '/c' } }))[0], '/c/crush.json');
  });

  it('tells what wins: scripts and files of a project', () => {
    const at = place({ workspaces: ['/work'] });
    const texts = crush
      .files(at)
      .map((path) =>
        path === '/home/me/.config/crush/crushrc'
          ? 'model large openai/x\n'
          : path === '/work/crushrc'
            ? 'permissions allow view\nmodel large portside/x\nmodel large\n'
            : path === '/work/.crush.json'
              ? '{"providers":{"portside":{"base_url":"http://elsewhere/v1"}}}'
              : path === '/work/.crush/crush.json'
                ? '{"models":{"large":{"provider":"x"}}}'
                : undefined,
      );
    assert.deepEqual(crush.overrides(at, filesOf(crush, texts, at)), [
      { name: '/home/me/.config/crush/crushrc' },
      { name: '/work/.crush.json', value: 'http://elsewhere/v1' },
      { name: '/work/.crush/crush.json', value: 'x' },
    ]);
  });
  it('goes as a whole where another model of it was chosen, and puts back that of before', () => {
    const before = '{"models":{"large":{"provider":"x","model":"y"}},"options":{}}';
    const edit = (text: string) =>
      text.replace('"model": "gpt-5"', '"model": "claude-opus", "think": true').replace('128000', '1000000');
    assert.deepEqual(said(disconnected(crush, [before], edit)), JSON.parse(before));
    assert.equal(disconnected(crush, [], edit), undefined);
  });
});
