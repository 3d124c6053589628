import assert from 'node:assert/strict';
import type { Warning } from '../../../../../proxy/dialects/canonical';
import { cleanParameters } from '../../../../../proxy/dialects/json-schema/object-parameters';
import type { JsonObject } from '../../../../../shared/json';

describe('cleaning JSON Schema for Gemini', () => {
  it('makes an object of parameters that are alternatives', () => {
    const warnings: Warning[] = [];
    const parameters = cleanParameters(
      {
        oneOf: [
          { type: 'object', properties: { a: { type: 'string' }, k: { const: 'x' } }, required: ['a', 'k'] },
          { type: 'object', properties: { b: { type: 'string' }, k: { const: 'y' } }, required: ['b', 'k'] },
        ],
      },
      'gemini-json-schema',
      (warning) => warnings.push(warning),
      'p',
    );
    assert.deepEqual(parameters?.['required'], ['k']);
    assert.deepEqual(Object.keys(parameters?.['properties'] as JsonObject), ['a', 'k', 'b']);
    assert.equal(parameters?.['type'], 'object');
    assert.equal(warnings[0]?.type, 'approximated');
  });

  it('declares no parameters where there are none', () => {
    for (const schema of [{ type: 'object', properties: {} }, { type: 'object' }, {}, true])
      assert.equal(
        cleanParameters(schema, 'gemini-json-schema', () => {}, 'p'),
        undefined,
      );
  });
});
