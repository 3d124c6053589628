import assert from 'node:assert/strict';
import {
  AccountFileError,
  openKeys,
  readAccountFile,
  writeAccountFile,
} from '../../../../host/accounts/account-file';
import { accountWithKeySchema } from '../../../../shared/settings';

const KEY = 'upstream-CANARY-0123456789';
const PASSPHRASE = 'correct horse battery';
const ACCOUNTS = [
  { id: 'openai', provider: 'openai', label: 'Work', key: KEY, models: ['a'], priority: 2 },
  { id: 'lab', provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:8000/v1', enabled: false },
].map((account) => accountWithKeySchema.parse(account));

type Json = Record<string, unknown> & { keys: Record<string, unknown>; accounts: Record<string, unknown>[] };
const change = (text: string, deed: (file: Json) => void): string => {
  const file = JSON.parse(text) as Json;
  deed(file);
  return JSON.stringify(file);
};
const flip = (text: unknown): string => {
  const bytes = Buffer.from(String(text), 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
};
const isMalformed = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AccountFileError);
  assert.equal(error.code, 'MALFORMED');
  assert.match(error.message, pattern);
  assert.doesNotMatch(error.message, /CANARY/);
  return true;
};

describe('a file of accounts', () => {
  let sealed: string;
  before(async () => {
    sealed = await writeAccountFile(ACCOUNTS, PASSPHRASE);
  });
  const open = (text: string, passphrase = PASSPHRASE) => {
    const { keys } = readAccountFile(text);
    assert.ok(keys);
    return openKeys(keys, passphrase);
  };

  it('without a passphrase has every field but the keys', async () => {
    const text = await writeAccountFile(ACCOUNTS);
    assert.doesNotMatch(text, /CANARY|"keys?"/);
    const file = readAccountFile(text);
    assert.deepEqual(
      file.accounts,
      ACCOUNTS.map(({ key: _, ...account }) => account),
    );
    assert.equal(file.keys, undefined);
  });

  it('with a passphrase gives the keys back, and shows none', async () => {
    assert.doesNotMatch(sealed, /CANARY/);
    assert.ok(!sealed.includes(Buffer.from(KEY).toString('base64').slice(0, -3)));
    assert.deepEqual([...(await open(sealed))], [['openai', KEY]]);
  });

  it('is never sealed twice alike', async () => {
    const again = JSON.parse(await writeAccountFile(ACCOUNTS, PASSPHRASE)) as Json;
    const first = JSON.parse(sealed) as Json;
    for (const part of ['salt', 'iv', 'data']) assert.notEqual(again.keys[part], first.keys[part]);
  });

  it('does not open with another passphrase, and says so', async () => {
    await assert.rejects(open(sealed, 'correct horse batter'), { code: 'WRONG_PASSPHRASE' });
  });

  it('opens whichever way the letters of the passphrase are typed', async () => {
    const text = await writeAccountFile(ACCOUNTS, 'pass\u00e9passe');
    assert.equal((await open(text, 'passe\u0301passe')).size, 1);
  });

  it('needs a passphrase of eight characters', async () => {
    await assert.rejects(writeAccountFile(ACCOUNTS, 'seven77'), { code: 'WEAK_PASSPHRASE' });
  });

  for (const part of ['data', 'tag', 'iv', 'salt'])
    it(`with a changed ${part} does not open`, async () => {
      const text = change(sealed, (file) => (file.keys[part] = flip(file.keys[part])));
      await assert.rejects(open(text), { code: 'WRONG_PASSPHRASE' });
    });

  it('with a changed address does not give its keys away', async () => {
    const text = change(sealed, (file) => (file.accounts[0]!['baseUrl'] = 'https://evil.example/v1'));
    await assert.rejects(open(text), { code: 'WRONG_PASSPHRASE' });
  });

  it('may be formatted otherwise', async () => {
    assert.equal((await open(change(sealed, () => undefined))).size, 1);
  });

  it('makes nobody compute for long or take much memory', () => {
    for (const hostile of [
      { N: 2 ** 30 },
      { N: 2 ** 17 + 1 },
      { N: 2 },
      { N: 0 },
      { N: -1024 },
      { r: 1_000_000 },
      { p: 100_000 },
      { N: '131072' },
      { salt: '' },
      { salt: 'A'.repeat(4096) },
      { iv: 'AAAA' },
      { tag: 'AAAA' },
      { tag: 'not base64!' },
      { kdf: 'none' },
    ]) {
      const text = change(sealed, (file) => Object.assign(file.keys, hostile));
      assert.throws(() => readAccountFile(text), isMalformed(/keys\./), JSON.stringify(hostile));
    }
  });

  it('whose single bounds hold but whose product does not is refused', async () => {
    const text = change(sealed, (file) => Object.assign(file.keys, { N: 2 ** 18, r: 16 }));
    await assert.rejects(open(text), isMalformed(/memory/));
  });

  it('that is none is refused with the reason', () => {
    for (const [text, reason] of [
      ['CANARY', /not valid JSON/],
      ['null', /no file of accounts/],
      ['[]', /no file of accounts/],
      ['{"format":"other"}', /no file of accounts/],
      ['{"format":"portside-accounts","version":2}', /newer/],
      ['{"format":"portside-accounts","version":1}', /accounts/],
    ] as const)
      assert.throws(() => readAccountFile(text), isMalformed(reason), text);
    const of = (...accounts: object[]) =>
      JSON.stringify({ format: 'portside-accounts', version: 1, accounts });
    const demo = { id: 'a', provider: 'demo' };
    for (const [text, reason] of [
      [of({ ...demo, provider: 'CANARY' }), /accounts\.0\.provider/],
      [of({ ...demo, id: '../CANARY' }), /accounts\.0\.id/],
      [of({ ...demo, key: 'CANARY' }), /accounts\.0/],
      [of(demo, demo), /used twice/],
      [of({ id: 'b', provider: 'openai-compatible' }), /baseUrl/],
      [of(...Array.from({ length: 1001 }, (_, n) => ({ ...demo, id: `a${n}` }))), /accounts/],
    ] as const)
      assert.throws(() => readAccountFile(text), isMalformed(reason));
  });
});
