import assert from 'node:assert/strict';
import {
  accountWithKeySchema,
  baseUrlSchema,
  DIALECTS,
  PROVIDERS,
  type ProviderName,
} from '../../../../shared/settings';
import type { CanonicalRequest } from '../../../../proxy/dialects/canonical';
import { demoAnswer, DEMO_MODEL } from '../../../../proxy/providers/demo';
import { providerOf } from '../../../../proxy/providers/registry';

const OWN_URL = ['openai-compatible', 'anthropic-compatible'];
/** Clouds, which have what others have made. */
const CLOUDS = ['vertex', 'bedrock'];
/** Anthropic's protocol with the key where OpenAI's has it. */
const BEARER = ['zai', 'openrouter', 'ollama'];
const HEADER = {
  gemini: 'x-goog-api-key',
  anthropic: 'x-api-key',
  'openai-chat': 'authorization',
  'openai-responses': 'authorization',
  bedrock: 'authorization',
  editor: undefined,
};

/** An account of a provider that names no URL of its own unless it must. */
const at = (provider: ProviderName) =>
  accountWithKeySchema.parse({
    id: provider,
    provider,
    ...(provider === 'azure' && { baseUrl: 'https://mine.openai.azure.com' }),
  });

describe('the providers’ tables', () => {
  for (const name of PROVIDERS)
    describe(name, () => {
      const provider = providerOf(name);

      it('is its own', () => {
        assert.equal(provider.name, name);
        assert.ok(provider.label);
        assert.ok(accountWithKeySchema.safeParse({ id: name, provider: name }).success);
      });

      it('has endpoints of different dialects with usable URLs', () => {
        assert.equal(provider.endpoints.length > 0, name !== 'demo');
        const dialects = provider.endpoints.map(({ dialect }) => dialect);
        assert.equal(new Set(dialects).size, dialects.length);
        for (const { dialect, baseUrl } of provider.endpoints) {
          assert.ok([...DIALECTS, 'bedrock', 'editor'].includes(dialect));
          assert.equal(baseUrl === undefined, OWN_URL.includes(name));
          const url = typeof baseUrl === 'function' ? baseUrl(at(name)) : baseUrl;
          if (url !== undefined) assert.equal(baseUrlSchema.parse(url), url);
        }
      });

      it('sends the key where its dialect wants it', () => {
        for (const { dialect, auth, headers } of provider.endpoints) {
          const sent = auth('the-key');
          const own = name === 'azure' ? 'api-key' : name === 'vertex' ? 'x-goog-api-key' : HEADER[dialect];
          if (own === undefined) {
            assert.deepEqual(sent, {});
            continue;
          }
          const header = dialect === 'anthropic' && BEARER.includes(name) ? 'authorization' : own;
          assert.equal(sent[header], header === 'authorization' ? 'Bearer the-key' : 'the-key');
          if (dialect === 'anthropic') assert.ok(headers?.['anthropic-version']);
        }
      });

      it('has its own default among its models', () => {
        if (provider.models && provider.defaultModel) assert.match(provider.defaultModel, provider.models);
      });
    });

  const names: [string, string[]][] = [
    [
      'gemini',
      [
        'gemini-3-flash',
        'models/gemini-3-pro',
        'gemma-3',
        'gemini-embedding-001',
        'text-embedding-004',
        'tunedModels/mine',
      ],
    ],
    ['anthropic', ['claude-sonnet-4-5', 'claude-3-haiku-20240307']],
    [
      'openai',
      [
        'gpt-5',
        'o3-mini',
        'chatgpt-4o-latest',
        'codex-mini',
        'text-embedding-3-small',
        'dall-e-3',
        'whisper-1',
        'ft:gpt-4o:me::1',
      ],
    ],
    ['zai', ['glm-4.6']],
    ['openrouter', ['anthropic/claude-x', 'qwen/qwen3-coder:free']],
    ['deepseek', ['deepseek-flash', 'deepseek-v4-pro', 'deepseek-chat']],
    ['mistral', ['mistral-large-latest', 'open-mistral-nemo', 'codestral-2508', 'mistral-medium-3-5']],
    ['xai', ['grok-latest', 'grok-4.3', 'grok-code-fast-1']],
    ['moonshot', ['kimi-k3', 'kimi-k2.7-code', 'moonshot-v1-128k']],
    ['demo', ['portside-demo']],
  ];
  for (const [owner, models] of names)
    for (const model of models)
      it(`know ${model} as ${owner}’s alone`, () => {
        const sure = PROVIDERS.filter((name) => providerOf(name).models?.test(model));
        assert.deepEqual(
          sure.filter((name) => name === owner || !(model.includes('/') || CLOUDS.includes(name))),
          [owner],
        );
      });

  it('know nobody’s models as nobody’s', () => {
    for (const model of ['llama3', 'my-gpt', 'notclaude', 'deepseek-r1:8b', 'mistral', 'grokking', ''])
      assert.deepEqual(
        PROVIDERS.filter((name) => providerOf(name).models?.test(model)),
        [],
      );
  });
});

describe('the demo account', () => {
  const ask = (...texts: string[]) =>
    demoAnswer({
      messages: texts.map((text) => ({ role: 'user', content: [{ type: 'text', text }] })),
    } as CanonicalRequest);
  const said = (...texts: string[]) => JSON.stringify(ask(...texts).choices);

  it('answers the same with the same, from the last thing said', () => {
    assert.deepEqual(ask('a', 'hello'), ask('b', 'hello'));
    assert.match(said('a', 'hello'), /hello/);
    assert.match(said('hello', ' '), /hello/);
    assert.equal(ask('x').model, DEMO_MODEL);
  });

  it('answers to nothing, and cuts what is long', () => {
    assert.match(said(), /no text/);
    assert.ok(said('x'.repeat(10_000)).length < 1000);
    assert.ok((ask().usage?.inputTokens ?? 0) >= 1);
  });
});
