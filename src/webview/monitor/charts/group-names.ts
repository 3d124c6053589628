import { t } from '@vscode/l10n';
import type { Grouping } from '../../../shared/monitor';
import { DIALECT_LABELS } from '../../parts/dialect-labels';
import { protocolName } from '../protocol-name';

/** What one can group by, for a person. */
export function groupingLabel(by: Grouping): string {
  switch (by) {
    case 'account':
      return t('Account');
    case 'model':
      return t('Model');
    case 'client':
      return t('Client');
    case 'protocol':
      return t('Protocol');
    case 'clientKey':
      return t('Client key');
  }
}

/** A group's name for a person: protocols have one of their own, and '' is what has none. */
export function groupLabel(name: string, by: Grouping): string {
  if (name === '') return namelessLabel(by);
  return by === 'protocol' ? ((DIALECT_LABELS as Record<string, string>)[name] ?? protocolName(name)) : name;
}

function namelessLabel(by: Grouping): string {
  switch (by) {
    case 'account':
      return t('No account');
    case 'model':
      return t('No model');
    case 'client':
      return t('Unknown client');
    case 'protocol':
      return t('No protocol');
    case 'clientKey':
      return t('No client key');
  }
}
