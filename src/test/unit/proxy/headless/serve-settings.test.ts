import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from '../../../../proxy/headless/serve';

describe('the settings of a command', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portside-settings-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const read = (...accounts: object[]) => {
    const config = join(folder, 'portside.json');
    writeFileSync(config, JSON.stringify({ accounts }));
    return settingsOf({ config });
  };

  const notesOf = (config: object) => {
    const file = join(folder, 'portside.json');
    writeFileSync(file, JSON.stringify(config));
    return settingsOf({ config: file }).notes;
  };

  it('say what is surely not meant', () => {
    const fine = { id: 'demo', provider: 'demo' };
    assert.deepEqual(notesOf({ accounts: [fine, { id: 'l', provider: 'ollama' }] }), []);
    const notes = notesOf({
      accounts: [fine, { id: 'o', provider: 'openai' }, { id: 'off', provider: 'groq', enabled: false }],
      preferredAccount: 'nobody',
      zai: { dispatchMode: 'pooled' },
      apiKey: 'sk-the-local-key',
      clientKeys: [
        { name: 'one', key: 'sk-one-and-only' },
        { name: 'two', key: 'sk-one-and-only' },
        { name: 'three', key: 'sk-the-local-key' },
      ],
    });
    assert.deepEqual(
      notes.map((note) => /"o"|"nobody"|zai|"two"|"three"/.exec(note)?.[0]),
      ['"o"', '"nobody"', 'zai', '"two"', '"three"'],
    );
    assert.doesNotMatch(notes.join(), /sk-/);
    assert.match(notesOf({ accounts: [fine], authMode: 'strict' }).join(), /nobody is admitted/);
  });

  it('of the environment are refused in words, without their values', () => {
    const before = { ...process.env };
    const refused = (variables: Record<string, string>) => {
      Object.assign(process.env, variables);
      try {
        settingsOf({});
      } catch (error) {
        return (error as Error).message;
      } finally {
        for (const name in variables) {
          if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
          else process.env[name] = before[name];
        }
      }
      return 'accepted';
    };
    assert.match(
      refused({ AZURE_OPENAI_API_KEY: 'canary', AZURE_OPENAI_ENDPOINT: 'canary' }),
      /^the environment: Azure OpenAI\.baseUrl: The base URL must be [\w ,]+\.$/,
    );
    assert.match(refused({ PORTSIDE_API_KEY: 'canary' }), /^the environment: apiKey: /);
  });

  it('take white space off a key, and refuse one that is no line', () => {
    const keyOf = (key: string) => read({ id: 'a', provider: 'openai', key }).settings.accounts[0]?.key;
    assert.equal(keyOf(' sk-from-a-file\n'), 'sk-from-a-file');
    for (const key of ['sk-two\nlines', 'sk-\u0000null', 'sk-…']) {
      assert.throws(() => keyOf(key), /accounts\.0: The key of the account "a" cannot be used/);
      assert.throws(
        () => notesOf({ accounts: [], zai: { dispatchMode: 'exclusive', key } }),
        /zai\.key: The key cannot be used/,
      );
    }
    const json = '{\n "type": "service_account"\n}';
    assert.equal(read({ id: 'v', provider: 'vertex', key: json }).settings.accounts[0]?.key, json);
  });

  it('have no account of the editor’s own models: there is no editor', () => {
    const editor = { id: 'mine', provider: 'vscode' };
    assert.throws(() => read({ id: 'demo', provider: 'demo' }, editor), /"mine".*inside the editor only/);
    assert.equal(read({ ...editor, enabled: false }).settings.accounts.length, 1);
  });
});
