import * as vscode from 'vscode';
import { checkAccountKey, LONGEST_ACCOUNT_KEY } from '../../../shared/account-key';
import type { ProviderInfo } from '../../../shared/provider-list';

/**
 * Asks for an upstream key without showing it. For Vertex AI the file of a service account can be picked instead.
 * @returns the key as it is kept, '' where none is needed, or undefined when the user turned back
 */
export function askKey(info: ProviderInfo): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const input = vscode.window.createInputBox();
  input.title = info.label;
  input.password = true;
  input.ignoreFocusOut = true;
  input.prompt =
    info.key === 'required'
      ? t('API key; it is kept in the secret storage of the editor')
      : info.name === 'vertex'
        ? t('JSON of a service account; leave it empty to use the credentials of this machine')
        : t('API key; leave it empty when the server needs none');
  if (info.keyPlaceholder) input.placeholder = info.keyPlaceholder;
  const { keyPage } = info;
  const openPage: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: t('Get a Key'),
  };
  const openFile: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('folder-opened'),
    tooltip: t('Pick a File'),
  };
  input.buttons = [...(keyPage ? [openPage] : []), ...(info.name === 'vertex' ? [openFile] : [])];
  /** The dialog may take the place of the input, which is no turning back. */
  let picking = false;
  return new Promise((resolve) => {
    const take = (typed: string) => {
      const checked = checkAccountKey(info.name, typed);
      if (!checked.ok) {
        input.validationMessage = checked.problem;
        return;
      }
      if (info.key === 'required' && !checked.key) {
        input.validationMessage = t('{0} needs an API key.', info.label);
        return;
      }
      resolve(checked.key);
      input.dispose();
    };
    input.onDidTriggerButton((button) => {
      if (button === openPage && keyPage) void vscode.env.openExternal(vscode.Uri.parse(keyPage));
      if (button !== openFile) return;
      picking = true;
      readKeyFile()
        .then(
          (text) => {
            input.show();
            if (text !== undefined) take(text);
          },
          (error: unknown) => {
            input.show();
            input.validationMessage = String(error);
          },
        )
        .finally(() => (picking = false))
        .catch(() => undefined);
    });
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidAccept(() => take(input.value));
    input.onDidHide(() => {
      if (picking) return;
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

/** The text of a file that the user picks; a long one is cut, and no key then. */
async function readKeyFile(): Promise<string | undefined> {
  const files = await vscode.window.showOpenDialog({ filters: { JSON: ['json'] } });
  const file = files?.[0];
  if (!file) return undefined;
  const bytes = await vscode.workspace.fs.readFile(file);
  return Buffer.from(bytes.subarray(0, LONGEST_ACCOUNT_KEY * 2)).toString('utf8');
}
