import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { keyProblem } from '../parts/field-rules';
import { call } from '../parts/host-link';
import { announce, PanelPart } from '../parts/panel-part';

/** How long a revealed key stays on screen, in milliseconds. */
const REVEAL_MS = 30_000;
const MASK = '•'.repeat(24);

/** The local API key: masked until asked for, hidden again after a while or when the user looks elsewhere. */
@customElement('portside-key')
export class KeyField extends PanelPart {
  @state() private revealed = '';
  @state() private editing = false;
  @state() private typed = '';
  private timer: number | undefined;
  private readonly hide = () => {
    window.clearTimeout(this.timer);
    this.revealed = '';
  };
  private readonly hideWhenHidden = () => {
    if (document.hidden) this.hide();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('blur', this.hide);
    document.addEventListener('visibilitychange', this.hideWhenHidden);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('blur', this.hide);
    document.removeEventListener('visibilitychange', this.hideWhenHidden);
    this.hide();
  }

  protected override render(): TemplateResult {
    return html`<div class="field" @focusout=${(event: FocusEvent) => this.onFocusOut(event)}>
      <label for="api-key">${t('API key')}</label>
      <p class="help" id="api-key-help">
        ${t('What clients send to the proxy. It is kept in the editor’s secret storage, not in settings.')}
      </p>
      ${this.editing ? this.renderEditor() : this.renderMasked()} ${this.renderProblem()}
    </div>`;
  }

  private renderMasked(): TemplateResult {
    return html`<div class="row">
      <input
        id="api-key"
        class="mono"
        readonly
        spellcheck="false"
        autocomplete="off"
        .value=${live(this.revealed || MASK)}
        aria-describedby="api-key-help"
        data-testid="api-key"
      />
      <div class="buttons">
        <button class="secondary" data-testid="reveal-key" @click=${() => this.toggle()}>
          ${this.revealed ? t('Hide') : t('Reveal')}
        </button>
        ${this.button('copy', t('Copy'), t('Copy API key'), async () => {
          await call('copyKey', {});
          announce(t('API key copied.'));
        })}
        ${this.button('edit', t('Edit'), t('Edit API key'), () => this.edit())}
        ${this.button('regenerate', t('Regenerate'), t('Regenerate API key'), async () => {
          this.hide();
          await call('regenerateKey', {});
        })}
      </div>
    </div>`;
  }

  private button(name: string, text: string, label: string, action: () => Promise<void>): TemplateResult {
    return html`<button
      class="secondary"
      aria-label=${label}
      data-testid="${name}-key"
      @click=${() => this.act(name, action)}
    >
      ${text}
    </button>`;
  }

  private renderEditor(): TemplateResult {
    const problem = this.typed ? keyProblem(this.typed) : undefined;
    return html`<form
      class="row"
      @submit=${(event: Event) => this.save(event)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
    >
      <input
        id="api-key"
        class="mono"
        type="password"
        placeholder="sk-…"
        spellcheck="false"
        autocomplete="off"
        .value=${live(this.typed)}
        aria-invalid=${problem !== undefined}
        aria-describedby="api-key-help api-key-note"
        data-testid="api-key-editor"
        @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}
      />
      <div class="buttons">
        <button class="primary" aria-disabled=${keyProblem(this.typed) !== undefined}>${t('Save')}</button>
        <button class="secondary" type="button" @click=${() => this.close()}>${t('Cancel')}</button>
      </div>
      <p id="api-key-note" class="help" aria-live="polite">
        ${problem ? html`<span class="invalid" data-testid="api-key-problem">${problem}</span>` : nothing}
      </p>
    </form>`;
  }

  private toggle(): Promise<void> | undefined {
    if (this.revealed) {
      this.hide();
      return undefined;
    }
    return this.act('reveal', async () => {
      const { key } = await call('revealKey', {});
      this.revealed = key;
      this.timer = window.setTimeout(this.hide, REVEAL_MS);
      announce(t('The API key is shown for 30 seconds.'));
    });
  }

  private async edit(): Promise<void> {
    this.hide();
    this.editing = true;
    await this.updateComplete;
    this.querySelector('input')?.focus();
  }

  private async close(): Promise<void> {
    this.typed = '';
    this.problem = '';
    this.editing = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>('[data-testid="edit-key"]')?.focus();
  }

  private save(event: Event): Promise<void> | undefined {
    event.preventDefault();
    const key = this.typed;
    if (keyProblem(key)) return undefined;
    return this.act('save', async () => {
      await call('setKey', { key });
      await this.close();
      announce(t('API key saved.'));
    });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') void this.close();
  }

  private onFocusOut(event: FocusEvent): void {
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.hide();
  }
}
