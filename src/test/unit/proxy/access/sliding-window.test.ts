import assert from 'node:assert/strict';
import { SlidingWindow } from '../../../../proxy/access/sliding-window';

const START = 1_800_000_000_000;

describe('a limit of requests per minute (SPEC 2.10)', () => {
  it('admits so many in any sixty seconds, whenever they come', () => {
    const window = new SlidingWindow(3);
    assert.equal(window.take(START), 0);
    assert.equal(window.take(START + 30_000), 0);
    assert.equal(window.take(START + 59_000), 0);
    assert.equal(window.take(START + 59_999), 1);
    assert.equal(window.take(START + 60_000), 0);
    assert.equal(window.take(START + 60_001), 29_999);
    assert.equal(window.take(START + 90_000), 0);
    assert.equal(window.take(START + 118_999), 1);
  });

  it('never lets more through, at whatever moments it is asked', () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const window = new SlidingWindow(5);
    const admitted: number[] = [];
    let now = START;
    for (let count = 0; count < 5000; count++) {
      now += Math.floor(random() * 8000);
      if (window.take(now) === 0) admitted.push(now);
    }
    assert.ok(admitted.length > 1000);
    for (let at = 5; at < admitted.length; at++)
      assert.ok(admitted[at]! - admitted[at - 5]! >= 60_000, `at ${at}`);
  });

  it('does not count what it refused', () => {
    const window = new SlidingWindow(1);
    window.take(START);
    for (let later = 1000; later < 60_000; later += 1000)
      assert.equal(window.take(START + later), 60_000 - later);
    assert.equal(window.take(START + 60_000), 0);
  });

  it('forgives nothing when the limit changes', () => {
    const window = new SlidingWindow(2);
    window.take(START);
    window.take(START + 10_000);
    window.take(START + 60_000);
    window.setLimit(3);
    assert.equal(window.take(START + 61_000), 0);
    assert.equal(window.take(START + 62_000), 8_000);
    window.setLimit(1);
    assert.equal(window.take(START + 80_000), 41_000);
    assert.equal(window.take(START + 121_000), 0);
  });

  it('locks nobody out when the clock is set back', () => {
    const window = new SlidingWindow(1);
    window.take(START);
    assert.equal(window.take(START - 3_600_000), 0);
    assert.equal(window.take(START - 3_600_000 + 1000), 59_000);
  });
});
