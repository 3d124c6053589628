import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isObject } from '../../../../../shared/json';
import { MessageRedactor } from '../../../../../proxy/monitor/redact/message-redactor';

const SECRET = 'ca"na\\ry/7+8 é!x%y';
const redactor = new MessageRedactor([SECRET, 'plain-secret-0815-xyz']);

const names = [
  'token',
  'api_key',
  'a',
  'password',
  'text',
  'Authorization',
  'x"y',
  'key',
  'max_tokens',
  SECRET,
];
const words = [
  ...[
    'hello',
    SECRET,
    'plain-secret-0815-xyz',
    'sk-Ab12Cd34Ef56Gh78Ij90',
    '"',
    '\\',
    '\n',
    '\\"',
    "'",
    ',',
    ']',
    '}',
  ],
  ...[
    '-----BEGIN PRIVATE KEY-----\nMIIE',
    'https://u:p@h/',
    'Authorization: Bearer abc12345678',
    '{"token":"',
  ],
  ...['OPENAI_API_KEY="abcd1234efgh"', '"password":', '?key=abcdefgh&', '☃', encodeURIComponent(SECRET)],
  ...['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjg', Buffer.from(`u:${SECRET}`).toString('base64')],
];
const text = fc
  .tuple(fc.array(fc.constantFrom(...words), { maxLength: 5 }), fc.constantFrom('', ' '))
  .map(([parts, gap]) => parts.join(gap));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.integer(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...names), text), tie('value')), { maxLength: 4 })
      .map(Object.fromEntries),
    tie('value').map((inner) => JSON.stringify(inner)),
  ),
}));

/** Looks into strings that are JSON, too. */
function leaks(held: unknown): boolean {
  if (typeof held === 'string') {
    if (held.includes(SECRET) || held.includes('plain-secret-0815')) return true;
    try {
      const inner = JSON.parse(held) as unknown;
      return typeof inner === 'object' && leaks(inner);
    } catch {
      return false;
    }
  }
  if (Array.isArray(held)) return held.some(leaks);
  return isObject(held) && Object.entries(held).some((pair) => pair.some(leaks));
}

describe('masked JSON', () => {
  it('is JSON still, holds no secret at any depth, and stays the same when it is masked again', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (held, indent) => {
        const clean = redactor.text(JSON.stringify(held, null, indent));
        assert.equal(leaks(JSON.parse(clean)), false);
        assert.equal(redactor.text(clean), clean);
      }),
      { numRuns: 2000 },
    );
  });
});
