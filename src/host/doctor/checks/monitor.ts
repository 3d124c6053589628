import * as vscode from 'vscode';
import type { MonitorInfo } from '../../../shared/monitor';
import type { Check, Finding } from '../check';
import { settingsFix } from '../fixes';

/** Whether records are kept, and where. */
export const checkMonitor: Check = {
  id: 'monitor',
  title: () => vscode.l10n.t('Monitor'),
  async run(context) {
    const t = vscode.l10n.t;
    const info = (await context.controller.monitor({ type: 'info' })) as MonitorInfo;
    const { enabled, capturing, storage, note, records, bytes } = info;
    const findings: Finding[] = [];
    if (!enabled)
      findings.push({
        severity: 'info',
        words: t('Requests are not recorded.'),
        fix: settingsFix(context, 'portside.monitor.enabled'),
      });
    else if (storage === 'disk')
      findings.push({
        severity: 'ok',
        words: t('Records on disk: {0} ({1} MiB).', records, Math.round(bytes / 104_857.6) / 10),
      });
    else
      findings.push({
        severity: 'warning',
        words: t('Records in memory alone: {0}. They are gone when the proxy stops.', records),
      });
    if (note !== undefined) findings.push({ severity: 'warning', words: note });
    if (capturing)
      findings.push({
        severity: 'info',
        words: t('Messages are kept with the records.'),
        fix: {
          title: t('Keep No Messages'),
          async do() {
            await context.controller.updateSetting('monitor.captureBodies', false);
            // A view may have switched it on, whatever the setting says.
            await context.controller.monitor({ type: 'setCapture', capture: false });
          },
        },
      });
    return findings;
  },
};
