import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { renderTextField, valueOf } from '../parts/form-field';

/** What the form holds, as typed. */
export interface ClientKeyDraft {
  name: string;
  /** `2027-01-31`, or ''. */
  expires: string;
  models: string;
  limit: string;
  wrong: { name?: string | undefined; limit?: string | undefined };
}

export const EMPTY_CLIENT_KEY: ClientKeyDraft = { name: '', expires: '', models: '', limit: '', wrong: {} };

interface ClientKeyForm {
  draft: ClientKeyDraft;
  busy: boolean;
  set(draft: ClientKeyDraft): void;
  submit(event: Event): void;
  close(): void;
}

/** The form of a new client key. */
export function renderClientKeyForm({ draft, busy, set, submit, close }: ClientKeyForm): TemplateResult {
  const put = (name: 'name' | 'expires' | 'models' | 'limit') => (event: Event) =>
    set({ ...draft, [name]: valueOf(event), wrong: { ...draft.wrong, [name]: undefined } });
  return html`<form class="card" aria-labelledby="client-key-title" novalidate @submit=${submit}>
    <h3 id="client-key-title">${t('Add a client key')}</h3>
    ${renderTextField({
      id: 'client-key-name',
      label: t('Name'),
      help: t('Who gets it; the monitor shows this name.'),
      maxLength: 64,
      value: draft.name,
      problem: draft.wrong.name,
      onInput: put('name'),
    })}
    ${renderTextField({
      id: 'client-key-models',
      label: t('Models'),
      help: t('Only these names or * patterns, between commas. Empty: all.'),
      look: 'mono',
      value: draft.models,
      onInput: put('models'),
    })}
    <div class="side-by-side">
      ${renderTextField({
        id: 'client-key-expires',
        label: t('Expires'),
        help: t('Empty: never. In UTC.'),
        type: 'date',
        value: draft.expires,
        onInput: put('expires'),
      })}
      ${renderTextField({
        id: 'client-key-limit',
        label: t('Requests per minute'),
        help: t('Empty: no limit.'),
        inputMode: 'numeric',
        maxLength: 7,
        value: draft.limit,
        problem: draft.wrong.limit,
        onInput: put('limit'),
      })}
    </div>
    <div class="buttons">
      <button class="primary" data-testid="save-client-key" aria-disabled=${busy}>${t('Make key')}</button>
      <button class="secondary" type="button" @click=${close}>${t('Cancel')}</button>
    </div>
  </form>`;
}
