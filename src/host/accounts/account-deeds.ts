/** What the controller does with accounts: each deed checks, keeps, and lets the proxy hear of it. */
import type { Redactor } from '../../shared/redact';
import type { Account } from '../../shared/settings';
import type { AccountTest } from '../../shared/status';
import { type Accounts, checkAccount } from './accounts';
import type { Controller } from '../controller/controller';
import type { Secrets } from '../secrets';
import type { SettingsSource } from '../settings';
import type { WindowCore } from '../windows/window-core';
import { translateVerdict } from './translate-verdict';

interface Parts {
  accounts: Accounts;
  secrets: Secrets;
  settings: SettingsSource;
  core: WindowCore;
  redactor: Redactor;
  /** Sees to it that the core is loaded and knows the settings of the moment. */
  prepare(): Promise<void>;
  /** The user changed something: the core must hear of it. Resolves when it acts. */
  changed(): Promise<void>;
}

type AccountDeeds = Pick<
  Controller,
  | 'accounts'
  | 'addAccount'
  | 'editAccount'
  | 'moveAccount'
  | 'setAccountEnabled'
  | 'removeAccount'
  | 'testAccount'
  | 'clearCooling'
  | 'exportAccounts'
  | 'readAccounts'
  | 'importAccounts'
>;

/** The accounts' part of the controller. */
export function accountDeeds(parts: Parts): AccountDeeds {
  const { accounts, settings, core, redactor, prepare, changed } = parts;

  /** Never rejects; the answer holds no key. */
  async function test(find: () => Promise<Account>): Promise<AccountTest> {
    try {
      const account = await find();
      // Settings that are not valid keep nobody from trying a key.
      await prepare().catch(() => undefined);
      const result = await core.testAccount(account);
      return { ...result, message: redactor.redact(translateVerdict(result.message)) };
    } catch (error) {
      return { ok: false, message: redactor.redact(error instanceof Error ? error.message : String(error)) };
    }
  }

  return {
    accounts: () => accounts.views(),
    async addAccount(account) {
      const view = await accounts.add(account);
      await changed();
      return view;
    },
    async editAccount(id, { fields, key, anyway }) {
      if (key) redactor.add(key.trim());
      const { account, retest } = await accounts.edited(id, fields, key);
      const verdict = retest
        ? await test(() => Promise.resolve(account))
        : { ok: true, message: 'The account is saved.' };
      if (!verdict.ok && !anyway) return verdict;
      await accounts.replace(account);
      await changed();
      return verdict;
    },
    async moveAccount(id, to) {
      await accounts.move(id, to);
      await changed();
    },
    async setAccountEnabled(id, enabled) {
      await accounts.setEnabled(id, enabled);
      await changed();
    },
    async removeAccount(id) {
      await accounts.remove(id);
      if (settings.read().preferredAccount === id) await settings.write('preferredAccount', '');
      await changed();
    },
    testAccount(account) {
      if (typeof account === 'string') return test(() => accounts.withKey(account));
      redactor.add(account.key.trim());
      return test(() => checkAccount(account, 'new-account'));
    },
    async clearCooling(id, model) {
      // Nothing rests in a core that is not loaded.
      if (core.loaded) await core.clearCooling(id, model);
    },
    async exportAccounts(passphrase) {
      const { writeAccountFile } = await import('./account-file');
      return writeAccountFile(await accounts.withKeys(), passphrase);
    },
    async readAccounts(text) {
      const { readAccountFile } = await import('./account-file');
      const file = readAccountFile(text);
      const here = new Set(accounts.list().map(({ id }) => id));
      return { file, known: file.accounts.map(({ id }) => id).filter((id) => here.has(id)) };
    },
    async importAccounts(file, plan) {
      const { mergeAccounts } = await import('./merge-accounts');
      const result = await mergeAccounts(accounts, file, plan);
      await changed();
      return result;
    },
  };
}
