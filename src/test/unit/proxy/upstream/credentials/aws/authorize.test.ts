import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpstreamError } from '../../../../../../proxy/errors';
import { authorizeAws } from '../../../../../../proxy/upstream/credentials/aws';

const REQUEST = {
  method: 'POST',
  url: 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/a%3A0/converse',
  headers: ['Content-Type', 'application/json', 'accept', '*/*'],
  body: Buffer.from('{}'),
};

describe('AWS credentials of an account', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'portside-aws-'));
    mkdirSync(join(home, '.aws'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  const write = (file: string, ...lines: string[]) => {
    writeFileSync(join(home, '.aws', file), lines.join('\n'));
  };
  const authorize = (key: string, env: Record<string, string> = {}) =>
    authorizeAws(key, 'eu-west-1', REQUEST, { env, home, now: new Date('2026-01-02T03:04:05.678Z') });
  const lines = async (key: string, env?: Record<string, string>) => {
    const flat = await authorize(key, env);
    return Object.fromEntries(
      Array.from({ length: flat.length / 2 }, (_, at) => flat.slice(2 * at, 2 * at + 2)),
    );
  };
  const signedBy = async (key: string, env?: Record<string, string>) =>
    /Credential=(\w+)\//.exec((await lines(key, env))['authorization'] ?? '')?.[1];
  const refusal = async (key: string, env?: Record<string, string>) => {
    const error = await authorize(key, env).then(
      () => assert.fail('it was accepted'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof UpstreamError);
    assert.equal(error.status, 401);
    assert.equal(error.kind, 'authentication');
    return error.message;
  };

  it('are an API key, which is not signed with', async () => {
    assert.deepEqual(await authorize('ABSKabc='), []);
  });

  it('are a pair of keys, with a token or without', async () => {
    assert.deepEqual(Object.keys(await lines('AKIAIOSFODNN7EXAMPLE:secret/+')), [
      'x-amz-date',
      'authorization',
    ]);
    const signed = await lines('ASIAIOSFODNN7EXAMPLE:secret/+:token==');
    assert.equal(signed['x-amz-date'], '20260102T030405Z');
    assert.equal(signed['x-amz-security-token'], 'token==');
    assert.match(
      signed['authorization']!,
      /^AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE\/20260102\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, /,
    );
  });

  it('are refused without being told when they are no pair', async () => {
    for (const key of ['AKIA:secret-part', 'AKIAIOSFODNN7EXAMPLE:', 'AKIAIOSFODNN7EXAMPLE:a:b:secret-part']) {
      const message = await refusal(key);
      assert.match(message, /accessKeyId:secretAccessKey/);
      assert.ok(!message.includes('secret-part'));
    }
  });

  it('come from the environment, an API key before a pair', async () => {
    const pair = {
      AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT12345',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_SESSION_TOKEN: 't',
    };
    assert.equal((await lines('', pair))['x-amz-security-token'], 't');
    assert.equal(await signedBy('', pair), 'AKIAENVIRONMENT12345');
    assert.deepEqual(await authorize('', { ...pair, AWS_BEARER_TOKEN_BEDROCK: 'key' }), [
      'authorization',
      'Bearer key',
    ]);
    assert.equal(await signedBy('AKIAIOSFODNN7EXAMPLE:s', pair), 'AKIAIOSFODNN7EXAMPLE');
  });

  it('come from the shared files: the default profile, or the one that is named', async () => {
    write(
      'credentials',
      '# mine',
      '[default]',
      'aws_access_key_id = AKIADEFAULT123456789',
      'AWS_SECRET_ACCESS_KEY=secret',
      '[ work ]',
      'aws_access_key_id=AKIAWORK123456789012',
      'aws_secret_access_key=secret',
      'aws_session_token=token',
    );
    write(
      'config',
      '[profile else]',
      'region = eu-west-1',
      'aws_access_key_id = AKIAELSE123456789012',
      'aws_secret_access_key = secret',
      's3 =',
      '  aws_access_key_id = nested',
    );
    assert.equal(await signedBy(''), 'AKIADEFAULT123456789');
    assert.equal(await signedBy('', { AWS_PROFILE: 'work' }), 'AKIAWORK123456789012');
    assert.equal((await lines('', { AWS_PROFILE: 'work' }))['x-amz-security-token'], 'token');
    assert.equal(await signedBy('', { AWS_PROFILE: 'else' }), 'AKIAELSE123456789012');
    const elsewhere = join(home, 'elsewhere');
    writeFileSync(elsewhere, '[default]\naws_access_key_id=AKIAELSEWHERE1234567\naws_secret_access_key=s\n');
    assert.equal(await signedBy('', { AWS_SHARED_CREDENTIALS_FILE: elsewhere }), 'AKIAELSEWHERE1234567');
  });

  it('say what to do where a profile signs in otherwise', async () => {
    write(
      'config',
      '[default]',
      'sso_session = mine',
      '[profile boss]',
      'role_arn = arn:aws:iam::1:role/x',
      'source_profile = default',
    );
    assert.match(await refusal(''), /"default" signs in with IAM Identity Center.*export-credentials/);
    assert.match(await refusal('', { AWS_PROFILE: 'boss' }), /"boss" assumes a role/);
    assert.match(await refusal('', { AWS_PROFILE: 'nobody' }), /"nobody" has no credentials/);
  });

  it('say what to do where there are none, or none to be read', async () => {
    assert.match(await refusal(''), /no AWS credentials/);
    mkdirSync(join(home, '.aws', 'credentials'));
    assert.match(await refusal(''), /cannot be read \(EISDIR\)/);
  });
});
