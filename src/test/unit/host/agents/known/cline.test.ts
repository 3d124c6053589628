import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cline } from '../../../../../host/agents/known/cline';
import { readJson, valueAt } from '../../../../../host/agents/edit/edit-json';
import {
  anyJson,
  anything,
  connected,
  CONNECTION,
  disconnected,
  itComesBack,
  itLeavesOthers,
  itRefuses,
  place,
  said,
} from '../../../../support/agent-contract';

/** As Cline itself writes it. */
const OWN = `${JSON.stringify(
  {
    version: 1,
    lastUsedProvider: 'cline',
    modes: {},
    providers: {
      cline: { settings: { provider: 'cline' }, updatedAt: '2026-11-23T12:39:21.128Z', tokenSource: 'oauth' },
      'openai-compatible': {
        settings: {
          provider: 'openai-compatible',
          apiKey: 'sk-mine',
          model: 'm',
          baseUrl: 'http://mine/v1',
          timeout: 5,
        },
        updatedAt: '2026-11-23T12:39:21.128Z',
        tokenSource: 'manual',
      },
    },
  },
  null,
  2,
)}\n`;

describe('Cline', () => {
  itComesBack(cline, {
    'no file': [],
    'empty files': ['', ''],
    'a mark and no last line end': ['\uFEFF{"version":1,"providers":{}}'],
    'files that Cline wrote': [OWN, '{"version":1,"providers":{"x":{"models":{}}}}'],
    'CRLF and comments': ['{\r\n  // mine\r\n  "version": 1,\r\n  "providers": {}\r\n}'],
  });

  itRefuses(cline, ['{'], 1, 2);
  itRefuses(cline, ['{}', '{"version": 1,, }'], 1, 15, 1);

  itLeavesOthers(
    cline,
    anyJson(
      fc
        .tuple(
          anything,
          fc.record({ version: fc.constant(1), providers: fc.record({ x: anything }) }, { requiredKeys: [] }),
        )
        .map(([any, known]) => ({ ...any, ...known })),
    ),
    readJson,
    (value) => {
      const { version: _, providers, lastUsedProvider: __, ...rest } = value as Record<string, unknown>;
      const { 'openai-compatible': ___, ...others } = (providers ?? {}) as Record<string, unknown>;
      return { ...rest, ...others };
    },
  );

  it('writes all that Cline asks of an entry', () => {
    const [providers, models] = connected(cline, []);
    assert.deepEqual(said(providers), {
      version: 1,
      lastUsedProvider: 'openai-compatible',
      providers: {
        'openai-compatible': {
          settings: {
            provider: 'openai-compatible',
            apiKey: CONNECTION.key,
            model: 'gpt-5',
            baseUrl: 'http://127.0.0.1:8045/v1',
          },
          updatedAt: '2026-01-01T00:00:00.000Z',
          tokenSource: 'manual',
        },
      },
    });
    const here = ['providers', 'openai-compatible', 'models'];
    assert.deepEqual(Object.keys(valueAt(said(models), here) as object), CONNECTION.models);
  });

  it('keeps what else is set of the provider, and what was added', () => {
    const [text] = connected(cline, [OWN]);
    assert.equal(valueAt(said(text), ['providers', 'openai-compatible', 'settings', 'timeout']), 5);
    assert.equal(valueAt(said(text), ['providers', 'openai-compatible', 'settings', 'model']), 'gpt-5');
    assert.equal(
      valueAt(said(text), ['providers', 'openai-compatible', 'updatedAt']),
      '2026-11-23T12:39:21.128Z',
    );
  });

  it('finds its files where the environment says', () => {
    assert.equal(cline.files(place())[0], '/home/me/.cline/data/settings/providers.json');
    assert.equal(cline.files(place({ env: { CLINE_DIR: '/c' } }))[1], '/c/data/settings/models.json');
    assert.equal(cline.files(place({ env: { CLINE_DATA_DIR: '/d' } }))[0], '/d/settings/providers.json');
    assert.equal(
      cline.files(place({ env: { CLINE_PROVIDER_SETTINGS_PATH: '/e/p.json' } }))[1],
      '/e/models.json',
    );
    const mac = place({ platform: 'darwin', home: '/Users/me' });
    assert.equal(cline.files(mac)[0], '/Users/me/.cline/data/settings/providers.json');
    const windows = place({ platform: 'win32', home: 'C:\\Users\\me' });
    assert.equal(cline.files(windows)[0], 'C:\\Users\\me\\.cline\\data\\settings\\providers.json');
  });

  it('tells when Cline runs with a data folder of its own', () => {
    const overrides = (value?: string) => cline.overrides(place({ env: { CLINE_SANDBOX: value } }), []);
    assert.deepEqual(overrides('1'), [{ name: 'CLINE_SANDBOX' }]);
    assert.deepEqual([...overrides('0'), ...overrides()], []);
  });

  it('leaves files that Cline can read when it wrote them meanwhile', () => {
    const used = (text: string) => {
      const all = JSON.parse(text) as { modes?: object; providers: Record<string, object> };
      all.modes = {};
      Object.assign(all.providers['openai-compatible'] ?? {}, { updatedAt: '2026-11-23T13:37:45.839Z' });
      return JSON.stringify(all);
    };
    assert.deepEqual(said(disconnected(cline, [], used)), { version: 1, modes: {} });
    const signedIn = (text: string) => used(text).replace('"providers":{', '"providers":{"cline":{"a":1},');
    assert.deepEqual(said(disconnected(cline, [], signedIn)), {
      version: 1,
      providers: { cline: { a: 1 } },
      modes: {},
    });
    assert.deepEqual(said(disconnected(cline, [OWN], used)), JSON.parse(OWN));
  });

  it('leaves a server that was entered in its place', () => {
    const moved = disconnected(cline, [], (text) => text.replace('http://127.0.0.1:8045', 'http://mine'));
    assert.equal(
      valueAt(said(moved), ['providers', 'openai-compatible', 'settings', 'baseUrl']),
      'http://mine/v1',
    );
  });
});
