/** Text completions from accounts that have them, and from those that only chat (SPEC 3.2). */
import assert from 'node:assert/strict';
import type { JsonObject } from '../../../shared/json';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { openaiClient } from '../../support/sdk/sdk-openai';
import { accountAt, startPortside } from '../../support/start-portside';
import type { AccountInput, StartedPortside } from '../../support/start-portside';

const KINDS = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'] as const;

describe('text completions', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  const start = async (...accounts: AccountInput[]) => {
    portside = await startPortside({ accounts });
  };
  const post = (body: JsonObject) =>
    fetch(`${portside.url}/v1/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const sdk = () => openaiClient(portside.url).completions;
  const warned = async (response: Response) =>
    (await portside.recorded(response.headers.get('x-request-id')!)).warnings.map(({ field }) => field);

  for (const kind of KINDS) {
    it(`come whole from a ${kind} account`, async () => {
      await start(accountAt(upstream, kind));
      upstream.reply({ text: 'and so it ends.', stop: 'length', usage: { input: 9, output: 4 } });
      const answer = await sdk().create({ model: 'asked-model', prompt: 'It begins', max_tokens: 40 });
      assert.equal(answer.object, 'text_completion');
      assert.deepEqual(
        answer.choices.map(({ text, index, finish_reason }) => [text, index, finish_reason]),
        [['and so it ends.', 0, 'length']],
      );
      assert.deepEqual([answer.usage?.prompt_tokens, answer.usage?.completion_tokens], [9, 4]);
      assert.equal(answer.model, 'asked-model');
    });

    it(`come as a stream from a ${kind} account`, async () => {
      await start(accountAt(upstream, kind));
      upstream.reply(
        { text: 'streamed: Straße 第', usage: { input: 9, output: 4 } },
        { framing: { seed: 5 } },
      );
      const stream = await sdk().create({
        model: 'asked-model',
        prompt: 'x',
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = '';
      let finish = '';
      let tokens = 0;
      for await (const chunk of stream) {
        assert.equal(chunk.object, 'text_completion');
        assert.equal(chunk.model, 'asked-model');
        text += chunk.choices[0]?.text ?? '';
        finish ||= chunk.choices[0]?.finish_reason ?? '';
        tokens = chunk.usage?.total_tokens ?? tokens;
      }
      assert.deepEqual([text, finish, tokens], ['streamed: Straße 第', 'stop', 13]);
    });
  }

  it('come from the demo account', async () => {
    await start({ id: 'demo', provider: 'demo' });
    const answer = await sdk().create({ model: 'm', prompt: ['one', 'two'] });
    assert.deepEqual(
      answer.choices.map(({ text }) => /You said: "(\w+)"/.exec(text)?.[1]),
      ['one', 'two'],
    );
  });

  it('pass byte for byte to an account that has them', async () => {
    await start(accountAt(upstream, 'openai-chat'));
    const body = '{"model":"m", "prompt":[1,2,3],  "best_of": 2}';
    const response = await fetch(`${portside.url}/v1/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.equal(response.status, 200);
    assert.equal(upstream.requests[0]!.bytes.toString(), body);
    assert.equal(upstream.requests[0]!.url, '/v1/completions');
  });

  it('of token numbers skip the accounts that cannot read them', async () => {
    portside = await startPortside({
      accounts: [accountAt(upstream, 'gemini'), accountAt(upstream, 'openai-chat')],
      routes: { m: ['gemini/gemini-x', 'openai-chat/own'] },
    });
    const response = await post({ model: 'm', prompt: [1, 2, 3] });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-portside-model'), 'own');
    assert.equal(upstream.requests.length, 1);
  });

  it('end with [DONE] and nothing after it', async () => {
    await start(accountAt(upstream, 'gemini'));
    const response = await post({ model: 'm', prompt: 'x', stream: true });
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const text = await response.text();
    assert.ok(text.endsWith('data: [DONE]\n\n'));
    assert.ok(!text.includes('"usage"'));
  });

  for (const status of [404, 405])
    it(`are made of a chat where the account answers ${status}, and it is not asked for them again`, async () => {
      await start(accountAt(upstream, 'openai-chat'));
      upstream.behave({ path: /v1\/completions/, status, message: 'This is a chat model' });
      for (const stream of [false, true]) {
        const response = await post({ model: 'm', prompt: 'Say it', stream, temperature: 0.5, stop: 'END' });
        assert.match(await response.text(), /text_completion/);
        assert.equal(response.status, 200);
      }
      assert.deepEqual(
        upstream.requests.map(({ url }) => url),
        ['/v1/completions', '/v1/chat/completions', '/v1/chat/completions'],
      );
      const { json } = upstream.requests[1]!;
      assert.deepEqual(json.messages, [{ role: 'user', content: 'Say it' }]);
      assert.deepEqual([json.temperature, json.stop, json.max_tokens], [0.5, ['END'], 16]);
    });

  it('fail as the chat fails, in the account’s own words', async () => {
    await start(accountAt(upstream, 'openai-chat'));
    upstream.behave({ status: 404, message: 'no such model' });
    const response = await post({ model: 'm', prompt: 'x' });
    assert.match((await assertErrorResponse('openai-chat', 404, response)).message, /no such model/);
  });

  it('of several prompts are several choices, whole and streamed', async () => {
    await start(accountAt(upstream, 'anthropic'));
    for (const stream of [false, true]) {
      for (const text of ['first', 'second']) upstream.reply({ text }, { times: 1 });
      const response = await post({ model: 'm', prompt: ['A: ', 'B: '], echo: true, stream, max_tokens: 5 });
      const body = await response.text();
      if (stream) {
        const texts = ['', ''];
        for (const [, data = ''] of body.matchAll(/^data: (\{.*)$/gm)) {
          const { choices } = JSON.parse(data) as { choices: { text: string; index: number }[] };
          for (const { text, index } of choices) texts[index] += text;
        }
        assert.deepEqual(texts, ['A: first', 'B: second']);
      } else {
        const answer = JSON.parse(body) as { choices: { text: string; index: number }[]; usage: JsonObject };
        assert.deepEqual(
          answer.choices.map(({ text, index }) => [text, index]),
          [
            ['A: first', 0],
            ['B: second', 1],
          ],
        );
        assert.deepEqual([answer.usage.prompt_tokens, answer.usage.completion_tokens], [42, 14]);
      }
    }
    assert.deepEqual(
      upstream.generations.map(({ json }) => json.stream === true),
      [false, false, false, false],
    );
  });

  it('repeat the prompt where that is asked for, once', async () => {
    await start(accountAt(upstream, 'gemini'));
    upstream.behave({ answer: { text: ' the end' } });
    const answer = await sdk().create({ model: 'm', prompt: 'From here to', echo: true });
    assert.equal(answer.choices[0]?.text, 'From here to the end');
    let text = '';
    for await (const chunk of await sdk().create({
      model: 'm',
      prompt: 'From here to',
      echo: true,
      stream: true,
    }))
      text += chunk.choices[0]?.text ?? '';
    assert.equal(text, 'From here to the end');
  });

  it('give Gemini the limit of 16 tokens and no thoughts to spend them on', async () => {
    await start(accountAt(upstream, 'gemini'));
    await sdk().create({ model: 'm', prompt: 'x', n: 2, seed: 5, top_p: 0.5 });
    const config = upstream.generations[0]!.json.generationConfig as JsonObject;
    assert.equal(config.maxOutputTokens, 16);
    assert.deepEqual([config.candidateCount, config.seed, config.topP], [2, 5, 0.5]);
    assert.deepEqual(config.thinkingConfig, { thinkingBudget: 0 });
  });

  it('carry log probabilities in their own form', async () => {
    await start(accountAt(upstream, 'openai-chat'));
    upstream.fail({ path: /v1\/completions/, status: 404 });
    upstream.behave({
      path: /chat/,
      body: {
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model: 'm',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'ab c' },
            finish_reason: 'stop',
            logprobs: {
              content: [
                {
                  token: 'ab',
                  logprob: -0.1,
                  bytes: null,
                  top_logprobs: [{ token: 'x', logprob: -2, bytes: null }],
                },
                { token: ' c', logprob: -0.2, bytes: null, top_logprobs: [] },
              ],
            },
          },
        ],
      },
    });
    const answer = await sdk().create({ model: 'm', prompt: 'x', logprobs: 1 });
    assert.deepEqual(answer.choices[0]?.logprobs, {
      tokens: ['ab', ' c'],
      token_logprobs: [-0.1, -0.2],
      top_logprobs: [{ x: -2 }, {}],
      text_offset: [0, 2],
    });
    const { json } = upstream.requests[1]!;
    assert.deepEqual([json.logprobs, json.top_logprobs], [true, 1]);
  });

  it('warn of what chats cannot do', async () => {
    await start(accountAt(upstream, 'gemini'));
    const response = await post({ model: 'gemini-x', prompt: 'def f():', suffix: 'return x', best_of: 3 });
    await response.text();
    assert.deepEqual((await warned(response)).sort(), ['best_of', 'suffix']);
    const asked = JSON.stringify(upstream.generations[0]!.json.contents);
    assert.ok(asked.includes('def f():') && asked.includes('return x'));
  });

  it('that are badly asked for are refused with the field', async () => {
    await start(accountAt(upstream, 'gemini'));
    const cases: [JsonObject, string][] = [
      [{}, 'prompt'],
      [{ prompt: [] }, 'prompt'],
      [{ prompt: [1, 2] }, 'prompt'],
      [{ prompt: ['a', 1] }, 'prompt[1]'],
      [{ prompt: 'a', n: 0 }, 'n'],
      [{ prompt: 'a', stop: ['x', 7] }, 'stop[1]'],
      [{ prompt: 'a', max_tokens: 'many' }, 'max_tokens'],
    ];
    for (const [body, param] of cases)
      assert.equal(
        (await assertErrorResponse('openai-chat', 400, await post({ model: 'm', ...body }))).param,
        param,
      );
    assert.equal(upstream.requests.length, 0);
  });

  it('go on at the next account when one fails, from chat to completion and back', async () => {
    await start(accountAt(upstream, 'gemini'), accountAt(upstream, 'anthropic'));
    upstream.fail({ status: 500 });
    upstream.behave({ answer: { text: 'at last' } });
    const response = await post({ model: 'm', prompt: 'x' });
    const { choices } = (await response.json()) as { choices: { text: string }[] };
    assert.equal(choices[0]?.text, 'at last');
    assert.equal(upstream.generations.length, 2);
  });

  it('tell of an error in the middle of a stream', async () => {
    await start(accountAt(upstream, 'gemini'));
    upstream.behave({ fault: 'error-event-mid', message: 'it broke' });
    const text = await (await post({ model: 'm', prompt: 'x', stream: true })).text();
    assert.match(text, /it broke/);
    assert.ok(!text.includes('[DONE]'));
  });
});
