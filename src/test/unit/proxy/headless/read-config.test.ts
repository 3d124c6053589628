import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, readConfig } from '../../../../proxy/headless/read-config';

const SECRET = 'sk-canary-0123456789';
const environment = { KEY: SECRET, EMPTY: '', PART: 'part' };

function refusal(config: unknown): string {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  try {
    parseConfig(text, environment);
  } catch (error) {
    assert.doesNotMatch(`${(error as Error).message} ${String((error as Error).cause)}`, /canary/);
    return (error as Error).message;
  }
  assert.fail('accepted');
}

describe('the configuration file of serve (SPEC §9)', () => {
  it('of nothing has every default', () => {
    const { settings } = parseConfig('\uFEFF {}', environment);
    assert.equal(settings.port, 8045);
    assert.equal(settings.authMode, 'auto');
    assert.deepEqual(settings.accounts, []);
  });

  it('takes variables of the environment anywhere, alone or within text', () => {
    const { settings } = parseConfig(
      JSON.stringify({
        apiKey: '${env:KEY}',
        accounts: [
          {
            id: 'a',
            provider: 'gemini',
            key: '${env:KEY}',
            label: 'My ${env:PART} and ${env:PART}',
            models: ['${env:PART}-m'],
          },
        ],
        routes: { fast: ['a/${env:PART}'] },
        zai: { key: '${env:EMPTY}' },
      }),
      environment,
    );
    assert.equal(settings.apiKey, SECRET);
    assert.equal(settings.accounts[0]?.key, SECRET);
    assert.equal(settings.accounts[0].label, 'My part and part');
    assert.deepEqual(settings.accounts[0].models, ['part-m']);
    assert.deepEqual(settings.routes, { fast: ['a/part'] });
    assert.equal(settings.zai.key, '');
  });

  it('takes no variable from a variable, and leaves other text alone', () => {
    const { settings } = parseConfig(
      '{"accounts":[{"id":"a","provider":"demo","key":"${env:NEST} $x ${X} ${env:}"}]}',
      { NEST: '${env:KEY}' },
    );
    assert.equal(settings.accounts[0]?.key, '${env:KEY} $x ${X} ${env:}');
  });

  const refused: [string, unknown, RegExp][] = [
    [
      'a variable that is not set',
      { accounts: [{ id: 'a', provider: 'gemini', key: '${env:NONE}' }] },
      /^accounts\[0\]\.key: the environment variable NONE is not set$/,
    ],
    ['bad JSON', `{"apiKey":"${SECRET}"`, /^not valid JSON \(at position 32\)$/],
    ['bad JSON whose token is a key', `{"apiKey":${SECRET}}`, /^not valid JSON \(at position 10\)$/],
    ['nothing at all', '', /^not valid JSON \(at position 0\)$/],
    ['what is no object', [SECRET], /expected object/],
    ['a key of the wrong form', { apiKey: 'pk-canary-0123456789' }, /^apiKey: .*sk-/],
    [
      'a key of the wrong kind',
      { accounts: [{ id: 'a', provider: 'gemini', key: { secret: SECRET } }] },
      /^accounts\.0\.key: /,
    ],
    ['an unknown setting', { prot: 1 }, /prot/],
    ['an unknown provider', { accounts: [{ id: 'a', provider: SECRET }] }, /^accounts\.0\.provider: /],
    [
      'an id twice',
      {
        accounts: [
          { id: 'a', provider: 'demo' },
          { id: 'a', provider: 'demo' },
        ],
      },
      /accounts\.1: .*used twice/,
    ],
    [
      'an account without its URL',
      { accounts: [{ id: 'a', provider: 'openai-compatible' }] },
      /needs a baseUrl/,
    ],
    [
      'a URL with a key in it',
      { accounts: [{ id: 'a', provider: 'ollama', baseUrl: `http://u:${SECRET}@127.0.0.1` }] },
      /^accounts\.0\.baseUrl: /,
    ],
    ['a port out of range', { port: 65536 }, /^port: /],
    ['a scheduling that does not exist', { scheduling: SECRET }, /^scheduling: /],
  ];
  for (const [title, config, words] of refused)
    it(`says what is wrong with ${title}, and no value`, () => {
      assert.match(refusal(config), words);
    });

  it("puts the monitor's database beside the file", () => {
    const folder = mkdtempSync(join(tmpdir(), 'portside-'));
    try {
      const file = join(folder, 'config.json');
      writeFileSync(file, '{"monitor":{"file":"monitor.db"}}');
      assert.equal(readConfig(file, environment).settings.monitor.file, join(folder, 'monitor.db'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is named in its errors', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portside-'));
    try {
      const file = join(folder, 'config.json');
      assert.throws(
        () => readConfig(file, environment),
        new RegExp(`^Error: cannot read .*config\\.json: ENOENT$`),
      );
      writeFileSync(file, '{"port":"x"}');
      assert.throws(() => readConfig(file, environment), /config\.json: port: /);
      writeFileSync(file, '{"port":0}');
      assert.equal(readConfig(file, environment).settings.port, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
