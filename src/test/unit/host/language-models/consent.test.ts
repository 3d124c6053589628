import { testController, type TestController } from '../test-controller';
import { editor } from '../vscode-stub';
import assert from 'node:assert/strict';
import { addAccount } from '../../../../host/commands/accounts/add-account';
import { allowEditorModels } from '../../../../host/commands/accounts/allow-editor-models';
import { EditorModelConsent } from '../../../../host/language-models/consent';
import { editorLanguageModels } from '../../../../host/language-models/language-models';
import type { LmPart } from '../../../../shared/language-models';
import { editorModels } from '../stub-models';

const model = (vendor: string, id: string) => ({ vendor, id, name: id, family: id });
const denied = () => Object.assign(new Error('The user said no.'), { code: 'NoPermissions' });

describe('the consent to use the editor’s own models', () => {
  let it_: TestController;
  let consent: EditorModelConsent;

  beforeEach(async () => {
    it_ = await testController();
    const kept = new Map<string, unknown>();
    const memory = {
      get: <T>(key: string) => kept.get(key) as T | undefined,
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    };
    consent = new EditorModelConsent(memory, (error) => assert.fail(String(error)));
    it_.context.consent = consent;
    Object.assign(editorModels, {
      models: [model('copilot', 'gpt-5'), model('parrots', 'parrot'), model('portside', 'pooled')],
      ask: () => undefined,
      asked: [],
    });
  });
  afterEach(() => it_.controller.dispose());

  const models = () => editorLanguageModels(consent)!;
  const ask = (name: string) =>
    new Promise<LmPart>((resolve) => {
      models().ask({ model: name, messages: [] }, (part) => {
        if (part.type === 'end' || part.type === 'error') resolve(part);
      });
    });

  it('is not there at first: no model is listed, and none is asked', async () => {
    assert.deepEqual(await models().list(), []);
    const end = await ask('gpt-5');
    assert.ok(end.type === 'error' && end.error.kind === 'not-found');
    assert.match(end.error.message, /Allow Editor Models/);
    assert.deepEqual(editorModels.asked, []);
  });

  it('is asked for by the command alone, of each vendor that was picked', async () => {
    let changes = 0;
    consent.onDidChange(() => (changes += 1));
    editor.pick.push('all');
    assert.deepEqual(await allowEditorModels(it_.context), ['copilot', 'parrots']);
    assert.deepEqual(
      editor.asked[0]?.rows.map(({ label }) => label),
      ['copilot', 'parrots'],
    );
    assert.deepEqual(editorModels.asked, ['copilot', 'parrots']);
    assert.equal(changes, 1);
    assert.deepEqual(
      (await models().list()).map(({ id }) => id),
      ['gpt-5', 'parrot'],
    );
    assert.equal((await ask('parrot')).type, 'end');
  });

  it('is not there when the user turns back, or says no to the editor', async () => {
    assert.equal(await allowEditorModels(it_.context), undefined);
    assert.deepEqual(editorModels.asked, []);
    editorModels.ask = (vendor) => {
      if (vendor === 'copilot') throw denied();
    };
    assert.deepEqual(await allowEditorModels(it_.context, ['copilot', 'parrots']), ['parrots']);
    assert.deepEqual(consent.vendors(), ['parrots']);
  });

  it('is there when what came after it went wrong', async () => {
    editorModels.ask = () => {
      throw new Error('429 Too Many Requests');
    };
    assert.deepEqual(await allowEditorModels(it_.context, ['copilot']), ['copilot']);
  });

  it('is over when the editor refuses: it is not made to ask once more', async () => {
    await consent.allow(['copilot', 'parrots']);
    editorModels.ask = () => {
      throw denied();
    };
    const end = await ask('gpt-5');
    assert.ok(end.type === 'error' && end.error.kind === 'permission');
    assert.deepEqual(consent.vendors(), ['parrots']);
    editorModels.asked = [];
    await ask('gpt-5');
    assert.deepEqual(editorModels.asked, []);
  });

  it('is asked for when a person adds an account for them', async () => {
    editor.pick.push('Editor models', 'all');
    await addAccount(it_.context);
    assert.deepEqual(consent.vendors(), ['copilot', 'parrots']);
  });

  it('cannot be asked for where there are no models', async () => {
    editorModels.models = [model('portside', 'pooled')];
    assert.equal(await allowEditorModels(it_.context), undefined);
    assert.match(editor.shown[0]?.message ?? '', /no language models/);
  });
});
