import assert from 'node:assert/strict';
import { Entry } from '../../../../proxy/pool/entry';
import { account } from './pool-of';

const trouble = { kind: 'rate_limit', what: 'x', reason: 'x' } as const;

describe('what is kept of an account’s models', () => {
  it('is bounded, whatever names clients send', () => {
    const entry = new Entry<never>(account('a'));
    for (let count = 0; count < 1000; count++) entry.slot(`m${count}`, 0).restTold(trouble, 60, 0, count);
    assert.equal(entry.models.size, 200);
    assert.ok(entry.models.has('m999'));
  });

  it('goes as soon as there is nothing to remember', () => {
    const entry = new Entry<never>(account('a'));
    entry.slot('told', 0).restTold(trouble, 60, 0, 1);
    entry.slot('suspected', 0).suspect('x', 0);
    entry.slot('spent', 0).spend('x', 60_000);
    entry.slot('guessed', 0).restGuessed(trouble, 0, 1, 2);
    entry.tidy(1000);
    assert.equal(entry.models.size, 4);
    for (const slot of entry.models.values()) slot.settle(61_000);
    entry.tidy(61_000);
    assert.deepEqual([...entry.models.keys()], ['guessed']);
  });
});
