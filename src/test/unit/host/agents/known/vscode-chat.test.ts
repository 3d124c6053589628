import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editJson, readJson, valueAt } from '../../../../../host/agents/edit/edit-json';
import { takeBack } from '../../../../../host/agents/edit/take-back';
import { vscodeChat } from '../../../../../host/agents/known/vscode-chat';
import {
  anyJson,
  anything,
  connected,
  CONNECTION,
  itComesBack,
  itLeavesOthers,
  itRefuses,
  MOVED,
  place,
} from '../../../../support/agent-contract';

const AT = place({ editorFolder: '/home/me/.config/Code/User' });
const said = (text: string | undefined) => readJson({ path: '', ...(text !== undefined && { text }) });
const OWN = `[
	// mine
	{
		"name": "Azure",
		"vendor": "azure",
		"apiKey": "\${input:chat.lm.secret.1}"
	},
]
`;

describe('the chat of the editor', () => {
  itComesBack(vscodeChat, {
    'no file': [],
    'the file that the editor makes': ['[]'],
    'groups and comments': [OWN],
    CRLF: [OWN.replaceAll('\n', '\r\n')],
    'a group in one line': ['\uFEFF[{"vendor":"x","name":"Portside"}]'],
  });

  itRefuses(vscodeChat, [' {}'], 1, 2);
  itRefuses(vscodeChat, ['[\n  { "name" }\n]'], 2, 12);

  itLeavesOthers(vscodeChat, anyJson(fc.array(anything, { maxLength: 3 })), readJson, (value) =>
    ((value ?? []) as object[]).filter((group) => valueAt(group, ['vendor']) !== 'customendpoint'),
  );

  it('adds a group whose key the editor sends', () => {
    const [text] = connected(vscodeChat, [OWN], CONNECTION, AT);
    const group = valueAt(said(text), [1]) as Record<string, unknown>;
    assert.deepEqual(
      [group['name'], group['vendor'], group['apiKey']],
      ['Portside', 'customendpoint', undefined],
    );
    assert.deepEqual(valueAt(group, ['models', 0]), {
      id: 'gpt-5',
      name: 'gpt-5',
      toolCalling: true,
      vision: true,
      maxInputTokens: 111_616,
      maxOutputTokens: 16_384,
      url: 'http://127.0.0.1:8045/v1/chat/completions',
      requestHeaders: { 'x-api-key': CONNECTION.key },
    });
  });

  it('keeps what somebody changed of a model, and has those of the pool', () => {
    const [first] = connected(vscodeChat, [], CONNECTION, AT);
    const edited = first?.replace('"vision": true', '"vision": false,\n        "thinking": true');
    const [text] = connected(vscodeChat, [edited], MOVED, AT);
    const models = valueAt(said(text), [0, 'models']) as Record<string, unknown>[];
    assert.deepEqual(
      models.map(({ id }) => id),
      ['gpt-5', 'claude-opus', 'new'],
    );
    const [model] = models;
    assert.deepEqual([model?.['vision'], model?.['thinking']], [false, true]);
    assert.equal(model?.['url'], 'http://127.0.0.1:9000/v1/chat/completions');
    assert.deepEqual(model['requestHeaders'], { 'x-api-key': MOVED.key });
  });

  it('has no file where the editor is on another machine', () => {
    assert.deepEqual(vscodeChat.files(place()), []);
    assert.deepEqual(vscodeChat.connect([], CONNECTION), []);
    assert.equal(vscodeChat.isConnected([], CONNECTION), false);
  });

  it('is found by the file that the editor makes', () => {
    assert.deepEqual(vscodeChat.traces(AT), ['/home/me/.config/Code/User/chatLanguageModels.json']);
    const windows = place({ platform: 'win32', editorFolder: 'C:\\Users\\me\\AppData\\Roaming\\Code\\User' });
    assert.deepEqual(vscodeChat.files(windows), [
      'C:\\Users\\me\\AppData\\Roaming\\Code\\User\\chatLanguageModels.json',
    ]);
  });
  it('goes with what was changed of its models', () => {
    const path = vscodeChat.files(AT)[0] ?? '';
    const written = connected(vscodeChat, [OWN], CONNECTION, AT)[0] ?? '';
    const text = written.replace('"vision": true', '"vision": false');
    assert.equal(takeBack({ read: readJson, edit: editJson }, OWN, written, { path, text }, vscodeChat), OWN);
  });
});
