import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mapToolNames } from '../../../../../proxy/dialects/tools/tool-names';

const limits = { maxLength: 64, allowed: /^[A-Za-z0-9_-]$/, first: /^[A-Za-z_]$/ };

describe('tool names within limits', () => {
  it('come back, differ, and obey, whatever they were and in whatever order', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ maxLength: 90 }),
            fc.constantFrom('a b', 'a_b', 'a-b', 'a.b', `${'x'.repeat(80)}1`, `${'x'.repeat(80)}2`),
          ),
          { maxLength: 12 },
        ),
        (names) => {
          const map = mapToolNames(names, limits);
          const wires = names.map((name) => map.toWire(name));
          for (const wire of wires) assert.match(wire, /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/);
          assert.equal(new Set(wires).size, new Set(names).size);
          assert.deepEqual(
            wires.map((wire) => map.restore(wire)),
            names,
          );
          const other = mapToolNames([...names].reverse(), limits);
          assert.deepEqual(
            names.map((name) => other.toWire(name)),
            wires,
          );
        },
      ),
    );
  });

  it('stay when they are good, even beside one that would become the same', () => {
    const map = mapToolNames(['a b', 'a_b'], limits);
    assert.equal(map.toWire('a_b'), 'a_b');
    assert.notEqual(map.toWire('a b'), 'a_b');
    assert.equal(map.toWire('unknown name'), 'unknown name');
    assert.equal(map.restore('unknown'), 'unknown');
  });
});
