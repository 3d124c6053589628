import assert from 'node:assert/strict';
import {
  answerMonitor,
  type MonitorController,
  type MonitorEditor,
} from '../../../../host/monitor/answer-monitor';
import type { MonitorMessage, MonitorQuery } from '../../../../shared/monitor';

const query: MonitorQuery = { filter: { text: 'x' }, sort: { key: 'time', descending: true } };

function bench() {
  const done: unknown[] = [];
  const controller: MonitorController = {
    monitor: (call) => {
      done.push(call);
      return Promise.resolve({ answerTo: call.type });
    },
    updateSetting: (name, value) => Promise.resolve(void done.push([name, value])),
  };
  const note = (...words: unknown[]) => Promise.resolve(void done.push(words));
  const editor: MonitorEditor = {
    copy: (text) => note('copy', text),
    exportFile: (list, format) => note('export', list, format),
    openText: (text, language) => note('open', text, language),
    openSettings: () => note('settings'),
    texts: { Monitor: 'Monitor!' },
  };
  const ask = (message: MonitorMessage) => answerMonitor(message, controller, editor);
  return { done, ask };
}

describe('what the monitor’s webview asks', () => {
  it('calls go to the monitor as they are, and its answer comes back', async () => {
    const { done, ask } = bench();
    const call = { type: 'rows', query, from: 3, count: 50 } as const;
    assert.deepEqual(await ask({ seq: 1, type: 'call', call }), { answerTo: 'rows' });
    assert.deepEqual(done, [call]);
  });

  it('whether bodies are kept is written as a setting, so that it holds after a restart', async () => {
    const { done, ask } = bench();
    assert.equal(await ask({ seq: 1, type: 'call', call: { type: 'setCapture', capture: true } }), null);
    assert.deepEqual(done, [['monitor.captureBodies', true]]);
  });

  it('deeds are the editor’s', async () => {
    const { done, ask } = bench();
    assert.deepEqual(await ask({ seq: 1, type: 'ready' }), { texts: { Monitor: 'Monitor!' } });
    assert.equal(await ask({ seq: 2, type: 'copy', text: 'curl' }), null);
    assert.equal(await ask({ seq: 3, type: 'exportFile', query, format: 'har' }), null);
    assert.equal(await ask({ seq: 4, type: 'openText', text: '{}', language: 'json' }), null);
    assert.equal(await ask({ seq: 5, type: 'openSettings' }), null);
    assert.deepEqual(done, [
      ['copy', 'curl'],
      ['export', query, 'har'],
      ['open', '{}', 'json'],
      ['settings'],
    ]);
  });
});
