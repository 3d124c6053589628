import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { checkAccountKey } from '../../shared/account-key';
import type { EditableAccount } from '../../shared/messages';
import { PROVIDER_LIST, providerInfo, type ProviderInfo } from '../../shared/provider-list';
import type { AccountTest } from '../../shared/status';
import {
  draftOf,
  draftProblems,
  EMPTY_DRAFT,
  fieldsOf,
  takesField,
  type AccountDraft,
  type DraftField,
  type DraftProblems,
} from './account-draft';
import { renderAccountKey } from './account-key-field';
import { renderAdvanced, renderBaseUrl } from './account-options';
import { splitModels } from '../parts/field-rules';
import { describedBy, renderField, renderTextField, valueOf } from '../parts/form-field';
import { call, keepView, keptView } from '../parts/host-link';
import './model-picker';
import type { ModelPicker } from './model-picker';
import { announce, PanelPart } from '../parts/panel-part';

/**
 * Adds an account after one cheap live test of its key, or edits one. A key leaves the form the moment it is sent to be
 * tested: the host holds it until the account is saved or the form is closed.
 */
@customElement('portside-account-form')
export class AccountForm extends PanelPart {
  /** The account to edit; absent when one is added. */
  @property({ attribute: false }) account: EditableAccount | undefined;
  @state() private draft: AccountDraft = EMPTY_DRAFT;
  @state() private test: AccountTest | undefined;
  /** Provider of the failed try whose key the host still holds. */
  @state() private heldKey = '';
  @state() private wrong: DraftProblems & { key?: string | undefined } = {};

  override connectedCallback(): void {
    super.connectedCallback();
    const kept = keptView().form;
    const fresh = this.account ? draftOf(this.account) : EMPTY_DRAFT;
    this.draft = kept && kept.id === fresh.id ? { ...fresh, ...kept } : fresh;
    keepView({ form: this.draft });
  }

  protected override render(): TemplateResult {
    const info = this.info();
    return html`<form
      class="card"
      aria-labelledby="account-title"
      novalidate
      @submit=${(event: Event) => this.submit(event)}
    >
      <h3 id="account-title">${this.account ? t('Edit {0}', this.account.label) : t('Add an account')}</h3>
      ${this.account ? nothing : this.renderProvider(info)}
      ${info.key === 'none' ? nothing : this.renderKey(info)}
      ${info.baseUrl === 'required' ? this.renderUrl(info) : nothing}
      ${takesField(info, 'project') ? this.renderText('project', t('Project'), t('Empty: the project that the key names.')) : nothing}
      ${takesField(info, 'region') ? this.renderText('region', t('Region'), t('Empty: the provider’s default.')) : nothing}
      ${this.renderText('label', t('Label'), t('How the account is called here and in the monitor.'), info.label, 80)}
      ${info.name === 'demo' ? nothing : this.renderModels()}
      ${info.name === 'demo' ? nothing : this.renderDefaultModel()}
      <details>
        <summary>${t('Advanced')}</summary>
        ${info.baseUrl === 'optional' ? this.renderUrl(info) : nothing}
        ${renderAdvanced(this.draft, this.wrong, (name, value) => this.set(name, value))}
      </details>
      ${this.renderProblem()} ${this.renderFailure()} ${this.renderButtons(info)}
    </form>`;
  }

  private renderProvider(info: ProviderInfo): TemplateResult {
    const field = { id: 'account-provider', label: t('Provider') };
    return html`${renderField(
        field,
        html`<select
          id=${field.id}
          aria-describedby="account-provider-detail"
          @change=${(event: Event) => this.set('provider', valueOf(event))}
        >
          ${PROVIDER_LIST.map(
            ({ name, label }) =>
              html`<option value=${name} ?selected=${name === info.name}>${label}</option>`,
          )}
        </select>`,
      )}
      <p class="help">
        <span id="account-provider-detail">${t(info.detail)}.</span>
        ${
          info.key === 'optional' && !info.fields
            ? html`<button class="link" type="button" @click=${() => this.detect()}>
                ${t('Detect Local Servers')}
              </button>`
            : nothing
        }
      </p>`;
  }

  private renderKey(info: ProviderInfo): TemplateResult {
    return renderAccountKey({
      info,
      held: this.heldKey === info.name,
      kept: this.account?.hasKey ?? false,
      problem: this.wrong.key,
      onInput: () => (this.wrong = { ...this.wrong, key: undefined }),
    });
  }

  private renderUrl(info: ProviderInfo): TemplateResult {
    return renderBaseUrl(info, this.draft.baseUrl, this.wrong.baseUrl, (value) => this.set('baseUrl', value));
  }

  private renderText(
    name: 'label' | 'project' | 'region',
    label: string,
    help: string,
    placeholder?: string,
    maxLength = 200,
  ): TemplateResult {
    return renderTextField({
      id: `account-${name}`,
      label,
      help,
      maxLength,
      ...(placeholder !== undefined && { placeholder }),
      value: this.draft[name],
      problem: this.wrong[name],
      onInput: (event) => this.set(name, valueOf(event)),
    });
  }

  private renderModels(): TemplateResult {
    return html`<portside-models
      .panel=${this.panel}
      .value=${this.draft.models}
      .wrong=${this.wrong.models}
      .ask=${() => this.listModels()}
      @pick=${(event: CustomEvent<string>) => this.set('models', event.detail)}
    ></portside-models>`;
  }

  private renderDefaultModel(): TemplateResult {
    const field = {
      id: 'account-default-model',
      label: t('Default model'),
      help: t('Asked for when a client names a model that nobody has. Empty: the provider’s usual one.'),
    };
    const models = splitModels(this.draft.models);
    return renderField(
      field,
      html`<input
          id=${field.id}
          list="account-default-models"
          autocomplete="off"
          spellcheck="false"
          maxlength="256"
          aria-describedby=${describedBy(field)}
          .value=${live(this.draft.defaultModel)}
          @input=${(event: Event) => this.set('defaultModel', valueOf(event))}
        />
        <datalist id="account-default-models">
          ${models.map((model) => html`<option value=${model}></option>`)}
        </datalist>`,
    );
  }

  private renderFailure(): TemplateResult {
    return html`<div role="alert">
      ${
        this.test && !this.test.ok
          ? html`<div class="note error" data-testid="test-failed">
              <p><strong>${t('The test failed.')}</strong> ${this.test.message}</p>
              <div class="buttons">
                <button class="secondary" type="button" @click=${() => this.submit(undefined)}>
                  ${t('Try again')}
                </button>
                <button class="secondary" type="button" @click=${() => this.saveAnyway()}>
                  ${t('Save anyway')}
                </button>
              </div>
            </div>`
          : nothing
      }
    </div>`;
  }

  private renderButtons(info: ProviderInfo): TemplateResult {
    const testing = this.isBusy('save', 'anyway');
    const idle = this.account ? t('Save') : info.key === 'none' ? t('Add') : t('Test and add');
    return html`<div class="buttons">
      <button class="primary" data-testid="save-account" aria-disabled=${testing}>
        ${testing ? t('Testing…') : idle}
      </button>
      <button class="secondary" type="button" @click=${() => this.close()}>${t('Cancel')}</button>
    </div>`;
  }

  private info(): ProviderInfo {
    return providerInfo(this.draft.provider);
  }

  private set(name: DraftField, value: string): void {
    this.draft = { ...this.draft, [name]: value };
    this.wrong = name === 'provider' ? {} : { ...this.wrong, [name]: undefined };
    if (name === 'provider') {
      this.test = undefined;
      this.typeKey('');
      this.querySelector<ModelPicker>('portside-models')?.forget();
    }
    keepView({ form: this.draft });
  }

  private keyInput(): HTMLInputElement | HTMLTextAreaElement | null {
    return this.querySelector('#account-key');
  }

  private typeKey(text: string): void {
    const input = this.keyInput();
    if (input) input.value = text;
  }

  /** The key as it may be sent; undefined when something is wrong, which the fields then say. */
  private checked(): { key: string } | undefined {
    const info = this.info();
    const key = checkAccountKey(info.name, this.keyInput()?.value ?? '');
    const had = this.heldKey === info.name || (this.account?.hasKey ?? false);
    const missing = info.key === 'required' && key.ok && key.key === '' && !had;
    const keyProblem = missing ? t('The API key is missing.') : key.ok ? undefined : t(key.problem);
    this.wrong = { ...draftProblems(this.draft), ...(keyProblem !== undefined && { key: keyProblem }) };
    if (key.ok && Object.keys(this.wrong).length === 0) return { key: key.key };
    void this.focusOn('[aria-invalid="true"]');
    return undefined;
  }

  private listModels(): Promise<AccountTest> | undefined {
    const checked = this.checked();
    if (!checked) return undefined;
    const { account } = this;
    // Of an account that exists the host alone has the key.
    if (account && checked.key === '') return call('listModels', { id: account.id });
    return call('listModels', {
      account: { provider: this.draft.provider, key: checked.key, ...fieldsOf(this.draft) },
    });
  }

  private submit(event: Event | undefined): Promise<void> | undefined {
    event?.preventDefault();
    if (this.isBusy('save', 'anyway')) return undefined;
    const checked = this.checked();
    if (!checked) return undefined;
    this.test = undefined;
    this.typeKey('');
    if (this.account) return this.save(this.account.id, checked.key, false);
    return this.act('save', async () => {
      const { provider } = this.draft;
      this.test = await call('addAccount', {
        account: { provider, key: checked.key, ...fieldsOf(this.draft) },
      });
      if (this.test.ok) this.done(t('Account added.'));
      else this.heldKey = provider;
    });
  }

  private save(id: string, key: string, anyway: boolean): Promise<void> {
    return this.act('save', async () => {
      this.test = await call('editAccount', {
        id,
        fields: fieldsOf(this.draft),
        ...(key && { key }),
        ...(anyway && { anyway }),
      });
      if (this.test.ok || anyway) this.done(t('Account saved.'));
      else if (key) this.heldKey = this.draft.provider;
    });
  }

  private saveAnyway(): Promise<void> | undefined {
    if (this.account) {
      const checked = this.checked();
      if (!checked) return undefined;
      this.typeKey('');
      return this.save(this.account.id, checked.key, true);
    }
    return this.act('anyway', async () => {
      await call('addAnyway', {});
      this.done(t('Account added.'));
    });
  }

  private detect(): Promise<void> {
    return this.act('detect', async () => {
      await call('detectLocalServers', {});
    });
  }

  private done(words: string): void {
    this.typeKey('');
    announce(words);
    this.dispatchEvent(new CustomEvent('close'));
  }

  private close(): void {
    this.typeKey('');
    void call('forgetNewAccount', {}).catch(() => undefined);
    this.dispatchEvent(new CustomEvent('close'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'portside-account-form': AccountForm;
  }
}
