import { randomBytes } from 'node:crypto';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Check, Finding } from '../check';

const LEAST_FREE = 100 * 1024 * 1024;

/** Whether the extension's own folder can be written, and has room. */
export const checkStorage: Check = {
  id: 'storage',
  title: () => vscode.l10n.t('Storage'),
  async run({ machine: { storage } }) {
    const t = vscode.l10n.t;
    const file = join(storage, `doctor-${randomBytes(4).toString('hex')}.tmp`);
    try {
      await mkdir(storage, { recursive: true });
      await writeFile(file, 'x');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return [
        {
          severity: 'error',
          words: t(
            '{0} cannot be written ({1}): the monitor and backups are not kept.',
            storage,
            code ?? message,
          ),
        },
      ];
    } finally {
      await rm(file, { force: true }).catch(() => undefined);
    }
    const findings: Finding[] = [{ severity: 'ok', words: t('{0} can be written.', storage) }];
    const { bavail, bsize } = await statfs(storage);
    const free = bavail * bsize;
    if (free < LEAST_FREE)
      findings.push({
        severity: 'warning',
        words: t('Only {0} MiB are free there.', Math.floor(free / 1_048_576)),
      });
    return findings;
  },
};
