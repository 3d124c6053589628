import * as vscode from 'vscode';
import { baseUrls, environmentBlock, SHELLS } from '../../shared/quick-start';
import { type CommandContext, mention } from './command-context';

const URL_KINDS = ['openai', 'anthropic', 'gemini'] as const;
const LABELS = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  gemini: 'Gemini',
  bash: 'bash',
  fish: 'fish',
  powershell: 'PowerShell',
};
export type CopyKind = keyof typeof LABELS;

/**
 * Copies a base URL, or a block that sets all of them and the key in a shell (SPEC 7.3).
 * @param kind what to copy; asked for when absent
 * @returns what was copied: its kind, not its text, which may hold the key; undefined when nothing was
 */
export async function copyBaseUrl(
  { controller }: CommandContext,
  kind?: unknown,
): Promise<CopyKind | undefined> {
  const picked = isKind(kind) ? kind : await pick(controller.baseUrl());
  if (!picked) return undefined;
  const url = controller.baseUrl();
  const text =
    picked === 'openai' || picked === 'anthropic' || picked === 'gemini'
      ? baseUrls(url)[picked]
      : environmentBlock(picked, { url, key: await controller.apiKey() });
  await vscode.env.clipboard.writeText(text);
  mention(vscode.l10n.t('Copied for {0}', LABELS[picked]));
  return picked;
}

const isKind = (value: unknown): value is CopyKind =>
  typeof value === 'string' && Object.hasOwn(LABELS, value);

interface KindItem extends vscode.QuickPickItem {
  value?: CopyKind;
}

async function pick(url: string): Promise<CopyKind | undefined> {
  const t = vscode.l10n.t;
  const urls = baseUrls(url);
  const items: KindItem[] = [
    ...URL_KINDS.map((value) => ({ value, label: LABELS[value], description: urls[value] })),
    { label: t('Environment'), kind: vscode.QuickPickItemKind.Separator },
    ...SHELLS.map((value) => ({
      value,
      label: LABELS[value],
      description: t('variables for all three, with the API key'),
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Copy Base URL'),
    placeHolder: t('For which client?'),
  });
  return picked?.value;
}
