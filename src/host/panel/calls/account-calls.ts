/** The panel's calls about accounts. The panel keeps no key: one whose test failed waits here. */
import type { NewAccount } from '../../../shared/messages';
import type { Controller } from '../../controller/controller';
import { type Answers, done, type PanelEditor } from './panel-editor';

type Names =
  | 'addAccount'
  | 'addAnyway'
  | 'forgetNewAccount'
  | 'setAccountEnabled'
  | 'testAccount'
  | 'editAccount'
  | 'moveAccount'
  | 'clearCooling'
  | 'listModels'
  | 'exportAccounts'
  | 'importAccounts'
  | 'removeAccount'
  | 'detectLocalServers';

/** Answers them; `forget` lets go of keys that wait for a second try. */
export function accountCalls(
  controller: Controller,
  editor: PanelEditor,
): { answers: Answers<Names>; forget(): void } {
  /** Waits for "Add Anyway", or for a second try with the same key. */
  let held: NewAccount | undefined;
  /** The new key of an account whose edit failed its test. */
  let heldEdit: { id: string; key: string } | undefined;
  const forget = () => {
    held = heldEdit = undefined;
  };
  /** What the form holds; without a key the one of the last failed try for the same provider. */
  const withHeldKey = (account: NewAccount): NewAccount =>
    account.key === '' && held?.provider === account.provider ? { ...account, key: held.key } : account;

  const answers: Answers<Names> = {
    addAccount: async ({ account: asked }) => {
      const account = withHeldKey(asked);
      held = account;
      if (account.provider === 'vscode') await editor.allowEditorModels();
      const test = await controller.testAccount(account);
      if (!test.ok) return test;
      await controller.addAccount(account);
      forget();
      return test;
    },
    addAnyway: async () => {
      if (!held) throw new Error(editor.t('Nothing waits to be added. Fill in the key again.'));
      await controller.addAccount(held);
      forget();
      return null;
    },
    forgetNewAccount: () => {
      forget();
      return done();
    },
    setAccountEnabled: ({ id, enabled }) => done(controller.setAccountEnabled(id, enabled)),
    testAccount: ({ id }) => controller.testAccount(id),
    editAccount: async ({ id, fields, key: typed, anyway }) => {
      const key = typed || (heldEdit?.id === id ? heldEdit.key : '');
      heldEdit = key ? { id, key } : undefined;
      const test = await controller.editAccount(id, {
        fields,
        ...(key && { key }),
        ...(anyway !== undefined && { anyway }),
      });
      if (test.ok || anyway) forget();
      return test;
    },
    moveAccount: ({ id, to }) => done(controller.moveAccount(id, to)),
    clearCooling: ({ id, model }) => done(controller.clearCooling(id, model)),
    listModels: (ask) => controller.testAccount('id' in ask ? ask.id : withHeldKey(ask.account)),
    // These ask by themselves.
    exportAccounts: () => done(editor.exportAccounts()),
    importAccounts: () => done(editor.importAccounts()),
    removeAccount: ({ id }) => done(editor.removeAccount(id)),
    detectLocalServers: () => done(editor.detectLocalServers()),
  };
  return { answers, forget };
}
