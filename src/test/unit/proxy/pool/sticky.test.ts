import assert from 'node:assert/strict';
import { StickySessions } from '../../../../proxy/pool/sticky';
import { account, dead, failed, poolOf, serve, told, took } from './pool-of';

const three = (settings = {}) =>
  poolOf(
    ['a', 'b', 'c'].map((id) => account(id)),
    settings,
  );

describe('a conversation', () => {
  it('of twenty turns stays on its account, while others are balanced', () => {
    const { request } = three();
    assert.equal(serve(request(undefined, { session: 's' })), 'a turn');
    for (let turn = 0; turn < 20; turn++) {
      assert.equal(serve(request(undefined, { session: 's' })), 'a sticky');
      serve(request(undefined, { session: `other ${turn}` }));
    }
  });

  it('has one account for requests that come side by side', () => {
    const made = three();
    const asks = Array.from({ length: 4 }, () => made.request(undefined, { session: 's' }));
    assert.deepEqual(asks.map(took), ['a', 'a', 'a', 'a']);
    for (const each of asks) {
      each.served(1);
      each.release();
    }
    assert.equal(serve(made.request(undefined, { session: 's' })), 'a sticky');
  });

  it('is not held by an account that did not serve it', () => {
    for (const end of ['failed', 'unable', 'release'] as const) {
      const made = three();
      const first = made.request(undefined, { session: 's' });
      assert.equal(took(first), 'a');
      if (end === 'failed') first.failed({ type: 'elsewhere' }, 'no such model');
      else if (end === 'unable') first.unable();
      first.release();
      assert.equal(serve(made.request(undefined, { session: 's' })), 'b turn', end);
    }
  });

  it('that was served elsewhere meanwhile is not taken from there', () => {
    const made = three();
    const first = made.request(undefined, { session: 's' });
    assert.equal(took(first), 'a');
    first.failed({ type: 'elsewhere' }, 'no such model');
    assert.equal(took(first), 'b');
    const second = made.request(undefined, { session: 's' });
    assert.equal(took(second), 'b');
    first.served(1);
    first.release();
    second.failed({ type: 'elsewhere' }, 'no such model');
    second.release();
    assert.equal(serve(made.request(undefined, { session: 's' })), 'b sticky');
  });

  it('goes elsewhere while its account rests, and returns afterwards', () => {
    const made = three();
    const turn = () => serve(made.request(undefined, { session: 's' })).split(' ')[0];
    assert.equal(turn(), 'a');
    made.ask('a', failed);
    made.ask('a', failed);
    const elsewhere = [turn(), turn(), turn()];
    assert.ok(!elsewhere.includes('a'), elsewhere.join());
    made.wait(10);
    assert.equal(turn(), 'a');
    assert.equal(turn(), 'a');
  });

  it('finds another for good when its account is dead, disabled or gone', () => {
    for (const deed of ['dead', 'disabled', 'gone']) {
      const made = three();
      const turn = () => serve(made.request(undefined, { session: 's' })).split(' ')[0];
      assert.equal(turn(), 'a');
      if (deed === 'dead') made.ask('a', dead());
      else {
        const rest = [account('b'), account('c')];
        made.configure({ accounts: deed === 'gone' ? rest : [account('a', { enabled: false }), ...rest] });
      }
      const next = made.request([['a', 'b', 'c']], { session: 's' });
      const second = serve(next).split(' ')[0];
      assert.notEqual(second, 'a');
      made.pool.revive('a');
      made.configure({ accounts: ['a', 'b', 'c'].map((id) => account(id)) });
      assert.deepEqual([turn(), turn()], [second, second], deed);
    }
  });

  it('goes elsewhere when its account is full, without losing it', () => {
    const made = poolOf([account('a', { maxConcurrent: 1 }), account('b')]);
    const turn = () => serve(made.request(undefined, { session: 's' })).split(' ')[0];
    assert.equal(turn(), 'a');
    const other = made.request([['a']]);
    took(other);
    assert.equal(turn(), 'b');
    other.release();
    assert.equal(turn(), 'a');
  });

  it('has an account of its own for each model', () => {
    const made = three();
    const turn = (model: string) =>
      serve(made.request([['a', 'b', 'c'].map((id) => `${id}/${model}`)], { session: 's' }));
    assert.deepEqual(
      [turn('x'), turn('y'), turn('x'), turn('y')],
      ['a turn', 'b turn', 'a sticky', 'b sticky'],
    );
  });

  it('returns to the account that had it first when others serve it by another model', () => {
    const made = three();
    const group = ['a/x', 'b/y', 'c/z'];
    assert.equal(serve(made.request([group], { session: 's' })), 'a turn');
    made.ask('a/x', told(60));
    serve(made.request([group], { session: 's' }));
    serve(made.request([group], { session: 's' }));
    made.wait(60);
    assert.equal(serve(made.request([group], { session: 's' })), 'a sticky');
  });

  it('is forgotten after a while of silence', () => {
    const made = three({ stickyMinutes: 10 });
    const turn = () => serve(made.request(undefined, { session: 's' }));
    assert.equal(turn(), 'a turn');
    made.wait(600);
    assert.equal(turn(), 'a sticky');
    made.wait(601);
    assert.equal(turn(), 'b turn');
  });

  it('is nothing to balance, to speed, or without the setting', () => {
    for (const settings of [
      { scheduling: 'balance' as const },
      { scheduling: 'performance_first' as const },
      { stickySessions: false },
    ]) {
      const made = three(settings);
      let named = 0;
      for (let turn = 0; turn < 6; turn++) {
        const asking = made.pool.request({
          groups: [['a', 'b', 'c'].map(made.candidate)],
          session: () => `s${named++}`,
          asker: '',
        });
        assert.doesNotMatch(serve(asking), /sticky/);
      }
      assert.equal(named, 0);
    }
  });

  it('is named once at most, and not at all when there is no choice', () => {
    const made = three();
    let named = 0;
    const ask = (ids: string[]) =>
      serve(
        made.pool.request({
          groups: [ids.map(made.candidate)],
          session: () => {
            named++;
            return 's';
          },
          asker: '',
        }),
      );
    ask(['a']);
    assert.equal(named, 0);
    ask(['a', 'b']);
    assert.equal(named, 1);
  });
});

describe('the memory of conversations', () => {
  it('is bounded: who was silent for longest goes', () => {
    const sticky = new StickySessions(3);
    for (const session of ['1', '2', '3']) sticky.bind(session, 'm', 'a', 0);
    sticky.find('1', 'm', 1);
    sticky.bind('4', 'm', 'a', 2);
    assert.equal(sticky.size, 3);
    assert.deepEqual(
      ['1', '2', '3', '4'].map((session) => sticky.find(session, 'm', 3)?.account),
      ['a', undefined, 'a', 'a'],
    );
  });

  it('forgets accounts that are gone', () => {
    const sticky = new StickySessions();
    sticky.bind('1', 'm', 'a', 0);
    sticky.bind('2', 'm', 'b', 0);
    sticky.keep((id) => id === 'b');
    assert.deepEqual([sticky.find('1', 'm', 0), sticky.find('2', 'm', 0)?.account], [undefined, 'b']);
  });
});
