/** Shows what would be written to files, in the editor's own diff view, and asks. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { FileChange } from '../../agents/file-change';

const SCHEME = 'portside-agent';

/**
 * Shows the changes beside the files as they are, and asks whether to write them. The documents that are shown are let
 * go as soon as there is an answer: there may be a key in them.
 * @param title of the diff view
 * @param question what is asked
 * @param yes the answer that writes
 */
export async function reviewChanges(
  changes: readonly FileChange[],
  { title, question, yes }: { title: string; question: string; yes: string },
): Promise<boolean> {
  const t = vscode.l10n.t;
  const round = Date.now().toString(36);
  const texts = new Map<string, string>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ query }) => texts.get(query) ?? '',
  });
  const page = (path: string, side: string, bytes: Buffer | undefined): vscode.Uri => {
    const query = `${side}-${round}`;
    // The text of a byte order mark is none: an editor shows both sides without.
    texts.set(`${query}-${path}`, bytes?.toString().replace(/^\uFEFF/, '') ?? '');
    return vscode.Uri.file(path).with({ scheme: SCHEME, query: `${query}-${path}` });
  };
  try {
    const sides = changes.map(({ before: { path, target, bytes }, after }) => ({
      file: vscode.Uri.file(path),
      left: bytes ? vscode.Uri.file(target) : page(path, 'before', undefined),
      right: page(path, 'after', after),
    }));
    const [first] = sides;
    if (sides.length === 1 && first)
      await vscode.commands.executeCommand(
        'vscode.diff',
        first.left,
        first.right,
        `${basename(first.file.fsPath)} (${title})`,
        { preview: true },
      );
    else
      await vscode.commands.executeCommand(
        'vscode.changes',
        title,
        sides.map(({ file, left, right }) => [file, left, right]),
      );
    const picked = await vscode.window.showQuickPick(
      [
        { label: yes, description: changes.map(({ before }) => before.path).join(', ') },
        { label: t('Cancel'), description: t('No file is changed.') },
      ],
      // Without a title of its own, which the tab has: it would cover the first lines of what is shown.
      { placeHolder: question, ignoreFocusOut: true },
    );
    return picked?.label === yes;
  } finally {
    await closeOurs();
    provider.dispose();
  }
}

/** Closes the tabs that show a document of ours. */
async function closeOurs(): Promise<void> {
  const isOurs = ({ input }: vscode.Tab): boolean =>
    input instanceof vscode.TabInputTextDiff
      ? input.modified.scheme === SCHEME
      : isMultiDiff(input) && input.textDiffs.some(({ modified }) => modified.scheme === SCHEME);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.filter(isOurs));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

/** `TabInputTextMultiDiff` has no declaration yet in the oldest editor that is supported. */
const isMultiDiff = (input: unknown): input is { textDiffs: { modified: vscode.Uri }[] } =>
  typeof input === 'object' && input !== null && Array.isArray((input as { textDiffs?: unknown }).textDiffs);
