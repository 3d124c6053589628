import { editor, resetEditor, type StubTab } from '../vscode-stub';
import assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import type { Controller } from '../../../../host/controller/controller';
import { MonitorTab } from '../../../../host/monitor/monitor-tab';
import type { MonitorCall, MonitorEvent } from '../../../../shared/monitor';

describe('the tab of the monitor', () => {
  const listeners = new Set<(event: MonitorEvent) => void>();
  const refusals: string[] = [];
  let answer: (call: MonitorCall) => Promise<unknown>;
  let monitor: MonitorTab;
  let tab: StubTab;

  beforeEach(() => {
    resetEditor();
    listeners.clear();
    refusals.length = 0;
    answer = (call) => Promise.resolve({ answerTo: call.type });
    const controller = {
      monitor: (call: MonitorCall) => answer(call),
      onMonitorEvent: (listener: (event: MonitorEvent) => void) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    } as unknown as Controller;
    const uri = { scheme: 'file', fsPath: '/portside' } as Uri;
    monitor = new MonitorTab(uri, controller, { warn: (message) => refusals.push(message) });
    monitor.show();
    tab = editor.tabs[0]!;
  });
  afterEach(() => monitor.dispose());

  const event: MonitorEvent = { type: 'changed', added: 1 };
  const info = (seq: number) => ({ seq, type: 'call', call: { type: 'info' } });

  it('is one, whose page is one element and one script', () => {
    monitor.show();
    assert.equal(editor.tabs.length, 1);
    assert.deepEqual([tab.viewType, tab.title], ['portside.monitor', 'Portside Monitor']);
    assert.match(tab.webview.html, /<portside-monitor><\/portside-monitor>/);
    assert.match(tab.webview.html, /src="\/portside\/dist\/webview\/monitor\.js"/);
  });

  it('answers what its page asks, by number', async () => {
    await tab.send(info(1));
    assert.deepEqual(tab.received, [{ type: 'answer', seq: 1, ok: true, answer: { answerTo: 'info' } }]);
  });

  it('a call that fails is answered with its words', async () => {
    answer = () => Promise.reject(new Error('The records cannot be read.'));
    await tab.send(info(1));
    assert.deepEqual(tab.received, [
      { type: 'answer', seq: 1, ok: false, message: 'The records cannot be read.' },
    ]);
  });

  it('what is no message is refused, noted without its content, and answered where it has a number', async () => {
    await tab.send({ seq: 3, type: 'call', call: { type: 'detail', seq: 'sk-0123456789' } });
    await tab.send('sk-0123456789');
    assert.deepEqual(
      tab.received.map((message) => ({ ...(message as object), message: '' })),
      [{ type: 'answer', seq: 3, ok: false, message: '' }],
    );
    assert.equal(refusals.length, 2);
    assert.doesNotMatch(refusals.join() + JSON.stringify(tab.received), /sk-0123456789/);
  });

  it('hears of changes while it is visible, and not while it is hidden or gone', () => {
    const tell = () => listeners.forEach((listener) => listener(event));
    tell();
    assert.deepEqual(tab.received, [{ type: 'event', event }]);
    tab.setVisible(false);
    assert.equal(listeners.size, 0);
    tab.setVisible(true);
    tab.setVisible(true);
    assert.equal(listeners.size, 1);
    tab.dispose();
    assert.equal(listeners.size, 0);
  });

  it('a late answer does not reach the page that came after the one that asked', async () => {
    let late = (_: unknown) => {};
    answer = () => new Promise((resolve) => (late = resolve));
    await tab.send({ seq: 1, type: 'ready' });
    const asking = tab.send(info(2));
    await new Promise((resolve) => setImmediate(resolve));
    await tab.send({ seq: 1, type: 'ready' });
    tab.received.length = 0;
    late('of the first page');
    await asking;
    assert.deepEqual(tab.received, []);
  });

  it('opens again after it was closed', () => {
    tab.dispose();
    monitor.show();
    assert.equal(editor.tabs.length, 2);
  });
});
