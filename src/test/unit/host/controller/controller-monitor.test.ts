import { testController, until, type TestController } from '../test-controller';
import { editor } from '../vscode-stub';
import assert from 'node:assert/strict';
import type { MonitorEvent } from '../../../../shared/monitor';
import { DIE_KEY } from '../stand-in-core';

describe('the controller and the monitor', () => {
  let it_: TestController;
  beforeEach(async () => {
    it_ = await testController();
  });
  afterEach(() => it_.controller.dispose());

  const timesConfigured = () => editor.log.filter((line) => line.startsWith('configured with')).length;
  const info = async () =>
    (await it_.controller.monitor({ type: 'info' })) as { capturing: boolean; watched: number };

  it('records are read while the proxy is stopped, from a core that knows its settings', async () => {
    assert.equal((await info()).capturing, false);
    assert.equal(it_.controller.status().state, 'stopped');
  });

  it('many questions at once load one core and tell it its settings once', async () => {
    // The first look at the local key, and for another window, makes a secret: that is a change of its own.
    await it_.controller.apiKey();
    await it_.controller.lookForOwner();
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all(Array.from({ length: 10 }, info));
    await until(() => timesConfigured() > 0);
    await info();
    assert.equal(timesConfigured(), 1);
  });

  it('a changed setting is known before the next question is answered', async () => {
    await info();
    await it_.controller.updateSetting('monitor.captureBodies', true);
    assert.equal(editor.settings['monitor.captureBodies'], true);
    assert.equal((await info()).capturing, true);
  });

  it('a listener hears what the monitor tells, from before the core was loaded until it leaves', async () => {
    const heard: MonitorEvent[] = [];
    const listening = it_.controller.onMonitorEvent((event) => heard.push(event));
    assert.equal((await info()).watched, 1);
    heard.length = 0;
    await it_.controller.monitor({ type: 'clear', totals: false });
    await until(() => heard.length > 0);
    assert.deepEqual(heard, [{ type: 'changed', added: 0 }]);
    listening.dispose();
    assert.equal((await info()).watched, 0);
  });

  it('a core that died is replaced at the next question, and listeners hear the new one', async () => {
    const heard: MonitorEvent[] = [];
    it_.controller.onMonitorEvent((event) => heard.push(event));
    await info();
    const { ok } = await it_.controller.testAccount({ provider: 'gemini', key: DIE_KEY });
    assert.equal(ok, false);
    await until(() => it_.deaths.length === 1);
    heard.length = 0;
    assert.equal((await info()).watched, 1);
    assert.deepEqual(heard, [{ type: 'changed', added: 0 }]);
  });

  it('a refusal comes back with its words', async () => {
    editor.settings['monitor.keepDays'] = -1;
    await assert.rejects(it_.controller.monitor({ type: 'info' }), /portside\.monitor\.keepDays/);
  });
});
