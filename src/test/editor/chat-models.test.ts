/** The pool's models in the real editor (SPEC 7.7): asked through its chat API, they answer through the proxy. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import { isObject, type Json } from '../../shared/json';
import { startScriptedUpstream, type ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { skipBecause } from '../support/skip-because';
import { beginAnew, eventually } from './portside';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Younger than the typings that the project builds with. */
const { LanguageModelDataPart } = vscode as unknown as {
  LanguageModelDataPart?: new (data: Uint8Array, mimeType: string) => vscode.LanguageModelTextPart;
};

const user = (...content: vscode.LanguageModelInputPart[]) =>
  vscode.LanguageModelChatMessage.User(content as vscode.LanguageModelTextPart[]);
const text = (value: string) => new vscode.LanguageModelTextPart(value);

describe('the pool’s models in the editor’s chat', () => {
  let upstream: ScriptedUpstream;
  let proxy: Controller;

  before(async () => {
    upstream = await startScriptedUpstream({ models: ['scripted-large', 'scripted-small'] });
  });
  beforeEach(async () => {
    upstream.reset();
    ({ proxy } = await beginAnew());
    await proxy.addAccount({ provider: 'openai-compatible', key: 'k', baseUrl: upstream.openaiUrl });
    await proxy.start();
  });
  afterEach(() => proxy.stop());
  after(() => upstream.close());

  const ids = async () =>
    (await vscode.lm.selectChatModels({ vendor: 'portside' })).map(({ id }) => id).sort();
  const become = (wanted: string[]) =>
    eventually(
      async () => JSON.stringify(await ids()) === JSON.stringify(wanted),
      `the models are ${wanted.join(', ') || 'none'}`,
    );
  async function model(id = 'scripted-large'): Promise<vscode.LanguageModelChat> {
    await eventually(async () => (await ids()).includes(id), `${id} is there`);
    const [found] = await vscode.lm.selectChatModels({ vendor: 'portside', id });
    assert.ok(found);
    return found;
  }
  async function textOf(response: vscode.LanguageModelChatResponse): Promise<string> {
    let all = '';
    for await (const piece of response.text) all += piece;
    return all;
  }
  const lastBody = () => upstream.generations.at(-1)!.json;
  const messagesOf = ({ messages }: { messages?: Json }) =>
    (Array.isArray(messages) ? messages : []).filter(isObject);

  it('are those of the accounts while the proxy runs', async () => {
    await become(['scripted-large', 'scripted-small']);
    const [account] = proxy.accounts();
    await proxy.setAccountEnabled(account!.id, false);
    await proxy.addAccount({ provider: 'demo', key: '' });
    await become(['portside-demo']);
    await proxy.stop();
    await become([]);
  });

  it('are told of with what they can do', async () => {
    const { name, family, vendor, maxInputTokens } = await model();
    assert.deepEqual([name, family, vendor], ['scripted-large', 'scripted-large', 'portside']);
    assert.ok(maxInputTokens > 0);
  });

  it('never are the editor’s own', async () => {
    await proxy.addAccount({ provider: 'vscode', key: '', label: 'Editor' });
    await become(['scripted-large', 'scripted-small']);
    const [editor] = proxy.accounts().filter(({ provider }) => provider === 'vscode');
    const test = await proxy.testAccount(editor!.id);
    assert.ok(!test.models?.some((id) => id.startsWith('scripted')), JSON.stringify(test));
  });

  it('answer in text, through the proxy, which keeps a record', async () => {
    upstream.reply({ text: 'Hello from the pool.' });
    const response = await (
      await model()
    ).sendRequest([user(text('Hi'))], {
      modelOptions: { temperature: 0.5, unheard_of: 1 },
    });
    assert.equal(await textOf(response), 'Hello from the pool.');
    const { model: asked, stream, temperature, unheard_of: unknown } = lastBody();
    assert.deepEqual([asked, stream, temperature, unknown], ['scripted-large', true, 0.5, undefined]);
    assert.deepEqual(messagesOf(lastBody()), [{ role: 'user', content: 'Hi' }]);
  });

  for (const [name, account] of [
    ['openai-compatible', undefined],
    ['anthropic', { provider: 'anthropic', key: 'a' }],
    ['gemini', { provider: 'gemini', key: 'g' }],
  ] as const)
    it(`call a tool, and answer with its result: ${name}`, async () => {
      if (account) {
        for (const { id } of proxy.accounts()) await proxy.removeAccount(id);
        await proxy.addAccount({ ...account, baseUrl: upstream.url });
      }
      const asked = await model();
      const tool = {
        name: 'look',
        description: 'Looks.',
        inputSchema: { type: 'object', properties: { where: { type: 'string' } }, required: ['where'] },
      };
      upstream.reply(
        { text: 'Let me see.', toolCalls: [{ name: 'look', arguments: { where: 'here' } }] },
        { times: 1 },
      );
      const messages = [user(text('What is it?'))];
      const options = { tools: [tool], toolMode: vscode.LanguageModelChatToolMode.Required };
      const first = await asked.sendRequest(messages, options);
      const parts: unknown[] = [];
      for await (const part of first.stream) parts.push(part);
      const call = parts.find((part) => part instanceof vscode.LanguageModelToolCallPart);
      assert.deepEqual([call?.name, call?.input], ['look', { where: 'here' }]);
      assert.ok(call?.callId);
      const said = parts.flatMap((part) =>
        part instanceof vscode.LanguageModelTextPart ? [part.value] : [],
      );
      assert.equal(said.join(''), 'Let me see.');
      assert.match(JSON.stringify(lastBody()), /"required"|"any"|"ANY"/);
      assert.match(JSON.stringify(lastBody()['tools']), /"look".*"Looks\."/);

      upstream.reply({ text: 'It is a dot.' });
      messages.push(
        vscode.LanguageModelChatMessage.Assistant([text('Let me see.'), call]),
        vscode.LanguageModelChatMessage.User([
          new vscode.LanguageModelToolResultPart(call.callId, [text('a dot')]),
        ]),
      );
      assert.equal(await textOf(await asked.sendRequest(messages, { tools: [tool] })), 'It is a dot.');
      assert.match(JSON.stringify(lastBody()), /a dot/);
      assert.match(JSON.stringify(lastBody()), /where\W+here/);
    });

  it('see images', async function () {
    if (!LanguageModelDataPart) skipBecause(this, 'this editor hands no images to its models');
    upstream.reply({ text: 'A dot.' });
    const image = new LanguageModelDataPart(Buffer.from(PNG, 'base64'), 'image/png');
    const response = await (await model()).sendRequest([user(text('What is it?'), image)]);
    assert.equal(await textOf(response), 'A dot.');
    assert.deepEqual(messagesOf(lastBody())[0]?.['content'], [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
    ]);
  });

  it('stop when the request is cancelled, up to the upstream', async () => {
    upstream.fail({ fault: 'hang-mid-body', answer: { text: 'A long answer that does not end.' } });
    const source = new vscode.CancellationTokenSource();
    const response = await (await model()).sendRequest([user(text('Hi'))], {}, source.token);
    const reading = textOf(response).catch(() => undefined);
    const request = await upstream.arrived(1);
    source.cancel();
    await request.closed;
    assert.equal(request.aborted, true);
    await reading;
  });

  it('say what went wrong, in words', async () => {
    const ask = async () => textOf(await (await model()).sendRequest([user(text('Hi'))]));
    upstream.fail({ status: 400, message: 'The words were refused.' });
    await assert.rejects(ask(), /The words were refused/);
    upstream.fail({ fault: 'error-event-mid', answer: { text: 'Half an answer, and then no more of it.' } });
    await assert.rejects(ask(), (error: Error) => error.message.length > 0);
    upstream.reset();
    const [account] = proxy.accounts();
    const asked = await model();
    await proxy.setAccountEnabled(account!.id, false);
    await proxy.addAccount({ provider: 'demo', key: '' });
    await assert.rejects(async () => textOf(await asked.sendRequest([user(text('Hi'))])));
  });

  it('count tokens without asking anybody', async () => {
    const asked = await model();
    const before = upstream.requests.length;
    const short = await asked.countTokens('Hello');
    const long = await asked.countTokens(user(text('Hello there, this is a longer text.')));
    assert.ok(short > 0 && long > short, `${short}, ${long}`);
    assert.equal(upstream.requests.length, before);
  });
});
