import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';

describe('the signature store', () => {
  it('gives back what was remembered, to the dialect it came from alone', () => {
    const store = createSignatureStore();
    store.remember('gemini', 'call-1', 'thought');
    assert.equal(store.recall('gemini', 'call-1'), 'thought');
    assert.equal(store.recall('anthropic', 'call-1'), undefined);
    assert.equal(store.recall('gemini', 'call-2'), undefined);
  });

  it('keeps the later of two signatures of one call', () => {
    const store = createSignatureStore();
    store.remember('gemini', 'a', 'old');
    store.remember('gemini', 'a', 'new');
    assert.equal(store.recall('gemini', 'a'), 'new');
  });

  it('forgets the least recently used beyond its number', () => {
    const store = createSignatureStore(2);
    store.remember('gemini', 'a', '1');
    store.remember('gemini', 'b', '2');
    store.recall('gemini', 'a');
    store.remember('gemini', 'c', '3');
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => store.recall('gemini', id)),
      ['1', undefined, '3'],
    );
  });

  it('forgets the least recently used beyond its size, as many as it takes', () => {
    const store = createSignatureStore(100, 100);
    for (const id of ['a', 'b', 'c', 'd']) store.remember('gemini', id, id.repeat(16));
    store.recall('gemini', 'a');
    store.remember('gemini', 'e', 'e'.repeat(40));
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'e'].map((id) => store.recall('gemini', id)?.[0]),
      ['a', undefined, undefined, 'd', 'e'],
    );
  });

  it('does not keep a signature above its whole size, and forgets the one it would have replaced', () => {
    const store = createSignatureStore(100, 50);
    store.remember('gemini', 'a', 'small');
    store.remember('gemini', 'b', 'other');
    store.remember('gemini', 'a', 'x'.repeat(51));
    assert.equal(store.recall('gemini', 'a'), undefined);
    assert.equal(store.recall('gemini', 'b'), 'other');
  });

  it('never holds more than its number or its size, and always holds the last one that fits', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(70), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = createSignatureStore(3, 80);
        for (const [id, length, read] of steps) {
          if (read) {
            store.recall('gemini', id);
            continue;
          }
          store.remember('gemini', id, 'x'.repeat(length));
          const kept = ['a', 'b', 'c', 'd', 'e'].flatMap((each) => {
            const found = store.recall('gemini', each);
            return found === undefined ? [] : [`gemini\n${each}`.length + found.length];
          });
          assert.ok(kept.length <= 3);
          assert.ok(kept.reduce((sum, each) => sum + each, 0) <= 80);
        }
        store.remember('gemini', 'last', 'x');
        assert.equal(store.recall('gemini', 'last'), 'x');
      }),
    );
  });
});
