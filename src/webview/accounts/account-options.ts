import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { type ProviderInfo, providerInfo } from '../../shared/provider-list';
import { DIALECTS } from '../../shared/setting-names';
import type { AccountDraft, DraftField, DraftProblems } from './account-draft';
import { DIALECT_LABELS } from '../parts/dialect-labels';
import { renderField, renderTextField, valueOf } from '../parts/form-field';

/** Where the account is reached. */
export function renderBaseUrl(
  info: ProviderInfo,
  value: string,
  problem: string | undefined,
  set: (value: string) => void,
): TemplateResult {
  const example = EXAMPLES[info.name] ?? 'http://127.0.0.1:8000/v1';
  return renderTextField({
    id: 'account-base-url',
    label: t('Base URL'),
    help:
      info.baseUrl === 'required'
        ? t('The URL that the SDK of this protocol takes, for example {0}.', example)
        : t('Only to reach the provider by another address.'),
    ...(info.baseUrl === 'required' || info.defaultBaseUrl
      ? { placeholder: info.defaultBaseUrl ?? example }
      : {}),
    maxLength: 2048,
    value,
    problem,
    onInput: (event) => set(valueOf(event)),
  });
}

const EXAMPLES: Partial<Record<string, string>> = {
  'anthropic-compatible': 'http://127.0.0.1:8000',
  azure: 'https://my-resource.openai.azure.com',
};

/** What few accounts need: the protocol, and the account's share of the requests. */
export function renderAdvanced(
  draft: AccountDraft,
  wrong: DraftProblems,
  set: (name: DraftField, value: string) => void,
): TemplateResult {
  const number = (
    name: 'priority' | 'weight' | 'maxConcurrent',
    label: string,
    help: string,
    placeholder: string,
  ): TemplateResult =>
    renderTextField({
      id: `account-${name}`,
      label,
      help,
      placeholder,
      look: 'short',
      inputMode: name === 'maxConcurrent' ? 'numeric' : 'decimal',
      maxLength: 9,
      value: draft[name],
      problem: wrong[name],
      onInput: (event) => set(name, valueOf(event)),
    });
  // Where there is no address there is no protocol to choose.
  const hasProtocols = providerInfo(draft.provider).baseUrl !== 'none';
  return html`${hasProtocols ? renderProtocol(draft, set) : nothing}
    <div class="side-by-side">
      ${number('priority', t('Priority'), t('Higher is asked first.'), '0')}
      ${number('weight', t('Weight'), t('Its share among equals.'), '1')}
      ${number('maxConcurrent', t('At once'), t('Most requests at a time.'), t('no cap'))}
    </div>`;
}

function renderProtocol(draft: AccountDraft, set: (name: DraftField, value: string) => void): TemplateResult {
  return renderField(
    {
      id: 'account-dialect',
      label: t('Protocol'),
      help: t('Which of the provider’s protocols to use with this account.'),
    },
    html`<select
      id="account-dialect"
      aria-describedby="account-dialect-help"
      @change=${(event: Event) => set('dialect', valueOf(event))}
    >
      <option value="" ?selected=${draft.dialect === ''}>${t('Whatever suits the client')}</option>
      ${DIALECTS.map(
        (dialect) =>
          html`<option value=${dialect} ?selected=${draft.dialect === dialect}>
            ${DIALECT_LABELS[dialect]}
          </option>`,
      )}
    </select>`,
  );
}
