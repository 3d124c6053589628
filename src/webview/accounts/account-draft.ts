/** What the account form holds, all of it as typed, and what it amounts to. Never the key. */
import { t } from '@vscode/l10n';
import type { AccountFields, EditableAccount } from '../../shared/messages';
import { providerInfo, type ProviderInfo } from '../../shared/provider-list';
import type { Dialect, ProviderName } from '../../shared/setting-names';
import {
  baseUrlProblem,
  countProblem,
  priorityProblem,
  regionProblem,
  splitModels,
  weightProblem,
} from '../parts/field-rules';

export interface AccountDraft {
  /** Of the account that is edited; '' for a new one. */
  id: string;
  provider: ProviderName;
  label: string;
  baseUrl: string;
  project: string;
  region: string;
  models: string;
  defaultModel: string;
  /** '' lets Portside choose. */
  dialect: Dialect | '';
  priority: string;
  weight: string;
  maxConcurrent: string;
}
export type DraftField = Exclude<keyof AccountDraft, 'id'>;
export type DraftProblems = Partial<Record<DraftField, string | undefined>>;

export const EMPTY_DRAFT: Readonly<AccountDraft> = {
  id: '',
  provider: 'gemini',
  label: '',
  baseUrl: '',
  project: '',
  region: '',
  models: '',
  defaultModel: '',
  dialect: '',
  priority: '',
  weight: '',
  maxConcurrent: '',
};

/** An account as the form shows it when it is edited. Defaults stand as empty fields. */
export function draftOf(account: EditableAccount): AccountDraft {
  const { id, provider, label, baseUrl, project, region, models, defaultModel, dialect } = account;
  const { priority, weight, maxConcurrent } = account;
  return {
    id,
    provider,
    label,
    baseUrl: baseUrl ?? '',
    project: project ?? '',
    region: region ?? '',
    models: models?.join('\n') ?? '',
    defaultModel: defaultModel ?? '',
    dialect: dialect ?? '',
    priority: priority === 0 ? '' : String(priority),
    weight: weight === 1 ? '' : String(weight),
    maxConcurrent: maxConcurrent === undefined ? '' : String(maxConcurrent),
  };
}

/** Whether a provider takes this field at all. */
export function takesField(info: ProviderInfo, field: 'project' | 'region'): boolean {
  return info.fields?.includes(field) ?? false;
}

/** What is wrong with the fields, each by its name; none when all is well. */
export function draftProblems(draft: AccountDraft): DraftProblems {
  const info = providerInfo(draft.provider);
  const { models } = draft;
  const found: DraftProblems = {
    baseUrl:
      info.baseUrl === 'required' || (info.baseUrl === 'optional' && draft.baseUrl.trim() !== '')
        ? baseUrlProblem(draft.baseUrl)
        : undefined,
    region: takesField(info, 'region') ? regionProblem(draft.region) : undefined,
    models: splitModels(models).length > 500 ? t('An account has at most 500 models.') : undefined,
    priority: priorityProblem(draft.priority),
    weight: weightProblem(draft.weight),
    maxConcurrent: countProblem(draft.maxConcurrent, 10_000),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined));
}

/** The fields as the host takes them; what is empty is absent. Only for a draft without problems. */
export function fieldsOf(draft: AccountDraft): AccountFields {
  const info = providerInfo(draft.provider);
  const text = (field: DraftField): string => draft[field].trim();
  const [label, baseUrl, defaultModel] = [text('label'), text('baseUrl'), text('defaultModel')];
  const [project, region, models] = [text('project'), text('region'), splitModels(draft.models)];
  return {
    ...(label && { label }),
    ...(baseUrl && info.baseUrl !== 'none' && { baseUrl }),
    ...(project && takesField(info, 'project') && { project }),
    ...(region && takesField(info, 'region') && { region }),
    ...(models.length > 0 && { models }),
    ...(defaultModel && { defaultModel }),
    ...(draft.dialect && { dialect: draft.dialect }),
    ...(text('priority') && { priority: Number(draft.priority) }),
    ...(text('weight') && { weight: Number(draft.weight) }),
    ...(text('maxConcurrent') && { maxConcurrent: Number(draft.maxConcurrent) }),
  };
}
