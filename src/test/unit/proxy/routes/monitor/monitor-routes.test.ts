import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Core } from '../../../../../proxy/exchange/core';
import { Exchange } from '../../../../../proxy/exchange/exchange';
import { routeOf } from '../../../../../proxy/routes/normalize-path';
import { serveMonitorEvents } from '../../../../../proxy/routes/monitor/events';
import { serveMonitorExport } from '../../../../../proxy/routes/monitor/export';
import { serveMonitorScript } from '../../../../../proxy/routes/monitor/page';
import { Ticker } from '../../../../../proxy/stream/ticker';
import type { MonitorCall, MonitorEvent } from '../../../../../shared/monitor';
import { ManualClock } from '../../../../support/manual-clock';

/** Long enough to fill what the system buffers between two ends of a connection. */
const FLOOD = 30_000_000;

describe("the monitor's routes, alone", () => {
  let server: Server;
  let serve: (exchange: Exchange) => unknown;
  let exchange: Exchange;
  let clock: ManualClock;
  let listeners: Set<(event: MonitorEvent) => void>;
  let answer: (call: MonitorCall) => Promise<unknown>;
  let logs: string[];
  let core: Core;
  const answers: IncomingMessage[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    listeners = new Set();
    logs = [];
    core = {
      ticker: new Ticker(clock.every),
      now: clock.now,
      log: { warn: (message: string) => logs.push(message) },
      monitor: {
        call: (call: MonitorCall) => answer(call),
        listen(listener: (event: MonitorEvent) => void) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    } as unknown as Core;
    server = createServer((incoming, outgoing) => {
      const path = routeOf((incoming.url ?? '').split('?', 1)[0] ?? '');
      exchange = new Exchange(incoming, outgoing, path, path.dialect, clock.now, () => undefined);
      void serve(exchange);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const each of answers.splice(0)) each.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    core.ticker.dispose();
  });

  const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  /** An answer of which nothing is read by itself. */
  const open = (path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(url(path), { headers, agent: false }, (response) => {
        answers.push(response);
        response.on('error', () => undefined);
        resolve(response);
      }).on('error', reject);
    });
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const tell = (event: MonitorEvent) => {
    for (const listener of listeners) listener(event);
  };
  /** Reads on; the text so far is `text()`. */
  const reading = (response: IncomingMessage) => {
    let read = '';
    let over = false;
    response.setEncoding('utf8').on('data', (chunk: string) => (read += chunk));
    response.on('close', () => (over = true));
    return { text: () => read, over: () => over };
  };
  const eventsIn = (text: string) =>
    [...text.matchAll(/^data: (.+)\n\n/gm)].map(([, json = '']) => JSON.parse(json) as MonitorEvent);

  describe('events', () => {
    let admitted: boolean;
    beforeEach(() => {
      admitted = true;
      serve = (each) => serveMonitorEvents(core, each, () => admitted);
    });
    const info = (note: string): MonitorEvent => ({
      type: 'info',
      info: { note } as Extract<MonitorEvent, { type: 'info' }>['info'],
    });

    it('come as they are told, each one block of data', async () => {
      const response = await open('/monitor/events');
      assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
      assert.equal(response.headers['cache-control'], 'no-store');
      const read = reading(response);
      tell({ type: 'changed', added: 3 });
      tell(info('line\nline'));
      await until(() => eventsIn(read.text()).length === 2);
      assert.deepEqual(eventsIn(read.text()), [{ type: 'changed', added: 3 }, info('line\nline')]);
      assert.match(read.text(), /^retry: 1000\n\n/);
    });

    it('stop being listened for when the reader goes', async () => {
      const response = await open('/monitor/events');
      assert.equal(listeners.size, 1);
      response.destroy();
      await until(() => listeners.size === 0);
      await until(() => clock.atRest());
    });

    it('are followed by a sign of life after fifteen seconds of silence', async () => {
      const read = reading(await open('/monitor/events'));
      clock.pass(14_999);
      tell({ type: 'changed', added: 1 });
      clock.pass(14_999);
      tell({ type: 'changed', added: 2 });
      clock.pass(15_000);
      tell({ type: 'changed', added: 3 });
      await until(() => eventsIn(read.text()).length === 3);
      assert.equal(
        read
          .text()
          .split('\n')
          .filter((line) => line === ':').length,
        1,
      );
      assert.match(read.text(), /"added":2\}\n\n:\n\ndata: \{"type":"changed","added":3/);
    });

    it('that a slow reader missed are told in sum, the newest of each kind', async () => {
      const response = await open('/monitor/events');
      tell(info('x'.repeat(FLOOD)));
      await until(() => exchange.outgoing.writableNeedDrain);
      const before = exchange.outgoing.writableLength;
      for (let count = 0; count < 1000; count++) {
        tell({ type: 'changed', added: 2 });
        tell({ type: 'open', open: [] });
        tell(info(`${count}`));
      }
      assert.equal(exchange.outgoing.writableLength, before, 'nothing more is kept in the buffer');
      const read = reading(response);
      await until(() => read.text().endsWith('\n\n') && read.text().includes('"999"'));
      const [flood, ...rest] = eventsIn(read.text());
      assert.equal(flood?.type, 'info');
      assert.deepEqual(rest, [{ type: 'changed', added: 2000 }, { type: 'open', open: [] }, info('999')]);
    });

    it('end for a reader that takes nothing any more', async () => {
      const response = await open('/monitor/events');
      tell(info('x'.repeat(FLOOD)));
      await until(() => exchange.outgoing.writableNeedDrain);
      clock.pass(59_999);
      assert.equal(listeners.size, 1);
      clock.pass(1);
      await until(() => listeners.size === 0);
      assert.ok(exchange.outgoing.destroyed);
      response.destroy();
    });

    it('end when whoever reads may not any longer', async () => {
      const read = reading(await open('/monitor/events'));
      clock.pass(250);
      assert.equal(listeners.size, 1);
      admitted = false;
      clock.pass(250);
      await until(read.over);
      assert.equal(listeners.size, 0);
    });

    it('end at once when the server begins to stop', async () => {
      const read = reading(await open('/monitor/events'));
      exchange.work?.serverDrains?.();
      await until(read.over);
      assert.equal(listeners.size, 0);
      assert.ok(exchange.outgoing.writableFinished);
    });
  });

  describe('an export', () => {
    const PATH = `/monitor/export?format=jsonl&query=${encodeURIComponent(
      JSON.stringify({ filter: {}, sort: { key: 'time', descending: true } }),
    )}`;
    let asked: number[];
    /** Pieces by their place. */
    const pieces = (give: (at: number) => { text: string; next?: number }) => {
      asked = [];
      answer = (call) => {
        assert.ok(call.type === 'exportPiece');
        asked.push(call.at);
        return Promise.resolve(give(call.at));
      };
    };
    beforeEach(() => {
      serve = (each) => serveMonitorExport(core, each);
    });

    it('is a file of all its pieces, empty ones too', async () => {
      pieces((at) => ({ text: at === 1 ? '' : `${at}\n`, ...(at < 3 && { next: at + 1 }) }));
      const response = await fetch(url(PATH));
      assert.equal(await response.text(), '0\n2\n3\n');
      assert.deepEqual(asked, [0, 1, 2, 3]);
      assert.equal(response.headers.get('content-type'), 'application/jsonl; charset=utf-8');
      assert.equal(
        response.headers.get('content-disposition'),
        'attachment; filename="portside-2027-01-15T08-00-00.jsonl"',
      );
    });

    it('asks for no more than its reader takes', async () => {
      pieces((at) => ({ text: 'x'.repeat(FLOOD / 10), ...(at < 99 && { next: at + 1 }) }));
      const response = await open(PATH);
      await until(() => exchange.outgoing.writableNeedDrain);
      const before = asked.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok(asked.length <= before + 1 && asked.length < 50, `${asked.length} pieces`);
      response.resume();
      await until(() => asked.length === 100);
    });

    it('ends its work when the reader goes', async () => {
      pieces((at) => ({ text: 'x'.repeat(FLOOD / 10), next: at + 1 }));
      const response = await open(PATH);
      await until(() => exchange.outgoing.writableNeedDrain);
      response.destroy();
      await until(() => exchange.done);
      const { length } = asked;
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(asked.length, length);
    });

    it('that cannot begin is refused in words', async () => {
      answer = () => Promise.reject(new Error('The disk is full.'));
      const response = await fetch(url(PATH));
      assert.equal(response.status, 400);
      assert.deepEqual(await response.json(), { message: 'The disk is full.' });
    });

    it('that cannot go on does not look whole', async () => {
      answer = (call) =>
        call.type === 'exportPiece' && call.at === 0
          ? Promise.resolve({ text: 'x\n', next: 1 })
          : Promise.reject(new Error('The disk is gone.'));
      await assert.rejects(async () => (await fetch(url(PATH))).text());
      assert.match(logs.join('\n'), /The disk is gone/);
    });

    it('is cut when the server stops', async () => {
      pieces((at) => ({ text: 'x'.repeat(FLOOD / 10), next: at + 1 }));
      const response = await open(PATH);
      await until(() => exchange.outgoing.writableNeedDrain);
      exchange.work?.serverStops();
      const read = reading(response);
      await until(read.over);
      assert.equal(response.complete, false);
    });
  });

  describe('the script', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'portside-script-'));
    });
    after(() => rm(folder, { recursive: true, force: true }));
    const file = () => join(folder, 'monitor.js');
    beforeEach(() => {
      serve = (each) => serveMonitorScript(each, file());
    });

    it('is missing in words where it is missing', async () => {
      await rm(file(), { force: true });
      const response = await fetch(url('/monitor/monitor.js'));
      assert.equal(response.status, 404);
      assert.match(await response.text(), /webview\/monitor\.js is missing/);
    });

    it('is given once, and again when it is another', async () => {
      await writeFile(file(), 'first("ä")');
      const first = await fetch(url('/monitor/monitor.js'));
      assert.equal(first.headers.get('content-type'), 'text/javascript; charset=utf-8');
      assert.equal(await first.text(), 'first("ä")');
      const known = { 'if-none-match': first.headers.get('etag') ?? '' };
      const again = await fetch(url('/monitor/monitor.js'), { headers: known });
      assert.equal(again.status, 304);
      assert.equal(await again.text(), '');
      await writeFile(file(), 'second()');
      const second = await fetch(url('/monitor/monitor.js'), { headers: known });
      assert.equal(second.status, 200);
      assert.equal(await second.text(), 'second()');
    });
  });
});
