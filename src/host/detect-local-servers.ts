import * as vscode from 'vscode';
import { providerInfo } from '../shared/provider-list';
import type { CommandContext } from './command-context';
import type { AccountView } from './controller';
import { findLocalServers, type LocalServer } from './find-local-servers';

/**
 * Looks for model servers on this machine and adds those that the user picks.
 * @returns the new accounts
 */
export async function detectLocalServers({ controller }: CommandContext): Promise<AccountView[]> {
  const t = vscode.l10n.t;
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Portside: looking for local servers') },
    () => findLocalServers(controller.status().listening?.port),
  );
  const known = new Set(
    controller.accounts().map(({ provider, baseUrl }) => baseUrl ?? providerInfo(provider).defaultBaseUrl),
  );
  const fresh = found.filter(({ baseUrl }) => !known.has(baseUrl));
  if (fresh.length === 0) {
    void vscode.window.showInformationMessage(
      found.length > 0
        ? t('All local servers that answer have an account already.')
        : t(
            'No local server answers. Looked for Ollama, LM Studio, llama.cpp and vLLM at their usual ports.',
          ),
    );
    return [];
  }
  const picked = await vscode.window.showQuickPick(
    fresh.map((server) => ({
      label: server.name,
      description: server.baseUrl,
      detail: describeModels(server),
      picked: true,
      server,
    })),
    { title: t('Detect Local Servers'), placeHolder: t('Add as accounts'), canPickMany: true },
  );
  const added: AccountView[] = [];
  for (const { server } of picked ?? []) added.push(await controller.addAccount(asAccount(server)));
  return added;
}

const asAccount = ({ name, provider, baseUrl, models }: LocalServer) => ({
  provider,
  baseUrl,
  models,
  label: name,
  key: '',
});

function describeModels({ models }: LocalServer): string {
  if (models.length === 0) return vscode.l10n.t('no models');
  const shown = models.slice(0, 3).join(', ');
  return models.length > 3 ? vscode.l10n.t('{0} and {1} more', shown, models.length - 3) : shown;
}
