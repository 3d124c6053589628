import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import type { ErrorInfo, ErrorKind } from '../../../../../proxy/dialects/canonical';
import { isObject } from '../../../../../shared/json';

describe('openai-chat: errors to clients', () => {
  const words: [ErrorKind, string, string | null][] = [
    ['invalid_request', 'invalid_request_error', null],
    ['authentication', 'invalid_request_error', 'invalid_api_key'],
    ['permission', 'permission_error', null],
    ['not_found', 'invalid_request_error', null],
    ['method_not_allowed', 'invalid_request_error', 'method_not_supported'],
    ['request_too_large', 'invalid_request_error', 'request_too_large'],
    ['unsupported_media_type', 'invalid_request_error', 'unsupported_media_type'],
    ['upgrade_required', 'invalid_request_error', 'upgrade_required'],
    ['rate_limit', 'rate_limit_error', 'rate_limit_exceeded'],
    ['billing', 'insufficient_quota', 'insufficient_quota'],
    ['overloaded', 'service_unavailable_error', 'server_is_overloaded'],
    ['timeout', 'server_error', 'timeout'],
    ['unavailable', 'server_error', 'service_unavailable'],
    ['not_supported', 'invalid_request_error', 'not_supported'],
    ['upstream', 'server_error', 'upstream_error'],
    ['internal', 'server_error', 'internal_error'],
  ];
  for (const [kind, type, code] of words) {
    it(`calls ${kind} ${type}, ${String(code)}`, () => {
      const body = openaiChatAdapter.encodeError({ status: 400, kind, message: 'm', param: 'messages' });
      assert.deepEqual(body, { error: { message: 'm', type, param: 'messages', code } });
    });
  }

  it("keeps the provider's own code", () => {
    const { error } = openaiChatAdapter.encodeError({
      status: 400,
      kind: 'invalid_request',
      message: 'm',
      code: 'context_length_exceeded',
    });
    assert.equal(isObject(error) && error.code, 'context_length_exceeded');
  });

  for (const [elsewhere, kind, code] of [
    ['overloaded_error', 'overloaded', 'server_is_overloaded'],
    ['rate_limit_error', 'rate_limit', 'rate_limit_exceeded'],
    ['RESOURCE_EXHAUSTED', 'rate_limit', 'rate_limit_exceeded'],
    ['INVALID_ARGUMENT', 'invalid_request', null],
    ['invalid_request_error', 'invalid_request', null],
  ] as const)
    it(`puts ${String(code)} for what another provider calls ${elsewhere}`, () => {
      const { error } = openaiChatAdapter.encodeError({ status: 400, kind, message: 'm', code: elsewhere });
      assert.equal(isObject(error) ? error.code : undefined, code);
    });

  it('makes the official SDK throw in the middle of a stream', async () => {
    const written = openaiChatAdapter.encodeStreamError({ status: 502, kind: 'upstream', message: 'cut' });
    const answer = new Response(`data: {"id":"1","choices":[]}\n\n${written}`, {
      headers: { 'content-type': 'text/event-stream' },
    });
    const client = new OpenAI({
      apiKey: 'none',
      baseURL: 'http://127.0.0.1:9',
      fetch: () => Promise.resolve(answer),
    });
    const stream = await client.chat.completions.create({ model: 'm', messages: [], stream: true });
    await assert.rejects(
      async () => {
        for await (const chunk of stream) assert.equal(chunk.id, '1');
      },
      (error) =>
        error instanceof OpenAI.APIError && error.message === 'cut' && error.code === 'upstream_error',
    );
  });
});

describe('openai-chat: errors of upstreams', () => {
  const bodies: [string, number, unknown, Partial<ErrorInfo>][] = [
    [
      "OpenAI's form",
      400,
      { error: { message: 'bad', type: 'invalid_request_error', param: 'messages', code: null } },
      { kind: 'invalid_request', message: 'bad', param: 'messages', code: 'invalid_request_error' },
    ],
    [
      'a context that is full',
      400,
      { error: { message: 'long', code: 'context_length_exceeded' } },
      { kind: 'invalid_request', code: 'context_length_exceeded' },
    ],
    ['a wrong key', 401, { error: { message: 'no', code: 'invalid_api_key' } }, { kind: 'authentication' }],
    ['an empty purse', 402, { error: { message: 'Insufficient Balance' } }, { kind: 'billing' }],
    ['a forbidden model', 403, { error: { message: 'no' } }, { kind: 'permission' }],
    [
      'an unknown model',
      404,
      { error: { message: 'no', code: 'model_not_found' } },
      { kind: 'not_found', code: 'model_not_found' },
    ],
    [
      'a quota that is used up',
      429,
      { error: { message: 'no', type: 'insufficient_quota' } },
      { kind: 'billing' },
    ],
    [
      'a rate limit with its time',
      429,
      { error: { message: 'Please try again in 6m0s.', type: 'tokens' } },
      { kind: 'rate_limit', retryAfterSeconds: 360 },
    ],
    [
      'milliseconds, rounded up',
      429,
      { error: { message: 'try again in 120ms' } },
      { kind: 'rate_limit', retryAfterSeconds: 1 },
    ],
    ['overload', 503, { error: { message: 'busy', code: 'server_is_overloaded' } }, { kind: 'overloaded' }],
    ['an outage', 503, 'Service Unavailable', { kind: 'unavailable', message: 'Service Unavailable' }],
    ['529', 529, {}, { kind: 'overloaded' }],
    [
      'a gateway in HTML',
      502,
      '<html><head><style>p{}</style></head><body><h1>502 Bad Gateway</h1></body></html>',
      { kind: 'upstream', message: '502 Bad Gateway' },
    ],
    [
      "Ollama's form",
      404,
      { error: 'model "x" not found' },
      { kind: 'not_found', message: 'model "x" not found' },
    ],
    [
      "vLLM's and Mistral's form",
      400,
      { object: 'error', message: 'bad', type: 'BadRequestError', param: null, code: 400 },
      { kind: 'invalid_request', message: 'bad', code: 'BadRequestError' },
    ],
    [
      "FastAPI's form",
      422,
      { detail: [{ loc: ['body'], msg: 'field required' }] },
      { kind: 'invalid_request', message: '[{"loc":["body"],"msg":"field required"}]' },
    ],
    [
      "Gemini's list",
      400,
      [{ error: { code: 400, message: 'bad', status: 'INVALID_ARGUMENT' } }],
      { kind: 'invalid_request', message: 'bad' },
    ],
    ['an empty body', 500, '', { kind: 'upstream', message: 'The upstream answered 500 without a reason.' }],
  ];
  for (const [name, status, body, expected] of bodies) {
    it(`reads ${name}`, () => {
      const info = openaiChatAdapter.decodeError(status, body);
      assert.deepEqual({ ...info, status, ...expected }, info);
    });
  }

  const inside: [string, unknown, number, ErrorKind][] = [
    ['a number in its code', { error: { message: 'x', code: 429 } }, 429, 'rate_limit'],
    ['a rate limit in words', { error: { message: 'x', code: 'rate_limit_exceeded' } }, 429, 'rate_limit'],
    ['an empty quota', { error: { message: 'x', code: 'insufficient_quota' } }, 429, 'billing'],
    ['overload', { error: { message: 'x', type: 'overloaded_error' } }, 503, 'overloaded'],
    ['a bad request', { error: { message: 'x', type: 'invalid_request_error' } }, 400, 'invalid_request'],
    ['no reason', { error: { message: 'x' } }, 502, 'upstream'],
  ];
  for (const [name, body, status, kind] of inside) {
    it(`finds the status of an error inside a stream by ${name}`, () => {
      const info = openaiChatAdapter.readStreamError({ data: JSON.stringify(body) });
      assert.deepEqual([info?.status, info?.kind], [status, kind]);
    });
  }

  it('sees no error in chunks with error: null', () => {
    assert.equal(openaiChatAdapter.readStreamError({ data: '{"choices":[],"error":null}' }), undefined);
  });
});

describe('openai-chat: models', () => {
  it('lists them as OpenAI does', () => {
    assert.deepEqual(
      openaiChatAdapter.encodeModelList([{ id: 'a', created: 5, ownedBy: 'me' }, { id: 'b' }]),
      {
        object: 'list',
        data: [
          { id: 'a', object: 'model', created: 5, owned_by: 'me' },
          { id: 'b', object: 'model', created: 0, owned_by: 'portside' },
        ],
      },
    );
  });
});

describe('openai-chat: errors of upstreams beside the usual form', () => {
  it('knows a model that is not there by its code, whatever the status', () => {
    const error = {
      message: "The requested model 'm' does not exist.",
      code: 'model_not_found',
      param: 'model',
    };
    const { status, kind } = openaiChatAdapter.decodeError(400, { error });
    assert.deepEqual([status, kind], [400, 'not_found']);
    const other = openaiChatAdapter.decodeError(400, { error: { message: 'm', code: 'invalid_value' } });
    assert.equal(other.kind, 'invalid_request');
  });

  it('tells what the provider behind OpenRouter said', () => {
    const error = {
      code: 429,
      message: 'Provider returned error',
      metadata: { raw: 'Please retry shortly.' },
    };
    const { kind, message } = openaiChatAdapter.decodeError(429, { error });
    assert.deepEqual([kind, message], ['rate_limit', 'Provider returned error: Please retry shortly.']);
  });
});
