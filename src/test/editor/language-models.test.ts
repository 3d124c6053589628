/** Real `vscode.lm`: models that a second extension brings (model-maker/) answer clients of the proxy. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import type { AccountTest } from '../../shared/status';
import { beginAnew, eventually } from './portside';

interface Maker {
  register(provider: vscode.LanguageModelChatProvider): vscode.Disposable;
}

interface Asked {
  messages: readonly vscode.LanguageModelChatRequestMessage[];
  options: vscode.ProvideLanguageModelChatResponseOptions;
  token: vscode.CancellationToken;
}
type Answer = (
  asked: Asked,
  progress: vscode.Progress<vscode.LanguageModelResponsePart>,
) => void | Promise<void>;

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('the editor’s own models', () => {
  let proxy: Controller;
  let port: number;
  let registration: vscode.Disposable;
  let models: string[];
  const asked: Asked[] = [];
  const changed = new vscode.EventEmitter<void>();
  let answer: Answer;

  before(async () => {
    const maker = vscode.extensions.getExtension<Maker>('portside-tests.model-maker');
    assert.ok(maker, 'the editor knows the extension that brings models');
    models = ['parrot-4.5'];
    registration = (await maker.activate()).register({
      onDidChangeLanguageModelChatInformation: changed.event,
      provideLanguageModelChatInformation: () =>
        models.map((id) => ({
          id,
          name: `The ${id}`,
          family: id,
          version: '1',
          maxInputTokens: 10_000,
          maxOutputTokens: 1_000,
          capabilities: { toolCalling: true, imageInput: true },
        })),
      async provideLanguageModelChatResponse(_model, messages, options, progress, token) {
        const one = { messages, options, token };
        asked.push(one);
        await answer(one, progress);
      },
      provideTokenCount: () => Promise.resolve(1000),
    });
  });
  after(() => {
    registration.dispose();
    changed.dispose();
  });

  beforeEach(async () => {
    asked.length = 0;
    answer = (_, progress) => progress.report(new vscode.LanguageModelTextPart('Hello from the editor.'));
    ({ proxy, port } = await beginAnew());
    await allow(['model-maker']);
    asked.length = 0;
    await proxy.addAccount({ provider: 'vscode', key: '', label: 'Editor' });
    await proxy.start();
  });
  afterEach(() => proxy.stop());

  const post = (body: object, signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'parrot-4-5', max_tokens: 100, ...body }),
      ...(signal && { signal }),
    });
  const allow = (vendors: string[]) =>
    vscode.commands.executeCommand<string[] | undefined>('portside.allowEditorModels', vendors);
  const hi = { messages: [{ role: 'user', content: 'Hi' }] };
  const texts = ({ messages }: Asked) =>
    messages.flatMap(({ content }) =>
      content.flatMap((part) => (part instanceof vscode.LanguageModelTextPart ? [part.value] : [])),
    );

  it('are asked for nothing before a command of the user’s has allowed it', async () => {
    assert.deepEqual(await allow([]), []);
    const refused = await post(hi);
    assert.equal(refused.status, 404, await refused.text());
    const [account] = proxy.accounts();
    const test = await proxy.testAccount(account!.id);
    assert.deepEqual([test.ok, test.models], [false, undefined]);
    assert.match(test.message, /Allow Editor Models/);
    assert.equal(asked.length, 0);
    assert.deepEqual(await allow(['model-maker', 'nobody']), ['model-maker']);
    assert.equal(asked.length, 1);
    const answered = await post(hi);
    assert.equal(answered.status, 200, await answered.text());
  });

  it('pass the test of their account', async () => {
    const [account] = proxy.accounts();
    const test = await vscode.commands.executeCommand<AccountTest>('portside.retestAccount', account?.id);
    assert.equal(test.ok, true, test.message);
    assert.ok(test.models?.includes('parrot-4.5'));
  });

  for (const stream of [false, true])
    it(`answer clients of the proxy${stream ? ', streaming' : ''}`, async () => {
      const response = await post({ ...hi, stream, system: 'Be brief.' });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      assert.match(text, /Hello from the editor/);
      assert.equal(response.headers.get('x-portside-account'), 'Editor');
      assert.deepEqual(texts(asked[0]!), ['Be brief.', 'Hi']);
    });

  it('see tools, their results and images, and call tools', async () => {
    answer = (_, progress) =>
      progress.report(new vscode.LanguageModelToolCallPart('call_7', 'look', { where: 'here' }));
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } };
    const response = await post({
      tools: [{ name: 'look', description: 'Looks.', input_schema: { type: 'object', properties: {} } }],
      tool_choice: { type: 'any' },
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'What is it?' }, image] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'a dot' }] },
      ],
    });
    const { content, stop_reason } = (await response.json()) as {
      content: { type: string; name: string; input: object }[];
      stop_reason: string;
    };
    assert.equal(stop_reason, 'tool_use');
    const call = content.find(({ type }) => type === 'tool_use');
    assert.deepEqual([call?.name, call?.input], ['look', { where: 'here' }]);
    const { messages, options } = asked[0]!;
    assert.deepEqual(
      options.tools?.map(({ name }) => name),
      ['look'],
    );
    assert.equal(options.toolMode, vscode.LanguageModelChatToolMode.Required);
    const parts = messages.flatMap((message) => [...message.content]);
    const result = parts.find((part) => part instanceof vscode.LanguageModelToolResultPart);
    assert.equal(result?.callId, 'toolu_1');
    const seen = parts.find((part) => typeof part === 'object' && part !== null && 'mimeType' in part) as
      { mimeType: string; data: Uint8Array } | undefined;
    assert.equal(seen?.mimeType, 'image/png');
    assert.equal(Buffer.from(seen.data).toString('base64'), PNG);
  });

  it('count tokens', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/messages/count_tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'parrot-4-5', system: 'Be brief.', ...hi }),
    });
    assert.deepEqual(await response.json(), { input_tokens: 2000 });
  });

  it('are told to stop when the client leaves', async () => {
    let stopped = false;
    answer = ({ token }, progress) => {
      progress.report(new vscode.LanguageModelTextPart('Hello'));
      return new Promise((resolve) => {
        token.onCancellationRequested(() => {
          stopped = true;
          resolve();
        });
      });
    };
    const leaving = new AbortController();
    await post({ ...hi, stream: true }, leaving.signal);
    leaving.abort();
    await eventually(() => stopped, 'the model is told to stop');
  });

  it('tell the client what went wrong with them', async () => {
    answer = () => {
      throw vscode.LanguageModelError.Blocked('The words were refused.');
    };
    const refused = await post(hi);
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /The words were refused/);
    const missing = await post({ ...hi, model: 'nobody' });
    assert.equal(missing.status, 404);
    assert.match(await missing.text(), /parrot-4\.5/);
  });

  it('are listed, and a change of theirs is seen at once', async () => {
    const listed = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/v1/models`);
      return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
    };
    assert.deepEqual(await listed(), ['parrot-4.5']);
    models = ['parrot-4.5', 'parrot-5'];
    changed.fire();
    await eventually(async () => (await listed()).includes('parrot-5'), 'the new model is listed');
  });
});
