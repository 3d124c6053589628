/** What agents declare in their own way comes back to them in their own way, whoever answers. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { readEvents } from '../../support/read-events';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, ownModel, SERVED_MODEL, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { foldStream } from '../matrix/fold-stream';
import { objects } from '../matrix/neutral';
import { readRequest } from '../matrix/read-request';

const PARAMETERS = { type: 'object', properties: { a: { type: 'string' } } };

describe('what agents declare in their own way', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream({ validate: true });
    portside = await startPortside({ accounts: accountsOfAll(upstream) });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  const post = (path: string, body: JsonObject, headers: Record<string, string> = {}) =>
    fetch(portside.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  /** The whole answer, put together where it was streamed. */
  const answered = async (dialect: Dialect, response: Response, stream: boolean): Promise<JsonObject> => {
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return stream ? foldStream(dialect, readEvents(text)) : (JSON.parse(text) as JsonObject);
  };
  /** The tools as the account was told of them. */
  const namesSent = () => (readRequest(upstream.generations.at(-1)!).tools ?? []).map(({ name }) => name);

  for (const account of DIALECT_NAMES.filter((one) => one !== 'openai-responses'))
    for (const stream of [false, true]) {
      const how = `${account} account${stream ? ', streaming' : ''}`;

      it(`CASES 30: tools in a namespace go out flat and come back in it: ${how}`, async () => {
        const body: JsonObject = {
          model: ownModel(account),
          stream,
          store: false,
          input: [{ role: 'user', content: 'Go.' }],
          tools: [
            {
              type: 'namespace',
              name: 'agents',
              description: 'Spawns agents.',
              tools: [{ type: 'function', name: 'spawn', strict: false, parameters: PARAMETERS }],
            },
            { type: 'function', name: 'spawn', strict: false, parameters: PARAMETERS },
          ],
        };
        upstream.reply({ text: 'Hi' }, { times: 1 });
        await answered('openai-responses', await post('/v1/responses', body), stream);
        const [inside = '', outside = ''] = namesSent();
        assert.notEqual(inside, outside);
        upstream.reply({
          toolCalls: [
            { id: 'call_in', name: inside, arguments: { a: 'x' } },
            { id: 'call_out', name: outside, arguments: { a: 'y' } },
          ],
        });
        const response = await answered('openai-responses', await post('/v1/responses', body), stream);
        const calls = objects(response.output).filter((item) => item.type === 'function_call');
        assert.deepEqual(
          calls.map(({ name, namespace, arguments: args }) => [namespace, name, JSON.parse(String(args))]),
          [
            ['agents', 'spawn', { a: 'x' }],
            [undefined, 'spawn', { a: 'y' }],
          ],
        );
        const outputs = calls.map(({ call_id }) => ({
          type: 'function_call_output',
          call_id: call_id ?? '',
          output: 'ok',
        }));
        const next = { ...body, input: [{ role: 'user', content: 'Go.' }, ...calls, ...outputs] };
        await answered('openai-responses', await post('/v1/responses', next), stream);
        const turns = readRequest(upstream.generations.at(-1)!).turns;
        assert.deepEqual(
          turns.flatMap((turn) =>
            turn.role === 'assistant' ? (turn.calls ?? []).map(({ name }) => name) : [],
          ),
          [inside, outside],
          'the history calls them by the same names',
        );
      });

      it(`CASES 27: apply_patch comes back as a call with free text: ${how}`, async () => {
        const patch = '*** Begin Patch\n*** Add File: a "b".txt\n+\\n\n*** End Patch';
        upstream.reply({ toolCalls: [{ id: 'call_1', name: 'apply_patch', arguments: { input: patch } }] });
        const body: JsonObject = {
          model: ownModel(account),
          stream,
          input: 'Go.',
          tools: [
            {
              type: 'custom',
              name: 'apply_patch',
              description: 'Edits.',
              format: { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' },
            },
          ],
        };
        const response = await answered('openai-responses', await post('/v1/responses', body), stream);
        const [call] = objects(response.output);
        assert.deepEqual([call?.type, call?.name, call?.input], ['custom_tool_call', 'apply_patch', patch]);
      });
    }

  for (const account of DIALECT_NAMES.filter((one) => one !== 'openai-chat'))
    for (const stream of [false, true]) {
      const how = `${account} account${stream ? ', streaming' : ''}`;
      it(`functions of the package's version 3 come back as function_call: ${how}`, async () => {
        upstream.reply({ toolCalls: [{ id: 'call_1', name: 'look', arguments: { a: 'x' } }] });
        const body: JsonObject = {
          model: ownModel(account),
          stream,
          messages: [{ role: 'user', content: 'Go.' }],
          functions: [{ name: 'look', parameters: PARAMETERS }],
          function_call: { name: 'look' },
        };
        const response = await post('/v1/chat/completions', body);
        const text = await response.text();
        assert.equal(response.status, 200, text);
        const choices = stream
          ? readEvents(text)
              .filter(({ data }) => data !== '[DONE]')
              .flatMap(({ data }) => objects((JSON.parse(data) as JsonObject).choices))
          : objects((JSON.parse(text) as JsonObject).choices);
        const pieces = choices.flatMap((choice) => objects([choice.delta ?? choice.message ?? null]));
        const called = pieces.flatMap((piece) => objects([piece.function_call ?? null]));
        assert.equal(called.map(({ name }) => name ?? '').join(''), 'look');
        assert.deepEqual(JSON.parse(called.map((one) => one.arguments ?? '').join('')), { a: 'x' });
        assert.equal(choices.at(-1)?.finish_reason, 'function_call');
        assert.doesNotMatch(text, /tool_calls/);
      });
    }

  for (const account of DIALECT_NAMES.filter((one) => one !== 'anthropic'))
    it(`CASES 23: betas of Anthropic and headers without a value stay here: ${account} account`, async () => {
      upstream.reply({ text: 'Hi' });
      const body = { model: ownModel(account), max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
      const response = await post('/v1/messages?beta=true', body, {
        'anthropic-version': '2026-10-21',
        'anthropic-beta': 'thinking-token-count-2026-05-13,context-1m-2025-08-07',
        'x-grok-user-id': '',
        'x-api-key': '',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      });
      assert.equal(response.status, 200, await response.text());
      const { headers, url } = upstream.generations[0]!;
      assert.deepEqual(
        Object.keys(headers).filter((name) => /anthropic|x-grok/.test(name)),
        [],
      );
      assert.doesNotMatch(url, /beta=true/);
    });

  describe('CASES 41: marks for the cache', () => {
    const mark = { cache_control: { type: 'ephemeral' } };
    it('of a chat client reach Anthropic, on instructions, messages and tools', async () => {
      upstream.reply({ text: 'Hi', usage: { input: 100, output: 5, cached: 60, cacheWrite: 30 } });
      const response = await post('/v1/chat/completions', {
        model: ownModel('anthropic'),
        messages: [
          { role: 'system', content: [{ type: 'text', text: 'Long.', ...mark }] },
          { role: 'user', content: [{ type: 'text', text: 'Hi.', ...mark }] },
        ],
        tools: [{ type: 'function', function: { name: 'a', parameters: PARAMETERS }, ...mark }],
      });
      const answer = (await response.json()) as {
        usage: { prompt_tokens: number; prompt_tokens_details: { cached_tokens: number } };
      };
      assert.equal(answer.usage.prompt_tokens, 100);
      assert.equal(answer.usage.prompt_tokens_details.cached_tokens, 60);
      const sent = upstream.generations[0]!.json;
      assert.deepEqual(
        objects(sent.system).map(({ cache_control }) => cache_control),
        [mark.cache_control],
      );
      assert.match(JSON.stringify(sent.messages), /"cache_control":\{"type":"ephemeral"\}/);
      assert.deepEqual(
        objects(sent.tools).map(({ cache_control }) => cache_control),
        [mark.cache_control],
      );
    });

    it('do not reach those that know none, in the same words every time', async () => {
      const body = {
        max_tokens: 100,
        system: [{ type: 'text', text: 'Long.', ...mark }],
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi.', ...mark }] }],
        tools: [
          { name: 'b', input_schema: PARAMETERS },
          { name: 'a', input_schema: PARAMETERS, ...mark },
        ],
      };
      for (const account of ['openai-chat', 'openai-responses', 'gemini'] as const) {
        upstream.reset();
        for (let round = 0; round < 2; round++)
          assert.equal((await post('/v1/messages', { ...body, model: ownModel(account) })).status, 200);
        const [first, second] = upstream.generations;
        assert.deepEqual(first?.bytes, second?.bytes, 'byte for byte, so that the cache is hit');
        assert.doesNotMatch(String(first?.bytes), /cache_control/);
        assert.deepEqual(namesSent(), ['b', 'a']);
      }
    });
  });

  describe('CASES 49 and 51: model names that nobody configured', () => {
    for (const account of DIALECT_NAMES)
      it(`never reach the ${account} account`, async () => {
        const alone = await startPortside({
          accounts: accountsOfAll(upstream)
            .filter(({ id }) => id === account)
            .map((one) => ({ ...one, models: ['listed-model'], defaultModel: SERVED_MODEL })),
        });
        for (const model of ['grok-4.6', 'claude-haiku-4-5-20251001', 'gemini-3.5-flash-lite', 'gpt-5-nano'])
          for (const [path, body] of [
            ['/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }] }],
            ['/v1/responses', { model, input: 'Hi' }],
            ['/v1/messages', { model, max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }],
            [
              `/v1beta/models/${model}:generateContent`,
              { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
            ],
          ] as const) {
            const response = await fetch(alone.url + path, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(body),
            });
            const text = await response.text();
            assert.equal(response.status, 200, text);
            assert.match(
              text,
              new RegExp(model.replaceAll('.', '\\.')),
              'the answer names the model as it was asked',
            );
          }
        for (const { url, json } of upstream.generations)
          assert.match(`${url} ${String(json.model)}`, /served-model|listed-model/);
        await alone.stop();
      });
  });
});
