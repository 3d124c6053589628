import assert from 'node:assert/strict';
import { Redactor } from '../../../shared/redact';

describe('the redactor', () => {
  it('takes known secrets out, also as they stand in a URL and in JSON', () => {
    const redactor = new Redactor();
    redactor.add('se/cret"value');
    assert.equal(
      redactor.redact('a se/cret"value b se%2Fcret%22value c se/cret\\"value d'),
      'a [redacted] b [redacted] c [redacted] d',
    );
  });

  it('takes the whole of a secret that begins like another', () => {
    const redactor = new Redactor();
    redactor.add('12345678');
    redactor.add('12345678-and-more');
    assert.equal(redactor.redact('<12345678-and-more>'), '<[redacted]>');
  });

  it('leaves ordinary words that serve as keys of local servers', () => {
    const redactor = new Redactor();
    redactor.add('none');
    assert.equal(redactor.redact('none of them'), 'none of them');
  });

  for (const [text, clean] of [
    ['GET /v1beta/models?key=abc&alt=sse', 'GET /v1beta/models?key=[redacted]&alt=sse'],
    ['Incorrect API key provided: sk-proj-abcdefgh12345678.', 'Incorrect API key provided: [redacted].'],
    ['authorization: Bearer abcdefghijkl', 'authorization: Bearer [redacted]'],
    ['"x-api-key":"abc"', '"x-api-key":"[redacted]"'],
    ['key AIzaSyA1234567890abcdefghijklm is bad', 'key [redacted] is bad'],
    ['0123456789abcdef0123456789abcdef.AbCdEfGhIjKl', '[redacted]'],
  ] as const) {
    it(`knows what looks like a key: ${text.slice(0, 24)}…`, () =>
      assert.equal(new Redactor().redact(text), clean));
  }

  it('leaves ordinary text alone', () => {
    const text =
      'GET http://127.0.0.1:8045/v1/models?limit=10 answers 200; the task-sk8 model asks for a bearer token';
    assert.equal(new Redactor().redact(text), text);
  });
});
