import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { presentedKeys } from '../../../../proxy/access/presented-keys';

describe('the keys that a request presents (SPEC 2.2)', () => {
  const headers: [string, IncomingHttpHeaders, string[]][] = [
    ['Bearer', { authorization: 'Bearer sk-a' }, ['sk-a']],
    ['bearer', { authorization: 'bearer sk-a' }, ['sk-a']],
    ['BEARER and spaces', { authorization: '  BEARER   sk-a ' }, ['sk-a']],
    ['no scheme', { authorization: 'sk-a' }, ['sk-a']],
    ['a key that begins like the scheme', { authorization: 'bearer-of-keys' }, ['bearer-of-keys']],
    ['x-api-key', { 'x-api-key': 'sk-a' }, ['sk-a']],
    ['x-goog-api-key', { 'x-goog-api-key': ' sk-a ' }, ['sk-a']],
    ['a header sent twice', { 'x-api-key': 'sk-a, sk-b' }, ['sk-a, sk-b', 'sk-a', 'sk-b']],
    ['a list of headers', { 'x-goog-api-key': ['sk-a', 'sk-b'] }, ['sk-a', 'sk-b']],
    [
      'all at once',
      { authorization: 'Bearer sk-a', 'x-api-key': 'sk-b', 'x-goog-api-key': 'sk-c' },
      ['sk-a', 'sk-b', 'sk-c'],
    ],
    ['nothing', {}, []],
    ['an empty Bearer', { authorization: 'Bearer ' }, []],
    ['Bearer alone', { authorization: 'Bearer' }, []],
    ['empty headers', { authorization: '', 'x-api-key': '', 'x-goog-api-key': '  ' }, []],
    ['other headers', { cookie: 'sk-a', 'api-key': 'sk-b' }, []],
  ];
  for (const [title, sent, keys] of headers)
    it(`reads ${title}`, () => {
      assert.deepEqual(presentedKeys(sent, '', false), keys);
    });

  const queries: [string, boolean, string[]][] = [
    ['key=sk-a', true, ['sk-a']],
    ['alt=sse&key=sk-a', true, ['sk-a']],
    ['key=sk%2Da', true, ['sk-a']],
    ['key=wrong&key=sk-a', true, ['wrong', 'sk-a']],
    ['key=', true, []],
    ['monkey=sk-a', true, []],
    ['', true, []],
    ['key=sk-a', false, []],
  ];
  for (const [query, geminiPath, keys] of queries)
    it(`reads ${JSON.stringify(keys)} from ?${query} on ${geminiPath ? 'a Gemini' : 'another'} path`, () => {
      assert.deepEqual(presentedKeys({}, query, geminiPath), keys);
    });
});
