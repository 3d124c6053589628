import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { StreamPart } from '../../../../proxy/dialects/canonical';
import { DeltaTemplates } from '../../../../proxy/stream/delta-templates';

const delta = (text: string, id = 't'): StreamPart[] => [{ type: 'text-delta', id, text }];
const wire = (text: string, more: object = {}) => JSON.stringify({ type: 'delta', index: 0, text, ...more });

/** Templates that have seen one event. */
function knowing(data: string, parts: StreamPart[]): DeltaTemplates {
  const templates = new DeltaTemplates();
  templates.learn(data, parts);
  return templates;
}

describe('forms of events that are recognised', () => {
  it('takes any text as it stands, and gives what writing it anew would give', () => {
    const templates = knowing(wire('first'), delta('first'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const found = templates.match(wire(text));
        // Control characters are written as \u00.., which is left to the long way.
        if (/[\u0000-\u001f]/.test(text.replace(/[\n\r\t\b\f]/g, ''))) return;
        assert.equal(found?.escaped, JSON.stringify(text).slice(1, -1));
        assert.deepEqual([found.type, found.id], ['text-delta', 't']);
      }),
    );
  });

  for (const [title, data] of [
    ['another number', JSON.stringify({ type: 'delta', index: 1, text: 'x' })],
    ['another order', JSON.stringify({ index: 0, type: 'delta', text: 'x' })],
    ['one more member', wire('x', { finish: 'stop' })],
    ['an escape that would be written otherwise', '{"type":"delta","index":0,"text":"\\u00e9"}'],
    ['an escaped slash', '{"type":"delta","index":0,"text":"\\/"}'],
    ['no text', wire('')],
    ['text behind the end', `${wire('x')} `.replace('} ', '}x')],
    ['a text that is cut', '{"type":"delta","index":0,"text":"x'],
    ['a second string', '{"type":"delta","index":0,"text":"x","text":"y"}'],
    ['no JSON', 'data'],
    ['nothing', ''],
  ] as const)
    it(`leaves ${title} to the long way`, () => {
      assert.equal(knowing(wire('first'), delta('first')).match(data), undefined);
    });

  for (const [title, first, next] of [
    [
      'the numbers of events',
      '{"sequence_number":9,"delta":"a","logprobs":[]}',
      '{"sequence_number":10,"delta":"b","logprobs":[]}',
    ],
    ['padding in a member', '{"delta":"a","obfuscation":"xyz"}', '{"delta":"b","obfuscation":"12345"}'],
    ['padding by spaces', '{"delta":{"text":"a"}}', '{"delta":{"text":"b"   }  }'],
    [
      'usage so far',
      '{"text":"a","usage":{"promptTokenCount": 5,"totalTokenCount": 7}}',
      '{"text":"b","usage":{"promptTokenCount": 5,"totalTokenCount": 11}}',
    ],
  ] as const)
    it(`does not mind ${title}`, () => {
      assert.equal(knowing(first, delta('a')).match(next)?.escaped, 'b');
    });

  it('learns nothing where the text stands twice, or is not all that the event says', () => {
    assert.equal(knowing(wire('delta'), delta('delta')).match(wire('x')), undefined);
    const both: StreamPart[] = [...delta('a'), { type: 'text-end', id: 't' }];
    assert.equal(knowing(wire('a'), both).match(wire('x')), undefined);
    const tagged: StreamPart[] = [{ type: 'text-delta', id: 't', text: 'a', metadata: { gemini: {} } }];
    assert.equal(knowing(wire('a'), tagged).match(wire('x')), undefined);
    assert.equal(knowing(wire('a'), [...delta('a'), ...delta('b')]).match(wire('x')), undefined);
  });

  it('forgets everything when a part begins or ends', () => {
    const templates = knowing(wire('a'), delta('a'));
    templates.learn('{}', [{ type: 'text-end', id: 't' }]);
    assert.equal(templates.match(wire('x')), undefined);
  });

  it('tells several forms apart', () => {
    const templates = knowing('{"index":0,"text":"a"}', delta('a', 'zero'));
    templates.learn('{"index":1,"text":"b"}', delta('b', 'one'));
    assert.equal(templates.match('{"index":0,"text":"c"}')?.id, 'zero');
    assert.equal(templates.match('{"index":1,"text":"c"}')?.id, 'one');
  });

  it('gives up on a stream that has no two events alike', () => {
    const templates = new DeltaTemplates();
    for (let index = 0; index < 40; index++)
      templates.learn(wire(`a${index}`, { created: index }), delta(`a${index}`));
    templates.learn(wire('last', { created: 99 }), delta('last'));
    assert.equal(templates.match(wire('x', { created: 99 })), undefined);
  });
});
