/** Responses that go on: `previous_response_id`, stored responses, compaction (SPEC 3.2). */
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { withAccounts } from '../../support/one-account';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside, type StartedPortside } from '../../support/start-portside';

const ACCOUNTS = ['openai-chat', 'anthropic', 'gemini'] as const;

describe('conversations of the Responses API', () => {
  const at = withAccounts();
  const { lastSent } = at;
  let client: OpenAI;
  const start = async (...dialects: Parameters<typeof at.start>) => {
    await at.start(...dialects);
    client = new OpenAI({ baseURL: `${at.portside.url}/v1`, apiKey: 'none', maxRetries: 0 });
  };

  for (const dialect of ACCOUNTS)
    for (const stream of [false, true]) {
      const ask = async (body: { input: string; previous_response_id?: string; store?: boolean }) => {
        if (!stream) return client.responses.create({ model: 'm', ...body });
        return client.responses.stream({ model: 'm', ...body }).finalResponse();
      };

      it(`goes on with a stored response over ${dialect}${stream ? ', streaming' : ''}`, async () => {
        await start(dialect);
        at.upstream.reply({ text: 'It is blue.' });
        const first = await ask({ input: 'Which colour?' });
        at.upstream.reply({ text: 'Sure.' });
        const second = await ask({ input: 'Are you sure?', previous_response_id: first.id });
        for (const text of ['Which colour?', 'It is blue.', 'Are you sure?'])
          assert.equal(lastSent().split(text).length, 2, `${text} is there once: ${lastSent()}`);
        assert.equal(second.previous_response_id, first.id);
        await ask({ input: 'Really?', previous_response_id: second.id });
        for (const text of ['Which colour?', 'It is blue.', 'Are you sure?', 'Sure.', 'Really?'])
          assert.equal(lastSent().split(text).length, 2, `${text} is there once: ${lastSent()}`);
      });
    }

  it('reads and deletes what it keeps, and knows nothing of it afterwards', async () => {
    await start('gemini');
    at.upstream.reply({ text: 'Hello.' });
    const { id } = await client.responses.create({ model: 'asked', input: 'Hi' });
    const kept = await client.responses.retrieve(id);
    assert.equal(kept.model, 'asked');
    assert.equal(kept.output_text, 'Hello.');
    const items = await client.responses.inputItems.list(id);
    assert.match(JSON.stringify(items.data), /"Hi"/);
    await client.responses.delete(id);
    await assert.rejects(client.responses.retrieve(id), { status: 404 });
    await assert.rejects(client.responses.create({ model: 'm', input: 'x', previous_response_id: id }), {
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    });
  });

  it('keeps nothing of a request that says store: false', async () => {
    await start('anthropic');
    const { id } = await client.responses.create({ model: 'm', input: 'Hi', store: false });
    await assert.rejects(client.responses.retrieve(id), { status: 404 });
  });

  it('goes back to the account that made a response', async () => {
    at.portside = await startPortside({
      scheduling: 'balance',
      accounts: ['one', 'two', 'three'].map((id) =>
        accountAt(at.upstream, 'openai-responses', { id, key: `sk-key-${id}` }),
      ),
    });
    client = new OpenAI({ baseURL: `${at.portside.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const made = new Map<string, string | undefined>();
    for (const name of ['resp_a', 'resp_b', 'resp_c']) {
      at.upstream.reply({ text: 'x', extra: { id: name } });
      await client.responses.create({ model: 'gpt-x', input: 'Hi' });
      made.set(name, at.upstream.generations.at(-1)?.key);
    }
    assert.equal(new Set(made.values()).size, 3);
    for (let round = 0; round < 2; round++)
      for (const [name, key] of made) {
        at.upstream.reply({ text: 'y', extra: { id: `${name}_${round}` } });
        await client.responses.create({ model: 'gpt-x', input: 'More', previous_response_id: name });
        assert.equal(at.upstream.generations.at(-1)?.key, key);
        assert.equal(at.upstream.generations.at(-1)?.json.previous_response_id, name);
      }
  });

  it('puts a kept conversation into the body for an account that speaks Responses, too', async () => {
    await start('anthropic');
    const first = await client.responses.create({ model: 'm', input: 'Which colour?' });
    at.portside.configure({ accounts: [accountAt(at.upstream, 'openai-responses')] });
    await client.responses.create({ model: 'm', input: 'Sure?', previous_response_id: first.id });
    assert.match(lastSent(), /Which colour\?.*Sure\?/);
    assert.doesNotMatch(lastSent(), /previous_response_id/);
  });

  for (const dialect of ACCOUNTS)
    it(`compacts a conversation by a summary of ${dialect}, and goes on with it`, async () => {
      await start(dialect);
      at.upstream.reply({ text: 'They want a red door.' });
      const compacted: unknown = await client.post('/responses/compact', {
        body: {
          model: 'm',
          input: [
            { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Paint the door.' }] },
            { type: 'function_call', call_id: 'call_1', name: 'paint', arguments: '{}' },
            { type: 'function_call_output', call_id: 'call_1', output: 'painted' },
          ],
        },
      });
      assert.ok(isObject(compacted) && Array.isArray(compacted.output));
      assert.match(lastSent(), /painted/);
      const [kept, summary] = compacted.output as JsonObject[];
      assert.equal(kept?.role, 'user');
      assert.equal(summary?.type, 'compaction');
      at.upstream.reply({ text: 'Done.' });
      await client.responses.create({
        model: 'm',
        input: [
          ...(compacted.output as unknown as OpenAI.Responses.ResponseInputItem[]),
          { role: 'user', content: 'Go on.' },
        ],
      });
      assert.match(lastSent(), /They want a red door\./);
      assert.match(lastSent(), /Paint the door\./);
    });
});

describe('another way to ask the same account', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  after(() => upstream.close());
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  const post = (path: string, body: JsonObject) =>
    fetch(`${portside.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('asks over the Responses API where OpenAI says that a model is there only, and remembers it', async () => {
    portside = await startPortside({
      accounts: [{ id: 'o', provider: 'openai', key: 'sk-openai-key', baseUrl: upstream.openaiUrl }],
    });
    upstream.fail({
      dialect: 'openai-chat',
      status: 404,
      message: 'This model is only supported in v1/responses and not in v1/chat/completions.',
    });
    upstream.reply({ text: 'Here.' });
    const body = { model: 'gpt-9-codex', messages: [{ role: 'user', content: 'Hi' }] };
    for (let round = 0; round < 2; round++) {
      const answer = await post('/v1/chat/completions', body);
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /"content":"Here\."/);
    }
    assert.deepEqual(
      upstream.generations.map((request) => request.dialect),
      ['openai-chat', 'openai-responses', 'openai-responses'],
    );
  });

  it('asks again without earlier reasoning where the account refuses its signature', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    upstream.fail({ status: 400, message: 'messages.1.content.0: Invalid `signature` in `thinking` block' });
    upstream.reply({ text: 'Here.' });
    const answer = await post('/v1/messages', {
      model: 'm',
      max_tokens: 2000,
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'c29tZWJvZHkgZWxzZQ==' },
            { type: 'text', text: 'Hello.' },
          ],
        },
        { role: 'user', content: 'Go on' },
      ],
    });
    assert.equal(answer.status, 200);
    const [first, second] = upstream.generations;
    assert.match(JSON.stringify(first?.json), /signature/);
    assert.doesNotMatch(JSON.stringify(second?.json), /signature|thinking/);
    assert.match(JSON.stringify(second?.json), /Hello\./);
    const record = await portside.recorded(answer.headers.get('x-request-id') ?? '');
    assert.match(JSON.stringify(record.warnings), /refused the signed reasoning/);
    assert.equal(upstream.generations.length, 2, 'once only');
  });

  it('asks OpenAI over chat completions for what only they have, over Responses otherwise', async () => {
    portside = await startPortside({
      accounts: [{ id: 'o', provider: 'openai', key: 'sk-openai-key', baseUrl: upstream.openaiUrl }],
    });
    const body = { model: 'gpt-9', max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] };
    assert.equal((await post('/v1/messages', body)).status, 200);
    assert.equal((await post('/v1/messages', { ...body, stop_sequences: ['END'] })).status, 200);
    assert.deepEqual(
      upstream.generations.map((request) => request.dialect),
      ['openai-responses', 'openai-chat'],
    );
    assert.deepEqual(upstream.generations[1]?.json.stop, ['END']);
  });

  it('asks a model that does not reason for its reasoning once', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'openai-responses')] });
    upstream.fail({ status: 400, message: 'Encrypted content is not supported with this model.' });
    for (let round = 0; round < 2; round++) {
      const body = { model: 'm', max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] };
      assert.equal((await post('/v1/messages', body)).status, 200);
    }
    assert.deepEqual(
      upstream.generations.map(({ json }) => json.include !== undefined),
      [true, false, false],
    );
  });

  it('gives empty reasoning to an account that wants it back from a client that does not keep it', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'openai-chat')] });
    const message =
      'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1';
    upstream.fail({ status: 400, message });
    const call = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } };
    const answer = await post('/v1/chat/completions', {
      model: 'm',
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: 'red' },
      ],
    });
    assert.equal(answer.status, 200);
    assert.match(JSON.stringify(upstream.generations[1]?.json), /"reasoning_content":""/);
  });

  it('goes on to an account whose protocol can carry what the first one cannot', async () => {
    portside = await startPortside({
      accounts: [accountAt(upstream, 'anthropic'), accountAt(upstream, 'gemini')],
      routes: { m: ['anthropic/a', 'gemini/g'] },
    });
    const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
    const body = { model: 'm', messages: [{ role: 'user', content: [audio] }] };
    const answer = await post('/v1/chat/completions', body);
    assert.equal(answer.status, 200);
    const record = await portside.recorded(answer.headers.get('x-request-id') ?? '');
    assert.match(record.attempts[0]?.reason ?? '', /audio/);
    assert.equal(upstream.generations[0]?.dialect, 'gemini');
    portside.configure({ accounts: [accountAt(upstream, 'anthropic')] });
    assert.equal((await post('/v1/chat/completions', body)).status, 400);
  });

  it('does not go round in circles', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    upstream.behave({ status: 400, message: 'Invalid `signature` in `thinking` block' });
    const answer = await post('/v1/messages', {
      model: 'm',
      max_tokens: 10,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    assert.equal(answer.status, 400);
    assert.ok(upstream.generations.length <= 2);
  });
});
