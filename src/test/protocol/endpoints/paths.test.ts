/** Every spelling of a path that clients build (SPEC 3.5), served as the endpoint that is meant. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { smallRequest } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, ownModel, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';

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
      '/v1beta/models/own-gemini:generateContent',
      '/v1/models/own-gemini:generateContent',
      '/v1alpha/models/own-gemini:generateContent',
      '/models/own-gemini:generateContent',
      '/gemini/v1beta/models/own-gemini:generateContent',
      '/gemini/models/own-gemini:generateContent',
      '/v1beta/v1beta/models/own-gemini:generateContent',
      '/v1beta//models/own-gemini:generateContent/',
      '/v1/v1beta/models/own-gemini:generateContent',
      '/v1beta/models/own-gemini:generateContent?key=sk-any',
      '/v1beta/models/own%2Dgemini%3AgenerateContent',
    ],
  ],
];

describe('paths (SPEC 3.5)', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({
      accounts: accountsOfAll(upstream),
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
        const { headers, body } = smallRequest(dialect, ownModel(dialect));
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
      const { headers, body } = smallRequest('anthropic', ownModel('anthropic'));
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
    '/v1beta/models/own-gemini:countTokens',
    '/v1beta/models/own-gemini/countTokens',
    '/v1/models/own-gemini:countTokens',
    '/gemini/v1beta/models/own-gemini:countTokens',
  ])
    it(`counts tokens at ${path}`, async () => {
      const { headers, body } = smallRequest('gemini', ownModel('gemini'));
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
    ['/v1beta/models/own-gemini:streamGenerateContent?alt=sse', /^text\/event-stream/, /^data: \{/],
    ['/v1beta/models/own-gemini:streamGenerateContent', /^application\/json/, /^\[\s*\{/],
    ['/v1/models/own-gemini:streamGenerateContent?alt=sse&key=sk-x', /^text\/event-stream/, /^data: \{/],
  ] as const;
  for (const [path, type, start] of streamed)
    it(`streams ${path} in the framing that was asked for`, async () => {
      const { headers, body } = smallRequest('gemini', ownModel('gemini'));
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
      ['/v1/embeddings', 'openai-chat', '/v1/embeddings', '{"model":"own-openai-chat","input":"x"}'],
      ['/embeddings', 'openai-chat', '/v1/embeddings', '{"model":"own-openai-chat","input":"x"}'],
      ['/v1/completions', 'openai-chat', '/v1/completions', '{"model":"own-openai-chat","prompt":"x"}'],
      [
        '/v1/images/generations',
        'openai-chat',
        '/v1/images/generations',
        '{"model":"own-openai-chat","prompt":"x"}',
      ],
      [
        '/v1beta/models/own-gemini:embedContent',
        'gemini',
        '/v1beta/models/own-gemini:embedContent',
        '{"content":{}}',
      ],
      [
        '/v1beta/models/own-gemini:batchEmbedContents',
        'gemini',
        '/v1beta/models/own-gemini:batchEmbedContents',
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
