import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { HealthAnswer } from '../shared/messages';
import { call } from './parts/host-link';
import { PanelPart } from './parts/panel-part';

/** Asks `/healthz` over the socket and shows the answer as it came. */
@customElement('portside-health')
export class HealthSection extends PanelPart {
  @state() private answer: HealthAnswer | undefined;

  protected override render(): TemplateResult {
    const checking = this.isBusy('health');
    return html`<section aria-labelledby="health-title">
      <h2 id="health-title">${t('Health check')}</h2>
      <p class="help">${t('Calls {0} as a client would.', `${this.panel.url}/healthz`)}</p>
      <div class="buttons">
        <button
          class="secondary"
          data-testid="check-health"
          aria-disabled=${checking}
          @click=${() =>
            this.act('health', async () => {
              this.answer = await call('checkHealth', {});
            })}
        >
          ${checking ? t('Checking…') : t('Check Health')}
        </button>
      </div>
      ${this.renderProblem()}
      <div role="status" data-testid="health-answer">
        ${this.answer ? this.renderAnswer(this.answer) : nothing}
      </div>
    </section>`;
  }

  private renderAnswer({ status, body, ms }: HealthAnswer): TemplateResult {
    const time = t('{0} ms', Math.round(ms * 10) / 10);
    const verdict =
      status === undefined
        ? t('No answer')
        : status === 200
          ? t('Healthy: status {0}', status)
          : t('Unhealthy: status {0}', status);
    return html`<div class="note ${status === 200 ? 'good' : 'error'}">
      <p><strong>${verdict}</strong> · ${time}</p>
      <p><code>${body}</code></p>
    </div>`;
  }
}
