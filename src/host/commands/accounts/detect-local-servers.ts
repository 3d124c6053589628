import * as vscode from 'vscode';
import { providerInfo } from '../../../shared/provider-list';
import type { CommandContext } from '../command-context';
import type { AccountView } from '../../controller/controller';
import { findLocalServers, type LocalServer } from '../../accounts/find-local-servers';

interface ServerRow extends vscode.QuickPickItem {
  server?: LocalServer;
}

/**
 * Looks for model servers on this machine and adds those that the user picks.
 * @returns the new accounts
 */
export async function detectLocalServers(
  { controller }: CommandContext,
  _?: unknown,
  find = findLocalServers,
): Promise<AccountView[]> {
  const t = vscode.l10n.t;
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Portside: looking for local servers') },
    () => find(controller.status().listening?.port),
  );
  const known = new Set(
    controller
      .accounts()
      .map(({ provider, baseUrl }) => place(baseUrl ?? providerInfo(provider).defaultBaseUrl)),
  );
  const isKnown = ({ baseUrl }: LocalServer) => known.has(place(baseUrl));
  const fresh = found.filter((server) => !isKnown(server));
  if (fresh.length === 0) {
    void vscode.window.showInformationMessage(
      found.length > 0
        ? t('All local servers that answer have an account already.')
        : t(
            'No local server answers. Looked for Ollama, LM Studio, llama.cpp, vLLM, Jan, LocalAI and KoboldCpp at their usual ports.',
          ),
    );
    return [];
  }
  const old = found.filter(isKnown);
  const rows: ServerRow[] = [
    ...fresh.map((server) => ({ ...row(server), picked: true, server })),
    ...(old.length > 0
      ? [{ label: t('Have an account already'), kind: vscode.QuickPickItemKind.Separator }]
      : []),
    ...old.map((server) => ({ ...row(server), label: `$(check) ${server.name}` })),
  ];
  const picked = await vscode.window.showQuickPick(rows, {
    title: t('Detect Local Servers'),
    placeHolder: t('Add as accounts'),
    canPickMany: true,
  });
  const added: AccountView[] = [];
  for (const { server } of picked ?? []) {
    if (server) added.push(await controller.addAccount(asAccount(server)));
  }
  return added;
}

/** The list of models is not kept: what the server has changes, and is asked of it. The first serves unknown names. */
const asAccount = ({ name, provider, baseUrl, models: [first] }: LocalServer) => ({
  provider,
  baseUrl,
  label: name,
  key: '',
  ...(first !== undefined && { defaultModel: first }),
});

const row = (server: LocalServer) => ({
  label: server.name,
  description: server.baseUrl,
  detail: describeModels(server),
});

/** `localhost` and `127.0.0.1` are one place. */
const place = (baseUrl: string | undefined): string =>
  (baseUrl ?? '').replace(/^(https?:\/\/)(?:localhost|\[::1\])(?=[:/]|$)/i, '$1127.0.0.1');

function describeModels({ models }: LocalServer): string {
  if (models.length === 0) return vscode.l10n.t('no models');
  const shown = models.slice(0, 3).join(', ');
  return models.length > 3 ? vscode.l10n.t('{0} and {1} more', shown, models.length - 3) : shown;
}
