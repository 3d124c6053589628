import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import { ProxyError } from '../../../../../proxy/errors';
import type { Json, JsonObject } from '../../../../../shared/json';
import { decodeBody, decodeChunks, encodeParts, makeContexts } from './make-contexts';

const anything = fc.jsonValue().map((value) => value as Json);
/** Objects with the names that are looked at, holding anything. */
const bag = (...keys: string[]) =>
  fc.dictionary(fc.constantFrom(...keys), anything).map((value) => ({ ...value }) as JsonObject);
const call = bag('index', 'id', 'type', 'function', 'custom');
const delta = fc.oneof(
  bag('content', 'reasoning', 'reasoning_details', 'images', 'tool_calls', 'function_call', 'audio'),
  call.map((one) => ({ tool_calls: [one] })),
);
const chunk = fc.oneof(
  anything,
  bag('id', 'choices', 'usage', 'error', 'x_groq'),
  delta.map((one) => ({ choices: [{ index: 0, delta: one }] })),
);

describe('openai-chat: whatever comes', () => {
  it('refuses bad requests with an error of its own, never with another', () => {
    const message = bag(
      'role',
      'content',
      'tool_calls',
      'function_call',
      'tool_call_id',
      'name',
      'reasoning_details',
    );
    const roles = fc.constantFrom('system', 'user', 'assistant', 'tool', 'function');
    const body = fc.tuple(
      bag(
        'tools',
        'tool_choice',
        'functions',
        'stop',
        'response_format',
        'reasoning',
        'thinking',
        'stream_options',
        'n',
      ),
      fc.array(fc.tuple(message, roles).map(([fields, role]) => ({ ...fields, role }))),
    );
    fc.assert(
      fc.property(body, ([fields, messages]) => {
        try {
          const contexts = makeContexts();
          const request = decodeBody({ ...fields, messages }, contexts);
          openaiChatAdapter.encodeRequest(request, contexts.encode);
        } catch (error) {
          if (!(error instanceof ProxyError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('turns every stream into parts with one end, and those into text', () => {
    fc.assert(
      fc.property(fc.array(chunk), (chunks) => {
        const parts = decodeChunks([...chunks, '[DONE]']);
        const ends =
          parts.filter(({ type }) => type === 'error').length +
          (parts.some(({ type }) => type === 'finish') ? 1 : 0);
        assert.equal(ends, 1);
        const open = new Set<string>();
        for (const part of parts) {
          if (part.type.endsWith('-start')) open.add((part as { id: string }).id);
          else if (part.type.endsWith('-delta')) assert.ok(open.has((part as { id: string }).id));
          else if (part.type.endsWith('-end')) assert.ok(open.delete((part as { id: string }).id));
        }
        assert.equal(open.size, 0);
        encodeParts(parts);
      }),
      { numRuns: 500 },
    );
  });

  it('reads errors, ends and usage from anything', () => {
    fc.assert(
      fc.property(anything, fc.nat(599), (value, status) => {
        const data = JSON.stringify(value);
        for (const adapter of [openaiChatAdapter, openaiResponsesAdapter]) {
          adapter.isTerminal({ data });
          adapter.readStreamError({ event: 'error', data });
          const info = adapter.decodeError(status, value);
          assert.ok(info.status >= 400 && info.status < 600 && info.message !== '');
        }
      }),
    );
  });
});
