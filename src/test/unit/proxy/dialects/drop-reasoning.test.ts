/** What is taken out of requests of an upstream's own dialect: other providers' reasoning, or all of it. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../proxy/dialects/registry';
import { wrapMetadata, wrapReasoning } from '../../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../../shared/json';

const ENVELOPE = wrapMetadata({ 'openai-chat': { field: 'reasoning_content' } });
const CALL_ENVELOPE = wrapReasoning([
  { type: 'reasoning', text: 'x', metadata: { anthropic: { signature: 's' } } },
]);
const SKIP = 'skip_thought_signature_validator';

const drop = (dialect: Dialect, body: JsonObject, all = false) => {
  const copy = structuredClone(body);
  const adapter = adapterOf(dialect);
  const dropped = all ? adapter.dropReasoning(copy) : adapter.dropEnvelopes(copy);
  return { body: copy, dropped };
};

describe('dropping reasoning: anthropic', () => {
  const own = { type: 'thinking', thinking: 'own', signature: 'EqQB' };
  const foreign = { type: 'thinking', thinking: 'foreign', signature: ENVELOPE };
  const redacted = { type: 'redacted_thinking', data: ENVELOPE };
  const said = { type: 'text', text: 'said' };
  const use = { type: 'tool_use', id: 't', name: 'f', input: {} };
  const ask = { role: 'user', content: 'ask' };
  const answer = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'ok' }] };
  const speak = (...content: JsonObject[]) => ({ role: 'assistant', content });
  const enabled = { type: 'enabled', budget_tokens: 2000 };

  it('leaves Anthropic’s own thinking and all else, and takes the others’', () => {
    const { body } = drop('anthropic', {
      thinking: enabled,
      messages: [ask, speak(foreign, own, redacted, said), { role: 'assistant', content: 'text' }, ask],
    });
    assert.deepEqual(body, {
      thinking: enabled,
      messages: [ask, speak(own, said), { role: 'assistant', content: 'text' }, ask],
    });
  });

  it('leaves out a message that had nothing else, since empty and blank content is refused', () => {
    const { body } = drop('anthropic', { messages: [ask, speak(foreign, redacted), ask] });
    assert.deepEqual(body['messages'], [ask, ask]);
  });

  it('switches thinking off in a tool loop that has lost its thinking, and what needs it', () => {
    const clear = { type: 'clear_thinking_20251015', keep: 'all' };
    const uses = { type: 'clear_tool_uses_20250919' };
    const given = { thinking: enabled, messages: [ask, speak(foreign, use), answer] };
    const expected = { thinking: { type: 'disabled' }, messages: [ask, speak(use), answer] };
    assert.deepEqual(drop('anthropic', given).body, expected);
    const edits = (...list: JsonObject[]) => ({ context_management: { edits: list } });
    assert.deepEqual(drop('anthropic', { ...given, ...edits(clear) }).body, expected);
    assert.deepEqual(drop('anthropic', { ...given, ...edits(clear, uses) }).body, {
      ...expected,
      ...edits(uses),
    });
  });

  it('leaves thinking on where the API takes it: adaptive, outside of loops, in loops with own thinking', () => {
    const adaptive = { type: 'adaptive' };
    const loop = [ask, speak(foreign, use), answer];
    assert.deepEqual(drop('anthropic', { thinking: adaptive, messages: loop }).body['thinking'], adaptive);
    assert.deepEqual(
      drop('anthropic', { thinking: enabled, messages: [...loop, ask] }).body['thinking'],
      enabled,
    );
    const later = [...loop, speak(own, use), answer];
    assert.deepEqual(drop('anthropic', { thinking: enabled, messages: later }).body['thinking'], enabled);
  });

  it('switches thinking off when asked to in a tool loop that began without any, at an account that gave none', () => {
    const messages = [ask, speak(use), answer];
    assert.deepEqual(drop('anthropic', { thinking: enabled, messages }, true), {
      dropped: true,
      body: { thinking: { type: 'disabled' }, messages },
    });
    const untold = { thinking: enabled, messages };
    assert.deepEqual(drop('anthropic', untold).body, untold);
  });

  it('takes everything when asked to, and says whether there was anything', () => {
    const all = drop('anthropic', { thinking: enabled, messages: [ask, speak(own, use), answer] }, true);
    assert.equal(all.dropped, true);
    assert.deepEqual(all.body, { thinking: { type: 'disabled' }, messages: [ask, speak(use), answer] });
    const none = { thinking: enabled, messages: [ask, speak(said), ask] };
    assert.deepEqual(drop('anthropic', none, true), { body: none, dropped: false });
  });
});

describe('dropping reasoning: gemini', () => {
  const ask = { role: 'user', parts: [{ text: 'ask' }] };
  const answer = { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] };
  const speak = (...parts: JsonObject[]) => ({ role: 'model', parts });
  const call = (name: string, thoughtSignature?: string) => ({
    functionCall: { name },
    ...(thoughtSignature !== undefined && { thoughtSignature }),
  });

  it('takes foreign thoughts with the pieces before their envelope, and leaves own ones', () => {
    const ownThought = { text: 'own', thought: true };
    const signed = { text: 'said', thoughtSignature: 'AbC=' };
    const { body } = drop('gemini', {
      contents: [
        ask,
        speak(
          { text: 'fo', thought: true },
          { text: 'reign', thought: true },
          { text: '', thought: true, thought_signature: ENVELOPE },
          { text: 'said' },
        ),
        ask,
        speak(ownThought, signed),
        ask,
      ],
    });
    assert.deepEqual(body['contents'], [ask, speak({ text: 'said' }), ask, speak(ownThought, signed), ask]);
  });

  it('takes envelopes off calls; in the current turn the first call of a step gets the documented stand-in', () => {
    const { body } = drop('gemini', {
      contents: [
        ask,
        speak(call('f', CALL_ENVELOPE)),
        answer,
        ask,
        speak(call('f', CALL_ENVELOPE), call('g', CALL_ENVELOPE)),
        answer,
        speak(call('h', 'AbC=')),
        answer,
      ],
    });
    assert.deepEqual(body['contents'], [
      ask,
      speak(call('f')),
      answer,
      ask,
      speak(call('f', SKIP), call('g')),
      answer,
      speak(call('h', 'AbC=')),
      answer,
    ]);
  });

  it('leaves out a content that had nothing else', () => {
    const only = speak({ text: '', thought: true, thoughtSignature: ENVELOPE });
    assert.deepEqual(drop('gemini', { contents: [ask, only, ask] }).body['contents'], [ask, ask]);
  });

  it('takes everything when asked to, and says whether there was anything', () => {
    const given = {
      contents: [
        ask,
        speak(
          { text: 'own', thought: true },
          { text: 'said', thoughtSignature: 'a' },
          { text: '', thoughtSignature: 'b' },
        ),
        ask,
        speak(call('f', 'c'), call('g', 'd')),
        answer,
      ],
    };
    assert.deepEqual(drop('gemini', given, true), {
      dropped: true,
      body: { contents: [ask, speak({ text: 'said' }), ask, speak(call('f', SKIP), call('g')), answer] },
    });
    const none = { contents: [ask, speak(call('f')), answer] };
    assert.deepEqual(drop('gemini', none, true), { body: none, dropped: false });
  });
});

describe('dropping reasoning: chat completions', () => {
  it('finds no envelope, and takes reasoning of answers alone when asked to', () => {
    const given = {
      messages: [
        { role: 'user', content: 'a', reasoning: 'the user’s own field' },
        { role: 'assistant', content: 'b', reasoning_content: 'c', reasoning: 'd', reasoning_details: [] },
      ],
    };
    assert.deepEqual(drop('openai-chat', given).body, given);
    assert.deepEqual(drop('openai-chat', given, true), {
      dropped: true,
      body: { messages: [given.messages[0], { role: 'assistant', content: 'b' }] },
    });
    assert.equal(
      drop('openai-chat', { messages: [{ role: 'assistant', content: 'b' }] }, true).dropped,
      false,
    );
  });
});

describe('dropping reasoning: Responses', () => {
  it('takes reasoning items and references to them, and the ids of what followed them', () => {
    const user = { type: 'message', role: 'user', content: 'a', id: 'msg_0' };
    const output = { type: 'function_call_output', call_id: 'c', output: 'ok', id: 'fco_1' };
    const given = {
      input: [
        user,
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
        { type: 'item_reference', id: 'rs_2' },
        { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}' },
        output,
      ],
    };
    assert.deepEqual(drop('openai-responses', given, true), {
      dropped: true,
      body: {
        input: [
          { type: 'message', role: 'user', content: 'a' },
          { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
          output,
        ],
      },
    });
    for (const none of [{ input: 'text' }, { input: [user] }])
      assert.deepEqual(drop('openai-responses', none, true), { body: none, dropped: false });
  });
});
