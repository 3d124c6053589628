/** The command line (SPEC 1.11, §9), in a process of its own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStream, sendSmall } from '../../support/dialect-requests';
import { runCommand } from '../../support/run-command';
import type { RunningCommand } from '../../support/run-command';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { SERVED_MODEL } from '../../support/start-portside';

interface Line {
  event: string;
  url: string;
  accounts: number;
  message: string;
}

describe('portside serve (SPEC 9)', () => {
  let upstream: ScriptedUpstream;
  let folder: string;
  let running: RunningCommand | undefined;
  before(async () => {
    upstream = await startScriptedUpstream();
    folder = mkdtempSync(join(tmpdir(), 'portside-serve-'));
  });
  afterEach(async () => {
    await running?.stop('SIGKILL');
    running = undefined;
    upstream.reset();
  });
  after(async () => {
    await upstream.close();
    rmSync(folder, { recursive: true });
  });

  const start = async (args: string[], environment: Record<string, string> = {}) => {
    running = runCommand(['serve', '--json', ...args], environment);
    const line = (await running.seen('stdout', /\n/)).split('\n')[0]!;
    return { ...(JSON.parse(line) as Line), command: running };
  };
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const config = (more: object = {}) => ({
    port: 0,
    accounts: [
      {
        id: 'g1',
        label: 'Gemini',
        provider: 'gemini',
        baseUrl: upstream.url,
        key: '${env:MY_GEMINI_KEY}',
        defaultModel: SERVED_MODEL,
      },
    ],
    ...more,
  });
  const environment = { MY_GEMINI_KEY: 'sk-upstream-from-environment' };

  it('says that it listens in one line, serves, and stops on SIGTERM with the port free', async () => {
    const { event, url, accounts, command } = await start(
      ['--config', file('a.json', config())],
      environment,
    );
    assert.equal(event, 'listening');
    assert.equal(accounts, 1);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await (await fetch(`${url}/healthz`)).text(), '{"status":"ok"}');
    const response = await sendSmall(url, 'anthropic', { stream: true });
    const reading = checkStream('anthropic', await response.text());
    assert.deepEqual(reading.complaints, []);
    assert.equal(reading.text, 'Hello from upstream');
    assert.equal(upstream.generations[0]!.key, 'sk-upstream-from-environment');
    assert.equal(await command.stop('SIGTERM'), 0);
    await assert.rejects(fetch(`${url}/healthz`));
    assert.equal(command.stdout().trim().split('\n').length, 1, 'one line on stdout');
  });

  it('stops on SIGINT', async () => {
    const { command } = await start(['--port', '0']);
    assert.equal(await command.stop('SIGINT'), 0);
  });

  it('ends streams with an error event when it is stopped', async () => {
    const { url, command } = await start(['--config', file('stop.json', config())], environment);
    upstream.behave({ fault: 'hang-mid-body' });
    const response = await sendSmall(url, 'openai-chat', { stream: true });
    const text = response.text();
    assert.equal(await command.stop(), 0);
    const reading = checkStream('openai-chat', await text);
    assert.deepEqual(reading.complaints, []);
    assert.match(reading.error ?? '', /stopped/i);
  });

  it('takes every field of the documented file', async () => {
    const { event, command } = await start(
      [
        '--config',
        file(
          'full.json',
          config({
            allowLanAccess: false,
            authMode: 'auto',
            apiKey: '${env:PORTSIDE_API_KEY}',
            routes: { 'claude-*': 'gemini-3-flash', fast: ['g1/gemini-3-flash', 'local/qwen3'] },
            zai: { dispatchMode: 'off', key: '${env:ZAI_API_KEY}' },
            scheduling: 'cache_first',
            timeouts: { connectMs: 10000, firstByteMs: 120000, idleMs: 300000 },
            monitor: { enabled: true, captureBodies: false, file: 'monitor.db' },
          }),
        ),
      ],
      { ...environment, PORTSIDE_API_KEY: 'sk-local-key-1234', ZAI_API_KEY: 'sk-zai-key-12345' },
    );
    assert.equal(event, 'listening');
    assert.ok(!(command.stdout() + command.stderr()).includes('sk-'), 'a key was told');
  });

  const wrong: [string, unknown, RegExp][] = [
    ['no JSON', '{ "port": 0, "apiKey": "sk-local-key-1234", ', /JSON/],
    ['an unknown field', { ...{ port: 0, prot: 1, accounts: [] } }, /prot/],
    ['a wrong type', { port: 'eighty', accounts: [] }, /port/],
    ['no accounts', { port: 0, accounts: [] }, /^no available accounts, please add an account first$/],
    [
      'a variable that is not set',
      { port: 0, accounts: [{ id: 'a', provider: 'gemini', key: '${env:NOT_SET_AT_ALL}' }] },
      /NOT_SET_AT_ALL/,
    ],
    ['an api key that is none', { port: 0, apiKey: 'secret-without-prefix', accounts: [] }, /apiKey/],
  ];
  for (const [what, content, message] of wrong)
    it(`says an error in one line and exits with 1: ${what}`, async () => {
      const started = await start(['--config', file('wrong.json', content)]);
      assert.equal(started.event, 'error');
      assert.match(started.message, message);
      assert.ok(
        !started.message.includes('sk-local') && !started.message.includes('secret-without'),
        'a value was told',
      );
      assert.equal(await started.command.ended(), 1);
    });

  it('says so when the file is not there', async () => {
    const started = await start(['--config', join(folder, 'absent.json')]);
    assert.equal(started.event, 'error');
    assert.match(started.message, /absent\.json/);
    assert.equal(await started.command.ended(), 1);
  });

  it('says so when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const started = await start(['--port', String(port)]);
    other.close();
    assert.equal(started.event, 'error');
    assert.ok(
      started.message.startsWith(`failed to start server: failed to bind address 127.0.0.1:${port}: `),
      started.message,
    );
    assert.equal(await started.command.ended(), 1);
  });

  for (const port of ['70000', '-1', 'abc', '80.5'])
    it(`refuses --port ${port}`, async () => {
      const started = await start([`--port=${port}`]);
      assert.equal(started.event, 'error');
      assert.match(started.message, /port/);
      assert.equal(await started.command.ended(), 1);
    });

  it('refuses unknown options and commands', async () => {
    const option = await start(['--prot', '1']);
    assert.equal(option.event, 'error');
    assert.equal(await option.command.ended(), 1);
    running = runCommand(['sevre']);
    assert.equal(await running.ended(), 1);
  });

  it('tells how it is used', async () => {
    running = runCommand(['--help']);
    assert.equal(await running.ended(), 0);
    assert.match(running.stdout(), /serve/);
  });

  it('says in words, without --json, where it listens', async () => {
    running = runCommand(['serve', '--port', '0']);
    assert.match(await running.seen('stdout', /\n/), /http:\/\/127\.0\.0\.1:\d+/);
  });

  it('makes accounts of the keys in the environment', async () => {
    const keys = {
      GEMINI_API_KEY: 'sk-upstream-1-gemini',
      ANTHROPIC_API_KEY: 'sk-upstream-2-anthropic',
      OPENAI_API_KEY: 'sk-upstream-3-openai',
      ZAI_API_KEY: 'sk-upstream-4-zai',
      OPENROUTER_API_KEY: 'sk-upstream-5-openrouter',
    };
    const { accounts, command } = await start(['--port', '0'], keys);
    assert.equal(accounts, 5);
    const told = command.stdout() + command.stderr();
    for (const key of Object.values(keys)) assert.ok(!told.includes(key));
  });

  it('leaves empty keys out', async () => {
    const { accounts, command } = await start(['--port', '0'], { GEMINI_API_KEY: ' ', OPENAI_API_KEY: '' });
    assert.equal(accounts, 1);
    await command.seen('stderr', /demo/i);
  });

  it('serves the demo account without keys, and says so', async () => {
    const { url, accounts, command } = await start(['--port', '0']);
    assert.equal(accounts, 1);
    await command.seen('stderr', /demo/i);
    for (const dialect of ['openai-chat', 'anthropic', 'gemini'] as const) {
      const first = await (await sendSmall(url, dialect)).text();
      assert.match(first, /demo/i);
      const reading = checkStream(dialect, await (await sendSmall(url, dialect, { stream: true })).text());
      assert.deepEqual(reading.complaints, []);
      assert.match(reading.text, /demo/i);
    }
  });

  it('applies a changed file to the next request, and keeps the old one when the new one is broken', async () => {
    const path = file('live.json', config());
    const { url, command } = await start(['--config', path], environment);
    const ask = async (headers: Record<string, string> = {}) => {
      const response = await sendSmall(url, 'openai-chat', { headers });
      await response.text();
      return response.status;
    };
    assert.equal(await ask(), 200);

    writeFileSync(path, JSON.stringify(config({ authMode: 'strict', apiKey: 'sk-local-key-1234' })));
    await command.seen('stderr', /applied/);
    assert.equal(await ask(), 401);
    assert.equal(await ask({ authorization: 'Bearer sk-local-key-1234' }), 200);

    writeFileSync(path, '{ "port": 0, "apiKey": "sk-other-key-1234", ');
    await command.seen('stderr', /stay/);
    assert.equal(await ask({ authorization: 'Bearer sk-local-key-1234' }), 200, 'the old settings stay');
    assert.ok(!command.stderr().includes('sk-other-key'), 'a key was told');

    writeFileSync(path, JSON.stringify(config({ port: 1, authMode: 'off' })));
    await command.seen('stderr', /restart/);
    assert.equal(await ask(), 200);
  });

  it('tests an account again whose key was refused when the file is saved', async () => {
    const path = file('dead.json', config());
    const { url, command } = await start(['--config', path], environment);
    const ask = async () => {
      const response = await sendSmall(url, 'gemini');
      await response.text();
      return response.status;
    };
    upstream.fail({ status: 401 });
    assert.equal(await ask(), 503);
    assert.equal(await ask(), 503);
    assert.equal(upstream.generations.length, 1);
    writeFileSync(path, `${JSON.stringify(config())}\n`);
    await command.seen('stderr', /Gemini: tested again: .*accepted the key/);
    assert.equal(await ask(), 200);
  });

  it('tells how a request was decided where it did not go the straight way, and of every one when asked to', async () => {
    const account = (id: string, priority: number) => ({
      id,
      label: id.toUpperCase(),
      provider: 'anthropic',
      baseUrl: upstream.url,
      key: `sk-upstream-key-${id}`,
      priority,
    });
    const settings = { port: 0, accounts: [account('one', 1), account('two', 0)] };
    for (const verbose of [false, true]) {
      upstream.reset();
      const { url, command } = await start([
        '--config',
        file('decide.json', settings),
        ...(verbose ? ['--verbose'] : []),
      ]);
      await (await sendSmall(url, 'anthropic', { model: 'claude-x' })).text();
      upstream.fail({ key: 'sk-upstream-key-one', status: 429, headers: { 'retry-after': '60' } });
      await (await sendSmall(url, 'anthropic', { model: 'claude-y' })).text();
      await (await sendSmall(url, 'anthropic', { model: 'claude-y' })).text();
      await command.stop();
      const told = command.stderr();
      assert.equal(/claude-x -> ONE claude-x, 200: first ONE \(its turn\)/.test(told), verbose, told);
      assert.match(told, /claude-y -> TWO claude-y, 200: .*ONE claude-y failed: 429/);
      assert.match(told, /claude-y -> TWO claude-y, 200: .*ONE claude-y left out: cooling until/);
      assert.match(told, /ONE, claude-y: cooling until/);
    }
  });

  it('writes no key to stdout or stderr when accounts fail', async () => {
    const { url, command } = await start(
      ['--config', file('leak.json', config({ apiKey: 'sk-local-key-1234', authMode: 'strict' }))],
      environment,
    );
    upstream.behave({ status: 401, message: 'wrong key sk-upstream-from-environment' });
    await (await sendSmall(url, 'gemini', { headers: { 'x-goog-api-key': 'sk-local-key-1234' } })).text();
    await (await sendSmall(url, 'gemini', { headers: { 'x-goog-api-key': 'sk-local-key-1235' } })).text();
    await command.stop();
    const told = command.stdout() + command.stderr();
    assert.ok(told.length > 0);
    for (const key of ['sk-upstream-from-environment', 'sk-local-key-1234', 'sk-local-key-1235'])
      assert.ok(!told.includes(key), told);
  });
});
