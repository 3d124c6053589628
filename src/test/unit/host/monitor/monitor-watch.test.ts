import assert from 'node:assert/strict';
import { MonitorWatch } from '../../../../host/monitor/monitor-watch';
import type { MonitorEvent } from '../../../../shared/monitor';

function bench() {
  const told: boolean[] = [];
  const watch = new MonitorWatch(
    (on) => void told.push(on),
    (error) => assert.fail(String(error)),
  );
  return { told, watch };
}

describe('who listens to the monitor', () => {
  it('the core speaks from the first listener to the last', () => {
    const { told, watch } = bench();
    const first = watch.on(() => undefined);
    const second = watch.on(() => undefined);
    assert.deepEqual(told, [true]);
    first.dispose();
    first.dispose();
    assert.deepEqual(told, [true]);
    second.dispose();
    assert.deepEqual(told, [true, false]);
  });

  it('every listener hears every event until it leaves', () => {
    const { watch } = bench();
    const heard: [string, MonitorEvent][] = [];
    const first = watch.on((event) => heard.push(['first', event]));
    watch.on((event) => heard.push(['second', event]));
    const event: MonitorEvent = { type: 'open', open: [] };
    watch.hear(event);
    first.dispose();
    watch.hear(event);
    assert.deepEqual(heard, [
      ['first', event],
      ['second', event],
      ['second', event],
    ]);
  });

  it('a core that was loaded anew is told to speak, and listeners to look again', () => {
    const { told, watch } = bench();
    const heard: MonitorEvent[] = [];
    watch.on((event) => heard.push(event));
    watch.renew();
    assert.deepEqual(told, [true, true]);
    assert.deepEqual(heard, [{ type: 'changed', added: 0 }]);
  });

  it('a core that was loaded anew stays silent when nobody listens', () => {
    const { told, watch } = bench();
    watch.renew();
    assert.deepEqual(told, []);
  });
});
