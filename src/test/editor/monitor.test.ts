import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import { exportRecords } from '../../host/monitor/export-records';
import type { ExchangeRecord } from '../../shared/exchange';
import type { MonitorCall, MonitorCalls, MonitorEvent, MonitorQuery } from '../../shared/monitor';
import { beginAnew, eventually } from './portside';

const newestFirst: MonitorQuery = { filter: {}, sort: { key: 'time', descending: true } };

/** The tabs of the monitor, in whatever group. */
const monitorTabs = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && /portside\.monitor$/.test(input.viewType),
    );

describe('the monitor', () => {
  let proxy: Controller;
  let port: number;

  before(async () => {
    ({ proxy, port } = await beginAnew());
    await proxy.addAccount({ provider: 'demo', key: '' });
    await proxy.start();
  });
  after(async () => {
    await vscode.window.tabGroups.close(monitorTabs());
    await proxy.stop();
  });

  const ask = async <Name extends MonitorCall['type']>(call: Extract<MonitorCall, { type: Name }>) =>
    (await proxy.monitor(call)) as MonitorCalls[Name]['answer'];
  const rows = async (text = '') => {
    const query = { ...newestFirst, filter: { ...(text && { text }) } };
    return (await ask<'rows'>({ type: 'rows', query, from: 0, count: 100 })).rows;
  };
  const request = async (client: string): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': `${client}/1.0` },
      body: JSON.stringify({ model: 'portside-demo', messages: [{ role: 'user', content: 'Say hello.' }] }),
    });
    assert.equal(answer.status, 200);
    await answer.text();
  };
  const recorded = (client: string) =>
    eventually(async () => (await rows(client)).length === 1, `${client} is recorded`);
  const set = (name: string, value: unknown) =>
    vscode.workspace
      .getConfiguration('portside')
      .update(`monitor.${name}`, value, vscode.ConfigurationTarget.Global);

  it('opens as one tab with its own name, however often it is asked for', async () => {
    await vscode.commands.executeCommand('portside.openMonitor');
    await vscode.commands.executeCommand('portside.openMonitor');
    await eventually(() => monitorTabs().length > 0, 'there is a tab');
    assert.deepEqual(
      monitorTabs().map(({ label, isActive }) => [label, isActive]),
      [['Portside Monitor', true]],
    );
  });

  it('records a request, and tells those who listen', async () => {
    const heard: MonitorEvent[] = [];
    const listening = proxy.onMonitorEvent((event) => heard.push(event));
    await request('first-client');
    await recorded('first-client');
    await eventually(() => heard.some(({ type }) => type === 'changed'), 'it is told');
    listening.dispose();
    const [row] = await rows('first-client');
    assert.equal(row?.path, '/v1/chat/completions');
    assert.equal(row.client, 'first-client');
    assert.equal(row.status, 200);
    assert.equal(row.outcome, 'completed');
  });

  it('stops and begins to record when its setting changes, without a restart', async () => {
    await set('enabled', false);
    await eventually(async () => !(await ask<'info'>({ type: 'info' })).enabled, 'it is off');
    await request('unseen-client');
    await set('enabled', true);
    await eventually(async () => (await ask<'info'>({ type: 'info' })).enabled, 'it is on');
    await request('seen-client');
    await recorded('seen-client');
    assert.deepEqual(await rows('unseen-client'), []);
  });

  it('keeps bodies from the moment its setting says so, and none before', async () => {
    const [before] = await rows('seen-client');
    assert.equal(before?.captured, false);
    await set('captureBodies', true);
    try {
      await eventually(async () => (await ask<'info'>({ type: 'info' })).capturing, 'it captures');
      await request('captured-client');
      await recorded('captured-client');
      const [row] = await rows('captured-client');
      assert.equal(row?.captured, true);
      const body = await ask<'body'>({ type: 'body', seq: row.seq, part: 'request' });
      assert.match(body.text, /Say hello\./);
    } finally {
      await set('captureBodies', undefined);
    }
    await eventually(async () => !(await ask<'info'>({ type: 'info' })).capturing, 'it captures no more');
  });

  it('takes the user’s prices', async () => {
    await set('prices', { 'portside-demo': { input: 1000, output: 1000 } });
    try {
      // Which request is the first with the new prices is not told.
      await eventually(async () => {
        await request('paying-client');
        return (await rows('paying-client')).some(({ costNano }) => (costNano ?? 0) > 0);
      }, 'it costs something');
    } finally {
      await set('prices', undefined);
    }
  });

  it('is read while the proxy is stopped', async () => {
    await proxy.stop();
    try {
      assert.equal((await rows('first-client')).length, 1);
      assert.equal((await ask<'info'>({ type: 'info' })).canReplay, false);
    } finally {
      await proxy.start();
    }
  });

  describe('exported to a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portside-export-'));
    const { showSaveDialog } = vscode.window;
    afterEach(() => Object.assign(vscode.window, { showSaveDialog }));
    after(() => rmSync(folder, { recursive: true, force: true }));

    const exportTo = async (name: string, format: 'jsonl' | 'har'): Promise<string> => {
      const file = join(folder, name);
      Object.assign(vscode.window, { showSaveDialog: () => Promise.resolve(vscode.Uri.file(file)) });
      assert.equal(await exportRecords(proxy, newestFirst, format), true);
      return readFileSync(file, 'utf8');
    };

    it('has every record once in JSON Lines', async () => {
      const { total } = await ask<'query'>({ type: 'query', query: newestFirst });
      const lines = (await exportTo('all.jsonl', 'jsonl')).trimEnd().split('\n');
      const records = lines.map((line) => JSON.parse(line) as ExchangeRecord);
      assert.equal(records.length, total);
      assert.equal(new Set(records.map(({ seq }) => seq)).size, total);
      assert.ok(records.some(({ client }) => client === 'first-client'));
    });

    it('is one HAR 1.2 with an entry for every record', async () => {
      const { total } = await ask<'query'>({ type: 'query', query: newestFirst });
      const { log } = JSON.parse(await exportTo('all.har', 'har')) as {
        log: { version: string; entries: unknown[] };
      };
      assert.equal(log.version, '1.2');
      assert.equal(log.entries.length, total);
    });

    it('leaves nothing beside it', () => {
      assert.deepEqual(readdirSync(folder).sort(), ['all.har', 'all.jsonl']);
    });
  });
});
