import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Sums } from '../../../shared/monitor';
import { Refreshing } from '../charts/refreshing';
import { totalsSpan } from '../charts/time-spans';
import { formatCostExactly } from '../format/format-cost';
import { formatCount, formatShare, formatTokens } from '../format/format-number';
import { call } from '../link';
import { unpricedHint, writeCost } from './totals';

/** Today in one line. */
@customElement('portside-summary')
export class SummaryStrip extends LitElement {
  @state() private sums: Sums | undefined;

  constructor() {
    super();
    new Refreshing(this, () => this.load());
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { sums } = this;
    // The line has its height before there is anything to say.
    if (!sums) return html`<dl class="strip" aria-label=${t('Today')}></dl>`;
    const { requests, failed, inputTokens, cachedInputTokens, outputTokens, costNano, unpriced } = sums;
    const item = (name: string, value: string, options: { id: string; title?: string; bad?: boolean }) =>
      html`<div
        data-item=${options.id}
        class=${options.bad ? 'has-failed' : ''}
        title=${options.title ?? nothing}
      >
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    return html`<dl class="strip" aria-label=${t('Today')}>
      <div class="strip-title" aria-hidden="true">
        <dt>${t('Today')}</dt>
        <dd></dd>
      </div>
      ${item(t('Requests'), formatCount(requests), { id: 'requests' })}
      ${item(t('Failed'), formatCount(failed), { id: 'failed', bad: failed > 0 })}
      ${item(t('In'), formatTokens(inputTokens), { id: 'in', title: formatCount(inputTokens) })}
      ${item(t('Out'), formatTokens(outputTokens), { id: 'out', title: formatCount(outputTokens) })}
      ${item(t('From cache'), formatShare(cachedInputTokens, inputTokens) ?? '–', { id: 'cached', title: formatCount(cachedInputTokens) })}
      ${item(t('Cost'), writeCost(sums), {
        id: 'cost',
        title: unpriced > 0 ? unpricedHint(unpriced) : formatCostExactly(costNano),
      })}
    </dl>`;
  }

  private async load(): Promise<void> {
    try {
      const { all } = await call('totals', { ...totalsSpan('today', Date.now()), by: 'account' });
      this.sums = all;
    } catch {
      // The table beneath says what is wrong; the line keeps what it said last.
    }
  }
}
