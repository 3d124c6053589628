import * as vscode from 'vscode';
import { PROVIDER_LIST, type ProviderInfo } from '../../../shared/provider-list';
import type { ProviderName } from '../../../shared/setting-names';
import { allowEditorModels } from './allow-editor-models';
import { askKey } from './ask-key';
import type { CommandContext } from '../command-context';
import type { AccountView, NewAccount } from '../../controller/controller';

/**
 * Adds an account: provider, base URL where it needs one, key, label; then the key is tried with one cheap call.
 * @param preset an account that is already known ({@link NewAccount}): nothing is asked and nothing is tried
 * @returns the new account, or undefined when the user turned back
 * @throws AccountError when a preset is not valid
 */
export async function addAccount(
  context: CommandContext,
  preset?: unknown,
): Promise<AccountView | undefined> {
  const { controller } = context;
  if (isNewAccount(preset)) return controller.addAccount(preset);
  const info = await pickProvider();
  if (!info) return undefined;
  const account = await ask(info);
  if (!account) return undefined;
  if (info.name === 'vscode') await allowEditorModels(context);
  for (;;) {
    const verdict = await tryAccount(context, account);
    if (verdict === 'save') return controller.addAccount(account);
    if (verdict === 'leave') return undefined;
    const key = await askKey(info);
    if (key === undefined) return undefined;
    account.key = key;
  }
}

function isNewAccount(value: unknown): value is NewAccount {
  const { provider, key } = (value ?? {}) as Partial<NewAccount>;
  return typeof provider === 'string' && typeof key === 'string';
}

async function pickProvider(): Promise<ProviderInfo | undefined> {
  const picked = await vscode.window.showQuickPick(
    PROVIDER_LIST.map((info) => ({ label: info.label, description: vscode.l10n.t(info.detail), info })),
    {
      title: vscode.l10n.t('Add Account'),
      placeHolder: vscode.l10n.t('Whose API does the account belong to?'),
      matchOnDescription: true,
    },
  );
  return picked?.info;
}

async function ask(info: ProviderInfo): Promise<NewAccount | undefined> {
  const account: NewAccount = { provider: info.name, key: '' };
  if (info.baseUrl === 'required') {
    const baseUrl = await askBaseUrl(info);
    if (baseUrl === undefined) return undefined;
    account.baseUrl = baseUrl;
  }
  if (info.key === 'none') return account;
  const key = await askKey(info);
  if (key === undefined) return undefined;
  account.key = key;
  for (const field of info.fields ?? []) {
    const text = await askField(info, field);
    if (text === undefined) return undefined;
    if (text) account[field] = text;
  }
  const label = await vscode.window.showInputBox({
    title: info.label,
    prompt: vscode.l10n.t('A name for this account'),
    value: info.label,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim().length > 80 ? vscode.l10n.t('At most 80 characters.') : undefined),
  });
  if (label === undefined) return undefined;
  if (label.trim()) account.label = label.trim();
  return account;
}

const EXAMPLES: Partial<Record<ProviderName, string>> = {
  'openai-compatible': 'http://127.0.0.1:8000/v1',
  'anthropic-compatible': 'http://127.0.0.1:8000',
  azure: 'https://my-resource.openai.azure.com',
};

function askBaseUrl(info: ProviderInfo): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: info.label,
    prompt: vscode.l10n.t('Base URL of the server'),
    placeHolder: EXAMPLES[info.name] ?? '',
    ignoreFocusOut: true,
    async validateInput(text) {
      const { baseUrlSchema } = await import('../../../shared/settings');
      return baseUrlSchema.safeParse(text).error?.issues[0]?.message;
    },
  });
}

/** Project or region; empty leaves it to the key, or to the provider's default. */
async function askField(info: ProviderInfo, field: 'project' | 'region'): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const text = await vscode.window.showInputBox({
    title: info.label,
    prompt:
      field === 'project'
        ? t('Project; leave it empty to take the one of the key')
        : t('Region; leave it empty for the default'),
    ignoreFocusOut: true,
    async validateInput(typed) {
      const { accountSchema } = await import('../../../shared/settings');
      return typed.trim() === ''
        ? undefined
        : accountSchema.shape[field].safeParse(typed).error?.issues[0]?.message;
    },
  });
  return text?.trim();
}

async function tryAccount(context: CommandContext, account: NewAccount): Promise<'save' | 'again' | 'leave'> {
  const t = vscode.l10n.t;
  const test = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Portside: testing the account') },
    () => context.controller.testAccount(account),
  );
  if (test.ok) return 'save';
  const again = t('Try Again');
  const anyway = t('Save Anyway');
  const answer = await vscode.window.showWarningMessage(
    t('The test of the account failed.'),
    { modal: true, detail: test.message },
    again,
    anyway,
  );
  if (answer === again) return 'again';
  return answer === anyway ? 'save' : 'leave';
}
