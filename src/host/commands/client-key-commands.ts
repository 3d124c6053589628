import * as vscode from 'vscode';
import type { ClientKeySettings } from '../../shared/settings';
import type { CommandContext } from './command-context';

/**
 * Makes a key for one client (SPEC 2.10), shows it this once and copies it.
 * @param preset name and limits that are already known: nothing is asked
 * @returns the client's name, or undefined when the user turned back
 * @throws ClientKeyError when the name is taken or a field is wrong
 */
export async function addClientKey(
  { controller, log }: CommandContext,
  preset?: unknown,
): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const client = isClient(preset) ? preset : await askClient(controller.clientKeys().map(({ name }) => name));
  if (!client) return undefined;
  const { key } = await controller.addClientKey(client);
  await vscode.env.clipboard.writeText(key);
  // Not awaited: whoever called goes on.
  vscode.window
    .showInformationMessage(t('The key of "{0}" is copied. It is not shown again.', client.name), {
      modal: true,
      detail: key,
    })
    .then(undefined, (problem: unknown) => log.error(`The client key cannot be shown: ${String(problem)}`));
  return client.name;
}

/**
 * Forgets the key of a client after asking.
 * @param name the client; picked from a list when absent
 * @returns whether it was removed
 */
export async function removeClientKey({ controller }: CommandContext, name?: unknown): Promise<boolean> {
  const t = vscode.l10n.t;
  const all = controller.clientKeys();
  const picked = typeof name === 'string' ? all.find((each) => each.name === name)?.name : await pick(all);
  if (picked === undefined) return false;
  const yes = t('Remove');
  const answer = await vscode.window.showWarningMessage(
    t('Remove the key of "{0}"?', picked),
    { modal: true, detail: t('The client that has it is refused from now on.') },
    yes,
  );
  if (answer !== yes) return false;
  await controller.removeClientKey(picked);
  return true;
}

function isClient(value: unknown): value is ClientKeySettings {
  return typeof (value as Partial<ClientKeySettings> | undefined)?.name === 'string';
}

async function pick(all: { name: string; expired: boolean }[]): Promise<string | undefined> {
  const t = vscode.l10n.t;
  if (all.length === 0) {
    void vscode.window.showInformationMessage(t('There are no client keys.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    all.map(({ name, expired }) => ({ label: name, ...(expired && { description: t('expired') }) })),
    { title: t('Remove Client Key') },
  );
  return picked?.label;
}

/** Name, end, models and limit, one after the other; all but the name may stay empty. */
async function askClient(taken: string[]): Promise<ClientKeySettings | undefined> {
  const t = vscode.l10n.t;
  const { clientKeySchema } = await import('../../shared/settings');
  const { name: nameSchema, expires: expiresSchema } = clientKeySchema.shape;
  const ask = async (step: number, prompt: string, problem: (text: string) => string | undefined) => {
    const text = await vscode.window.showInputBox({
      title: t('Add Client Key ({0} of 4)', step),
      prompt,
      ignoreFocusOut: true,
      validateInput: (typed) => problem(typed.trim()),
    });
    return text?.trim();
  };
  const name = await ask(1, t('Name of the client'), (text) =>
    taken.includes(text)
      ? t('There is a client key "{0}" already.', text)
      : nameSchema.safeParse(text).error?.issues[0]?.message,
  );
  if (name === undefined) return undefined;
  const expires = await ask(2, t('Day from which it is refused, such as 2030-12-31; empty: none'), (text) =>
    text === '' || expiresSchema.safeParse(text).success ? undefined : t('This is no date.'),
  );
  if (expires === undefined) return undefined;
  const models = await ask(
    3,
    t('Models it may ask for, between commas, with * for any part; empty: all'),
    () => undefined,
  );
  if (models === undefined) return undefined;
  const limit = await ask(4, t('Most requests per minute; empty: no limit'), (text) =>
    /^([1-9]\d{0,5})?$/.test(text) ? undefined : t('This must be a whole number.'),
  );
  if (limit === undefined) return undefined;
  const list = models.split(/[\s,]+/).filter((model) => model !== '');
  return {
    name,
    ...(expires && { expires }),
    ...(list.length > 0 && { models: list }),
    ...(limit && { requestsPerMinute: Number(limit) }),
  };
}
