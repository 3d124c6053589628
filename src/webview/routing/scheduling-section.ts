import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { PanelCalls } from '../../shared/messages';
import type { Scheduling } from '../../shared/setting-names';
import { describedBy, renderField, valueOf } from '../parts/form-field';
import { call } from '../parts/host-link';
import { PanelPart } from '../parts/panel-part';
import { renderRadioCards } from '../parts/radio-cards';

type Settings = PanelCalls['setScheduling']['ask'];

/** Which account takes a conversation (SPEC 5.3, 5.4). */
@customElement('portside-scheduling')
export class SchedulingSection extends PanelPart {
  protected override render(): TemplateResult {
    const { scheduling, stickySessions, preferredAccount } = this.settings();
    return html`<section aria-labelledby="scheduling-title">
      <h2 id="scheduling-title">${t('Scheduling')}</h2>
      ${this.renderProblem()}
      ${renderRadioCards<Scheduling>({
        name: 'scheduling',
        legend: t('Which account answers'),
        choices: [
          {
            value: 'cache_first',
            label: t('Cache first'),
            detail: t(
              'A conversation stays on its account, so that its prompt cache is used. New ones are spread.',
            ),
          },
          {
            value: 'balance',
            label: t('Balance'),
            detail: t('Requests are spread over all accounts by their weight.'),
          },
          {
            value: 'performance_first',
            label: t('Performance first'),
            detail: t('Of two accounts, the one that answered faster of late.'),
          },
        ],
        selected: scheduling,
        choose: (value) => this.set({ scheduling: value }),
      })}
      ${this.renderSticky(stickySessions, scheduling)} ${this.renderPreferred(preferredAccount)}
    </section>`;
  }

  private renderSticky(on: boolean, scheduling: Scheduling): TemplateResult {
    return html`<div class="field">
      <span class="label" id="sticky-label">${t('Sticky sessions')}</span>
      <label class="check">
        <input
          id="sticky"
          type="checkbox"
          .checked=${live(on)}
          aria-describedby="sticky-note"
          @change=${(event: Event) => this.set({ stickySessions: (event.target as HTMLInputElement).checked })}
        />
        <span>${t('Return to the same account with the next turn of a conversation')}</span>
      </label>
      <p class="help" id="sticky-note" aria-live="polite">
        ${scheduling === 'cache_first' ? nothing : t('Only “Cache first” keeps conversations on their account.')}
      </p>
    </div>`;
  }

  private renderPreferred(preferred: string): TemplateResult {
    const { accounts } = this.panel;
    const unknown = preferred !== '' && !accounts.some(({ id }) => id === preferred);
    const field = {
      id: 'preferred',
      label: t('Preferred account'),
      help: t('It answers whatever it can while it is healthy; the others stand in for it.'),
    };
    return renderField(
      field,
      html`<select
        id=${field.id}
        aria-describedby=${describedBy(field)}
        .value=${live(preferred)}
        @change=${(event: Event) => this.set({ preferredAccount: valueOf(event) })}
      >
        <option value="" ?selected=${preferred === ''}>${t('None')}</option>
        ${accounts.map(
          ({ id, label }) => html`<option value=${id} ?selected=${id === preferred}>${label}</option>`,
        )}
        ${unknown ? html`<option value=${preferred} selected>${t('{0} (removed)', preferred)}</option>` : nothing}
      </select>`,
    );
  }

  private settings(): Settings {
    const { scheduling, stickySessions, preferredAccount } = this.panel.settings;
    return this.shown('set', { scheduling, stickySessions, preferredAccount });
  }

  private set(part: Partial<Settings>): void {
    void this.choose('set', { ...this.settings(), ...part }, (wanted) => call('setScheduling', wanted));
  }
}
