import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createSignatureStore,
  SIGNATURE_TTL_MS,
  type RememberedSignature,
} from '../../../../../proxy/dialects/signatures/signature-store';
import { textKey } from '../../../../../proxy/dialects/signatures/text-key';

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

  it('forgets after 14 days, and what it is given back from before that', () => {
    let now = 1_000;
    const store = createSignatureStore(10, 1000, { now: () => now });
    store.remember('gemini', 'a', 'old');
    now += SIGNATURE_TTL_MS;
    assert.equal(store.recall('gemini', 'a'), 'old');
    now += 1;
    assert.equal(store.recall('gemini', 'a'), undefined);
    store.restore([
      { at: 1_000, key: 'gemini\nb', signature: 'older' },
      { at: 2_000, key: 'gemini\nc', signature: 'later' },
    ]);
    assert.equal(store.recall('gemini', 'b'), undefined);
    assert.equal(store.recall('gemini', 'c'), 'later');
  });

  it('hands over what is to be kept, and takes it back where it knows nothing later', () => {
    const kept: RememberedSignature[] = [];
    const store = createSignatureStore(10, 1000, { now: () => 5, onRemember: (entry) => kept.push(entry) });
    store.remember('gemini', 'a', 'one');
    store.remember('anthropic', 'a', 'two');
    const later = createSignatureStore(10, 1000, { now: () => 6 });
    later.remember('gemini', 'a', 'three');
    later.restore(kept);
    assert.equal(later.recall('gemini', 'a'), 'three');
    assert.equal(later.recall('anthropic', 'a'), 'two');
  });

  it('gives nothing for a text that two answers had, each with its own signature', () => {
    const store = createSignatureStore();
    const done = textKey('Done.') ?? '';
    store.remember('anthropic', done, 'first');
    store.remember('anthropic', done, 'first');
    assert.equal(store.recall('anthropic', done), 'first');
    store.remember('anthropic', done, 'second');
    assert.equal(store.recall('anthropic', done), undefined);
    store.remember('anthropic', done, 'second');
    assert.equal(store.recall('anthropic', done), undefined);
  });
});

describe('the key of a text', () => {
  it('is the same whatever white space was trimmed or added', () => {
    assert.equal(textKey(' Hello,\n world. '), textKey('Hello, world.'));
  });

  it('is another for another text, and none for none', () => {
    const texts = ['a', 'b', 'ab', 'ba', 'Done.', 'done.', 'Дa', 'x'.repeat(100_000), 'x'.repeat(100_001)];
    assert.equal(new Set(texts.map(textKey)).size, texts.length);
    assert.equal(textKey(' \n'), undefined);
    assert.match(textKey('a') ?? '', /^text:[0-9a-f]{32}$/);
  });

  it('does not repeat itself for a hundred thousand texts', () => {
    const keys = new Set(Array.from({ length: 100_000 }, (_, i) => textKey(`answer ${i}`)));
    assert.equal(keys.size, 100_000);
  });
});
