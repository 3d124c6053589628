import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { PROVIDER_LIST, providerInfo, type ProviderInfo } from '../shared/provider-list';
import type { ProviderName } from '../shared/setting-names';
import type { AccountTest } from '../shared/status';
import { baseUrlProblem, splitModels } from './field-rules';
import { renderFieldProblem, renderTextField } from './form-field';
import { call, keepView, keptView, type KeptView } from './host-link';
import { announce, PanelPart } from './panel-part';

const EMPTY = { provider: 'gemini', label: '', baseUrl: '', models: '' };
type Field = keyof typeof EMPTY;

/** Adds an account after one cheap live test of its key. The key leaves the form the moment it is sent. */
@customElement('portside-account-form')
export class AccountForm extends PanelPart {
  @state() private form: NonNullable<KeptView['form']> = keptView().form ?? EMPTY;
  @state() private test: AccountTest | undefined;
  /** Provider of the failed try whose key the host still holds. */
  @state() private heldKey = '';
  @state() private wrong: { key?: string | undefined; baseUrl?: string | undefined } = {};

  protected override render(): TemplateResult {
    const info = this.info();
    const testing = this.isBusy('test');
    return html`<form
      class="card"
      aria-labelledby="add-title"
      novalidate
      @submit=${(event: Event) => this.submit(event)}
    >
      <h3 id="add-title">${t('Add an account')}</h3>
      <div class="field">
        <label for="add-provider">${t('Provider')}</label>
        <select
          id="add-provider"
          aria-describedby="add-provider-help"
          @change=${(event: Event) => this.set('provider', event)}
        >
          ${PROVIDER_LIST.map(
            ({ name, label }) =>
              html`<option value=${name} ?selected=${name === info.name}>${label}</option>`,
          )}
        </select>
        <p class="help" id="add-provider-help">${info.detail}</p>
      </div>
      ${info.key === 'none' ? nothing : this.renderKey(info)}
      ${info.baseUrl === 'required' ? this.renderBaseUrl(info) : nothing}
      <details
        ?open=${this.form.label !== '' || this.form.models !== '' || (info.baseUrl === 'optional' && this.form.baseUrl !== '')}
      >
        <summary>${t('More options')}</summary>
        ${info.baseUrl === 'optional' ? this.renderBaseUrl(info) : nothing}
        ${renderTextField({
          id: 'add-label',
          label: t('Label'),
          help: t('How the account is called here and in the monitor.'),
          placeholder: info.label,
          maxLength: 80,
          value: this.form.label,
          onInput: (event) => this.set('label', event),
        })}
        <div class="field">
          <label for="add-models">${t('Models')}</label>
          <p class="help" id="add-models-help">
            ${t('Only these, one per line. Empty: whatever the provider lists.')}
          </p>
          <textarea
            id="add-models"
            rows="2"
            spellcheck="false"
            aria-describedby="add-models-help"
            .value=${live(this.form.models)}
            @input=${(event: Event) => this.set('models', event)}
          ></textarea>
        </div>
      </details>
      ${this.renderProblem()} ${this.renderTest()}
      <div class="buttons">
        <button class="primary" data-testid="test-and-add" aria-disabled=${testing}>
          ${testing ? t('Testing…') : info.key === 'none' ? t('Add') : t('Test & Add')}
        </button>
        <button class="secondary" type="button" @click=${() => this.close()}>${t('Cancel')}</button>
      </div>
    </form>`;
  }

  private renderKey(info: ProviderInfo): TemplateResult {
    const held = this.heldKey === info.name;
    return html`<div class="field">
      <label for="add-key">${t('API key')}</label>
      <p class="help" id="add-key-help">
        ${
          held
            ? t('The last key is still held: leave this empty to use it again.')
            : info.key === 'optional'
              ? t('Only if the server asks for one.')
              : t('Kept in the editor’s secret storage; it is not shown again.')
        }
        ${info.keyPage ? html`<a href=${info.keyPage}>${t('Get a key from {0}', info.label)}</a>` : nothing}
      </p>
      <input
        id="add-key"
        class="mono"
        type="password"
        autocomplete="off"
        spellcheck="false"
        placeholder=${info.keyPlaceholder ?? ''}
        aria-required=${info.key === 'required' && !held}
        aria-invalid=${this.wrong.key !== undefined}
        aria-describedby="add-key-help add-key-note"
        @input=${() => (this.wrong = { ...this.wrong, key: undefined })}
      />
      ${renderFieldProblem('add-key', this.wrong.key)}
    </div>`;
  }

  private renderBaseUrl(info: ProviderInfo): TemplateResult {
    const example =
      info.name === 'anthropic-compatible' ? 'http://127.0.0.1:8000' : 'http://127.0.0.1:8000/v1';
    return renderTextField({
      id: 'add-base-url',
      label: t('Base URL'),
      help:
        info.baseUrl === 'required'
          ? t('The URL that the SDK of this protocol takes, for example {0}.', example)
          : t('Only to reach the provider by another address.'),
      placeholder: info.defaultBaseUrl ?? example,
      maxLength: 2048,
      value: this.form.baseUrl,
      problem: this.wrong.baseUrl,
      onInput: (event) => this.set('baseUrl', event),
    });
  }

  private renderTest(): TemplateResult {
    return html`<div role="alert">
      ${
        this.test && !this.test.ok
          ? html`<div class="note error" data-testid="add-failed">
              <p><strong>${t('The test failed.')}</strong> ${this.test.message}</p>
              <div class="buttons">
                <button class="secondary" type="button" @click=${() => this.addAnyway()}>
                  ${t('Add Anyway')}
                </button>
              </div>
            </div>`
          : nothing
      }
    </div>`;
  }

  private info(): ProviderInfo {
    return providerInfo(this.form.provider as ProviderName);
  }

  private set(name: Field, event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.form = { ...this.form, [name]: value };
    this.wrong = name === 'provider' ? {} : { ...this.wrong, [name]: undefined };
    if (name === 'provider') this.test = undefined;
    keepView({ form: this.form });
  }

  private submit(event: Event): Promise<void> | undefined {
    event.preventDefault();
    if (this.isBusy('test', 'add')) return undefined;
    const info = this.info();
    const input = this.querySelector<HTMLInputElement>('#add-key');
    const key = input?.value.trim() ?? '';
    const baseUrl = info.baseUrl === 'none' ? '' : this.form.baseUrl.trim();
    this.wrong = {
      key:
        info.key === 'required' && !key && this.heldKey !== info.name
          ? t('The API key is missing.')
          : undefined,
      baseUrl: baseUrl || info.baseUrl === 'required' ? baseUrlProblem(baseUrl) : undefined,
    };
    if (this.wrong.key ?? this.wrong.baseUrl) {
      this.querySelector<HTMLElement>(this.wrong.key ? '#add-key' : '#add-base-url')?.focus();
      return undefined;
    }
    if (input) input.value = '';
    this.test = undefined;
    const label = this.form.label.trim();
    const models = splitModels(this.form.models);
    return this.act('test', async () => {
      const account = {
        provider: info.name,
        key,
        ...(label && { label }),
        ...(baseUrl && { baseUrl }),
        ...(models.length > 0 && { models }),
      };
      this.test = await call('addAccount', { account });
      if (this.test.ok) this.added();
      else this.heldKey = info.name;
    });
  }

  private addAnyway(): Promise<void> {
    return this.act('add', async () => {
      await call('addAnyway', {});
      this.added();
    });
  }

  private added(): void {
    announce(t('Account added.'));
    this.dispatchEvent(new CustomEvent('close'));
  }

  private close(): void {
    void this.act('close', () => call('forgetNewAccount', {}).then(() => undefined));
    this.dispatchEvent(new CustomEvent('close'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'portside-account-form': AccountForm;
  }
}
