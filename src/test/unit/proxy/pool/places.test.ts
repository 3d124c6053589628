import assert from 'node:assert/strict';
import { account, dead, poolOf, soon, told, took } from './pool-of';

describe('places at an account', () => {
  it('are passed over when taken, and waited for when there are no others', async () => {
    const { request, statusOf } = poolOf([
      account('a', { maxConcurrent: 1 }),
      account('b', { maxConcurrent: 1 }),
    ]);
    const [one, two, three] = [request(), request(), request()];
    assert.deepEqual([took(one), took(two)], ['a', 'b']);
    assert.deepEqual(three.take(), { type: 'full' });
    assert.equal(three.skipped()[0]?.reason, 'its cap of 1 request is reached');
    let called = 0;
    three.wait(() => called++);
    assert.equal(statusOf('a')?.queued, 1);
    two.release();
    assert.equal(called, 0);
    // The place is kept for who was called.
    assert.deepEqual(request().take(), { type: 'full' });
    await soon();
    assert.equal(called, 1);
    assert.equal(statusOf('a')?.queued, 0);
    assert.equal(took(three), 'b');
    three.release();
    one.release();
    assert.deepEqual([statusOf('a')?.inFlight, statusOf('b')?.inFlight], [0, 0]);
    assert.equal(took(request([['a']])), 'a');
  });

  it('are given in turns between askers, in their order to each', async () => {
    const { request } = poolOf([account('a', { maxConcurrent: 1 })]);
    const holder = request();
    took(holder);
    const order: string[] = [];
    const come = (asker: string, name: string) => {
      const asking = request([['a']], { asker });
      assert.deepEqual(asking.take(), { type: 'full' });
      asking.wait(() => {
        assert.equal(took(asking), 'a');
        order.push(name);
        asking.release();
      });
    };
    for (const name of ['x1', 'x2', 'x3', 'x4']) come('x', name);
    come('y', 'y1');
    come('z', 'z1');
    come('y', 'y2');
    holder.release();
    await soon();
    assert.deepEqual(order, ['x1', 'y1', 'z1', 'x2', 'y2', 'x3', 'x4']);
  });

  it('go to the next when who was called leaves', async () => {
    const { request, statusOf } = poolOf([account('a', { maxConcurrent: 1 })]);
    const holder = request();
    took(holder);
    const called: string[] = [];
    const waits = ['one', 'two', 'three'].map((name) => {
      const asking = request();
      asking.take();
      return { asking, leave: asking.wait(() => called.push(name)) };
    });
    waits[0]?.leave();
    holder.release();
    waits[1]?.leave();
    await soon();
    assert.deepEqual(called, ['three']);
    waits[2]?.asking.release();
    assert.equal(statusOf('a')?.inFlight, 0);
    assert.equal(took(request()), 'a');
  });

  it('go to the next when who was called takes another', async () => {
    const all = (cap: { maxConcurrent?: number }) => [
      account('a', { maxConcurrent: 1 }),
      account('b', { priority: 5, ...cap }),
    ];
    const { request, configure } = poolOf(all({ maxConcurrent: 1 }));
    const holder = request([['a']]);
    took(holder);
    took(request([['b']]));
    const places: string[] = [];
    for (const group of [['a', 'b'], ['a']]) {
      const asking = request([group]);
      assert.equal(asking.take().type, 'full');
      asking.wait(() => places.push(`${group.join()}: ${took(asking)}`));
    }
    holder.release();
    configure({ accounts: all({}) });
    await soon();
    assert.deepEqual(places, ['a,b: b', 'a: a']);
  });

  it('that come with new settings call those who wait, and so does an account that recovers or dies', async () => {
    const { request, configure, ask, pool } = poolOf([account('a', { maxConcurrent: 1 }), account('b')]);
    ask('b', told(60));
    took(request([['a']]));
    const results: string[] = [];
    const come = () => {
      const asking = request();
      assert.equal(asking.take().type, 'full');
      asking.wait(() => {
        const result = asking.take();
        results.push(result.type === 'taken' ? result.taken.candidate.account.id : result.type);
        asking.release();
      });
    };
    come();
    pool.clear('b');
    await soon();
    assert.deepEqual(results.splice(0), ['b']);
    ask('b', told(60));
    come();
    configure({ accounts: [account('a', { maxConcurrent: 2 }), account('b')] });
    await soon();
    assert.deepEqual(results.splice(0), ['a']);
    const other = request([['a']]);
    took(other);
    come();
    other.failed(dead(), '401');
    await soon();
    assert.deepEqual(results, ['none']);
  });
});
