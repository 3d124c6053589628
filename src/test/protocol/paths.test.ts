/** Every spelling of a path that clients build (SPEC 3.5), served as the endpoint that is meant. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../proxy/dialects/canonical';
import { smallRequest } from '../support/dialect-requests';
import { startScriptedUpstream } from '../support/scripted-upstream';
import type { ScriptedUpstream } from '../support/scripted-upstream';
import { accountAt, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

const SPELLINGS: [Dialect, string[]][] = [
  [
    'openai-chat',
    [
      '/v1/chat/completions',
      '/chat/completions',
      '/v1/v1/chat/completions',
      '//v1//chat//completions',
      '/v1/chat/completions/',
      '/openai/v1/chat/completions',
      '/openai/chat/completions',
      '/v1/chat/completions/chat/completions',
      '/v1/responses/chat/completions',
      '/v1/chat/completions?api-version=1',
    ],
  ],
  [
    'openai-responses',
    [
      '/v1/responses',
      '/responses',
      '/v1/v1/responses',
      '//v1/responses//',
      '/openai/v1/responses',
      '/v1/chat/completions/responses',
      '/v1/responses/responses',
    ],
  ],
  [
    'anthropic',
    [
      '/v1/messages',
      '/v1/messages?beta=true',
      '/messages',
      '/v1/v1/messages',
      '/v1//messages/',
      '/anthropic/v1/messages',
      '/anthropic/messages',
      '/v1/messages/v1/messages',
      '/v1/messages/messages',
    ],
  ],
  [
    'gemini',
    [
      '/v1beta/models/asked-model:generateContent',
      '/v1/models/asked-model:generateContent',
      '/v1alpha/models/asked-model:generateContent',
      '/models/asked-model:generateContent',
      '/gemini/v1beta/models/asked-model:generateContent',
      '/gemini/models/asked-model:generateContent',
      '/v1beta/v1beta/models/asked-model:generateContent',
      '/v1beta//models/asked-model:generateContent/',
      '/v1/v1beta/models/asked-model:generateContent',
      '/v1beta/models/asked-model:generateContent?key=sk-any',
      '/v1beta/models/asked%2Dmodel%3AgenerateContent',
    ],
  ],
];

describe('paths (SPEC 3.5)', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({
      accounts: [
        accountAt(upstream, 'openai-chat', { models: ['asked-model'] }),
        accountAt(upstream, 'openai-responses', { models: ['asked-model'] }),
        accountAt(upstream, 'anthropic', { models: ['asked-model'] }),
        accountAt(upstream, 'gemini', { models: ['asked-model'] }),
      ],
    });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  for (const [dialect, paths] of SPELLINGS)
    for (const path of paths)
      it(`serves POST ${path} as ${dialect}`, async () => {
        const { headers, body } = smallRequest(dialect, 'asked-model');
        const response = await fetch(portside.url + path, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        });
        const text = await response.text();
        assert.equal(response.status, 200, text);
        assert.match(text, /Hello from upstream/);
        const record = await portside.recorded(response.headers.get('x-request-id')!);
        assert.equal(record.clientDialect, dialect);
        const shape: Record<Dialect, RegExp> = {
          'openai-chat': /"object":"chat.completion"/,
          'openai-responses': /"object":"response"/,
          anthropic: /"type":"message"/,
          gemini: /"candidates"/,
        };
        assert.match(text, shape[dialect]);
      });

  for (const path of [
    '/v1/messages/count_tokens',
    '/v1/messages/count_tokens?beta=true',
    '/messages/count_tokens',
    '/v1/v1/messages/count_tokens',
    '/anthropic/v1/messages/count_tokens/',
  ])
    it(`counts tokens at ${path}`, async () => {
      const { headers, body } = smallRequest('anthropic', 'asked-model');
      const response = await fetch(portside.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const answer = (await response.json()) as { input_tokens?: number };
      assert.equal(response.status, 200, JSON.stringify(answer));
      assert.ok((answer.input_tokens ?? 0) > 0);
    });

  for (const path of [
    '/v1beta/models/asked-model:countTokens',
    '/v1beta/models/asked-model/countTokens',
    '/v1/models/asked-model:countTokens',
    '/gemini/v1beta/models/asked-model:countTokens',
  ])
    it(`counts tokens at ${path}`, async () => {
      const { headers, body } = smallRequest('gemini', 'asked-model');
      const response = await fetch(portside.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const answer = (await response.json()) as { totalTokens?: number };
      assert.equal(response.status, 200, JSON.stringify(answer));
      assert.ok((answer.totalTokens ?? 0) > 0);
    });

  const streamed = [
    ['/v1beta/models/asked-model:streamGenerateContent?alt=sse', /^text\/event-stream/, /^data: \{/],
    ['/v1beta/models/asked-model:streamGenerateContent', /^application\/json/, /^\[\s*\{/],
    ['/v1/models/asked-model:streamGenerateContent?alt=sse&key=sk-x', /^text\/event-stream/, /^data: \{/],
  ] as const;
  for (const [path, type, start] of streamed)
    it(`streams ${path} in the framing that was asked for`, async () => {
      const { headers, body } = smallRequest('gemini', 'asked-model');
      const response = await fetch(portside.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', type);
      assert.match(await response.text(), start);
    });

  describe('endpoints that only pass through', () => {
    const passed: [string, Dialect, string, string][] = [
      ['/v1/embeddings', 'openai-chat', '/v1/embeddings', '{"model":"asked-model","input":"x"}'],
      ['/embeddings', 'openai-chat', '/v1/embeddings', '{"model":"asked-model","input":"x"}'],
      ['/v1/completions', 'openai-chat', '/v1/completions', '{"model":"asked-model","prompt":"x"}'],
      [
        '/v1/images/generations',
        'openai-chat',
        '/v1/images/generations',
        '{"model":"asked-model","prompt":"x"}',
      ],
      [
        '/v1beta/models/asked-model:embedContent',
        'gemini',
        '/v1beta/models/asked-model:embedContent',
        '{"content":{}}',
      ],
      [
        '/v1beta/models/asked-model:batchEmbedContents',
        'gemini',
        '/v1beta/models/asked-model:batchEmbedContents',
        '{"requests":[]}',
      ],
    ];
    for (const [path, dialect, target, body] of passed)
      it(`passes POST ${path} on byte for byte`, async () => {
        upstream.behave({ dialect, path: /embed|completions|images/i, body: '{"answered":  true}' });
        const response = await fetch(portside.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        assert.equal(await response.text(), '{"answered":  true}');
        assert.equal(response.status, 200);
        const request = upstream.requests.at(-1);
        assert.equal(request?.url, target);
        assert.equal(request?.bytes.toString(), body);
      });
  });
});
