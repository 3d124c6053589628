import assert from 'node:assert/strict';
import fc from 'fast-check';
import { apiKeySchema, baseUrlSchema, portSchema } from '../../../shared/settings';
import { baseUrlProblem, keyProblem, portProblem, splitModels } from '../../../webview/field-rules';

describe('the panel’s field rules agree with the settings’ schema', () => {
  it('on ports', () => {
    for (const text of ['1', '65535', ' 8045 ', '0', '65536', '99999', '-1', '1.5', '1e3', '0x10', '', 'abc'])
      assert.equal(
        portProblem(text) === undefined,
        /^\d+$/.test(text.trim()) && portSchema.safeParse(Number(text)).success,
        text,
      );
  });

  it('on API keys', () => {
    const key = fc.oneof(
      fc.string(),
      fc.string().map((tail) => `sk-${tail}`),
    );
    fc.assert(
      fc.property(key, (text) => {
        assert.equal(keyProblem(text) === undefined, apiKeySchema.safeParse(text).success);
      }),
    );
    assert.equal(keyProblem('sk-0123456'), undefined);
  });

  it('on base URLs', () => {
    for (const text of [
      'http://127.0.0.1:8000/v1',
      ' https://example.com/ ',
      'ftp://example.com',
      'http://user:pw@example.com',
      'http://example.com/?key=1',
      'http://example.com/#top',
      'example.com/v1',
      '',
      'http://',
    ])
      assert.equal(baseUrlProblem(text) === undefined, baseUrlSchema.safeParse(text).success, text);
  });
});

describe('model names as typed', () => {
  it('come from lines and commas, once each', () => {
    assert.deepEqual(splitModels(' a, b\n\n b ,c:free\r\n'), ['a', 'b', 'c:free']);
    assert.deepEqual(splitModels(' \n,'), []);
  });
});
