import assert from 'node:assert/strict';
import { describeLmError } from '../../../../host/language-models/describe-lm-error';

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe('an error of the editor’s models', () => {
  for (const [what, thrown, kind] of [
    ['a refused consent', error('no', { code: 'NoPermissions' }), 'permission'],
    ['a model that is gone', error('no', { code: 'NotFound' }), 'not-found'],
    ['refused words', error('Filtered.', { code: 'Blocked' }), 'blocked'],
    ['a quota, which the editor calls blocked', error('Quota exceeded', { code: 'Blocked' }), 'limited'],
    [
      'a quota behind an unknown error',
      error('x', { code: 'Unknown', cause: error('Rate limit hit') }),
      'limited',
    ],
    ['a quota by its name alone', error('Sorry.', { name: 'ChatQuotaExceeded' }), 'limited'],
    ['anything else', error('Boom.', { code: 'Unknown' }), 'failed'],
    ['something that is no error', 'Boom.', 'failed'],
    ['nothing', undefined, 'failed'],
  ] as const)
    it(`${what}: ${kind}`, () => {
      const told = describeLmError(thrown);
      assert.equal(told.kind, kind);
      assert.notEqual(told.message, '');
    });

  it('is told in the words of its cause', () => {
    const told = describeLmError(
      error('Request failed', { code: 'Unknown', cause: error('The socket closed.') }),
    );
    assert.deepEqual(told, { kind: 'failed', message: 'The socket closed.' });
  });

  it('says what to do about a consent', () => {
    assert.match(describeLmError(error('denied', { code: 'NoPermissions' })).message, /denied.*Allow it/s);
  });

  it('whose causes go in circles ends', () => {
    const looped = error('Again.');
    looped.cause = error('Again.', { cause: looped });
    assert.equal(describeLmError(looped).message, 'Again.');
  });
});
