import assert from 'node:assert/strict';
import { EDITOR_ORIGIN, EditorModels } from '../../../../proxy/upstream/editor-models';
import { send } from '../../../../proxy/upstream/send';
import type { LanguageModels } from '../../../../shared/language-models';
import { fails, says, ScriptedModels } from '../../../support/scripted-models';

describe('the editor’s models as an upstream', () => {
  let models: ScriptedModels;
  beforeEach(() => {
    models = new ScriptedModels();
  });

  /** Asks, and tells what was heard: the reader pauses after so many pieces until it is told to go on. */
  function ask(given: LanguageModels | undefined, path: string, pauseAfter = Number.POSITIVE_INFINITY) {
    const editor = new EditorModels(given);
    const heard = { status: 0, text: '', pieces: 0, resume: () => {}, error: undefined as Error | undefined };
    let ended = () => {};
    const over = new Promise<void>((resolve) => (ended = resolve));
    const call = send(
      editor,
      {
        origin: EDITOR_ORIGIN,
        path,
        method: path === '/models' ? 'GET' : 'POST',
        headers: [],
        body: Buffer.from(JSON.stringify({ model: 'parrot', messages: [] })),
      },
      {
        onHead(status, _headers, resume) {
          Object.assign(heard, { status, resume });
          return true;
        },
        onData(bytes) {
          heard.text += bytes.toString();
          return ++heard.pieces < pauseAfter;
        },
        onEnd: () => ended(),
        onFailure(error) {
          heard.error = error;
          ended();
        },
      },
    );
    return { editor, heard, over, call };
  }

  it('answer with events, or with all parts at once', async () => {
    models.next(says('Hi'), says('Hi'));
    const streamed = ask(models, '/ask?stream');
    await streamed.over;
    const parts = [{ type: 'start', model: 'parrot' }, ...says('Hi')];
    assert.equal(streamed.heard.text, parts.map((part) => `data: ${JSON.stringify(part)}\n\n`).join(''));
    const whole = ask(models, '/ask');
    await whole.over;
    assert.deepEqual(JSON.parse(whole.heard.text), { parts });
  });

  for (const path of ['/ask', '/ask?stream'])
    it(`answer with a status where nothing was said before the error: ${path}`, async () => {
      models.next(fails('limited', 'Slow down.'));
      const { heard, over } = ask(models, path);
      await over;
      assert.equal(heard.status, 429);
      assert.deepEqual(JSON.parse(heard.text), { error: { kind: 'limited', message: 'Slow down.' } });
    });

  it('go on where a paused reader left off', async () => {
    models.next(says('a', 'b', 'c'));
    const { heard, over } = ask(models, '/ask?stream', 1);
    while (heard.pieces < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(heard.pieces, 1);
    let done = false;
    void over.then(() => (done = true));
    while (!done) {
      heard.resume();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.deepEqual(heard.text.match(/"text":"."/g), ['"text":"a"', '"text":"b"', '"text":"c"']);
  });

  it('are broken off when too much waits for a reader', async () => {
    models.next('held');
    const { heard, over } = ask(models, '/ask?stream', 1);
    const asked = await models.question(0);
    const piece = 'x'.repeat(1_048_576);
    for (let count = 0; count < 18; count++) asked.sink({ type: 'text', text: piece });
    await over;
    assert.match(heard.error?.message ?? '', /faster than the client reads/);
    assert.equal(asked.cancelled, true);
  });

  it('are not asked at all when the caller has left before', async () => {
    const { call, heard, over } = ask(models, '/ask');
    call.abort(new Error('left'));
    await over;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(heard.error?.message, 'left');
    assert.equal(models.asked.length, 0);
  });

  it('stop with the connections of all others', async () => {
    models.next('held');
    const { editor, heard, over } = ask(models, '/ask');
    const asked = await models.question(0);
    await editor.destroy();
    await over;
    assert.match(heard.error?.message ?? '', /stopped/);
    assert.equal(asked.cancelled, true);
  });

  it('count tokens where the editor does', async () => {
    models.tokens = 5;
    const counted = ask(models, '/count');
    await counted.over;
    assert.deepEqual([counted.heard.status, counted.heard.text], [200, '{"tokens":5}']);
    const never = ask({ list: () => models.list(), ask: () => assert.fail('asked') }, '/count');
    await never.over;
    assert.equal(never.heard.status, 501);
  });

  it('say when their list cannot be had', async () => {
    models.list = () => Promise.reject(new Error('not now'));
    const { heard, over } = ask(models, '/models');
    await over;
    assert.equal(heard.status, 502);
    assert.match(heard.text, /not now/);
  });

  it('are an error where the host breaks', async () => {
    models.ask = () => {
      throw new Error('broken');
    };
    const { heard, over } = ask(models, '/ask?stream');
    await over;
    assert.equal(heard.status, 502);
    assert.match(heard.text, /broken/);
  });

  it('refuse everything where there is no editor', async () => {
    for (const path of ['/models', '/ask']) {
      const { heard, over } = ask(undefined, path);
      await over;
      assert.equal(heard.status, 501);
      assert.match(heard.text, /inside the editor only/);
    }
  });
});
