/** The network of the command line: its configuration's, else its environment's (SPEC 5.13, §9). */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendSmall } from '../../support/dialect-requests';
import { PASSWORD, withFarUpstream } from '../../support/upstream/far-upstream';
import { runCommand, type RunningCommand } from '../../support/run-command';
import { TEST_CERTIFICATE } from '../../support/upstream/test-certificate';

describe('the network of the command line (SPEC 5.13, 9)', () => {
  const far = withFarUpstream();
  const { at, withCredentials } = far;

  let folder: string;
  let running: RunningCommand | undefined;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'portside-network-'));
    writeFileSync(join(folder, 'ca.pem'), TEST_CERTIFICATE);
  });
  afterEach(() => running?.stop('SIGKILL'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  /** The answer of a command with this configuration and environment. */
  const serve = async (
    more: object,
    environment: Record<string, string>,
    baseUrl = 'https://upstream.test',
  ) => {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ port: 0, accounts: [at(baseUrl)], ...more }));
    running = runCommand(['serve', '--json', '--config', config], environment);
    const [line = ''] = (await running.seen('stdout', /\n/)).split('\n');
    const { url } = JSON.parse(line) as { url: string };
    const response = await sendSmall(url, 'anthropic');
    const text = await response.text();
    assert.doesNotMatch(running.stdout() + running.stderr() + text, /secret/);
    return { status: response.status, text, stderr: running.stderr() };
  };

  it('is the environment’s where the configuration has none', async () => {
    const environment = {
      HTTPS_PROXY: withCredentials(far.strict),
      SSL_CERT_FILE: join(folder, 'ca.pem'),
      NO_PROXY: 'else.test',
    };
    assert.equal((await serve({}, environment)).status, 200);
    assert.deepEqual(far.strict.connects, ['upstream.test:443']);
  });

  it('is the configuration’s alone where it has one', async () => {
    const environment = { HTTPS_PROXY: withCredentials(far.strict), SSL_CERT_FILE: join(folder, 'ca.pem') };
    const network = { proxy: far.forward.url, strictSsl: false };
    assert.equal((await serve({ network }, environment)).status, 200);
    assert.deepEqual(far.forward.connects, ['upstream.test:443']);
    assert.deepEqual(far.strict.connects, []);
  });

  it('leaves out what NO_PROXY names, and says which files it cannot read', async () => {
    const environment = {
      HTTP_PROXY: far.forward.url,
      NO_PROXY: '127.0.0.0/8',
      NODE_EXTRA_CA_CERTS: join(folder, 'none.pem'),
    };
    const { status, stderr } = await serve({}, environment, far.upstream.url);
    assert.equal(status, 200);
    assert.match(stderr, /NODE_EXTRA_CA_CERTS: cannot read .*none\.pem: ENOENT/);
    assert.deepEqual(far.forward.requests, []);
  });

  it('does not tell the password of a proxy that cannot be used', async () => {
    const { status, stderr } = await serve({}, { HTTPS_PROXY: `socks5://me:${PASSWORD}@127.0.0.1:9` });
    assert.equal(status, 502);
    assert.match(stderr, /Nothing can be sent through the configured proxy/);
  });
});
