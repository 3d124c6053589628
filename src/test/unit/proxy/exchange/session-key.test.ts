import assert from 'node:assert/strict';
import { sessionKey } from '../../../../proxy/exchange/session-key';

const key = (body: unknown, headers: Record<string, string> = {}) =>
  sessionKey(headers, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

const user = (content: unknown) => ({ role: 'user', content });
const first = { model: 'm', messages: [{ role: 'system', content: 'You are.' }, user('Fix the parser')] };

describe('the key of a conversation (SPEC 5.4)', () => {
  for (const header of [
    'x-claude-code-session-id',
    'session_id',
    'session-id',
    'x-session-id',
    'x-session-affinity',
    'conversation_id',
  ])
    it(`is the header ${header}, whatever is said`, () => {
      assert.equal(key(first, { [header]: 's1' }), key({ messages: [user('Else')] }, { [header]: 's1' }));
      assert.notEqual(key(first, { [header]: 's1' }), key(first, { [header]: 's2' }));
    });

  const told: [string, (id: string) => object][] = [
    ['prompt_cache_key', (id) => ({ prompt_cache_key: id })],
    ['session_id', (id) => ({ session_id: id })],
    ['metadata.user_id', (id) => ({ metadata: { user_id: `user_a_session_${id}` } })],
    ['metadata.session_id', (id) => ({ metadata: { user_id: 'u', session_id: id } })],
  ];
  for (const [name, body] of told)
    it(`is ${name} of the body, whatever is said`, () => {
      assert.equal(key({ ...first, ...body('1') }), key({ messages: [user('Else')], ...body('1') }));
      assert.notEqual(key({ ...first, ...body('1') }), key({ ...first, ...body('2') }));
    });

  it('is how the conversation began, the same in every turn', () => {
    const later = {
      ...first,
      messages: [...first.messages, { role: 'assistant', content: 'Done' }, user('Thanks')],
    };
    assert.ok(key(first));
    assert.equal(key(first), key(later));
    assert.notEqual(key(first), key({ messages: [first.messages[0], user('Fix the lexer')] }));
  });

  it('is not changed by prompts of the system, nor by cache markers that move', () => {
    const marked = {
      messages: [user([{ type: 'text', text: 'Fix it', cache_control: { type: 'ephemeral' } }])],
    };
    const unmarked = {
      system: 'It is Monday',
      messages: [user([{ type: 'text', text: 'Fix it' }]), user('more')],
    };
    assert.equal(key(marked), key(unmarked));
  });

  it('stays the same when a text becomes the first message', () => {
    const text = 'Fix "the" parser\nnow';
    const message = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
    assert.ok(key({ input: text }));
    assert.equal(key({ input: text }), key({ input: [message, { role: 'user', content: 'more' }] }));
    assert.notEqual(key({ input: text }), key({ input: 'Fix the lexer' }));
  });

  it('is read of every protocol', () => {
    const all = [
      key({ messages: [user('Fix it')] }),
      key({
        input: [
          { role: 'developer', content: 'x' },
          { type: 'message', ...user('Fix it') },
        ],
      }),
      key({ contents: [{ role: 'user', parts: [{ text: 'Fix it' }] }] }),
      key({ contents: [{ parts: [{ text: 'Fix it' }] }] }),
      key({ messages: [user([{ type: 'text', text: 'Fix it' }])] }),
    ];
    assert.deepEqual(new Set(all).size, 1);
    assert.ok(key({ input: 'Fix it' }));
    assert.notEqual(key({ input: 'Fix it' }), key({ input: 'Fix that' }));
  });

  it('is none where nothing was said', () => {
    for (const body of [
      {},
      { messages: [] },
      { messages: [{ role: 'system', content: 'x' }] },
      '[]',
      '{',
      { messages: [1, null] },
    ])
      assert.equal(key(body), undefined);
  });

  it('takes a large first message by its beginning', () => {
    const large = user([{ type: 'text', text: 'x'.repeat(100_000) }]);
    assert.equal(key({ messages: [large] }), key({ messages: [large, user('more')] }));
  });

  it('tells nothing of the conversation', () => {
    assert.match(key(first) ?? '', /^[\w-]{22}$/);
  });
});
