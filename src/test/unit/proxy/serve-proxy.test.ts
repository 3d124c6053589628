import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { BindError } from '../../../proxy/errors';
import type { Proxy, ProxyHost } from '../../../proxy/index';
import { serveProxy } from '../../../proxy/serve-proxy';
import type { ExchangeRecord } from '../../../shared/exchange';
import type { MonitorEvent } from '../../../shared/monitor';
import type { PoolEvent, ProxyStatus } from '../../../shared/status';
import { lmModel } from '../../support/scripted-models';
import type { LmToThread, ThreadMessage, ThreadRequest } from '../../../shared/thread-messages';

/** Serves a proxy made of the given parts and collects what it says. */
function serve(parts: (host: ProxyHost) => Partial<Proxy>, hasLanguageModels?: boolean) {
  const { port1, port2 } = new MessageChannel();
  const said: ThreadMessage[] = [];
  let heard = () => {};
  port1.on('message', (message: ThreadMessage) => {
    said.push(message);
    heard();
  });
  const none = () => assert.fail('not asked for');
  const create = (host: ProxyHost): Proxy => ({
    configure: none,
    start: none,
    stop: none,
    status: none,
    onChange: () => () => {},
    testAccount: none,
    clearCooling: none,
    explainRoute: none,
    monitor: { call: none, listen: none },
    ...parts(host),
  });
  serveProxy(port2, create, hasLanguageModels);
  const tell = (message: LmToThread) => port1.postMessage(message);
  const ask = async (request: ThreadRequest) => {
    port1.postMessage(request);
    for (;;) {
      const answer = said.find((each) => each.type === 'answer' && each.id === request.id);
      if (answer) return answer;
      await new Promise<void>((resolve) => (heard = resolve));
    }
  };
  return { said, ask, tell, close: () => port1.close() };
}

const record = (id: string): ExchangeRecord => ({
  seq: 0,
  id,
  time: 0,
  method: 'GET',
  path: '/',
  attempts: [],
  status: 200,
  outcome: 'completed',
  durationMs: 1,
  warnings: [],
});

describe('the core behind a port', () => {
  it('says ready before anything else', async () => {
    const { said, ask, close } = serve(() => ({
      testAccount: () => Promise.resolve({ ok: true, message: '' }),
    }));
    await ask({ id: 1, type: 'testAccount', account: {} as never });
    assert.deepEqual(said[0], { type: 'ready' });
    close();
  });

  it('carries a bind error with host and port, and neither stack nor cause', async () => {
    const { ask, close } = serve(() => ({
      start: () => Promise.reject(new BindError('127.0.0.1', 8045, 'EADDRINUSE', 'address already in use')),
    }));
    assert.deepEqual(await ask({ id: 4, type: 'start' }), {
      type: 'answer',
      id: 4,
      ok: false,
      error: {
        name: 'BindError',
        message: 'failed to start server: failed to bind address 127.0.0.1:8045: address already in use',
        code: 'EADDRINUSE',
        host: '127.0.0.1',
        port: 8045,
      },
    });
    close();
  });

  it('answers a call that throws at once like one that rejects', async () => {
    const { ask, close } = serve(() => ({
      configure() {
        throw new TypeError('no such setting');
      },
    }));
    const answer = await ask({ id: 2, type: 'configure', settings: {} as never });
    assert.deepEqual(answer, {
      type: 'answer',
      id: 2,
      ok: false,
      error: { name: 'TypeError', message: 'no such setting' },
    });
    close();
  });

  it('sends logs and summaries in few messages, those of a call before its answer', async () => {
    const { said, ask, close } = serve((host) => ({
      testAccount() {
        for (let n = 0; n < 450; n++) host.log.info(`line ${n}`);
        host.onExchange?.({ ...record('a'), queuedMs: 3 });
        host.onExchange?.(record('the straight way'));
        host.onExchange?.({ ...record('b'), queuedMs: 4 });
        return Promise.resolve({ ok: true, message: '' });
      },
    }));
    await ask({ id: 1, type: 'testAccount', account: {} as never });
    assert.deepEqual(
      said.map((each) => (each.type === 'log' ? each.lines.length : each.type)),
      ['ready', 200, 200, 50, 'exchanges', 'answer'],
    );
    const exchanges = said.find((each) => each.type === 'exchanges');
    assert.deepEqual(
      exchanges?.records.map(({ id }) => id),
      ['a', 'b'],
    );
    close();
  });

  it('carries what a view of the monitor asks, and its events while they are wanted', async () => {
    const asked: unknown[] = [];
    const listeners = new Set<(event: MonitorEvent) => void>();
    const { said, ask, close } = serve(() => ({
      monitor: {
        call: (call) => {
          asked.push(call);
          return Promise.resolve({ open: [] });
        },
        listen(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    }));
    const event: MonitorEvent = { type: 'changed', added: 2 };
    const tell = () => listeners.forEach((listener) => listener(event));
    assert.deepEqual(await ask({ id: 1, type: 'monitor', call: { type: 'open' } }), {
      type: 'answer',
      id: 1,
      ok: true,
      answer: { open: [] },
    });
    assert.deepEqual(asked, [{ type: 'open' }]);
    tell();
    await ask({ id: 2, type: 'watchMonitor', watch: true });
    await ask({ id: 3, type: 'watchMonitor', watch: true });
    tell();
    await ask({ id: 4, type: 'watchMonitor', watch: false });
    tell();
    assert.deepEqual(
      said.filter((each) => each.type === 'monitor'),
      [{ type: 'monitor', event }],
    );
    close();
  });

  it('clears a rest by the account’s id, which is not the call’s number, and answers with the status', async () => {
    const cleared: unknown[] = [];
    const status = { state: 'stopped' } as ProxyStatus;
    const { ask, close } = serve(() => ({
      clearCooling: (...which) => void cleared.push(which),
      status: () => status,
    }));
    const all = { type: 'clearCooling', account: 'gemini' } as const;
    assert.deepEqual(await ask({ id: 7, ...all }), { type: 'answer', id: 7, ok: true, answer: status });
    await ask({ id: 8, ...all, model: 'pro' });
    assert.deepEqual(cleared, [
      ['gemini', undefined],
      ['gemini', 'pro'],
    ]);
    close();
  });

  it('explains a route', async () => {
    const { ask, close } = serve(() => ({
      explainRoute: (model, protocol) => Promise.resolve({ model, protocol, why: 'so', candidates: [] }),
    }));
    const answer = await ask({ id: 1, type: 'explainRoute', model: 'm', protocol: 'gemini' });
    assert.deepEqual(answer, {
      type: 'answer',
      id: 1,
      ok: true,
      answer: { model: 'm', protocol: 'gemini', why: 'so', candidates: [] },
    });
    close();
  });

  it('tells changes of health in one message, before the answer of the call that made them', async () => {
    const event = (account: string): PoolEvent => ({
      time: 0,
      account,
      label: account,
      from: 'healthy',
      to: 'cooling',
    });
    const { said, ask, close } = serve((host) => ({
      testAccount() {
        host.onPoolEvent?.(event('a'));
        host.onPoolEvent?.(event('b'));
        return Promise.resolve({ ok: true, message: '' });
      },
    }));
    await ask({ id: 1, type: 'testAccount', account: {} as never });
    assert.deepEqual(said.slice(1, 2), [{ type: 'poolEvents', events: [event('a'), event('b')] }]);
    close();
  });

  it('asks the other end for the editor’s models, where it has some', async () => {
    const models = [lmModel('parrot')];
    const listed: unknown[] = [];
    const { said, ask, tell, close } = serve(
      (host) => ({
        async testAccount() {
          const all = await host.languageModels?.list();
          listed.push(all);
          return { ok: true, message: '' };
        },
      }),
      true,
    );
    const asked = ask({ id: 1, type: 'testAccount', account: {} as never });
    while (!said.some(({ type }) => type === 'lm')) await new Promise((resolve) => setTimeout(resolve, 5));
    tell({ type: 'lm', do: 'models', ask: 1, models });
    await asked;
    assert.deepEqual(listed, [models]);
    close();
  });

  it('has no models to ask for where the other end has none', () => {
    let has: boolean | undefined;
    const { close } = serve((host) => {
      has = host.languageModels !== undefined;
      return {};
    });
    assert.equal(has, false);
    close();
  });
});
