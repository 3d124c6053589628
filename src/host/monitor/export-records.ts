import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { ExportFormat, MonitorCalls, MonitorQuery } from '../../shared/monitor';
import type { Controller } from '../controller/controller';
import { mention } from '../commands/command-context';

const FORMAT_NAMES: Record<ExportFormat, string> = { jsonl: 'JSON Lines', har: 'HTTP Archive' };

/**
 * Writes the records of a list to a file that the user names, piece by piece, with a notification that can cancel it.
 * @returns whether a file was written
 * @throws Error when the target cannot be written; what was there before is there still
 */
export async function exportRecords(
  { monitor }: Pick<Controller, 'monitor'>,
  query: MonitorQuery,
  format: ExportFormat,
): Promise<boolean> {
  const t = vscode.l10n.t;
  const file = await vscode.window.showSaveDialog({
    title: t('Export Records'),
    defaultUri: proposedFile(format),
    filters: { [FORMAT_NAMES[format]]: [format] },
    saveLabel: t('Export'),
  });
  if (!file) return false;
  const written = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Exporting records'), cancellable: true },
    async (progress, token) => {
      const cancel = new AbortController();
      const watching = token.onCancellationRequested(() => cancel.abort());
      let bytes = 0;
      const tell = (more: number): void => {
        bytes += more;
        progress.report({ message: `${(bytes / 1024 / 1024).toFixed(1)} MiB` });
      };
      try {
        await write(file, pieces(monitor, query, format, cancel.signal, tell), cancel.signal);
        return true;
      } catch (error) {
        if (cancel.signal.aborted) return false;
        throw error;
      } finally {
        watching.dispose();
      }
    },
  );
  if (written) mention(t('Exported the records'));
  return written;
}

/** `portside-2026-11-23.har`, in the workspace where it is on a disk, else in the home folder. */
function proposedFile(format: ExportFormat): vscode.Uri {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  const name = `portside-${day.map((part) => String(part).padStart(2, '0')).join('-')}.${format}`;
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return vscode.Uri.joinPath(folder?.uri ?? vscode.Uri.file(homedir()), name);
}

/** The export's pieces as bytes, each asked for when the one before it is written. */
async function* pieces(
  monitor: Controller['monitor'],
  query: MonitorQuery,
  format: ExportFormat,
  cancelled: AbortSignal,
  tell: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const frozen = await freeze(monitor, query);
  for (let at: number | undefined = 0; at !== undefined;) {
    cancelled.throwIfAborted();
    const piece = (await monitor({ type: 'exportPiece', query: frozen, format, at })) as Piece;
    const bytes = Buffer.from(piece.text);
    tell(bytes.length);
    yield bytes;
    at = piece.next;
  }
}
type Piece = MonitorCalls['exportPiece']['answer'];

/** The list as it is now: records that come while it is written do not shift its pieces. */
async function freeze(monitor: Controller['monitor'], query: MonitorQuery): Promise<MonitorQuery> {
  if (query.upTo !== undefined) return query;
  const { newest } = (await monitor({ type: 'query', query })) as MonitorCalls['query']['answer'];
  return { ...query, upTo: newest };
}

/** A file on a disk is streamed to, and takes its name when it is whole; other targets take all of it at once. */
async function write(target: vscode.Uri, source: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
  if (target.scheme !== 'file') {
    const all: Buffer[] = [];
    for await (const piece of source) all.push(piece);
    await vscode.workspace.fs.writeFile(target, Buffer.concat(all));
    return;
  }
  const part = `${target.fsPath}.part`;
  try {
    // What was captured may hold anything: nobody else need read it.
    await pipeline(Readable.from(source), createWriteStream(part, { mode: 0o600 }), { signal });
    await rename(part, target.fsPath);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
