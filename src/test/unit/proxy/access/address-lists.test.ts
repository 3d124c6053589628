import assert from 'node:assert/strict';
import { addressSchema } from '../../../../shared/settings';
import { AddressLists } from '../../../../proxy/access/address-lists';
import { ForbiddenError } from '../../../../proxy/errors';

function admits(allow: string[], block: string[], address: string | undefined): boolean {
  const lists = new AddressLists();
  lists.set(allow, block);
  try {
    lists.check(address);
    return true;
  } catch (error) {
    assert.ok(error instanceof ForbiddenError);
    return false;
  }
}

describe('allow and block lists (SPEC 2.8)', () => {
  const cases: [string[], string[], string | undefined, boolean][] = [
    [[], [], '203.0.113.9', true],
    [[], [], undefined, true],
    [['10.0.0.1'], [], '10.0.0.1', true],
    [['10.0.0.1'], [], '10.0.0.2', false],
    [[' 10.0.0.1 '], [], '10.0.0.1', true],
    [['10.0.0.0/8'], [], '10.255.0.1', true],
    [['10.9.9.9/8'], [], '10.255.0.1', true],
    [['10.0.0.0/8'], [], '11.0.0.1', false],
    [['0.0.0.0/0'], [], '203.0.113.9', true],
    [['0.0.0.0/0'], [], '2001:db8::1', false],
    [['10.0.0.0/8'], [], '::ffff:10.0.0.1', true],
    [['10.0.0.0/8'], [], '::ffff:a00:1', true],
    [['::ffff:10.0.0.1'], [], '10.0.0.1', true],
    [['::ffff:10.0.0.0/104'], [], '10.1.2.3', true],
    [['::ffff:10.0.0.0/104'], [], '11.1.2.3', false],
    [['2001:db8::/32'], [], '2001:db8:1::1', true],
    [['2001:DB8:0:0::/32'], [], '2001:db8:1::1', true],
    [['2001:db8::/32'], [], '2001:db9::1', false],
    [['::1'], [], '::1', true],
    [['::1'], [], '0:0:0:0:0:0:0:1', true],
    [['fe80::/10'], [], 'fe80::1%eth0', true],
    [[], ['10.0.0.1'], '10.0.0.1', false],
    [[], ['10.0.0.1'], '::ffff:10.0.0.1', false],
    [[], ['10.0.0.1'], '10.0.0.2', true],
    [['10.0.0.0/8'], ['10.0.0.5'], '10.0.0.5', false],
    [['10.0.0.0/8'], ['10.0.0.5'], '10.0.0.6', true],
    [['nonsense'], [], '10.0.0.1', false],
    [[], ['10.0.0.1'], undefined, false],
    [[], ['10.0.0.1'], 'nonsense', false],
  ];
  for (const [allow, block, address, expected] of cases)
    it(`allow ${JSON.stringify(allow)}, block ${JSON.stringify(block)}: ${expected ? 'admits' : 'refuses'} ${address}`, () => {
      assert.equal(admits(allow, block, address), expected);
    });

  it('follows new lists', () => {
    const lists = new AddressLists();
    lists.set([], ['10.0.0.1']);
    lists.set([], []);
    lists.check('10.0.0.1');
  });

  it('tells unreadable entries from readable ones', () => {
    const good = ['10.0.0.1', '10.0.0.0/8', '::1', 'fe80::/10', '::ffff:10.0.0.1'];
    const bad = [
      '',
      'localhost',
      '10',
      '10.0.0',
      '010.0.0.1',
      '0x7f.1',
      '10.0.0.256',
      '10.0.0.0/33',
      '::1/129',
      '::1::',
      '10.0.0.0/',
      '*',
      '10.0.0.*',
    ];
    const readable = (text: string) => addressSchema.safeParse(text).success;
    assert.deepEqual(
      [...good, ...bad].filter((text) => !readable(text)),
      bad,
    );
  });
});
