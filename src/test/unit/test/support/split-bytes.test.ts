import assert from 'node:assert/strict';
import { splitEveryByte, splitInTwo, splitSeeded } from '../../../support/split-bytes';

describe('splitting bytes', () => {
  const bytes = Buffer.from('data: {"text":"Grüße 👋"}\n\n');

  it('loses nothing, whatever the seed', () => {
    for (let seed = 0; seed < 50; seed++) assert.deepEqual(Buffer.concat(splitSeeded(bytes, seed)), bytes);
  });
  it('is the same for the same seed and differs between seeds', () => {
    assert.deepEqual(splitSeeded(bytes, 7), splitSeeded(bytes, 7));
    assert.notDeepEqual(splitSeeded(bytes, 7, 5), splitSeeded(bytes, 8, 5));
  });
  it('cuts at every byte and at every single boundary', () => {
    assert.equal(splitEveryByte(bytes).length, bytes.length);
    const pairs = splitInTwo(bytes);
    assert.equal(pairs.length, bytes.length - 1);
    for (const pair of pairs) assert.deepEqual(Buffer.concat(pair), bytes);
  });
});
