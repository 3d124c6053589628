import assert from 'node:assert/strict';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import { layOutTimeline } from '../../../../../webview/monitor/detail/timeline-layout';

const record = (part: Partial<ExchangeRecord>): ExchangeRecord => ({
  seq: 1,
  id: 'r',
  time: 0,
  method: 'POST',
  path: '/v1/messages',
  attempts: [],
  status: 200,
  outcome: 'completed',
  durationMs: 1000,
  warnings: [],
  ...part,
});

describe('the timeline of an exchange', () => {
  it('an answer is waited for until its first byte, then received', () => {
    const attempt = { account: 'a', model: 'm', startMs: 10, firstByteMs: 200, durationMs: 990 };
    const { rows, total, ticks, queue } = layOutTimeline(record({ attempts: [attempt] }));
    assert.deepEqual(rows[0]?.bars, [
      { phase: 'waiting', from: 10, to: 210 },
      { phase: 'receiving', from: 210, to: 1000 },
    ]);
    assert.equal(rows[0].failed, false);
    assert.equal(total, 1000);
    assert.deepEqual(ticks, [0, 200, 400, 600, 800, 1000]);
    assert.equal(queue, undefined);
  });

  it('what failed is one piece: by its reason, its status, or as the last one of a failed exchange', () => {
    const times = { account: 'a', model: 'm', startMs: 0, firstByteMs: 5, durationMs: 10 };
    const attempts = [{ ...times, reason: 'rate limit' }, { ...times, status: 529 }, times];
    const phases = (outcome: 'failed' | 'completed') =>
      layOutTimeline(record({ attempts, outcome })).rows.map(({ bars }) => bars[0]?.phase);
    assert.deepEqual(phases('completed'), ['failed', 'failed', 'waiting']);
    assert.deepEqual(phases('failed'), ['failed', 'failed', 'failed']);
  });

  it('the wait for a place ends where the account was asked', () => {
    const attempts = [{ account: 'a', model: 'm', startMs: 424, durationMs: 100 }];
    const { queue } = layOutTimeline(record({ attempts, queuedMs: 420 }));
    assert.deepEqual(queue, { phase: 'queued', from: 4, to: 424 });
  });

  it('a wait between attempts stands in front of the one that began so late', () => {
    const attempts = [
      { account: 'a', model: 'm', startMs: 2, durationMs: 100, reason: 'overloaded' },
      { account: 'b', model: 'm', startMs: 702, durationMs: 100 },
    ];
    assert.deepEqual(layOutTimeline(record({ attempts, queuedMs: 600 })).queue, {
      phase: 'queued',
      from: 102,
      to: 702,
    });
  });

  it('a wait in vain is all of the exchange', () => {
    const { queue, total } = layOutTimeline(record({ queuedMs: 30_000, durationMs: 30_001 }));
    assert.deepEqual(queue, { phase: 'queued', from: 1, to: 30_001 });
    assert.equal(total, 30_001);
  });

  it('an attempt without times has no bar, and nothing takes no time at all', () => {
    const { rows, total, ticks } = layOutTimeline(
      record({ attempts: [{ account: 'a', model: 'm' }], durationMs: 0 }),
    );
    assert.deepEqual(rows[0]?.bars, []);
    assert.equal(total, 1);
    assert.equal(ticks[0], 0);
  });

  it('has three to six lines, whatever it took', () => {
    for (const durationMs of [1, 7, 13, 99, 100, 480, 999, 6024, 65_002, 600_000, 3_599_999]) {
      const { ticks } = layOutTimeline(record({ durationMs }));
      assert.ok(ticks.length >= 4 && ticks.length <= 7, `${durationMs}: ${ticks.join(' ')}`);
    }
  });
});
