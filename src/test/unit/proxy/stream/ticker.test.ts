import assert from 'node:assert/strict';
import { Ticker, type Ticking } from '../../../../proxy/stream/ticker';

const nextTick = (ticker: Ticker) =>
  new Promise<void>((resolve) => {
    const once: Ticking = {
      place: -1,
      tick: () => {
        ticker.remove(once);
        resolve();
      },
    };
    ticker.add(once);
    // The ticker's own timer keeps no process alive; a test must.
    const alive = setInterval(() => undefined, 1000);
    void Promise.resolve().then(() => {
      const tick = once.tick.bind(once);
      once.tick = (elapsed) => {
        clearInterval(alive);
        tick(elapsed);
      };
    });
  });

describe('the ticker', () => {
  it('calls every member with the time that passed, until it is removed', async () => {
    const ticker = new Ticker();
    const calls: string[] = [];
    const member = (name: string): Ticking => ({
      place: -1,
      tick: (elapsed) => {
        assert.ok(elapsed > 0);
        calls.push(name);
      },
    });
    const [a, b] = [member('a'), member('b')];
    ticker.add(a);
    ticker.add(b);
    await nextTick(ticker);
    assert.deepEqual(calls.sort(), ['a', 'b']);
    ticker.remove(a);
    await nextTick(ticker);
    assert.deepEqual(calls.sort(), ['a', 'b', 'b']);
    ticker.dispose();
  });

  it('goes on for the others when a member removes itself within its call', async () => {
    const ticker = new Ticker();
    const calls: string[] = [];
    const leaving: Ticking = {
      place: -1,
      tick: () => {
        calls.push('leaving');
        ticker.remove(leaving);
      },
    };
    ticker.add(leaving);
    ticker.add({ place: -1, tick: () => calls.push('staying') });
    await nextTick(ticker);
    await nextTick(ticker);
    assert.deepEqual(calls.sort(), ['leaving', 'staying', 'staying']);
    ticker.dispose();
  });

  it('calls nobody after its end, and begins again with a new member', async () => {
    const ticker = new Ticker();
    let calls = 0;
    ticker.add({ place: -1, tick: () => calls++ });
    ticker.dispose();
    await nextTick(ticker);
    assert.equal(calls, 0);
    ticker.dispose();
  });

  it('may be told twice to remove, or to remove a stranger', () => {
    const ticker = new Ticker();
    const member: Ticking = { place: -1, tick: () => undefined };
    ticker.add(member);
    ticker.remove(member);
    ticker.remove(member);
    ticker.remove({ place: -1, tick: () => undefined });
  });
});
