/** What a view in a browser gets over HTTP: answers, events as they happen, files (SPEC 6.4). */
import assert from 'node:assert/strict';
import type { MonitorCalls, MonitorEvent, MonitorQuery } from '../../../shared/monitor';
import { sendSmall } from '../../support/dialect-requests';
import { EVERYTHING, startMonitored, type Monitored } from '../../support/monitored';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, ownModel, type SettingsInput } from '../../support/start-portside';

const KEY = 'sk-local-0123456789';

describe('a view of the monitor over HTTP', () => {
  let upstream: ScriptedUpstream;
  let portside: Monitored;
  const streams: AbortController[] = [];
  const settings = (more: SettingsInput = {}): SettingsInput => ({
    accounts: accountsOfAll(upstream),
    apiKey: KEY,
    authMode: 'strict',
    ...more,
  });
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  after(() => upstream.close());
  beforeEach(async () => {
    portside = await startMonitored(settings());
  });
  afterEach(async () => {
    for (const each of streams.splice(0)) each.abort();
    upstream.reset();
    await portside.stop();
  });

  const headers = { 'x-api-key': KEY };
  const send = async (model = ownModel('anthropic')) => {
    const response = await sendSmall(portside.url, 'anthropic', { model, headers });
    await response.text();
    return response.headers.get('x-request-id')!;
  };
  const call = async <Name extends 'info' | 'rows' | 'totals' | 'detail'>(
    type: Name,
    ask: MonitorCalls[Name]['ask'],
  ): Promise<{ status: number; answer: MonitorCalls[Name]['answer']; message?: string }> => {
    const response = await fetch(`${portside.url}/monitor/api`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ type, ...ask }),
    });
    return { status: response.status, ...((await response.json()) as object) } as never;
  };
  const rows = async (count: number) => {
    for (;;) {
      const { answer } = await call('rows', { query: EVERYTHING, from: 0, count: 100 });
      if (answer.total >= count) return answer.rows;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  /** Events as they come, until `over`. */
  const listen = async () => {
    const ending = new AbortController();
    streams.push(ending);
    const response = await fetch(`${portside.url}/monitor/events`, { headers, signal: ending.signal });
    assert.equal(response.status, 200);
    const events: MonitorEvent[] = [];
    const state = { over: false };
    void (async () => {
      let text = '';
      try {
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          const blocks = text.split('\n\n');
          text = blocks.pop() ?? '';
          for (const block of blocks)
            if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)) as MonitorEvent);
        }
      } catch {
        // The test has ended it.
      }
      state.over = true;
    })();
    const until = async (isThere: () => boolean) => {
      while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    return {
      events,
      until,
      added: () => events.reduce((sum, event) => sum + (event.type === 'changed' ? event.added : 0), 0),
      over: () => until(() => state.over),
    };
  };
  const exportOf = (format: string, query: MonitorQuery = EVERYTHING) =>
    fetch(`${portside.url}/monitor/export?${new URLSearchParams({ format, query: JSON.stringify(query) })}`, {
      headers,
    });

  it('gets rows, and what is wrong in words', async () => {
    const ids = [await send(), await send()];
    const found = await rows(2);
    assert.deepEqual(
      found.map(({ id }) => id),
      ids.reverse(),
    );
    const missing = await call('detail', { seq: 1 });
    assert.equal(missing.status, 400);
    assert.match(missing.message ?? '', /no longer kept/);
  });

  it('hears of requests as they are made, with every listener', async () => {
    const first = await listen();
    const second = await listen();
    await send();
    await send();
    for (const each of [first, second]) await each.until(() => each.added() === 2);
  });

  it('hears of a request that is not over yet', async () => {
    upstream.fail({ fault: 'hang' });
    const view = await listen();
    const sent = send();
    const openOnes = () => view.events.filter((event) => event.type === 'open');
    await view.until(() => openOnes().some(({ open }) => open.length === 1));
    assert.equal(openOnes().at(-1)?.open[0]?.path, '/v1/messages');
    upstream.release();
    await sent;
    await view.until(() => openOnes().at(-1)?.open.length === 0);
  });

  it('leaves no record and no open exchange of itself', async () => {
    const view = await listen();
    await call('info', {});
    await (await exportOf('jsonl')).text();
    await fetch(`${portside.url}/monitor`, { headers });
    await fetch(`${portside.url}/metrics`, { headers });
    const id = await send();
    assert.deepEqual(
      (await rows(1)).map((row) => row.id),
      [id],
    );
    for (const event of view.events)
      if (event.type === 'open') assert.ok(event.open.every(({ path }) => path === '/v1/messages'));
    assert.deepEqual(
      portside.exchanges.map(({ path }) => path),
      ['/v1/messages'],
    );
  });

  it('hears no more once the key is another', async () => {
    const view = await listen();
    portside.configure(settings({ apiKey: 'sk-another-0123456789' }));
    await view.over();
  });

  it('goes on hearing when other settings change', async () => {
    const view = await listen();
    portside.configure(settings({ scheduling: 'balance' }));
    await send();
    await view.until(() => view.added() === 1);
  });

  it('is ended by a stop at once, while what is under way gets its time (SPEC 1.6)', async () => {
    const views = [await listen(), await listen()];
    upstream.fail({ fault: 'hang' });
    const sent = sendSmall(portside.url, 'anthropic', { model: ownModel('anthropic'), headers });
    await upstream.arrived(1);
    const stopping = portside.stop();
    for (const each of views) await each.over();
    assert.equal(portside.exchanges.length, 0);
    upstream.release();
    assert.equal((await sent).status, 200);
    await stopping;
  });

  it('exports all records as lines of JSON', async () => {
    const ids = [await send(), await send(), await send('nobody-has-this')];
    await rows(3);
    const response = await exportOf('jsonl');
    assert.equal(response.status, 200);
    assert.match(
      response.headers.get('content-disposition') ?? '',
      /^attachment; filename="portside-[\dT-]+\.jsonl"$/,
    );
    const text = await response.text();
    assert.ok(text.endsWith('\n'));
    const lines = text.trimEnd().split('\n');
    assert.equal(lines.length, 3);
    for (const line of lines) JSON.parse(line);
    for (const id of ids) assert.equal(lines.filter((line) => line.includes(id)).length, 1);
  });

  it('exports what a filter takes, and no more', async () => {
    await send();
    await (await fetch(`${portside.url}/nothing`, { headers })).text();
    await rows(2);
    const text = await (
      await exportOf('jsonl', { ...EVERYTHING, filter: { outcomes: ['rejected'] } })
    ).text();
    assert.equal(text.trimEnd().split('\n').length, 1);
    assert.match(text, /\/nothing/);
  });

  it('exports a HAR of all records', async () => {
    await send();
    await send();
    await rows(2);
    const response = await exportOf('har');
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
    const har = (await response.json()) as { log: { version: string; entries: unknown[] } };
    assert.equal(har.log.version, '1.2');
    assert.equal(har.log.entries.length, 2);
  });

  it('holds no key in anything that it gets', async () => {
    await send();
    const [row] = await rows(1);
    const all = [
      JSON.stringify(await call('detail', { seq: row!.seq })),
      await (await exportOf('jsonl')).text(),
      await (await exportOf('har')).text(),
    ].join('\n');
    assert.doesNotMatch(all, /sk-local|sk-upstream/);
  });
});
