import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CanonicalRequest, Message } from '../../../../proxy/dialects/canonical';
import { estimateText } from '../../../../shared/estimate-text';
import { estimateRoughly, estimateTokens } from '../../../../proxy/monitor/estimate-tokens';
import { RECORDED } from './recorded-token-counts';

const request = (messages: Message[], more: Partial<CanonicalRequest> = {}): CanonicalRequest =>
  ({ model: 'm', stream: false, messages, tools: [], ...more }) as CanonicalRequest;
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

describe('the estimate of input tokens (SPEC 4.11)', () => {
  it('is never 0', () => {
    for (const messages of [[], [user('')], [user(' ')], [{ role: 'user', content: [] } as Message]])
      assert.ok(estimateTokens(request(messages)) >= 1);
  });

  it('is a whole number that grows with every message', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 }), fc.string(), (texts, more) => {
        const before = estimateTokens(request(texts.map(user)));
        const after = estimateTokens(request([...texts.map(user), user(more)]));
        assert.ok(Number.isSafeInteger(before));
        assert.ok(after > before);
      }),
    );
  });

  it('is near what is known of plain text, and not below', () => {
    const words = 'The quick brown fox jumps over the lazy dog. '.repeat(100);
    const estimate = estimateTokens(request([user(words)]));
    assert.ok(estimate >= 1000 * 0.95 && estimate <= 1000 * 1.25, String(estimate));
  });

  for (const [kind, tokens, text] of RECORDED)
    it(`is at least 0.95 and at most 1.15 of the count of ${kind}`, () => {
      const empty = estimateTokens(request([user('')]));
      const estimate = estimateTokens(request([user(text)])) - empty;
      assert.ok(estimate >= 0.95 * tokens && estimate <= 1.15 * tokens + 1, `${estimate} of ${tokens}`);
    });

  it('made roughly is near the careful one, whatever the length', () => {
    const words = (count: number) => user('The quick brown fox jumps over the lazy dog. '.repeat(count));
    for (const messages of [
      [],
      [words(1)],
      [words(3), words(2000)],
      Array.from({ length: 300 }, () => words(40)),
    ]) {
      const careful = estimateTokens(request(messages));
      const rough = estimateRoughly(request(messages));
      assert.ok(rough >= careful * 0.85 && rough <= careful * 1.15, `${rough} for ${careful}`);
    }
  });

  it('of any text is a finite number, and 0 for the empty text only', () => {
    assert.equal(estimateText(''), 0);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (text) => {
        const estimate = estimateText(text);
        // No text has more tokens than bytes.
        assert.ok(estimate >= 1 && estimate <= Math.max(4, Buffer.byteLength(text) * 1.1), `${estimate}`);
      }),
    );
  });

  const base = estimateTokens(request([user('hi')]));
  const long = 'word '.repeat(200);
  const additions: [string, Partial<Message>['content']][] = [
    ['reasoning', [{ type: 'reasoning', text: long }]],
    [
      'tool calls',
      [{ type: 'tool-call', id: 'c', name: 'f', kind: 'function', input: JSON.stringify({ text: long }) }],
    ],
    ['tool results', [{ type: 'tool-result', callId: 'c', content: [{ type: 'text', text: long }] }]],
    ['opaque parts', [{ type: 'opaque', dialect: 'anthropic', value: { text: long } }]],
    ['files', [{ type: 'file', mediaType: 'image/png', data: { type: 'base64', data: 'AAAA' } }]],
  ] as unknown as [string, Partial<Message>['content']][];
  for (const [what, content] of additions)
    it(`counts ${what}`, () => {
      const estimate = estimateTokens(request([user('hi'), { role: 'user', content } as unknown as Message]));
      assert.ok(estimate > base + 150, String(estimate));
    });

  it('counts declarations of tools', () => {
    const tools = [
      {
        type: 'function',
        name: 'f',
        description: long,
        parameters: { type: 'object', properties: { a: { description: long } } },
      },
      { type: 'custom', name: 'c', description: long },
      { type: 'built-in', dialect: 'anthropic', value: { type: 'web_search', text: long } },
    ] as unknown as CanonicalRequest['tools'];
    let before = base;
    for (let count = 1; count <= tools.length; count++) {
      const estimate = estimateTokens(request([user('hi')], { tools: tools.slice(0, count) }));
      assert.ok(estimate > before + 150);
      before = estimate;
    }
  });
});
