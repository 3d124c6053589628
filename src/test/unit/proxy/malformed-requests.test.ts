/** Malformed requests in bulk against a live server (SPEC 8.5): no crash, no hang, no 500. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import fc from 'fast-check';
import { startPortside, type StartedPortside } from '../../support/start-portside';

const PATHS = [
  '/v1/chat/completions',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/responses',
  '/v1/responses/x',
  '/v1/embeddings',
  '/v1/images/edits',
  '/v1beta/models/m:generateContent',
  '/v1beta/models/m:streamGenerateContent?alt=sse',
  '/v1beta/models/%E0%A4%A:countTokens',
  '/v1/models',
  '/v1/models/%',
  '/healthz',
  '/',
  '*',
  'http://127.0.0.1/v1/messages',
  '/v1/api/event_logging/batch',
  '/\x7f\x01',
  '/?key=%zz',
];

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, 1e300, -1, '', [], {}, [[]], 'auto'),
);
const member = fc.constantFrom(
  'messages',
  'model',
  'stream',
  'tools',
  'tool_choice',
  'system',
  'contents',
  'input',
  'max_tokens',
  'stop',
  'thinking',
  'response_format',
  'generationConfig',
  'systemInstruction',
  'toolConfig',
  'n',
  'metadata',
  'stream_options',
);
const part = fc.oneof(
  value,
  fc.record(
    {
      type: fc.constantFrom(
        'text',
        'image',
        'image_url',
        'tool_use',
        'tool_result',
        'thinking',
        'document',
        'file',
        'input_audio',
        7,
      ),
      text: value,
      source: value,
      image_url: value,
      input: value,
      content: value,
      id: value,
      tool_use_id: value,
      functionCall: value,
      functionResponse: value,
      inlineData: value,
    },
    { requiredKeys: ['type'] },
  ),
);
const message = fc.oneof(
  value,
  fc.record(
    {
      role: fc.oneof(fc.constantFrom('user', 'assistant', 'system', 'tool', 'model', 'developer'), value),
      content: fc.oneof(fc.array(part, { maxLength: 3 }), fc.string()),
      parts: fc.array(part, { maxLength: 3 }),
      tool_calls: fc.array(value, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
);
const body = fc.oneof(
  fc
    .tuple(fc.array(message, { maxLength: 3 }), fc.dictionary(member, value), fc.boolean())
    .map(([all, rest, stream]) =>
      JSON.stringify({
        model: 'm',
        max_tokens: 5,
        messages: all,
        contents: all,
        input: all,
        stream,
        ...rest,
      }),
    ),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constant('{"model":"m","messages":'),
  fc.constant(`{"model":"m","messages":${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
  fc.constant(
    `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"t","input_schema":${'{"properties":{"a":'.repeat(10_000)}{}${'}}'.repeat(10_000)}}]}`,
  ),
  fc.constant(
    `{"contents":[{"parts":[{"functionCall":{"name":"f","args":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}]}]}`,
  ),
);
const header = fc.constantFrom(
  'content-type: application/json',
  'content-type: text/html',
  'content-type: multipart/form-data',
  'content-encoding: gzip',
  'content-encoding: zstd, br',
  'content-encoding: ,,,',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'content-length: 3',
  'content-length: -1',
  'content-length: 99999999999999999999',
  'expect: 100-continue',
  'expect: nonsense',
  'connection: upgrade\r\nupgrade: websocket',
  'connection: content-type, x',
  'anthropic-version: 2023-06-01',
  'authorization: Bearer',
  'x-api-key: \xff\xfe',
  'origin: null',
  'bad header',
  ': empty',
  'range: bytes=0-1',
);
const method = fc.constantFrom(
  'POST',
  'POST',
  'POST',
  'GET',
  'HEAD',
  'DELETE',
  'PUT',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PRI',
  'get',
  '',
);

/** Writes, ends, and reads until the other side is through. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(received);
    });
    socket.end(bytes);
  });
}

describe('malformed requests (SPEC 8.5)', () => {
  let portside: StartedPortside;
  before(async () => {
    portside = await startPortside({
      accounts: [{ id: 'demo', provider: 'demo' }],
      bodyLimitMiB: 1,
    });
  });
  after(() => portside.stop());
  const healthy = async () => (await fetch(`${portside.url}/healthz`)).text();

  const provider = (dialect: 'anthropic' | 'gemini' | 'openai-chat') => ({
    id: 'a',
    provider: 'openai-compatible' as const,
    dialect,
    baseUrl: 'http://127.0.0.1:1',
    key: 'k',
  });
  for (const [title, accounts] of [
    ['the demo account', [{ id: 'demo', provider: 'demo' as const }]],
    ['an Anthropic account', [provider('anthropic')]],
    ['a Gemini account', [provider('gemini')]],
    ['an OpenAI-compatible account', [provider('openai-chat')]],
  ] as const)
    it(`are answered with ${title}: no crash, no hang, no 500`, async () => {
      portside.configure({ accounts: [...accounts], bodyLimitMiB: 1 });
      await fc.assert(
        fc.asyncProperty(
          method,
          fc.constantFrom(...PATHS),
          fc.array(header, { maxLength: 3 }),
          body,
          fc.boolean(),
          async (verb, path, headers, text, whole) => {
            const content = Buffer.from(text);
            const length = headers.some((each) => /^(content-length|transfer-encoding)/.test(each))
              ? []
              : [`content-length: ${whole ? content.length : content.length + 10}`];
            const head = [
              `${verb} ${path} HTTP/1.1`,
              'host: 127.0.0.1',
              'connection: close',
              ...headers,
              ...length,
            ];
            const answer = await exchange(
              portside.port,
              Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), content]),
            );
            assert.doesNotMatch(answer, /^HTTP\/1\.1 500/);
          },
        ),
        { numRuns: 300 },
      );
      assert.equal(await healthy(), '{"status":"ok"}');
    });

  it('that are no HTTP at all are answered or closed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        assert.match(await exchange(portside.port, Buffer.from(bytes)), /^$|^HTTP\/1\.1 4/);
      }),
      { numRuns: 200 },
    );
    assert.equal(await healthy(), '{"status":"ok"}');
  });

  it('that ask for an upgrade and send a body leave nothing open that a stop would wait for', async () => {
    const other = await startPortside({ accounts: [{ id: 'demo', provider: 'demo' }] });
    const lines = [
      'POST /v1/responses HTTP/1.1',
      'host: 127.0.0.1',
      'connection: upgrade',
      'upgrade: websocket',
    ];
    const bytes = Buffer.from(
      `${lines.join('\r\n')}\r\ncontent-length: 5\r\n\r\n{"a":${'1'.repeat(100_000)}`,
    );
    assert.match(await exchange(other.port, bytes), /^HTTP\/1\.1 426/);
    await other.stop();
  });

  it('whose tools nest too deep are refused, counted or called, whoever would serve', async () => {
    const schema = `${'{"properties":{"a":'.repeat(10_000)}{}${'}}'.repeat(10_000)}`;
    const text = `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"t","input_schema":${schema}}]}`;
    for (const dialect of ['gemini', 'openai-chat'] as const) {
      portside.configure({ accounts: [provider(dialect)] });
      for (const path of ['/v1/messages', '/v1/messages/count_tokens'])
        assert.equal(
          (await fetch(portside.url + path, { method: 'POST', body: text })).status,
          400,
          `${dialect} ${path}`,
        );
    }
  });

  it('of good form with deep nesting and endless names get an answer of the 4xx kind', async () => {
    portside.configure({ accounts: [provider('gemini')] });
    for (const text of [`{"model":"${'m'.repeat(100_000)}","messages":[]}`, '['.repeat(100_000)]) {
      const response = await fetch(`${portside.url}/v1/messages`, { method: 'POST', body: text });
      assert.equal(response.status, 400);
      assert.ok((await response.text()).length < 1000);
    }
  });
});
