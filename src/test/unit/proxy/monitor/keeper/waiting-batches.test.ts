import assert from 'node:assert/strict';
import { WaitingBatches } from '../../../../../proxy/monitor/keeper/waiting-batches';
import { message, NOON, records } from '../store/store-samples';

const batch = (count: number, bytes = 0) => {
  const some = records(count);
  const messages = bytes > 0 ? [message(NOON * 1000, new Uint8Array(bytes))] : [];
  return { count, records: some, messages };
};

describe('batches that wait to be written', () => {
  it('leave in the order in which they came', () => {
    const waiting = new WaitingBatches();
    waiting.add(batch(1));
    waiting.add(batch(2));
    assert.deepEqual([waiting.records, waiting.shift()?.count, waiting.first?.count], [3, 1, 2]);
  });

  it('give their bodies up first, the oldest first, and say so in their place', () => {
    const waiting = new WaitingBatches();
    for (let each = 0; each < 5; each++) waiting.add(batch(1, 10 * 1024 * 1024));
    assert.deepEqual(waiting.trim(), []);
    const kept = Array.from({ length: 5 }, () => waiting.shift()?.messages[0]);
    assert.deepEqual(
      kept.map((each) => each?.body?.length),
      [undefined, undefined, 10_485_760, 10_485_760, 10_485_760],
    );
    assert.deepEqual([kept[0]?.kept, kept[0]?.size], [0, 10_485_760]);
    assert.match(kept[0]?.note ?? '', /given up/);
  });

  it('give records up when too many wait, the oldest first', () => {
    const waiting = new WaitingBatches();
    for (let each = 1; each <= 12; each++) waiting.add(batch(1000 + each));
    assert.deepEqual(
      waiting.trim().map(({ count }) => count),
      [1001, 1002, 1003],
    );
    assert.equal(waiting.first?.count, 1004);
  });
});
