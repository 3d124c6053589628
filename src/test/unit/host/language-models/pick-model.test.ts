import assert from 'node:assert/strict';
import { pickModel } from '../../../../host/language-models/pick-model';
import { lmModel } from '../../../support/scripted-models';

describe('the editor’s model that a name means', () => {
  const models = [
    lmModel('claude-sonnet-4.5', { vendor: 'copilot', name: 'Claude Sonnet 4.5', family: 'claude-sonnet' }),
    lmModel('gpt-5', { vendor: 'copilot' }),
    lmModel('gpt-5', { vendor: 'other', name: 'GPT-5 elsewhere', family: 'gpt' }),
    lmModel('opaque-id', { name: 'Nice Name', family: 'nice' }),
  ];
  const picked = (name: string) => {
    const found = pickModel(models, name);
    return found && `${found.vendor}/${found.id}`;
  };

  for (const [name, expected] of [
    ['gpt-5', 'copilot/gpt-5'],
    ['other/gpt-5', 'other/gpt-5'],
    ['GPT-5', 'copilot/gpt-5'],
    ['claude-sonnet-4-5', 'copilot/claude-sonnet-4.5'],
    ['claude-sonnet-4-5-20250929', 'copilot/claude-sonnet-4.5'],
    ['Claude Sonnet 4.5', 'copilot/claude-sonnet-4.5'],
    ['claude-sonnet', 'copilot/claude-sonnet-4.5'],
    ['nice', 'maker/opaque-id'],
    ['nice name', 'maker/opaque-id'],
    ['gpt', 'other/gpt-5'],
  ] as const)
    it(`${name} → ${expected}`, () => {
      assert.equal(picked(name), expected);
    });

  it('is none where nothing is called so', () => {
    for (const name of ['gpt-4', 'nobody/gpt-5', '', '-20250929']) assert.equal(picked(name), undefined);
  });
});
