import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { AccountTest } from '../../shared/status';
import { splitModels } from '../parts/field-rules';
import { renderField, describedBy, valueOf } from '../parts/form-field';
import { PanelPart } from '../parts/panel-part';

/** Most rows shown at a time: searching finds the others. */
const MOST_SHOWN = 200;

/** The models of an account: typed, one per line, or ticked in the list that the account gives. */
@customElement('portside-models')
export class ModelPicker extends PanelPart {
  /** Model names, one per line. Changes are told by a `pick` event with the new text. */
  @property() value = '';
  @property() wrong: string | undefined;
  /** Asks the account. Undefined: the form cannot be sent as it stands, and says why itself. */
  @property({ attribute: false }) ask!: () => Promise<AccountTest> | undefined;
  @state() private listed: readonly string[] | undefined;
  @state() private failure = '';
  @state() private wanted = '';

  /** Forgets the list: it was another account's. */
  forget(): void {
    this.listed = undefined;
    this.failure = '';
    this.wanted = '';
  }

  protected override render(): TemplateResult {
    const fetching = this.isBusy('list');
    const field = {
      id: 'account-models',
      label: t('Models'),
      help: t('Only these, one per line. Empty: whatever the provider lists.'),
      problem: this.wrong,
    };
    const lines = this.value.split('\n').length;
    return html`${renderField(
        field,
        html`<textarea
          id=${field.id}
          rows=${Math.min(6, Math.max(2, lines))}
          spellcheck="false"
          aria-invalid=${this.wrong !== undefined}
          aria-describedby=${describedBy(field)}
          .value=${live(this.value)}
          @input=${(event: Event) => this.pick(valueOf(event))}
        ></textarea>`,
      )}
      <div class="buttons">
        <button
          class="secondary"
          type="button"
          data-testid="fetch-models"
          aria-disabled=${fetching}
          @click=${() => this.fetch()}
        >
          ${fetching ? t('Fetching…') : t('Fetch models')}
        </button>
        <span role="status" class="help">${this.summary()}</span>
      </div>
      ${this.renderProblem()}
      <div role="alert">${this.failure ? html`<p class="note error">${this.failure}</p>` : nothing}</div>
      ${this.listed && this.listed.length > 0 ? this.renderList(this.listed) : nothing}`;
  }

  private renderList(listed: readonly string[]): TemplateResult {
    const chosen = new Set(splitModels(this.value));
    const words = this.wanted.toLowerCase().split(/\s+/);
    const found = listed.filter((model) => words.every((word) => model.toLowerCase().includes(word)));
    return html`<fieldset class="listed" data-testid="listed-models">
      <legend class="unseen">${t('Models of the account')}</legend>
      <input
        type="search"
        aria-label=${t('Search models')}
        placeholder=${t('Search models')}
        autocomplete="off"
        spellcheck="false"
        .value=${live(this.wanted)}
        @input=${(event: Event) => (this.wanted = valueOf(event))}
        @keydown=${(event: KeyboardEvent) => {
          // Enter looks for models: it does not send the form.
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      <div class="scroll">
        ${found.slice(0, MOST_SHOWN).map(
          (model) =>
            html`<label class="check">
              <input
                type="checkbox"
                .checked=${live(chosen.has(model))}
                @change=${(event: Event) => this.tick(model, (event.target as HTMLInputElement).checked)}
              />
              <span>${model}</span>
            </label>`,
        )}
        ${found.length === 0 ? html`<p class="help">${t('No model has this name.')}</p>` : nothing}
        ${
          found.length > MOST_SHOWN
            ? html`<p class="help">${t('{0} more: search to see them.', found.length - MOST_SHOWN)}</p>`
            : nothing
        }
      </div>
    </fieldset>`;
  }

  private summary(): string {
    if (!this.listed) return '';
    const chosen = splitModels(this.value).length;
    return chosen === 0
      ? t('{0} listed, all are used', this.listed.length)
      : t('{0} listed, {1} chosen', this.listed.length, chosen);
  }

  private fetch(): Promise<void> | undefined {
    const asked = this.isBusy('list') ? undefined : this.ask();
    if (!asked) return undefined;
    return this.act('list', async () => {
      this.failure = '';
      const { ok, message, models } = await asked;
      if (!ok) this.failure = message;
      else if (!models?.length) this.failure = t('The account names no models: type them.');
      else this.listed = models;
    });
  }

  private tick(model: string, on: boolean): void {
    const others = splitModels(this.value).filter((other) => other !== model);
    this.pick([...others, ...(on ? [model] : [])].join('\n'));
  }

  private pick(text: string): void {
    this.dispatchEvent(new CustomEvent('pick', { detail: text }));
  }
}
