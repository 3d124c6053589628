import assert from 'node:assert/strict';
import { anthropicAdapter } from '../../../../../proxy/dialects/anthropic/index';
import { decodeStopReason, encodeStopReason } from '../../../../../proxy/dialects/anthropic/map-stop-reason';
import { abilitiesOf } from '../../../../../proxy/dialects/claude/model-abilities';
import type { ErrorKind, StopReason } from '../../../../../proxy/dialects/canonical';
import { UpstreamError } from '../../../../../proxy/errors';
import type { JsonObject } from '../../../../../shared/json';
import { answering, replying } from './contexts';

describe('anthropic: whole answers', () => {
  it('survive both ways', () => {
    const body: JsonObject = {
      id: 'msg_x',
      type: 'message',
      role: 'assistant',
      model: 'asked',
      content: [
        { type: 'thinking', thinking: 't', signature: 'S' },
        { type: 'redacted_thinking', data: 'R' },
        { type: 'text', text: 'a', citations: [{ url: 'u' }] },
        { type: 'server_tool_use', id: 's', name: 'web_search', input: { q: 1 } },
        { type: 'tool_use', id: 't', name: 'f', input: { a: [1] }, caller: { type: 'direct' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: {
        input_tokens: 3,
        cache_creation_input_tokens: 5,
        cache_read_input_tokens: 7,
        cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 4 },
        output_tokens: 9,
        service_tier: 'priority',
        output_tokens_details: { thinking_tokens: 2 },
      },
    };
    const response = anthropicAdapter.decodeResponse(body, answering());
    assert.equal(response.usage?.inputTokens, 15);
    assert.equal(response.usage.reasoningTokens, 2);
    assert.deepEqual(anthropicAdapter.encodeResponse(response, replying()), body);
    assert.equal(anthropicAdapter.readUsage(body)?.cacheWriteTokens, 5);
    assert.equal(anthropicAdapter.readUsage({ type: 'message_start', message: body })?.inputTokens, 15);
    assert.equal(anthropicAdapter.readUsage({ type: 'ping' }), undefined);
  });

  it('count no token twice when a server counts those it wrote to its cache as read too', () => {
    const usage = { inputTokens: 10, cachedInputTokens: 8, cacheWriteTokens: 8, outputTokens: 1 };
    const body = anthropicAdapter.encodeResponse(
      { choices: [{ content: [], finish: { reason: 'stop' } }], usage },
      replying(),
    );
    assert.equal(anthropicAdapter.readUsage(body)?.inputTokens, 10);
  });

  it('are errors when they are none', () => {
    for (const body of [{}, { type: 'error', error: { type: 'overloaded_error', message: 'M' } }])
      assert.throws(() => anthropicAdapter.decodeResponse(body, answering()), UpstreamError);
  });

  it('wrap the text of custom tools and input that is no object, and leave out what has no block', () => {
    const context = replying();
    const encoded = anthropicAdapter.encodeResponse(
      {
        choices: [
          {
            content: [
              { type: 'reasoning', text: 'unasked' },
              { type: 'tool-call', id: 'a', name: 'p', kind: 'custom', input: 'x' },
              { type: 'tool-call', id: 'b', name: 'f', kind: 'function', input: 'broken' },
              { type: 'opaque', dialect: 'gemini', label: 'executableCode', value: {} },
              { type: 'refusal', text: 'no' },
            ],
            finish: { reason: 'stop' },
          },
        ],
      },
      context,
    );
    assert.deepEqual(encoded['content'], [
      { type: 'tool_use', id: 'a', name: 'p', input: { input: 'x' } },
      { type: 'tool_use', id: 'b', name: 'f', input: { input: 'broken' } },
      { type: 'text', text: 'no' },
    ]);
    assert.equal(encoded['stop_reason'], 'tool_use');
    assert.equal(context.warnings.length, 2);
  });

  const reasons: [wire: string, calls: boolean, reason: StopReason][] = [
    ['end_turn', false, 'stop'],
    ['end_turn', true, 'tool-calls'],
    ['max_tokens', true, 'length'],
    ['stop_sequence', false, 'stop-sequence'],
    ['tool_use', true, 'tool-calls'],
    ['pause_turn', false, 'pause'],
    ['refusal', false, 'refusal'],
    ['model_context_window_exceeded', false, 'context-length'],
    ['new_reason', false, 'other'],
  ];
  for (const [wire, calls, reason] of reasons)
    it(`reads the end ${wire} ${calls ? 'with' : 'without'} calls as ${reason}`, () => {
      assert.equal(decodeStopReason(wire, calls), reason);
    });

  const ends: [reason: StopReason, calls: boolean, wire: string][] = [
    ['stop', false, 'end_turn'],
    ['stop', true, 'tool_use'],
    ['stop-sequence', false, 'stop_sequence'],
    ['length', true, 'max_tokens'],
    ['tool-calls', true, 'tool_use'],
    ['tool-calls', false, 'end_turn'],
    ['content-filter', false, 'refusal'],
    ['refusal', false, 'refusal'],
    ['pause', false, 'pause_turn'],
    ['context-length', false, 'model_context_window_exceeded'],
    ['malformed-tool-call', false, 'end_turn'],
    ['other', false, 'end_turn'],
  ];
  for (const [reason, calls, wire] of ends)
    it(`writes the end ${reason} ${calls ? 'with' : 'without'} calls as ${wire}`, () => {
      assert.equal(encodeStopReason(reason, calls), wire);
    });
});

describe('anthropic: errors', () => {
  const kinds: Record<ErrorKind, string> = {
    invalid_request: 'invalid_request_error',
    authentication: 'authentication_error',
    permission: 'permission_error',
    not_found: 'not_found_error',
    method_not_allowed: 'invalid_request_error',
    request_too_large: 'request_too_large',
    unsupported_media_type: 'invalid_request_error',
    upgrade_required: 'invalid_request_error',
    rate_limit: 'rate_limit_error',
    billing: 'billing_error',
    overloaded: 'overloaded_error',
    timeout: 'timeout_error',
    unavailable: 'overloaded_error',
    not_supported: 'invalid_request_error',
    upstream: 'api_error',
    internal: 'api_error',
  };
  for (const [kind, type] of Object.entries(kinds))
    it(`says ${type} for ${kind}`, () => {
      const error = { status: 400, kind: kind as ErrorKind, message: 'M', requestId: 'req_1' };
      assert.deepEqual(anthropicAdapter.encodeError(error), {
        type: 'error',
        error: { type, message: 'M' },
        request_id: 'req_1',
      });
      assert.equal(
        anthropicAdapter.encodeStreamError(error),
        `event: error\ndata: ${JSON.stringify(anthropicAdapter.encodeError(error))}\n\n`,
      );
    });

  const read: [status: number, type: string | undefined, kind: ErrorKind][] = [
    [400, 'invalid_request_error', 'invalid_request'],
    [401, 'authentication_error', 'authentication'],
    [402, 'billing_error', 'billing'],
    [403, 'permission_error', 'permission'],
    [404, 'not_found_error', 'not_found'],
    [405, 'invalid_request_error', 'method_not_allowed'],
    [413, 'request_too_large', 'request_too_large'],
    [415, undefined, 'unsupported_media_type'],
    [429, 'rate_limit_error', 'rate_limit'],
    [500, 'api_error', 'upstream'],
    [502, undefined, 'upstream'],
    [503, undefined, 'unavailable'],
    [504, 'timeout_error', 'timeout'],
    [529, 'overloaded_error', 'overloaded'],
    [500, 'overloaded_error', 'overloaded'],
    [400, 'billing_error', 'billing'],
    [500, 'invalid_request_error', 'upstream'],
    [409, 'conflict_error', 'invalid_request'],
  ];
  for (const [status, type, kind] of read)
    it(`reads ${status} ${type ?? 'without a type'} as ${kind}`, () => {
      const error = anthropicAdapter.decodeError(
        status,
        type && { type: 'error', error: { type, message: 'M' }, request_id: 'r' },
      );
      assert.deepEqual([error.status, error.kind, error.code], [status, kind, type]);
      if (type) assert.deepEqual([error.message, error.requestId], ['M', 'r']);
    });

  it('reads a page of a gateway', () => {
    assert.equal(
      anthropicAdapter.decodeError(502, '<html>Bad Gateway</html>').message,
      '<html>Bad Gateway</html>',
    );
    assert.equal(anthropicAdapter.decodeError(502, '').message, 'The upstream answered with status 502.');
  });
});

describe('anthropic: models', () => {
  it('are listed with a date of RFC 3339', () => {
    const one = { type: 'model', id: 'a', display_name: 'A', created_at: '2025-09-29T00:00:00Z' };
    assert.deepEqual(anthropicAdapter.encodeModel({ id: 'a', displayName: 'A', created: 1759104000 }), one);
    const list = anthropicAdapter.encodeModelList([
      { id: 'a', displayName: 'A', created: 1759104000 },
      { id: 'b' },
    ]);
    const two = { type: 'model', id: 'b', display_name: 'b', created_at: '1970-01-01T00:00:00Z' };
    assert.deepEqual(list, { data: [one, two], has_more: false, first_id: 'a', last_id: 'b' });
    assert.equal(anthropicAdapter.encodeModelList([])['first_id'], null);
  });

  const abilities: [model: string, thinking: string, sampling: string, max: number | undefined][] = [
    ['claude-3-opus-20240229', 'none', 'all', 4096],
    ['claude-3-5-haiku-latest', 'none', 'all', 8192],
    ['claude-3-7-sonnet-20250219', 'budget', 'all', 64_000],
    ['claude-opus-4-20250514', 'budget', 'all', 32_000],
    ['claude-opus-4-1-20250805', 'budget', 'one', 32_000],
    ['claude-haiku-4-5-20251001', 'budget', 'one', 64_000],
    ['claude-sonnet-4-5', 'budget', 'one', 64_000],
    ['anthropic/claude-opus-4.6', 'both', 'one', 128_000],
    ['anthropic.claude-opus-4-7', 'adaptive', 'none', 128_000],
    ['claude-opus-5', 'adaptive', 'none', 128_000],
    ['claude-sonnet-5-5', 'adaptive', 'none', 128_000],
    ['claude-mythos-preview', 'adaptive', 'none', 128_000],
    ['glm-4.6', 'budget', 'all', undefined],
  ];
  for (const [model, thinking, sampling, max] of abilities)
    it(`know what ${model} can do`, () => {
      const found = abilitiesOf(model);
      assert.deepEqual([found.thinking, found.sampling, found.maxOutputTokens], [thinking, sampling, max]);
    });
});
