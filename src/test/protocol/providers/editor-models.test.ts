/** Accounts of the editor's own models, asked by clients of every protocol through a host that has some. */
import assert from 'node:assert/strict';
import type { JsonObject } from '../../../shared/json';
import { ManualClock } from '../../support/manual-clock';
import { fails, lmModel, says, ScriptedModels } from '../../support/scripted-models';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { SDK_CLIENTS } from '../../support/sdk/sdk-clients';
import { QUESTIONS } from '../../support/short-questions';
import {
  accountAt,
  SERVED_MODEL,
  startPortside,
  type AccountInput,
  type SettingsInput,
  type StartedPortside,
} from '../../support/start-portside';

type Client = keyof typeof QUESTIONS;
const CLIENTS = Object.keys(QUESTIONS) as Client[];
const MODEL = 'maker-large';
const EDITOR: AccountInput = { id: 'editor', provider: 'vscode', label: 'My editor' };
/** What ends an answer well. */
const GOOD_END = /"finish_reason":\s?"stop"|response\.completed|"message_stop"|"finishReason"/;
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('the editor’s own models', () => {
  let models: ScriptedModels;
  let clock: ManualClock;
  let portside: StartedPortside;
  beforeEach(() => {
    models = new ScriptedModels();
    clock = new ManualClock();
  });
  afterEach(() => portside.stop());

  const start = async (settings: SettingsInput = {}) => {
    portside = await startPortside(
      { accounts: [EDITOR], routes: { asked: `editor/${MODEL}` }, ...settings },
      undefined,
      clock.every,
      clock.now,
      models,
    );
  };
  const post = (path: string, body: JsonObject, signal?: AbortSignal) =>
    fetch(portside.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  const ask = (client: Client, stream = false, signal?: AbortSignal) =>
    post(...QUESTIONS[client](stream), signal);
  const record = (response: Response) => portside.recorded(response.headers.get('x-request-id') ?? '');
  const until = async (true_: () => boolean) => {
    while (!true_()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  for (const client of SDK_CLIENTS)
    for (const stream of [false, true])
      it(`answer ${client.name}, tools and all${stream ? ', streaming' : ''}`, async () => {
        await start();
        const text = ['It rains — ', '“heavily” — ', 'in Ürümqi ☂.'];
        models.next(
          [
            { type: 'text', text: 'Let me see.' },
            { type: 'tool-call', id: 'call_1', name: 'weather', input: { city: 'Ürümqi ☂' } },
            { type: 'end' },
          ],
          says(...text),
        );
        const told = await client.ask({
          baseUrl: portside.url,
          model: 'asked',
          prompt: 'What is the weather?',
          system: 'You are brief.',
          stream,
          tools: [
            {
              name: 'weather',
              description: 'The weather.',
              parameters: { type: 'object', properties: { city: { type: 'string' } } },
              run: () => 'Rain',
            },
          ],
        });
        assert.equal(told.text, text.join(''));
        assert.deepEqual(
          told.calls.map(({ name, input }) => [name, input]),
          [['weather', { city: 'Ürümqi ☂' }]],
        );
        assert.ok(told.usage.input > 0 && told.usage.output > 0);
        const [first, second] = models.asked.map(({ request }) => request);
        assert.equal(first?.model, MODEL);
        assert.deepEqual(first.messages, [
          { role: 'user', content: [{ type: 'text', text: 'You are brief.' }] },
          { role: 'user', content: [{ type: 'text', text: 'What is the weather?' }] },
        ]);
        assert.equal(first.tools?.[0]?.name, 'weather');
        const [call, result] = second!.messages.slice(-2);
        assert.equal(call?.role, 'assistant');
        const called = call.content.find((part) => part.type === 'tool-call');
        assert.deepEqual(called?.input, { city: 'Ürümqi ☂' });
        const given = result?.content[0];
        assert.ok(given?.type === 'tool-result');
        assert.equal(given.callId, called.id);
        assert.match(JSON.stringify(given.content), /Rain/);
      });

  it('see images', async () => {
    await start();
    const client = SDK_CLIENTS[0]!;
    await client.ask({
      baseUrl: portside.url,
      model: 'asked',
      prompt: 'What is it?',
      image: PNG,
      stream: true,
    });
    const parts = models.asked[0]!.request.messages.flatMap(({ content }) => content);
    assert.deepEqual(
      parts.find(({ type }) => type === 'data'),
      { type: 'data', mimeType: 'image/png', data: PNG },
    );
  });

  it('get text completions as chats, several prompts one after another', async () => {
    await start();
    models.next(says('one'), says('two'));
    const response = await post('/v1/completions', { model: 'asked', prompt: ['a', 'b'] });
    const { choices } = (await response.json()) as { choices: { text: string }[] };
    assert.deepEqual(
      choices.map(({ text }) => text),
      ['one', 'two'],
    );
  });

  for (const stream of [false, true])
    it(`leave a record with who served, estimated tokens and what was lost${stream ? ', streaming' : ''}`, async () => {
      await start();
      const [path, body] = QUESTIONS.anthropic(stream);
      const response = await post(path, { ...body, system: 'Be brief.', temperature: 0.5 });
      assert.equal(response.headers.get('x-portside-account'), 'My editor');
      assert.equal(response.headers.get('x-portside-model'), MODEL);
      await response.text();
      const { usage, warnings, upstreamDialect, outcome } = await record(response);
      assert.equal(outcome, 'completed');
      assert.equal(upstreamDialect, 'editor');
      assert.ok(usage && usage.inputTokens > 0 && usage.outputTokens > 0);
      const fields = warnings.map(({ field }) => field);
      for (const field of ['system', 'temperature', 'max_tokens', 'usage'])
        assert.ok(fields.includes(field), field);
    });

  it('are listed, and the list is another once the editor says so', async () => {
    await start({ routes: {} });
    const listed = async () => {
      const { data } = (await (await fetch(`${portside.url}/v1/models`)).json()) as {
        data: { id: string }[];
      };
      return data.map(({ id }) => id);
    };
    assert.deepEqual(await listed(), [MODEL]);
    models.models = [lmModel('other')];
    assert.deepEqual(await listed(), [MODEL]);
    models.become(lmModel('maker-small'));
    assert.deepEqual(await listed(), ['maker-small']);
  });

  it('pass the test of an account where there are some', async () => {
    await start();
    const account = { ...EDITOR, key: '', enabled: true, priority: 0, weight: 1 } as const;
    const good = await portside.proxy.testAccount(account);
    assert.deepEqual([good.ok, good.models], [true, [MODEL]]);
    models.models = [];
    const none = await portside.proxy.testAccount(account);
    assert.equal(none.ok, false);
    assert.match(none.message, /no language models/);
  });

  it('count tokens, or leave it to an estimate', async () => {
    await start();
    const counted = async () => {
      const response = await post('/v1/messages/count_tokens', {
        model: 'asked',
        messages: [{ role: 'user', content: `How many are these? ${Math.random()}` }],
      });
      return ((await response.json()) as { input_tokens: number }).input_tokens;
    };
    models.tokens = 4321;
    assert.equal(await counted(), 4321);
    models.tokens = undefined;
    assert.ok((await counted()) > 0);
    assert.equal(models.asked.length, 0);
  });

  describe('trouble', () => {
    for (const client of CLIENTS)
      for (const stream of [false, true]) {
        const how = `${client}${stream ? ', streaming' : ''}`;

        it(`before an answer keeps its meaning: ${how}`, async () => {
          await start();
          models.next(fails('blocked', 'The words were refused.'));
          const response = await ask(client, stream);
          assert.equal(response.status, 400);
          assert.match(await response.text(), /The words were refused/);
          assert.equal(portside.proxy.status().accounts[0]?.state, 'healthy');
        });

        it(`goes to another account before the first word: ${how}`, async () => {
          const upstream = await startScriptedUpstream();
          try {
            const other = accountAt(upstream, 'anthropic', { id: 'other', label: 'other' });
            await start({
              accounts: [EDITOR, other],
              routes: { asked: [`editor/${MODEL}`, `other/${SERVED_MODEL}`] },
            });
            upstream.reply({ text: 'Elsewhere' });
            models.next(fails('limited', 'You have exceeded your quota.'));
            const response = await ask(client, stream);
            assert.equal(response.status, 200);
            assert.match(await response.text(), /Else/);
            const { attempts } = await record(response);
            assert.deepEqual(
              attempts.map(({ account }) => account),
              ['My editor', 'other'],
            );
          } finally {
            await upstream.close();
          }
        });
      }

    for (const client of CLIENTS)
      it(`behind the first word is seen by the client: ${client}`, async () => {
        await start();
        models.next([{ type: 'text', text: 'Hello, ' }, ...fails('failed', 'It broke.')]);
        const response = await ask(client, true);
        assert.equal(response.status, 200);
        const text = await response.text();
        assert.match(text, /Hello, /);
        assert.match(text, /It broke/);
        assert.doesNotMatch(text, GOOD_END);
        assert.equal((await record(response)).outcome, 'failed');
      });

    it('without the user’s consent switches the account off and says what to do', async () => {
      await start();
      models.next(fails('permission', 'Allow it when the editor asks.'));
      const response = await ask('anthropic');
      assert.equal(response.status, 503);
      const told = await response.text();
      assert.match(told, /My editor.*Allow it when the editor asks/);
      assert.doesNotMatch(told, /\bkey\b/);
      const [account] = portside.proxy.status().accounts;
      assert.equal(account?.state, 'disabled');
      const test = await portside.proxy.testAccount({
        ...EDITOR,
        key: '',
        enabled: true,
        priority: 0,
        weight: 1,
      });
      assert.equal(test.ok, true);
      assert.equal((await ask('anthropic')).status, 200);
    });

    it('of a quota lets the model rest', async () => {
      await start();
      models.next(fails('limited', 'You have exceeded your monthly quota.'));
      const response = await ask('openai-chat');
      assert.equal(response.status, 429);
      assert.ok(response.headers.get('retry-after'));
      const [account] = portside.proxy.status().accounts;
      assert.deepEqual(
        account?.models?.map(({ model, state }) => [model, state]),
        [[MODEL, 'cooling']],
      );
    });

    it('of a model that is not there is told as such', async () => {
      await start();
      models.next(fails('not-found', 'The editor has no model "x".'));
      const response = await ask('openai-chat');
      assert.equal(response.status, 404);
      assert.match(await response.text(), /The editor has no model/);
      assert.equal(portside.proxy.status().accounts[0]?.state, 'healthy');
    });

    for (const stream of [false, true])
      it(`ends an answer without a word${stream ? ', streaming' : ''}`, async () => {
        await start();
        models.next([{ type: 'end' }]);
        const response = await ask('openai-chat', stream);
        assert.equal(response.status, 502);
        assert.match(await response.text(), /without any content/);
      });
  });

  for (const [client, stream] of [
    ['openai-chat', false],
    ['anthropic', true],
  ] as const)
    it(`are told to stop when the client leaves before a word came: ${client}`, async () => {
      await start();
      models.next('held');
      const leaving = new AbortController();
      const answer = ask(client, stream, leaving.signal).catch(() => undefined);
      const asked = await models.question(0);
      leaving.abort();
      await until(() => asked.cancelled);
      await answer;
      asked.sink({ type: 'text', text: 'too late' });
    });

  it('are told to stop when the client leaves in the middle', async () => {
    await start();
    models.next('held');
    const leaving = new AbortController();
    const answer = ask('anthropic', true, leaving.signal);
    const asked = await models.question(0);
    asked.sink({ type: 'text', text: 'Hello' });
    const response = await answer;
    leaving.abort();
    await until(() => asked.cancelled);
    assert.equal((await record(response)).outcome, 'cancelled');
  });

  it('are told to stop when they say nothing in time', async () => {
    await start();
    models.next('held');
    const answer = ask('anthropic', true);
    const asked = await models.question(0);
    clock.pass(200_000);
    assert.equal((await answer).status, 504);
    assert.equal(asked.cancelled, true);
  });

  it('are told to stop when the proxy does', async () => {
    await start();
    models.next('held');
    const answer = ask('anthropic', true).catch(() => undefined);
    const asked = await models.question(0);
    const stopped = portside.stop();
    await until(() => {
      clock.pass(1000);
      return asked.cancelled;
    });
    await stopped;
    await answer;
  });

  it('wait for a client that reads slowly, and nothing is lost', async () => {
    await start();
    models.next('held');
    const answer = ask('openai-chat', true);
    const asked = await models.question(0);
    const piece = 'x'.repeat(10_000);
    for (let count = 0; count < 400; count++) asked.sink({ type: 'text', text: piece });
    asked.sink({ type: 'end' });
    const response = await answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const text = await response.text();
    assert.equal(text.match(/x{10000}/g)?.length, 400);
    assert.match(text, GOOD_END);
  });

  it('are to be had inside an editor only', async () => {
    portside = await startPortside({ accounts: [EDITOR] });
    const response = await ask('openai-chat');
    assert.match(await response.text(), /inside the editor only/);
    assert.ok(response.status >= 400);
  });
});
