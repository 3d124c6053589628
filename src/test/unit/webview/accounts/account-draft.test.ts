import assert from 'node:assert/strict';
import type { EditableAccount } from '../../../../shared/messages';
import { draftOf, draftProblems, EMPTY_DRAFT, fieldsOf } from '../../../../webview/accounts/account-draft';

const account: EditableAccount = {
  id: 'a1',
  provider: 'vertex',
  label: 'Cloud',
  enabled: true,
  priority: 0,
  weight: 1,
  hasKey: true,
};

describe('the account form', () => {
  it('gives back what it was filled with', () => {
    const full = {
      label: 'Cloud',
      baseUrl: 'http://127.0.0.1:9/v1',
      dialect: 'gemini',
      models: ['a', 'b'],
      defaultModel: 'a',
      priority: -2,
      weight: 0.5,
      maxConcurrent: 3,
      project: 'p',
      region: 'global',
    } as const;
    assert.deepEqual(fieldsOf(draftOf({ ...account, ...full, models: [...full.models] })), full);
  });

  it('leaves out what is empty, so that the host clears it', () => {
    assert.deepEqual(fieldsOf(draftOf(account)), { label: 'Cloud' });
    assert.deepEqual(fieldsOf({ ...EMPTY_DRAFT, label: '  ', models: ' \n ' }), {});
  });

  it('leaves out what the provider does not take', () => {
    const draft = { ...EMPTY_DRAFT, project: 'p', region: 'r', baseUrl: 'http://127.0.0.1:9' };
    assert.deepEqual(fieldsOf({ ...draft, provider: 'bedrock' }), {
      baseUrl: 'http://127.0.0.1:9',
      region: 'r',
    });
    assert.deepEqual(fieldsOf({ ...draft, provider: 'demo' }), {});
  });

  it('needs a base URL where the provider has none', () => {
    assert.deepEqual(Object.keys(draftProblems({ ...EMPTY_DRAFT, provider: 'azure' })), ['baseUrl']);
    assert.deepEqual(draftProblems({ ...EMPTY_DRAFT, provider: 'gemini' }), {});
    assert.deepEqual(Object.keys(draftProblems({ ...EMPTY_DRAFT, provider: 'gemini', baseUrl: 'x' })), [
      'baseUrl',
    ]);
  });

  it('names each field that is wrong', () => {
    const wrong = {
      provider: 'vertex',
      region: 'EU',
      priority: 'high',
      weight: '0',
      maxConcurrent: '0.5',
    } as const;
    assert.deepEqual(Object.keys(draftProblems({ ...EMPTY_DRAFT, ...wrong })), [
      'region',
      'priority',
      'weight',
      'maxConcurrent',
    ]);
  });
});
