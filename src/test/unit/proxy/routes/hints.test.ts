import assert from 'node:assert/strict';
import type { Exchange } from '../../../../proxy/exchange/exchange';
import { TELEMETRY, unknownPath } from '../../../../proxy/routes/hints';
import { geminiName, passedQuery } from '../../../../proxy/routes/model-call';
import { normalizePath } from '../../../../proxy/routes/normalize-path';

describe('telemetry of agents (SPEC 3.7)', () => {
  for (const path of [
    '/api/event_logging/batch',
    '/v1/api/event_logging/batch',
    '/anthropic/v1/api/event_logging',
    '/api/claude_code/metrics',
    '//api//event_logging/',
    '/v1/telemetry',
    '/statsig/v1/rgstr',
    '/event_logging',
  ])
    it(`is ${path}`, () => {
      assert.match(normalizePath(path).route, TELEMETRY);
    });
  for (const path of [
    '/v1/messages',
    '/api/hello',
    '/api/event_loggingx',
    '/v1/models/telemetry',
    '/x/api/telemetry',
    '/metrics',
  ])
    it(`is not ${path}`, () => {
      assert.doesNotMatch(normalizePath(path).route, TELEMETRY);
    });
});

describe('the hint for an unknown path (SPEC 3.6)', () => {
  const hint = (url: string, host?: string) =>
    unknownPath({ incoming: { url, headers: host === undefined ? {} : { host } } } as Exchange);

  it('names the base URL of each SDK as the client reached us', () => {
    const error = hint('/nothing?key=sk-secret', 'localhost:9');
    assert.equal(error.status, 404);
    assert.match(error.message, /nothing at \/nothing\./);
    assert.match(
      error.message,
      /OpenAI SDKs http:\/\/localhost:9\/v1, Anthropic SDKs http:\/\/localhost:9, Gemini SDKs http:\/\/localhost:9\./,
    );
    assert.doesNotMatch(error.message, /secret/);
  });

  it('is short for long paths, and made without a Host', () => {
    assert.ok(hint(`/${'x'.repeat(10_000)}`).message.length < 500);
  });
});

describe('the query that goes upstream', () => {
  for (const [query, passed] of [
    ['', ''],
    ['beta=true', '?beta=true'],
    ['alt=sse&key=sk-local', '?alt=sse'],
    ['key=sk-local', ''],
    ['key', ''],
    ['%6bey=sk-local&a=1', '?a=1'],
    ['k%65y=sk-local', ''],
    ['key=a&key=b&alt=sse', '?alt=sse'],
    ['monkey=1&keys=2', '?monkey=1&keys=2'],
    ['a=%zz&b=+', '?a=%zz&b=+'],
  ] as const)
    it(`of ?${query} is ${passed || 'none'}`, () => {
      assert.equal(passedQuery(query), passed);
    });
});

describe('a model in a Gemini path', () => {
  for (const [model, name] of [
    ['gemini-x', 'models/gemini-x'],
    ['models/gemini-x', 'models/gemini-x'],
    ['tunedModels/mine', 'tunedModels/mine'],
    ['vendor/m:free', 'models/vendor%2Fm%3Afree'],
    ['../secret', 'models/..%2Fsecret'],
    ['models/', 'models/models%2F'],
  ] as const)
    it(`${model} is ${name}`, () => {
      assert.equal(geminiName(model), name);
    });
});
