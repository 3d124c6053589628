import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { PanelCalls } from '../../shared/messages';
import type { ZaiDispatchMode } from '../../shared/setting-names';
import { renderFieldProblem, renderTextField, valueOf } from '../parts/form-field';
import { call } from '../parts/host-link';
import { announce, PanelPart } from '../parts/panel-part';
import { renderRadioCards } from '../parts/radio-cards';

type Settings = PanelCalls['setZai']['ask'];
type Family = keyof Settings['models'];
const FAMILIES: readonly Family[] = ['opus', 'sonnet', 'haiku'];

/** The z.ai plan as a stand-in for Anthropic's API (SPEC 5.9). */
@customElement('portside-zai')
export class ZaiSection extends PanelPart {
  /** Models as typed and not yet taken. */
  @state() private typed: Partial<Record<Family, string>> = {};
  @state() private editingKey = false;
  @state() private keyProblem: string | undefined;

  protected override render(): TemplateResult {
    const { dispatchMode } = this.settings();
    const { hasKey } = this.panel.settings.zai;
    return html`<section aria-labelledby="zai-title">
      <h2 id="zai-title">z.ai</h2>
      <p class="help">
        ${t('GLM models for clients that speak Anthropic’s protocol, with one key of z.ai.')}
      </p>
      ${this.renderProblem()}
      ${renderRadioCards<ZaiDispatchMode>({
        name: 'zai-mode',
        legend: t('Dispatch'),
        choices: [
          { value: 'off', label: t('Off'), detail: t('z.ai is not asked by this way.') },
          { value: 'exclusive', label: t('Exclusive'), detail: t('Every Anthropic request goes to z.ai.') },
          { value: 'pooled', label: t('Pooled'), detail: t('z.ai takes its turn among the accounts.') },
          {
            value: 'fallback',
            label: t('Fallback'),
            detail: t('z.ai answers only when no account can.'),
          },
        ],
        selected: dispatchMode,
        choose: (mode) => void this.set({ dispatchMode: mode }),
      })}
      ${
        dispatchMode !== 'off' && !hasKey
          ? html`<p class="note warning" data-testid="zai-key-missing">
              ${t('Set the key: until then nothing goes to z.ai.')}
            </p>`
          : nothing
      }
      ${this.renderKey(hasKey)} ${this.renderModels()}
    </section>`;
  }

  private renderKey(hasKey: boolean): TemplateResult {
    if (!hasKey || this.editingKey) return this.renderKeyForm(hasKey);
    return html`<div class="field">
      <span class="label">${t('z.ai key')}</span>
      <div class="row">
        <span data-testid="zai-key-kept">${t('A key is kept in the editor’s secret storage.')}</span>
        <div class="buttons">
          <button class="secondary" data-testid="replace-zai-key" @click=${() => this.editKey()}>
            ${t('Replace')}
          </button>
          <button class="secondary" @click=${() => this.forgetKey()}>${t('Forget')}</button>
        </div>
      </div>
    </div>`;
  }

  private renderKeyForm(hasKey: boolean): TemplateResult {
    return html`<form class="field" novalidate @submit=${(event: Event) => this.saveKey(event)}>
      <label for="zai-key">${t('z.ai key')}</label>
      <p class="help" id="zai-key-help">
        ${t('Kept in the editor’s secret storage; it is not shown again.')}
      </p>
      <div class="row">
        <input
          id="zai-key"
          class="mono"
          type="password"
          autocomplete="off"
          spellcheck="false"
          aria-invalid=${this.keyProblem !== undefined}
          aria-describedby="zai-key-help zai-key-note"
          @input=${() => (this.keyProblem = undefined)}
        />
        <div class="buttons">
          <button class="secondary" data-testid="save-zai-key">${t('Save')}</button>
          ${
            hasKey
              ? html`<button class="secondary" type="button" @click=${() => this.closeKey()}>
                  ${t('Cancel')}
                </button>`
              : nothing
          }
        </div>
      </div>
      ${renderFieldProblem('zai-key', this.keyProblem)}
    </form>`;
  }

  private renderModels(): TemplateResult {
    const { models } = this.settings();
    return html`<fieldset class="field">
      <legend>${t('Models')}</legend>
      <p class="help">${t('What z.ai is asked for when a client names a Claude model of the family.')}</p>
      <div class="side-by-side" @change=${() => this.takeModels()}>
        ${FAMILIES.map((family) => {
          const value = this.typed[family] ?? models[family];
          return renderTextField({
            id: `zai-${family}`,
            label: family,
            look: 'mono',
            maxLength: 256,
            value,
            problem: value.trim() ? undefined : t('The model is missing.'),
            onInput: (event) => (this.typed = { ...this.typed, [family]: valueOf(event) }),
          });
        })}
      </div>
    </fieldset>`;
  }

  private settings(): Settings {
    const { dispatchMode, models } = this.panel.settings.zai;
    return this.shown('set', { dispatchMode, models });
  }

  private set(part: Partial<Settings>): Promise<void> {
    return this.choose('set', { ...this.settings(), ...part }, (wanted) => call('setZai', wanted));
  }

  private async takeModels(): Promise<void> {
    const models = { ...this.settings().models };
    for (const family of FAMILIES) models[family] = (this.typed[family] ?? models[family]).trim();
    if (FAMILIES.some((family) => models[family] === '')) return;
    await this.set({ models });
    this.typed = {};
  }

  private async editKey(): Promise<void> {
    this.editingKey = true;
    await this.focusOn('#zai-key');
  }

  private async closeKey(): Promise<void> {
    this.editingKey = false;
    this.keyProblem = undefined;
    await this.focusOn('[data-testid="replace-zai-key"]');
  }

  private saveKey(event: Event): Promise<void> | undefined {
    event.preventDefault();
    const input = this.querySelector<HTMLInputElement>('#zai-key');
    const key = input?.value.trim() ?? '';
    this.keyProblem = key
      ? /^[\x21-\x7e]+$/.test(key)
        ? undefined
        : t('The key must be printable ASCII on one line.')
      : t('The API key is missing.');
    if (this.keyProblem !== undefined) return this.focusOn('#zai-key');
    if (input) input.value = '';
    return this.act('key', async () => {
      await call('setZaiKey', { key });
      announce(t('Key saved.'));
      await this.closeKey();
    });
  }

  private forgetKey(): Promise<void> {
    return this.act('key', async () => {
      await call('setZaiKey', { key: '' });
      announce(t('Key forgotten.'));
      await this.focusOn('#zai-key');
    });
  }
}
