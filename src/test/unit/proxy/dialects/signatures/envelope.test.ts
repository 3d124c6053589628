import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ReasoningPart } from '../../../../../proxy/dialects/canonical';
import {
  ENVELOPE_MARK,
  isEnvelope,
  unwrapMetadata,
  unwrapReasoning,
  wrapMetadata,
  wrapReasoning,
} from '../../../../../proxy/dialects/signatures/envelope';

describe('envelopes', () => {
  it('give metadata back byte for byte, and are Base64 that begins with the mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }), (one, other) => {
        const metadata = {
          anthropic: { signature: one },
          gemini: { thoughtSignature: other },
        };
        const envelope = wrapMetadata(metadata);
        assert.ok(envelope.startsWith(ENVELOPE_MARK));
        assert.equal(Buffer.from(envelope, 'base64').toString('base64'), envelope);
        assert.deepEqual(unwrapMetadata(envelope), metadata);
      }),
    );
  });

  it('hold one part beside its text, or whole parts', () => {
    const parts: ReasoningPart[] = [
      { type: 'reasoning', text: 'Grüße 👋🏽\n', metadata: { anthropic: { signature: 's' } } },
      { type: 'reasoning', text: '' },
    ];
    assert.deepEqual(unwrapReasoning(wrapReasoning(parts), 'ignored'), parts);
    const metadata = { 'openai-chat': { field: 'reasoning_content' } };
    assert.deepEqual(unwrapReasoning(wrapMetadata(metadata), 'beside'), [
      { type: 'reasoning', text: 'beside', metadata },
    ]);
  });

  it('that are damaged stand for reasoning of nobody; signatures of providers are none', () => {
    for (const damaged of [
      ENVELOPE_MARK,
      `${ENVELOPE_MARK}!!`,
      wrapMetadata({ gemini: { a: 'b' } }).slice(0, -8),
    ]) {
      assert.equal(isEnvelope(damaged), true);
      assert.deepEqual(unwrapReasoning(damaged, 'text'), [{ type: 'reasoning', text: 'text' }]);
    }
    for (const own of ['', 'EqQBCgIYAhIM', 'skip_thought_signature_validator', 'gAAAAAB'])
      assert.equal(unwrapReasoning(own, 'text'), undefined);
  });
});
