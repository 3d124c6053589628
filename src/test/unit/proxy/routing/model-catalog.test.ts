import assert from 'node:assert/strict';
import type { Account } from '../../../../shared/settings';
import { ModelCatalog } from '../../../../proxy/routing/model-catalog';

const account = (id: string, more: Partial<Account> = {}): Account => ({
  id,
  provider: 'gemini',
  key: 'k',
  enabled: true,
  priority: 0,
  weight: 1,
  ...more,
});

/** A catalogue over a world that can be changed. */
function catalogOf(lists: Record<string, string[] | Error>) {
  const world = { now: 0, asked: [] as string[], lists };
  const catalog = new ModelCatalog(
    async (each) => {
      world.asked.push(`${each.id} ${each.key}`);
      await Promise.resolve();
      const list = world.lists[each.id];
      if (!Array.isArray(list)) throw list ?? new Error('unknown');
      return list;
    },
    () => world.now,
  );
  const of = async (each: Account) => [...(await catalog.of(each))];
  return { catalog, world, of };
}

describe('the models that accounts list', () => {
  it('are asked for once and kept for a while', async () => {
    const { world, of, catalog } = catalogOf({ a: ['m1', 'm2'] });
    assert.equal(catalog.known('a'), undefined);
    assert.deepEqual(await of(account('a')), ['m1', 'm2']);
    assert.deepEqual([...(catalog.known('a') ?? [])], ['m1', 'm2']);
    world.now += 299_000;
    await of(account('a'));
    assert.equal(world.asked.length, 1);
    world.now += 2000;
    world.lists['a'] = ['m3'];
    assert.deepEqual(await of(account('a')), ['m3']);
    assert.equal(world.asked.length, 2);
  });

  it('are asked for once by many at a time', async () => {
    const { world, of } = catalogOf({ a: ['m'] });
    const all = await Promise.all(Array.from({ length: 20 }, () => of(account('a'))));
    assert.ok(all.every((each) => each[0] === 'm'));
    assert.equal(world.asked.length, 1);
  });

  it('are fresh for a while, a failed look-up for less', async () => {
    const { world, of, catalog } = catalogOf({ a: ['m'] });
    assert.equal(catalog.isFresh('a'), false);
    await of(account('a'));
    await of(account('b'));
    assert.deepEqual([catalog.isFresh('a'), catalog.isFresh('b')], [true, true]);
    world.now += 16_000;
    assert.deepEqual([catalog.isFresh('a'), catalog.isFresh('b')], [true, false]);
    world.now += 300_000;
    assert.equal(catalog.isFresh('a'), false);
  });

  it('are forgotten with the account, its key, its address and its region', async () => {
    const changes: [string, Account[]][] = [
      ['nothing', [account('a')]],
      ['label', [account('a', { label: 'New', priority: 3 })]],
      ['account', []],
      ['key', [account('a', { key: 'new' })]],
      ['address', [account('a', { baseUrl: 'http://127.0.0.1:1' })]],
      ['region', [account('a', { region: 'eu' })]],
    ];
    for (const [what, accounts] of changes) {
      const { of, catalog } = catalogOf({ a: ['m'] });
      await of(account('a'));
      catalog.retain(accounts);
      assert.equal(catalog.known('a') !== undefined, what === 'nothing' || what === 'label', what);
    }
  });

  it('are what the settings say, where they say it, without asking', async () => {
    const { world, of } = catalogOf({});
    assert.deepEqual(await of(account('a', { models: ['x', 'y'] })), ['x', 'y']);
    assert.equal(world.asked.length, 0);
  });

  it('are the default when they cannot be had, and asked for again sooner', async () => {
    const { world, of } = catalogOf({ a: new Error('down'), b: new Error('down'), c: new Error('down') });
    assert.deepEqual(await of(account('a')), ['gemini-flash-latest']);
    assert.deepEqual(await of(account('b', { defaultModel: 'd' })), ['d']);
    assert.deepEqual(await of(account('c', { provider: 'ollama' })), []);
    world.now += 14_000;
    await of(account('a'));
    assert.equal(world.asked.length, 3);
    world.lists['a'] = ['m'];
    world.now += 2000;
    assert.deepEqual(await of(account('a')), ['m']);
  });

  it('stay what they were when they cannot be had again', async () => {
    const { world, of } = catalogOf({ a: ['m1', 'm2'] });
    await of(account('a'));
    world.lists['a'] = new Error('down');
    world.now += 301_000;
    assert.deepEqual(await of(account('a')), ['m1', 'm2']);
    assert.deepEqual(await of(account('a', { key: 'another' })), ['gemini-flash-latest']);
  });

  it('are asked for anew with another key, also while the old one is asked', async () => {
    const { world, of } = catalogOf({ a: ['m'] });
    await Promise.all([
      of(account('a')),
      of(account('a', { key: 'new' })),
      of(account('a', { baseUrl: 'http://127.0.0.1:1' })),
    ]);
    assert.deepEqual(world.asked, ['a k', 'a new', 'a k']);
  });

  it('of several accounts are each named once, in the order of the accounts', async () => {
    const { catalog } = catalogOf({ a: ['m1', 'm2', 'm1'], b: ['m2', 'm3'], c: new Error('down') });
    const union = await catalog.union([account('b'), account('a'), account('c', { provider: 'ollama' })]);
    assert.deepEqual(
      union.map((each) => `${each.account.id} ${each.id}`),
      ['b m2', 'b m3', 'a m1'],
    );
  });

  it('are not waited for longer than somebody has patience', async () => {
    const silent = new Promise<string[]>(() => undefined);
    const catalog = new ModelCatalog(
      ({ id }) => (id === 'a' ? Promise.resolve(['m']) : silent),
      () => 0,
    );
    const union = await catalog.union([account('a'), account('b'), account('c', { provider: 'ollama' })], 1);
    assert.deepEqual(
      union.map((each) => `${each.account.id} ${each.id}`),
      ['a m', 'b gemini-flash-latest'],
    );
  });

  it('forgets an account whose list is another, and asks it anew', async () => {
    const { catalog, world, of } = catalogOf({ a: ['one'] });
    assert.deepEqual(await of(account('a')), ['one']);
    world.lists['a'] = ['two'];
    assert.deepEqual(await of(account('a')), ['one']);
    catalog.forget('a');
    assert.equal(catalog.known('a'), undefined);
    assert.deepEqual(await of(account('a')), ['two']);
  });
});
