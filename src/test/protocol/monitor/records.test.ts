/** What the monitor knows of requests (SPEC 6.1–6.3). */
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MonitorEvent } from '../../../shared/monitor';
import { sendSmall } from '../../support/dialect-requests';
import { EVERYTHING, hasSqlite, startMonitored, type Monitored } from '../../support/monitored';
import { sendRaw } from '../../support/raw-http';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, type SettingsInput } from '../../support/start-portside';
import { skipBecause } from '../../support/skip-because';

describe('records of the monitor', () => {
  let upstream: ScriptedUpstream;
  let portside: Monitored;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  after(() => upstream.close());
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  const start = async (settings: SettingsInput = {}) => {
    portside = await startMonitored({
      accounts: [
        accountAt(upstream, 'anthropic', { models: ['claude-x'] }),
        accountAt(upstream, 'openai-chat', { models: ['gpt-x'] }),
      ],
      ...settings,
    });
  };
  const newest = async (count: number) => (await portside.rows(count))[0]!;

  it('tell of a request who asked, what served, how long it took and what it used', async () => {
    await start();
    upstream.reply({ text: 'Hello', usage: { input: 20, cached: 5, output: 7, reasoning: 2 } });
    const response = await sendSmall(portside.url, 'openai-chat', {
      model: 'claude-x',
      stream: true,
      headers: { 'user-agent': 'some-agent/1.2.3 (test)' },
    });
    await response.text();
    const row = await newest(1);
    assert.equal(row.id, response.headers.get('x-request-id'));
    const { seq, time, durationMs, firstByteMs, ...rest } = row;
    assert.deepEqual(rest, {
      id: row.id,
      method: 'POST',
      path: '/v1/chat/completions',
      client: 'some-agent',
      protocol: 'openai-chat',
      upstreamDialect: 'anthropic',
      modelAsked: 'claude-x',
      modelServed: 'claude-x',
      account: response.headers.get('x-portside-account'),
      attempts: 1,
      status: 200,
      outcome: 'completed',
      inputTokens: 20,
      outputTokens: 7,
      cachedInputTokens: 5,
      warnings: row.warnings,
      captured: false,
    });
    assert.equal(Math.floor(seq / 1000), time);
    assert.ok(firstByteMs !== undefined && durationMs >= firstByteMs);
    const { record } = await portside.ask('detail', { seq });
    const [attempt] = record.attempts;
    assert.equal(record.clientVersion, '1.2.3');
    assert.equal(attempt?.dialect, 'anthropic');
    assert.equal(attempt.provider, 'anthropic');
    assert.ok(attempt.startMs !== undefined && attempt.durationMs !== undefined);
  });

  it('are made of requests that were refused, with the heads of their messages', async () => {
    await start({ authMode: 'strict', apiKey: 'sk-local-key-0123456789' });
    const key = { authorization: 'Bearer sk-local-key-0123456789' };
    const refused: [number, () => Promise<unknown>][] = [
      [401, () => fetch(`${portside.url}/v1/models`)],
      [404, () => fetch(`${portside.url}/nothing/here`, { headers: key })],
      [405, () => fetch(`${portside.url}/v1/messages`, { headers: key })],
      [
        400,
        () =>
          fetch(`${portside.url}/v1/messages`, {
            method: 'POST',
            headers: { ...key, 'content-type': 'application/json' },
            body: '{"model":',
          }),
      ],
      [403, () => fetch(`${portside.url}/v1/models`, { headers: { ...key, origin: 'http://evil.example' } })],
      [
        426,
        () =>
          sendRaw(
            portside.port,
            'GET /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
          ),
      ],
    ];
    for (const [index, [status, send]] of refused.entries()) {
      await send();
      const row = await newest(index + 1);
      assert.equal(row.status, status);
      assert.equal(row.outcome, 'rejected');
      assert.ok(row.error);
      const { messages } = await portside.ask('detail', { seq: row.seq });
      assert.equal(messages[0]?.part, 'request');
      assert.ok(messages[0].headers.length > 0);
    }
  });

  it('hold the heads of a failed attempt, also where another account served', async () => {
    await start({
      accounts: [
        accountAt(upstream, 'anthropic', { id: 'one', key: 'sk-one-0123456789', priority: 1 }),
        accountAt(upstream, 'anthropic', { id: 'two' }),
      ],
    });
    upstream.fail({ key: 'sk-one-0123456789', status: 429, headers: { 'retry-after': '7' } });
    await (await sendSmall(portside.url, 'anthropic')).text();
    const { seq, attempts } = await newest(1);
    assert.equal(attempts, 2);
    const { messages, record } = await portside.ask('detail', { seq });
    assert.deepEqual(
      messages.map(({ part, attempt, kept }) => [part, attempt, kept]),
      [
        ['upstream-request', 0, 0],
        ['upstream-response', 0, 0],
      ],
    );
    assert.ok(messages[1]?.headers.some(([name, value]) => name === 'retry-after' && value === '7'));
    assert.equal(record.attempts[0]?.status, 429);
    assert.match(record.attempts[0].reason ?? '', /429|limit/);
  });

  it('say with which status a key was refused, whatever the client is told', async () => {
    await start({ accounts: [accountAt(upstream, 'anthropic', { key: 'sk-one-0123456789' })] });
    upstream.fail({ key: 'sk-one-0123456789', status: 401 });
    const response = await sendSmall(portside.url, 'anthropic');
    await response.text();
    const { record } = await portside.ask('detail', { seq: (await newest(1)).seq });
    assert.equal(record.status, response.status);
    assert.notEqual(record.status, 401);
    assert.equal(record.attempts[0]?.status, 401);
  });

  it('hold all four messages while bodies are kept, and what a stream says in one piece', async () => {
    await start({ monitor: { captureBodies: true } });
    upstream.reply({ text: 'Hello in pieces', pieceSize: 4 });
    await (await sendSmall(portside.url, 'openai-chat', { model: 'claude-x', stream: true })).text();
    const { seq, captured } = await newest(1);
    assert.equal(captured, true);
    const { messages } = await portside.ask('detail', { seq });
    assert.deepEqual(
      messages.map(({ part }) => part),
      ['request', 'response', 'upstream-request', 'upstream-response'],
    );
    const body = (part: 'request' | 'response' | 'upstream-request' | 'upstream-response', raw = false) =>
      portside.ask('body', { seq, part, raw, ...(part.startsWith('upstream') && { attempt: 0 }) });
    const asked = JSON.parse((await body('request')).text) as { model: string };
    assert.equal(asked.model, 'claude-x');
    assert.match((await body('upstream-request')).text, /"max_tokens"/);
    const answer = await body('response');
    assert.equal(answer.reassembled, true);
    assert.match(answer.text, /Hello in pieces/);
    assert.match((await body('upstream-response')).text, /Hello in pieces/);
    assert.match((await body('response', true)).text, /data: \[DONE\]/);
  });

  it('hold the body of a client that compresses', async () => {
    await start({ monitor: { captureBodies: true } });
    const { gzipSync } = await import('node:zlib');
    const body = gzipSync(
      JSON.stringify({ model: 'gpt-x', messages: [{ role: 'user', content: 'squeezed' }] }),
    );
    await fetch(`${portside.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
    });
    const { seq } = await newest(1);
    assert.match((await portside.ask('body', { seq, part: 'request' })).text, /squeezed/);
  });

  it('are told of while they come, and open requests before', async () => {
    await start();
    const heard: MonitorEvent[] = [];
    let wake = () => {};
    const end = portside.proxy.monitor.listen((event) => {
      heard.push(event);
      wake();
    });
    const until = async (seen: () => boolean) => {
      while (!seen()) await new Promise<void>((resolve) => (wake = resolve));
    };
    upstream.reply({ text: 'Hello' }, { fault: 'hang-mid-body' });
    const response = await sendSmall(portside.url, 'anthropic', { model: 'claude-x', stream: true });
    const open = () =>
      heard.some(({ type, ...event }) => type === 'open' && 'open' in event && event.open.length === 1);
    await until(open);
    upstream.release();
    await response.text();
    await until(() => heard.some((event) => event.type === 'changed' && event.added === 1));
    const last = heard.filter((event) => event.type === 'open').at(-1);
    await until(() => {
      const told = heard.filter((event) => event.type === 'open').at(-1);
      return told?.type === 'open' && told.open.length === 0;
    });
    assert.ok(last);
    end();
  });

  it('are sent again, and say whose request it was', async () => {
    await start({
      authMode: 'strict',
      apiKey: 'sk-local-key-0123456789',
      monitor: { captureBodies: true },
    });
    const headers = { authorization: 'Bearer sk-local-key-0123456789' };
    await (await sendSmall(portside.url, 'anthropic', { model: 'claude-x', headers })).text();
    const first = await newest(1);
    await portside.ask('replay', { seq: first.seq });
    const again = await newest(2);
    assert.equal(again.status, 200);
    const { record } = await portside.ask('detail', { seq: again.seq });
    assert.equal(record.replayOf, first.id);
    const [one, two] = upstream.generations;
    assert.deepEqual(two?.json, one?.json);
    assert.equal(two?.headers['x-portside-replay'], undefined);
  });

  it('cannot be sent again without their body', async () => {
    await start();
    await (await sendSmall(portside.url, 'anthropic', { model: 'claude-x' })).text();
    const { seq } = await newest(1);
    await assert.rejects(portside.ask('replay', { seq }), /body|kept/);
  });

  it('are not made while the monitor is off: there is no database and nobody to write it', async () => {
    await start({ monitor: { enabled: false } });
    await (await sendSmall(portside.url, 'anthropic', { model: 'claude-x' })).text();
    await portside.recorded(portside.exchanges[0]!.id);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(existsSync(join(portside.folder, 'monitor.db')), false);
    assert.equal(portside.exchanges[0]?.usage, undefined);
  });

  it('follow the settings live: bodies from now on, and none any more', async () => {
    await start();
    const send = async (count: number) => {
      await (await sendSmall(portside.url, 'anthropic', { model: 'claude-x' })).text();
      return (await newest(count)).captured;
    };
    assert.equal(await send(1), false);
    await portside.ask('setCapture', { capture: true });
    assert.equal((await portside.ask('info', {})).capturing, true);
    assert.equal(await send(2), true);
    await portside.ask('setCapture', { capture: false });
    assert.equal(await send(3), false);
  });

  it('stay within the size that is allowed, and the file gets smaller', async function () {
    if (!hasSqlite) skipBecause(this, 'this Node has no SQLite');
    this.timeout(60_000);
    await start({ monitor: { captureBodies: true, maxMiB: 8, bodyLimitKiB: 2048 } });
    const noise = () => Array.from({ length: 16_000 }, () => Math.random().toString(36).slice(2)).join(' ');
    const requests = 60;
    for (let n = 0; n < requests; n++)
      await fetch(`${portside.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-x', messages: [{ role: 'user', content: noise() }] }),
      }).then((response) => response.text());
    await portside.rows(requests);
    const file = join(portside.folder, 'monitor.db');
    for (let tries = 0; (await portside.ask('info', {})).bytes > 8 * 1_048_576; tries++) {
      assert.ok(tries < 1000, 'retention does not come');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { rows } = await portside.ask('rows', { query: EVERYTHING, from: 0, count: 1000 });
    assert.equal(rows.length, requests, 'rows are worth more than old bodies');
    const kept = rows.filter(({ captured }) => captured).length;
    assert.ok(kept > 0);
    await portside.stop();
    assert.ok(statSync(file).size <= 8 * 1_048_576);
  });
});
