import assert from 'node:assert/strict';
import { createVerify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProxyError } from '../../../../../../proxy/errors';
import { googleToken } from '../../../../../../proxy/upstream/credentials/google';
import { readCredential } from '../../../../../../proxy/upstream/credentials/google/credential';
import { Dispatchers } from '../../../../../../proxy/upstream/dispatcher';
import {
  PRIVATE_KEY,
  PUBLIC_KEY,
  serviceAccount,
  startTokenServer,
  type TokenServer,
} from '../../../../../support/upstream/token-server';

describe('access tokens of Google Cloud', () => {
  let server: TokenServer;
  let dispatchers: Dispatchers;
  const environment = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), 'portside-google-'));

  before(async () => {
    server = await startTokenServer();
    dispatchers = new Dispatchers(5000);
  });
  beforeEach(() => {
    server.asked.length = 0;
    server.answer = 3600;
    server.gate = undefined;
    for (const name of Object.keys(process.env))
      if (/^(GOOGLE_|GCLOUD_|GCE_|METADATA_|K_SERVICE|GAE_|CLOUDSDK_)/.test(name)) delete process.env[name];
    // Nothing of the machine that the tests run on.
    process.env.CLOUDSDK_CONFIG = join(folder, 'none');
  });
  after(async () => {
    process.env = environment;
    rmSync(folder, { recursive: true });
    await dispatchers.destroy();
    await server.close();
  });

  const tokenFor = async (key: string): Promise<string> => (await googleToken(key, dispatchers)).token;
  const refusal = async (key: string): Promise<ProxyError> => {
    const error: unknown = await googleToken(key, dispatchers).then(
      () => assert.fail('a token was given'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ProxyError);
    assert.ok(!error.message.includes(PRIVATE_KEY.slice(40, 80)), 'the key is in the error');
    return error;
  };

  it('are had for an assertion that the service account has signed', async () => {
    const key = serviceAccount(server);
    const before = Math.floor(Date.now() / 1000);
    assert.match(await tokenFor(key), /^token-\d+$/);
    const [asked] = server.asked;
    assert.equal(asked?.path, '/token');
    assert.equal(asked.form.get('grant_type'), 'urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [head = '', claims = '', signature = ''] = asked.form.get('assertion')!.split('.');
    const read = (part: string) =>
      JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const account = JSON.parse(key) as Record<string, unknown>;
    assert.deepEqual(read(head), { alg: 'RS256', typ: 'JWT', kid: account.private_key_id });
    const { iat, exp, ...rest } = read(claims);
    assert.deepEqual(rest, {
      iss: account.client_email,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: `${server.url}/token`,
    });
    assert.ok(Number(iat) >= before);
    assert.equal(Number(exp) - Number(iat), 3600);
    assert.ok(
      createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(PUBLIC_KEY, signature, 'base64url'),
    );
  });

  it('are fetched once for all who ask at the same time, and kept', async () => {
    const key = serviceAccount(server);
    let open = (): void => undefined;
    server.gate = new Promise((resolve) => (open = resolve));
    const asking = Array.from({ length: 20 }, () => tokenFor(key));
    while (server.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    open();
    const tokens = await Promise.all(asking);
    assert.equal(new Set(tokens).size, 1);
    assert.equal(await tokenFor(key), tokens[0]);
    assert.equal(server.asked.length, 1);
  });

  it('are each account’s own', async () => {
    const one = await tokenFor(serviceAccount(server));
    assert.notEqual(await tokenFor(serviceAccount(server)), one);
  });

  it('are fetched anew when they have ended', async () => {
    const key = serviceAccount(server);
    server.answer = 0;
    const first = await tokenFor(key);
    assert.notEqual(await tokenFor(key), first);
  });

  it('are renewed ahead of their end while the old one still serves', async () => {
    const key = serviceAccount(server);
    server.answer = 200;
    const first = await tokenFor(key);
    server.answer = 3600;
    assert.equal(await tokenFor(key), first);
    let next = first;
    while (next === first) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      next = await tokenFor(key);
    }
    assert.equal(server.asked.length, 2);
  });

  it('go on serving while their renewal fails', async () => {
    const key = serviceAccount(server);
    server.answer = 200;
    const first = await tokenFor(key);
    server.answer = { status: 500, body: 'no' };
    assert.equal(await tokenFor(key), first);
    while (server.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    for (let again = 0; again < 10; again++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(await tokenFor(key), first);
    }
    assert.equal(server.asked.length, 2);
  });

  it('are refused with what to do about it, in an error without the key', async () => {
    const key = serviceAccount(server);
    server.answer = {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
    };
    const error = await refusal(key);
    assert.equal(error.status, 401);
    assert.match(error.message, /robot-\d+@.*invalid_grant: Invalid JWT Signature.*new key/);
    server.answer = { status: 503, body: 'busy' };
    assert.equal((await refusal(key)).status, 503);
    server.answer = { status: 200, body: '<html>' };
    assert.equal((await refusal(key)).status, 502);
    server.answer = 3600;
    assert.match(await tokenFor(key), /^token/);
  });

  it('cannot be had where nobody answers', async () => {
    const gone = await startTokenServer();
    await gone.close();
    const error = await refusal(serviceAccount(gone));
    assert.equal(error.status, 502);
    assert.match(error.message, /could not be reached \(ECONNREFUSED\).*proxy settings/);
  });

  const bad: [string, string, RegExp][] = [
    ['cut short', '{"type":"service_account","private_key":"secret', /not valid JSON/],
    ['of another kind', '{"type":"external_account"}', /type "external_account", which cannot be used/],
    ['without a name', '{"type":"service_account","private_key":"x"}', /no "client_email"/],
    [
      'with a broken private key',
      JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'secret' }),
      /private key of the service account a@b cannot be read/,
    ],
  ];
  for (const [title, key, message] of bad)
    it(`are not asked for with a key ${title}`, async () => {
      const error = await refusal(key);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /secret/);
      assert.equal(error.status, 401);
      assert.equal(server.asked.length, 0);
    });

  it('are asked of Google, whatever other place a file names', () => {
    const at = (token_uri: unknown) => {
      const key = JSON.stringify({ type: 'service_account', client_email: 'a', private_key: 'b', token_uri });
      return readCredential(key, 'The key').tokenUrl.href;
    };
    const google = 'https://oauth2.googleapis.com/token';
    for (const named of [
      'https://evil.example/token',
      'http://oauth2.googleapis.com/token',
      'https://oauth2.googleapis.com.evil.example/token',
      'http://127.0.0.1.evil.example/',
      'http://localhost@evil.example/',
      'not a URL',
      undefined,
    ])
      assert.equal(at(named), google, String(named));
    assert.equal(at(google), google);
    assert.equal(at('http://[::1]:9/t'), 'http://[::1]:9/t');
  });

  describe('without a key', () => {
    const login = () => ({
      type: 'authorized_user',
      client_id: 'id',
      client_secret: 'hidden',
      refresh_token: 'refresh',
      quota_project_id: 'payer',
      token_uri: `${server.url}/token`,
    });

    it('come from the file that the environment names', async () => {
      const path = join(folder, 'key.json');
      writeFileSync(path, serviceAccount(server));
      process.env.GOOGLE_APPLICATION_CREDENTIALS = path;
      assert.match(await tokenFor(''), /^token/);
      assert.ok(server.asked[0]?.form.get('assertion'));
    });

    it('come from the login of gcloud', async () => {
      process.env.CLOUDSDK_CONFIG = mkdtempSync(join(folder, 'gcloud-'));
      writeFileSync(
        join(process.env.CLOUDSDK_CONFIG, 'application_default_credentials.json'),
        JSON.stringify(login()),
      );
      const { token, quotaProject } = await googleToken('', dispatchers);
      assert.match(token, /^token/);
      assert.equal(quotaProject, 'payer');
      assert.deepEqual(Object.fromEntries(server.asked[0]!.form), {
        grant_type: 'refresh_token',
        client_id: 'id',
        client_secret: 'hidden',
        refresh_token: 'refresh',
      });
    });

    it('come from the metadata server where the environment says that there is one', async () => {
      process.env.GCE_METADATA_HOST = new URL(server.url).host;
      assert.match(await tokenFor(''), /^token/);
      assert.equal(server.asked[0]?.path, '/computeMetadata/v1/instance/service-accounts/default/token');
      assert.equal(server.asked[0].headers['metadata-flavor'], 'Google');
    });

    it('cannot be had on a machine without credentials', async () => {
      assert.match((await refusal('')).message, /has no credentials of Google Cloud.*gcloud auth/);
    });

    it('cannot be had from a file that is not there', async () => {
      process.env.GOOGLE_APPLICATION_CREDENTIALS = join(folder, 'gone.json');
      assert.match((await refusal('')).message, /gone\.json cannot be read \(ENOENT\)/);
    });
  });
});
