import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AccountStatus, AccountTest } from '../../shared/status';
import './account-form';
import { renderAccountRow, type AccountDeeds } from './account-row';
import { call, keepView, keptView } from '../parts/host-link';
import { announce, PanelPart } from '../parts/panel-part';
import { Ticking } from '../parts/ticking';

/** The form of a new account, where the others are named by their id. */
const NEW = '';

/** The pool: what each account is and how it fares, in the user's order, and the form that adds or edits one. */
@customElement('portside-accounts')
export class AccountsSection extends PanelPart {
  /** Whose form is open. */
  @state() private open: string | undefined = keptView().form?.id;
  /** The last test of each account. */
  @state() private tests = new Map<string, AccountTest>();

  constructor() {
    super();
    new Ticking(this, () => this.panel.status.accounts.some(countsDown));
  }

  /** Shows the form of an account, or of a new one, and puts the focus into it. */
  async openForm(id = NEW): Promise<void> {
    if (this.open !== id) keepView({ form: undefined });
    this.open = id;
    await this.updateComplete;
    const form = this.querySelector('portside-account-form');
    await form?.updateComplete;
    form?.querySelector<HTMLElement>('select, input, textarea')?.focus();
  }

  protected override render(): TemplateResult {
    const rows = this.rows();
    const adding = this.open === NEW;
    return html`<section aria-labelledby="accounts-title">
      <div class="title-row">
        <h2 id="accounts-title">${t('Accounts')}</h2>
        <div class="buttons">
          ${this.renderFileButton('importAccounts', t('Import…'), t('Import accounts'))}
          ${rows.length > 0 ? this.renderFileButton('exportAccounts', t('Export…'), t('Export accounts')) : nothing}
          ${
            adding
              ? nothing
              : html`<button class="secondary" data-testid="add-account" @click=${() => this.openForm()}>
                  ${t('Add Account')}
                </button>`
          }
        </div>
      </div>
      ${this.renderProblem()} ${rows.length === 0 && !adding ? this.renderEmpty() : nothing}
      ${adding ? this.renderForm() : nothing}
      ${
        rows.length === 0
          ? nothing
          : html`<ul class="accounts" aria-label=${t('Accounts')}>
              ${repeat(
                rows,
                ({ id }) => id,
                (account, place) => this.renderRow(account, place, place === rows.length - 1),
              )}
            </ul>`
      }
    </section>`;
  }

  /**
   * The accounts in the user's order. What the core says of them may come a little later than what the user did: an account
   * that it does not know yet is taken for healthy, one that was removed is gone.
   */
  private rows(): AccountStatus[] {
    const known = new Map(this.panel.status.accounts.map((status) => [status.id, status]));
    return this.panel.accounts.map(({ id, label, provider, enabled }) => ({
      ...(known.get(id) ?? { state: enabled ? ('healthy' as const) : ('disabled' as const), enabled }),
      id,
      label,
      provider,
    }));
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
      <button class="secondary" @click=${() => this.send('detectLocalServers')}>
        ${t('Detect Local Servers')}
      </button>
      <button class="secondary" @click=${() => this.send('useDemoAccount')}>${t('Use Demo Account')}</button>
    </div>`;
  }

  private renderFileButton(
    name: 'importAccounts' | 'exportAccounts',
    text: string,
    label: string,
  ): TemplateResult {
    return html`<button class="secondary" aria-label=${label} @click=${() => this.send(name)}>
      ${text}
    </button>`;
  }

  private renderRow(account: AccountStatus, place: number, last: boolean): TemplateResult {
    const { id } = account;
    const setting = this.panel.accounts[place]?.enabled ?? account.enabled;
    const test = this.tests.get(id);
    const passed = (words: string): string => t('Test passed: {0}', words);
    const failed = (words: string): string => t('Test failed: {0}', words);
    return renderAccountRow(
      {
        account,
        place,
        last,
        on: this.shown(`enable ${id}`, setting),
        testing: this.isBusy(`test ${id}`),
        tested: test ? (test.ok ? passed(test.message) : failed(test.message)) : '',
        now: Date.now(),
        form: this.open === id ? this.renderForm(id) : nothing,
      },
      this.deeds,
    );
  }

  private renderForm(id?: string): TemplateResult {
    return html`<portside-account-form
      .panel=${this.panel}
      .account=${this.panel.accounts.find((account) => account.id === id)}
      @close=${() => this.closeForm()}
    ></portside-account-form>`;
  }

  private readonly deeds: AccountDeeds = {
    setEnabled: (id, event) => {
      const enabled = (event.target as HTMLInputElement).checked;
      void this.choose(`enable ${id}`, enabled, (wanted) =>
        call('setAccountEnabled', { id, enabled: wanted }),
      );
    },
    edit: (id) => void (this.open === id ? this.closeForm() : this.openForm(id)),
    test: (id) => void this.act(`test ${id}`, () => this.test(id)),
    clear: (account, model) => void this.act(`clear ${account.id}`, () => this.clear(account, model)),
    // One after another: keys may be pressed faster than the host answers.
    move: (id, step) => {
      this.moving = this.moving.then(() => this.act('move', () => this.move(id, step)));
    },
    remove: (id) =>
      void this.act(`remove ${id}`, async () => {
        await call('removeAccount', { id });
      }),
  };

  private send(
    name: 'detectLocalServers' | 'useDemoAccount' | 'importAccounts' | 'exportAccounts',
  ): Promise<void> {
    return this.act(name, async () => {
      await call(name, {});
    });
  }

  private async test(id: string): Promise<void> {
    const result = await call('testAccount', { id });
    this.tests = new Map(this.tests).set(id, result);
  }

  private async clear({ id, models = [] }: AccountStatus, model: string | undefined): Promise<void> {
    if (model === undefined) await call('clearCooling', { id });
    for (const each of models) {
      if (model === undefined || each.model === model) await call('clearCooling', { id, model: each.model });
    }
    // The button is gone with what it cleared.
    await this.focusOn(`[data-account="${CSS.escape(id)}"] [data-testid="edit"]`);
  }

  private moving = Promise.resolve();
  private focused: Element | null = null;

  protected override willUpdate(): void {
    this.focused = this.contains(document.activeElement) ? document.activeElement : null;
  }

  /** A row that moves in the document loses the focus. */
  protected override updated(): void {
    if (document.activeElement === document.body && this.focused instanceof HTMLElement) this.focused.focus();
  }

  private async move(id: string, step: number): Promise<void> {
    const to = this.panel.accounts.findIndex((each) => each.id === id) + step;
    if (to < 0 || to >= this.panel.accounts.length) return;
    await call('moveAccount', { id, to });
    await this.updateComplete;
    announce(t('Moved to place {0} of {1}.', to + 1, this.panel.accounts.length));
  }

  private async closeForm(): Promise<void> {
    const was = this.open;
    this.open = undefined;
    keepView({ form: undefined });
    await this.focusOn(
      was ? `[data-account="${CSS.escape(was)}"] [data-testid="edit"]` : '[data-testid="add-account"]',
    );
  }
}

/** Whether a time is shown that grows shorter. */
const countsDown = ({ until, models = [] }: AccountStatus): boolean =>
  until !== undefined || models.some((model) => model.until !== undefined);
