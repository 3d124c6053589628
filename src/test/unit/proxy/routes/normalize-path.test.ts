import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normalizePath, routeOf, type RoutePath } from '../../../../proxy/routes/normalize-path';

const openai = (route: string): RoutePath => ({ route, dialect: 'openai-chat', certain: true });
const anthropic = (route: string): RoutePath => ({ route, dialect: 'anthropic', certain: true });
const responses: RoutePath = { route: '/v1/responses', dialect: 'openai-responses', certain: true };
const gemini = (model: string, verb = 'generateContent', version = 'v1beta'): RoutePath => ({
  route: `/v1beta/${verb}`,
  dialect: 'gemini',
  certain: true,
  model,
  version,
});
const unknown = (route: string, dialect: RoutePath['dialect']): RoutePath => ({
  route,
  dialect,
  certain: false,
});
const health: RoutePath = unknown('/healthz', 'openai-chat');
const models = (dialect: RoutePath['dialect'], certain = true): RoutePath => ({
  route: '/v1/models',
  dialect,
  certain,
});
const model = (id: string, dialect: RoutePath['dialect'], certain = true): RoutePath => ({
  route: '/v1/models/one',
  dialect,
  certain,
  id,
});

const ofOwner = (route: string, dialect: RoutePath['dialect'] = 'openai-chat'): RoutePath => ({
  route,
  dialect,
  certain: true,
  owner: true,
});

const CASES: Record<string, [string, RoutePath][]> = {
  "the owner's own": [
    ['/monitor', ofOwner('/monitor')],
    ['/monitor/', ofOwner('/monitor')],
    ['//monitor//api', ofOwner('/monitor/api')],
    ['/v1/monitor/events', ofOwner('/monitor/events')],
    ['/anthropic/monitor', ofOwner('/monitor', 'anthropic')],
    ['/monitor/monitor', ofOwner('/monitor')],
    ['/monitor/monitor.js', ofOwner('/monitor/monitor.js')],
    ['/monitor/monitor/monitor.js', ofOwner('/monitor/monitor.js')],
    ['/monitor/nothing/here', ofOwner('/monitor/nothing/here')],
    ['/monitor/v1/messages', ofOwner('/monitor/v1/messages', 'anthropic')],
    ['http://127.0.0.1:8045/monitor', ofOwner('/monitor')],
    ['/metrics', ofOwner('/metrics')],
    ['/v1/metrics', ofOwner('/metrics')],
    ['/monitors', unknown('/monitors', 'openai-chat')],
    ['/x/monitor', unknown('/x/monitor', 'openai-chat')],
    ['/v1/models/monitor', model('monitor', 'openai-chat', false)],
  ],
  'every endpoint by its own name': [
    ['/v1/chat/completions', openai('/v1/chat/completions')],
    ['/v1/completions', openai('/v1/completions')],
    ['/v1/embeddings', openai('/v1/embeddings')],
    ['/v1/images/generations', openai('/v1/images/generations')],
    ['/v1/images/edits', openai('/v1/images/edits')],
    ['/v1/audio/transcriptions', openai('/v1/audio/transcriptions')],
    ['/v1/responses', responses],
    ['/v1/responses/compact', { ...responses, route: '/v1/responses/compact' }],
    ['/v1/responses/resp_1', { ...responses, route: '/v1/responses/one', id: 'resp_1' }],
    ['/v1/messages', anthropic('/v1/messages')],
    ['/v1/messages/count_tokens', anthropic('/v1/messages/count_tokens')],
    ['/v1/models', models('openai-chat', false)],
    ['/v1/models/gpt-5', model('gpt-5', 'openai-chat', false)],
    ['/healthz', health],
    ['/health', health],
  ],
  'endpoints without /v1, with it twice, with doubled and trailing slashes': [
    ['/chat/completions', openai('/v1/chat/completions')],
    ['/v1/v1/chat/completions', openai('/v1/chat/completions')],
    ['//v1//chat///completions//', openai('/v1/chat/completions')],
    ['/messages', anthropic('/v1/messages')],
    ['/v1/v1/messages/count_tokens/', anthropic('/v1/messages/count_tokens')],
    ['/responses/', responses],
    ['/models', models('openai-chat', false)],
    ['/v1/healthz', health],
    ['/healthz/', health],
  ],
  'protocol prefixes': [
    ['/openai/v1/chat/completions', openai('/v1/chat/completions')],
    ['/openai/chat/completions', openai('/v1/chat/completions')],
    ['/v1beta/openai/chat/completions', openai('/v1/chat/completions')],
    ['/anthropic/v1/messages', anthropic('/v1/messages')],
    ['/anthropic/messages', anthropic('/v1/messages')],
    ['/openai/v1/models', models('openai-chat')],
    ['/anthropic/v1/models', models('anthropic')],
    ['/gemini/models', models('gemini')],
    ['/v1beta/models', models('gemini')],
    ['/v1alpha/models', models('gemini')],
    ['/v1beta/openai/models', models('openai-chat')],
    ['/gemini/v1beta/models/m', model('m', 'gemini')],
    ['/anthropic/v1/models/claude-x', model('claude-x', 'anthropic')],
  ],
  'endings built by mistake, as the last endpoint named': [
    ['/v1/chat/completions/responses', responses],
    ['/v1/chat/completions/chat/completions', openai('/v1/chat/completions')],
    ['/v1/responses/chat/completions', openai('/v1/chat/completions')],
    ['/v1/messages/v1/messages', anthropic('/v1/messages')],
    ['/v1/messages/v1/messages/count_tokens', anthropic('/v1/messages/count_tokens')],
    ['/v1/messages/chat/completions', openai('/v1/chat/completions')],
    ['/v1/chat/completions/v1/models', models('openai-chat', false)],
    ['/v1/responses/responses', responses],
  ],
  'Gemini paths': [
    ['/v1beta/models/gemini-x:generateContent', gemini('gemini-x')],
    ['/v1beta/models/gemini-x:streamGenerateContent', gemini('gemini-x', 'streamGenerateContent')],
    ['/v1beta/models/gemini-x:countTokens', gemini('gemini-x', 'countTokens')],
    ['/v1beta/models/gemini-x/countTokens', gemini('gemini-x', 'countTokens')],
    ['/v1beta/models/gemini-x:embedContent', gemini('gemini-x', 'embedContent')],
    ['/v1beta/models/gemini-x:batchEmbedContents', gemini('gemini-x', 'batchEmbedContents')],
    ['/v1/models/gemini-x:generateContent', gemini('gemini-x', 'generateContent', 'v1')],
    ['/v1alpha/models/gemini-x:generateContent', gemini('gemini-x', 'generateContent', 'v1alpha')],
    ['/models/gemini-x:generateContent', gemini('gemini-x')],
    ['/v1beta1/publishers/google/models/gemini-x:generateContent', gemini('gemini-x')],
    ['/v1/publishers/google/models/gemini-x:countTokens', gemini('gemini-x', 'countTokens', 'v1')],
    [
      '/v1beta1/projects/p/locations/global/publishers/google/models/gemini-x:streamGenerateContent',
      gemini('gemini-x', 'streamGenerateContent'),
    ],
    ['/gemini/v1beta/models/gemini-x:generateContent', gemini('gemini-x')],
    ['/v1beta/v1beta/models/gemini-x:generateContent', gemini('gemini-x')],
    ['/v1/v1beta/models/gemini-x:generateContent/', gemini('gemini-x')],
    ['/v1beta/models/models/gemini-x:generateContent', gemini('gemini-x')],
    ['/v1beta/models/models%2Fgemini-x:generateContent', gemini('gemini-x')],
    ['/v1beta/models/own%2Dgemini:generateContent', gemini('own-gemini')],
    ['/v1beta/models/own-gemini%3AgenerateContent', gemini('own-gemini')],
    ['/v1beta/models/own-gemini%3agenerateContent', gemini('own-gemini')],
    ['/v1beta/models/vendor/m:free:generateContent', gemini('vendor/m:free')],
    ['/v1beta/models/vendor%2Fm%3Afree:generateContent', gemini('vendor/m:free')],
    ['/v1beta/models/mod%C3%A8le:generateContent', gemini('modèle')],
    ['/v1beta/models/bad%E0%A4%A:generateContent', gemini('bad%E0%A4%A')],
    ['/v1beta/tunedModels/mine:generateContent', gemini('tunedModels/mine')],
    ['/v1beta/tunedModels/mine:streamGenerateContent', gemini('tunedModels/mine', 'streamGenerateContent')],
  ],
  'ids of models, whatever is in them': [
    ['/v1/models/openai/gpt-5', model('openai/gpt-5', 'openai-chat', false)],
    ['/v1/models/anthropic%2Fclaude', model('anthropic/claude', 'openai-chat', false)],
    ['/v1/models/qwen3:latest', model('qwen3:latest', 'openai-chat', false)],
    ['/v1/models/ft:gpt-4o:me::1', model('ft:gpt-4o:me::1', 'openai-chat', false)],
    ['/v1/models/bad%', model('bad%', 'openai-chat', false)],
    ['/v1/responses/a%2Fb', { ...responses, route: '/v1/responses/one', id: 'a/b' }],
  ],
  'whole URLs': [
    ['http://127.0.0.1:8045/v1/messages', anthropic('/v1/messages')],
    ['HTTPS://localhost', unknown('/', 'openai-chat')],
  ],
  'unknown paths, cleaned, with the nearest protocol': [
    ['/', unknown('/', 'openai-chat')],
    ['//', unknown('/', 'openai-chat')],
    ['', unknown('/', 'openai-chat')],
    ['*', unknown('*', 'openai-chat')],
    ['/v1', unknown('/v1', 'openai-chat')],
    ['/v1/chat', unknown('/v1/chat', 'openai-chat')],
    ['/v1//nothing/', unknown('/v1/nothing', 'openai-chat')],
    ['/v1/messages/batches', unknown('/v1/messages/batches', 'anthropic')],
    ['/anthropic/api/hello', unknown('/anthropic/api/hello', 'anthropic')],
    ['/v1/responses/a/cancel', { ...responses, route: '/v1/responses/one/cancel', id: 'a', below: 'cancel' }],
    ['/v1/responses/a/elsewhere', unknown('/v1/responses/a/elsewhere', 'openai-responses')],
    ['/v1beta/files', unknown('/v1beta/files', 'gemini')],
    ['/v1beta/openai/files', unknown('/v1beta/openai/files', 'openai-chat')],
    ['/v1beta2/files', unknown('/v1beta2/files', 'openai-chat')],
    ['/gemini', unknown('/gemini', 'gemini')],
    ['/tunedModels/x:predict', unknown('/tunedModels/x:predict', 'gemini')],
    ['/geminix/messagesx', unknown('/geminix/messagesx', 'openai-chat')],
    ['/V1/Chat/Completions', unknown('/V1/Chat/Completions', 'openai-chat')],
  ],
};

describe('the route that a path means (SPEC 3.5, 3.6)', () => {
  for (const [title, cases] of Object.entries(CASES))
    describe(title, () => {
      for (const [path, route] of cases)
        it(path || '(nothing)', () => {
          assert.deepEqual(normalizePath(path), route);
        });
    });

  it('is found for any path at all, and is the same with slashes doubled or at the end', () => {
    const segment = fc.oneof(
      fc.constantFrom(
        'v1',
        'v1beta',
        'openai',
        'gemini',
        'models',
        'messages',
        'chat',
        'completions',
        'x:generateContent',
        '%',
        '..',
      ),
      fc.webSegment(),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 7 }), (segments) => {
        const clean = `/${segments.filter((each) => each !== '').join('/')}`;
        const messy = `//${segments.filter((each) => each !== '').join('///')}//`;
        assert.deepEqual(normalizePath(messy), normalizePath(clean));
      }),
      { numRuns: 500 },
    );
  });

  it('is found at once for paths made to be slow', () => {
    for (const path of [
      '/v1'.repeat(20_000),
      `/models/${'a:'.repeat(30_000)}!`,
      '/'.repeat(60_000),
      `/models/${'/a'.repeat(30_000)}`,
    ])
      assert.equal(typeof normalizePath(`${path}!`).route, 'string');
  });

  it('is remembered, also when there are more paths than are remembered', () => {
    assert.equal(routeOf('/v1/messages'), routeOf('/v1/messages'));
    for (let index = 0; index < 2000; index++) assert.equal(routeOf(`/v1/models/m${index}`).id, `m${index}`);
    assert.deepEqual(routeOf('/v1/messages'), anthropic('/v1/messages'));
    const long = `/v1/models/${'x'.repeat(1000)}`;
    assert.deepEqual(routeOf(long), normalizePath(long));
  });
});
