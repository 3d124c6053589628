import { t } from '@vscode/l10n';
import { OUTCOMES, type Facet, type Facets, type MonitorFilter } from '../../../shared/monitor';
import { DIALECT_LABELS } from '../../parts/dialect-labels';
import { describeOutcome, describeStatus } from '../detail/describe-exchange';

/** The parts of a filter that are lists of names. */
export type ListKey =
  'outcomes' | 'statuses' | 'protocols' | 'clients' | 'clientKeys' | 'models' | 'accounts';

export interface FilterKind {
  key: ListKey;
  label: string;
  names(facets: Facets): Facet[];
  /** How a name is shown. */
  say(name: string): string;
}

const asIs = (name: string): string => name;
const dialects: Record<string, string> = DIALECT_LABELS;

/** The filters' menus in their order; outcome and status share one. */
export function filterKinds(): FilterKind[] {
  return [
    {
      key: 'outcomes',
      label: t('Outcome'),
      // Counted by nobody: there are four, always.
      names: () => OUTCOMES.map((name) => ({ name, count: -1 })),
      say: (name) => describeOutcome(OUTCOMES.find((one) => one === name) ?? 'completed'),
    },
    {
      key: 'statuses',
      label: t('Status'),
      names: ({ statuses }) => withClasses(statuses),
      say: (name) => (name.endsWith('xx') ? t('All {0}', name) : describeStatus(Number(name))),
    },
    { key: 'models', label: t('Model'), names: ({ models }) => models, say: asIs },
    { key: 'accounts', label: t('Account'), names: ({ accounts }) => accounts, say: asIs },
    { key: 'clients', label: t('Client'), names: ({ clients }) => clients, say: asIs },
    {
      key: 'protocols',
      label: t('Protocol'),
      names: ({ protocols }) => protocols,
      say: (name) => dialects[name] ?? name,
    },
    { key: 'clientKeys', label: t('Client key'), names: ({ clientKeys }) => clientKeys, say: asIs },
  ];
}

/** Statuses by number, before each class of several the class itself. */
function withClasses(statuses: Facet[]): Facet[] {
  const sorted = [...statuses].sort((one, other) => Number(one.name) - Number(other.name));
  const classOf = ({ name }: Facet): string => `${name[0] ?? ''}xx`;
  const classes = [...new Set(sorted.map(classOf))];
  return classes.flatMap((name) => {
    const members = sorted.filter((one) => classOf(one) === name);
    const count = members.reduce((sum, one) => sum + one.count, 0);
    return members.length > 1 ? [{ name, count }, ...members] : members;
  });
}

/** Without parts that take all. */
export function tidy(filter: MonitorFilter): MonitorFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
  );
}

/** A filter with a name taken into one of its lists, or out of it. */
export function toggled(filter: MonitorFilter, key: ListKey, name: string): MonitorFilter {
  const chosen: readonly string[] = filter[key] ?? [];
  const names = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
  return tidy({ ...filter, [key]: names });
}
