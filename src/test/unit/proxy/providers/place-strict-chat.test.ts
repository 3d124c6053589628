import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../shared/json';
import { accountWithKeySchema, type ProviderName } from '../../../../shared/settings';
import { providerOf } from '../../../../proxy/providers/registry';

/** The body that a provider's chat endpoint makes of one, and whether its bytes are the very same. */
function sent(provider: ProviderName, body: JsonObject | string): { json: JsonObject; same: boolean } {
  const [endpoint] = providerOf(provider).endpoints;
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const account = accountWithKeySchema.parse({ id: 'a', provider, key: 'k' });
  const placed = endpoint!.place!(
    { path: '/chat/completions', body: bytes },
    { account, model: 'm', streamed: false },
  );
  assert.equal(placed.path, '/chat/completions');
  let json: JsonObject = {};
  try {
    json = JSON.parse(placed.body!.toString()) as JsonObject;
  } catch {
    // Left to the upstream.
  }
  return { json, same: placed.body === bytes };
}

const user = { role: 'user', content: 'Hi' };
const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });

describe('chat completions for servers that refuse what they do not know', () => {
  it('go on byte for byte when there is nothing to change', () => {
    assert.ok(sent('groq', { model: 'm', messages: [user], stream_options: { include_usage: true } }).same);
    assert.ok(sent('mistral', { model: 'm', messages: [user] }).same);
    assert.ok(sent('mistral', '{"messages": [ }, "seed": 1').same);
    assert.ok(
      sent('mistral', { model: 'm', messages: [{ role: 'user', content: 'is "seed" a word?' }] }).same,
    );
  });

  it('lose hints of other providers’ caches and stores', () => {
    const { json } = sent('groq', { messages: [user], prompt_cache_key: 'k', store: false, user: 'u' });
    assert.deepEqual(json, { messages: [user], user: 'u' });
  });

  it('lose the reasoning of other servers', () => {
    const answer = { role: 'assistant', content: 'Hello', reasoning_content: 'Hm' };
    assert.deepEqual(sent('groq', { messages: [user, answer, user] }).json, {
      messages: [user, { role: 'assistant', content: 'Hello' }, user],
    });
  });

  it('have Mistral’s names of their fields', () => {
    const body = {
      messages: [user],
      seed: 7,
      max_completion_tokens: 9,
      stream_options: { include_usage: true },
    };
    assert.deepEqual(sent('mistral', body).json, { messages: [user], random_seed: 7, max_tokens: 9 });
    assert.equal(
      sent('mistral', { messages: [user], max_tokens: 3, max_completion_tokens: 9 }).json.max_tokens,
      3,
    );
  });
});

describe('a conversation for Mistral', () => {
  const talk = [
    user,
    { role: 'assistant', content: null, tool_calls: [call('toolu_01ABC'), call('abcDEF123')] },
    { role: 'tool', tool_call_id: 'toolu_01ABC', content: '1' },
    { role: 'tool', tool_call_id: 'abcDEF123', content: '2' },
    { role: 'user', content: 'Go on' },
  ];

  it('has ids of nine letters and digits, the same for call and result, its own as they were', () => {
    const { messages } = sent('mistral', { messages: talk }).json as { messages: JsonObject[] };
    const [first, second] = messages[1]!.tool_calls as { id: string }[];
    assert.match(first!.id, /^[A-Za-z0-9]{9}$/);
    assert.notEqual(first!.id, second!.id);
    assert.equal(messages[2]!.tool_call_id, first!.id);
    assert.equal(second!.id, 'abcDEF123');
    assert.equal(messages[3]!.tool_call_id, 'abcDEF123');
    const again = sent('mistral', { messages: talk.slice(0, 4) }).json as { messages: JsonObject[] };
    assert.deepEqual(again.messages, messages.slice(0, 4));
  });

  it('has an answer between a result and the user', () => {
    const { messages } = sent('mistral', { messages: talk }).json as { messages: JsonObject[] };
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'tool', 'tool', 'assistant', 'user'],
    );
  });

  it('stays byte for byte when it is Mistral’s own', () => {
    const own = [
      user,
      { role: 'assistant', tool_calls: [call('abcDEF123')] },
      { role: 'tool', tool_call_id: 'abcDEF123' },
    ];
    assert.ok(sent('mistral', { messages: own }).same);
  });
});
