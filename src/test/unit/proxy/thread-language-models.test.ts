import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { ThreadAnswers } from '../../../host/thread/answer-thread';
import { languageModelsOver } from '../../../proxy/thread-language-models';
import type { LanguageModels, LmPart, LmRequest } from '../../../shared/language-models';
import type { LmToHost, LmToThread } from '../../../shared/thread-messages';
import { lmModel, says, ScriptedModels } from '../../support/scripted-models';

const request = (model: string): LmRequest => ({
  model,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
});
/** The end of an answer, and all its parts. */
function collect(models: LanguageModels, model: string) {
  const parts: LmPart[] = [];
  let cancel = () => {};
  const over = new Promise<LmPart[]>((resolve) => {
    ({ cancel } = models.ask(request(model), (part) => {
      parts.push(part);
      if (part.type === 'end' || part.type === 'error') resolve(parts);
    }));
  });
  return { parts, over, cancel: () => cancel() };
}
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the editor’s models over a port', () => {
  let editor: ScriptedModels;
  const open: MessageChannel[] = [];
  let answers: ThreadAnswers;
  let models: ReturnType<typeof languageModelsOver>;
  let crossed: LmToThread[];

  const connect = (given: LanguageModels | undefined) => {
    const channel = new MessageChannel();
    open.push(channel);
    const { port1, port2 } = channel;
    answers = new ThreadAnswers(given, (message) => port1.postMessage(message));
    port1.on('message', (message: LmToHost) => answers.hear(message));
    models = languageModelsOver((message) => port2.postMessage(message));
    port2.on('message', (message: LmToThread) => {
      crossed.push(message);
      models.hear(message);
    });
  };
  beforeEach(() => {
    crossed = [];
    editor = new ScriptedModels();
    connect(editor);
  });
  afterEach(() => {
    answers.dispose();
    for (const { port1 } of open.splice(0)) port1.close();
  });

  it('are listed, and a failure of the list is one', async () => {
    assert.deepEqual(await models.list(), editor.models);
    editor.list = () => Promise.reject(new Error('not now'));
    await assert.rejects(models.list(), /not now/);
  });

  it('count tokens, and a failure of the count is one', async () => {
    editor.tokens = 17;
    assert.equal(await models.count(request('x')), 17);
    editor.tokens = undefined;
    await assert.rejects(models.count(request('x')), /cannot count/);
  });

  it('answer several questions at a time, each with its own parts in order', async () => {
    editor.next(says('a', 'b', 'c'), says('1', '2', '3'));
    const [first, second] = await Promise.all([collect(models, 'x').over, collect(models, 'y').over]);
    assert.deepEqual(first, [{ type: 'start', model: 'x' }, ...says('a', 'b', 'c')]);
    assert.deepEqual(second, [{ type: 'start', model: 'y' }, ...says('1', '2', '3')]);
    assert.deepEqual(
      editor.asked.map((asked) => asked.request),
      [request('x'), request('y')],
    );
  });

  it('stop when they are told to, once, and nothing more is heard', async () => {
    editor.next('held');
    const { parts, cancel } = collect(models, 'x');
    const asked = await editor.question(0);
    cancel();
    cancel();
    await later();
    assert.equal(asked.cancelled, true);
    asked.sink({ type: 'text', text: 'too late' });
    await later();
    assert.deepEqual(parts, []);
  });

  it('are not told to stop when they are over', async () => {
    const { over, cancel } = collect(models, 'x');
    await over;
    cancel();
    await later();
    assert.equal(editor.asked[0]?.cancelled, false);
  });

  it('say that they have changed', async () => {
    let changes = 0;
    const remove = models.onDidChange(() => changes++);
    editor.become(lmModel('other'));
    await later();
    assert.equal(changes, 1);
    remove();
    editor.become();
    await later();
    assert.equal(changes, 1);
  });

  it('are all told to stop when the thread is gone, and say nothing to nobody', async () => {
    editor.next('held', 'held');
    collect(models, 'x');
    collect(models, 'y');
    await editor.question(1);
    answers.dispose();
    assert.deepEqual(
      editor.asked.map(({ cancelled }) => cancelled),
      [true, true],
    );
    editor.asked[0]?.sink({ type: 'text', text: 'too late' });
    editor.become();
    await later();
    assert.deepEqual(crossed, []);
  });

  it('refuse where the editor has none', async () => {
    connect(undefined);
    assert.deepEqual(await models.list(), []);
    await assert.rejects(models.count(request('x')), /counts no tokens/);
    const [part] = await collect(models, 'x').over;
    assert.equal(part?.type === 'error' && part.error.kind, 'unsupported');
  });
});
