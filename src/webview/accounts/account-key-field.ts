import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ProviderInfo } from '../../shared/provider-list';
import { renderFieldProblem } from '../parts/form-field';

interface AccountKey {
  info: ProviderInfo;
  /** The host holds the key of a try that failed. */
  held: boolean;
  /** The account has a key already. */
  kept: boolean;
  problem: string | undefined;
  onInput(): void;
}

/** The key of an account: masked, never filled in. A service account's JSON has many lines, and gets them. */
export function renderAccountKey({ info, held, kept, problem, onInput }: AccountKey): TemplateResult {
  const many = info.name === 'vertex';
  const placeholder = kept ? t('Kept; type to replace') : info.keyPlaceholder;
  return html`<div class="field">
    <label for="account-key">${many ? t('Service account (JSON)') : t('API key')}</label>
    <p class="help" id="account-key-help">
      ${keyHelp(info, held, kept)}
      ${info.keyPage && !kept ? html`<a href=${info.keyPage}>${t('Get a key from {0}', info.label)}</a>` : nothing}
    </p>
    ${
      many
        ? html`<textarea
            id="account-key"
            class="mono masked"
            rows="4"
            autocomplete="off"
            spellcheck="false"
            placeholder=${placeholder ?? nothing}
            aria-invalid=${problem !== undefined}
            aria-describedby="account-key-help account-key-note"
            @input=${onInput}
          ></textarea>`
        : html`<input
            id="account-key"
            class="mono"
            type="password"
            autocomplete="off"
            spellcheck="false"
            placeholder=${placeholder ?? nothing}
            aria-required=${info.key === 'required' && !held && !kept}
            aria-invalid=${problem !== undefined}
            aria-describedby="account-key-help account-key-note"
            @input=${onInput}
          />`
    }
    ${renderFieldProblem('account-key', problem)}
  </div>`;
}

function keyHelp({ name, key }: ProviderInfo, held: boolean, kept: boolean): string {
  if (held) return t('The last key is still held: leave this empty to use it again.');
  if (kept) return t('A key is kept and is not shown. A new one is tested before it replaces it.');
  if (name === 'vertex') return t('Empty: the application default credentials of this machine.');
  if (name === 'bedrock')
    return t(
      'An API key of Bedrock, or accessKeyId:secretAccessKey. Empty: the credentials of this machine.',
    );
  return key === 'optional'
    ? t('Only if the server asks for one.')
    : t('Kept in the editor’s secret storage; it is not shown again.');
}
