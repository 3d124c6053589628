import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { providerInfo } from '../shared/provider-list';
import type { AccountStatus, AccountTest } from '../shared/status';
import './account-form';
import { describeAccount } from './describe-status';
import { call, keepView, keptView } from './host-link';
import { PanelPart } from './panel-part';

/** The pool: what each account is and how it fares, and the form that adds one. */
@customElement('portside-accounts')
export class AccountsSection extends PanelPart {
  @state() private adding = keptView().form !== undefined;
  /** The last test of each account. */
  @state() private tests = new Map<string, AccountTest>();

  /** Shows the form and puts the focus into it. */
  async openForm(): Promise<void> {
    this.adding = true;
    await this.updateComplete;
    const form = this.querySelector('portside-account-form');
    await form?.updateComplete;
    form?.querySelector('select')?.focus();
  }

  protected override render(): TemplateResult {
    const { accounts } = this.panel.status;
    return html`<section aria-labelledby="accounts-title">
      <div class="title-row">
        <h2 id="accounts-title">${t('Accounts')}</h2>
        ${
          this.adding
            ? nothing
            : html`<button class="secondary" data-testid="add-account" @click=${() => this.openForm()}>
                ${t('Add Account')}
              </button>`
        }
      </div>
      ${this.renderProblem()} ${accounts.length === 0 && !this.adding ? this.renderEmpty() : nothing}
      ${
        accounts.length === 0
          ? nothing
          : html`<ul class="accounts" aria-label=${t('Accounts')}>
              ${repeat(
                accounts,
                ({ id }) => id,
                (account) => this.renderAccount(account),
              )}
            </ul>`
      }
      ${
        this.adding
          ? html`<portside-account-form
              .panel=${this.panel}
              @close=${() => this.closeForm()}
            ></portside-account-form>`
          : nothing
      }
    </section>`;
  }

  private renderEmpty(): TemplateResult {
    // A start that failed for want of accounts offers the same, further up.
    const failed = this.panel.status.failure?.code === 'NO_ACCOUNTS';
    return html`<div class="empty" data-testid="no-accounts">
      <p><strong>${t('No accounts yet.')}</strong></p>
      <p class="help">
        ${t('An account is an API key of a provider, or a model server on this machine. Portside answers from all of them.')}
      </p>
      ${failed ? nothing : this.renderOffers()}
    </div>`;
  }

  private renderOffers(): TemplateResult {
    return html`<div class="buttons">
      <button class="secondary" @click=${() => this.act('detect', () => this.send('detectLocalServers'))}>
        ${t('Detect Local Servers')}
      </button>
      <button class="secondary" @click=${() => this.act('demo', () => this.send('useDemoAccount'))}>
        ${t('Use Demo Account')}
      </button>
    </div>`;
  }

  private renderAccount(account: AccountStatus): TemplateResult {
    const { id, label, provider, enabled } = account;
    const test = this.tests.get(id);
    const testing = this.isBusy(`test ${id}`);
    const health = enabled ? account.state : 'off';
    return html`<li data-testid="account" data-account=${id} data-state=${health}>
      <div class="account-words">
        <span class="account-label">${label}</span>
        ${
          providerInfo(provider).label === label
            ? nothing
            : html`<span class="help">${providerInfo(provider).label}</span>`
        }
        <span class="account-state">
          <span class="lamp" aria-hidden="true"></span>
          <span>${describeAccount(account)}</span>
        </span>
        <span role="status" class="test-result">
          ${testing ? t('Testing…') : test ? (test.ok ? t('Test passed: {0}', test.message) : t('Test failed: {0}', test.message)) : nothing}
        </span>
      </div>
      <div class="buttons">
        <label class="check">
          <input
            type="checkbox"
            role="switch"
            .checked=${live(this.shown(`enable ${id}`, enabled))}
            aria-label=${t('Use {0}', label)}
            @change=${(event: Event) => this.setEnabled(id, event)}
          />
          <span aria-hidden="true">${enabled ? t('On') : t('Off')}</span>
        </label>
        <button
          class="secondary"
          aria-label=${t('Test {0}', label)}
          aria-disabled=${testing}
          @click=${() => this.act(`test ${id}`, () => this.test(id))}
        >
          ${t('Test')}
        </button>
        <button
          class="secondary"
          aria-label=${t('Remove {0}', label)}
          @click=${() => this.act(`remove ${id}`, () => call('removeAccount', { id }).then(() => undefined))}
        >
          ${t('Remove')}
        </button>
      </div>
    </li>`;
  }

  private async send(name: 'detectLocalServers' | 'useDemoAccount'): Promise<void> {
    await call(name, {});
  }

  private async test(id: string): Promise<void> {
    const result = await call('testAccount', { id });
    this.tests = new Map(this.tests).set(id, result);
  }

  private setEnabled(id: string, event: Event): Promise<void> {
    const enabled = (event.target as HTMLInputElement).checked;
    const act = async () => void (await call('setAccountEnabled', { id, enabled }));
    return this.act(`enable ${id}`, act, enabled);
  }

  private async closeForm(): Promise<void> {
    this.adding = false;
    const kept = keptView();
    delete kept.form;
    keepView(kept);
    await this.updateComplete;
    this.querySelector<HTMLElement>('[data-testid="add-account"]')?.focus();
  }
}
