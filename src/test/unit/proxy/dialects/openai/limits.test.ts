import assert from 'node:assert/strict';
import type { Warning } from '../../../../../proxy/dialects/canonical';
import { argumentsText, limitCacheKey, limitUserId } from '../../../../../proxy/dialects/openai/limits';
import { orderMessages } from '../../../../../proxy/dialects/order-messages';

describe("OpenAI's limits", () => {
  it('leave out ids of users that are too long, and say so', () => {
    const warnings: Warning[] = [];
    const warn = (warning: Warning) => void warnings.push(warning);
    assert.equal(limitUserId('u'.repeat(64), warn), 'u'.repeat(64));
    assert.equal(limitUserId(undefined, warn), undefined);
    assert.deepEqual(warnings, []);
    assert.equal(limitUserId('u'.repeat(65), warn), undefined);
    assert.deepEqual(
      warnings.map(({ type, field }) => [type, field]),
      [['dropped', 'user']],
    );
  });

  it('make a short key of a long one, the same every time and another for another', () => {
    const long = 'session:'.repeat(20);
    assert.equal(limitCacheKey('k'.repeat(64)), 'k'.repeat(64));
    assert.ok((limitCacheKey(long) ?? '').length <= 64);
    assert.equal(limitCacheKey(long), limitCacheKey(long));
    assert.notEqual(limitCacheKey(long), limitCacheKey(`${long}1`));
  });

  for (const [given, expected, wrapped] of [
    ['{"a": 1.0}', '{"a": 1.0}', false],
    ['', '{}', false],
    [' \n', '{}', false],
    ['[1]', '{"input":"[1]"}', true],
    ['{"a":', '{"input":"{\\"a\\":"}', true],
    ['null', '{"input":"null"}', true],
  ] as const)
    it(`send the arguments ${JSON.stringify(given)} as ${expected}`, () => {
      let told = false;
      const sent = argumentsText(given, () => (told = true));
      assert.deepEqual([sent, told], [expected, wrapped]);
    });
});

describe('calls of one turn that share an id', () => {
  it('get ids of their own, and keep their results', () => {
    const call = (input: string) =>
      ({ type: 'tool-call', id: 'x', name: 'f', kind: 'function', input }) as const;
    const result = (text: string) =>
      ({ type: 'tool-result', callId: 'x', content: [{ type: 'text', text }] }) as const;
    const [turn] = orderMessages(
      [
        { role: 'assistant', content: [call('1'), call('2')] },
        { role: 'tool', content: [result('one'), result('two')] },
      ].map((message) => structuredClone(message)) as Parameters<typeof orderMessages>[0],
    );
    assert.ok(turn?.kind === 'assistant');
    const ids = turn.message.content.map((part) => (part.type === 'tool-call' ? [part.id, part.input] : []));
    assert.deepEqual(ids, [
      ['x', '1'],
      ['x_2', '2'],
    ]);
    assert.deepEqual(
      turn.answered.map(({ call: { id }, result: given }) => [id, given?.content]),
      [
        ['x', [{ type: 'text', text: 'one' }]],
        ['x_2', [{ type: 'text', text: 'two' }]],
      ],
    );
  });
});
