import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { GROUPINGS, type Grouping, type Sums, type Totals } from '../../../shared/monitor';
import { groupingLabel } from '../charts/group-names';
import { Refreshing } from '../charts/refreshing';
import { renderSegments } from '../charts/segments';
import { TOTALS_PERIODS, totalsSpan, type TotalsPeriod } from '../charts/time-spans';
import { formatCost, formatCostExactly } from '../format/format-cost';
import { formatCount, formatShare, formatTokens } from '../format/format-number';
import { call, keepState, keptState } from '../link';
import { nextOrder, TOTALS_COLUMNS, totalsRows, type TotalsColumn, type TotalsOrder } from './totals-rows';

interface Choice {
  period: TotalsPeriod;
  by: Grouping;
  order: TotalsOrder;
}
const FIRST: Choice = { period: 'today', by: 'account', order: { column: 'costNano', descending: true } };
/** What was kept of it, where it is one of ours. */
function keptChoice(): Choice {
  const kept = (keptState() as { totals?: Partial<Choice> } | null | undefined)?.totals;
  const column = TOTALS_COLUMNS.find((each) => each === kept?.order?.column);
  return {
    period: TOTALS_PERIODS.find((period) => period === kept?.period) ?? FIRST.period,
    by: GROUPINGS.find((by) => by === kept?.by) ?? FIRST.by,
    order: column ? { column, descending: kept?.order?.descending !== false } : FIRST.order,
  };
}

/** What it all came to: per account, model, client, protocol or client key, in the last hour, today, this month, ever. */
@customElement('portside-totals')
export class TotalsView extends LitElement {
  @state() private choice: Choice = keptChoice();
  /** With what they were asked by. */
  @state() private shown: { totals: Totals; by: Grouping; period: TotalsPeriod } | undefined;
  @state() private problem = '';
  private readonly refreshing = new Refreshing(this, () => this.load());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { period, by } = this.choice;
    const labels: Record<TotalsPeriod, string> = {
      hour: t('Last hour'),
      today: t('Today'),
      month: t('This month'),
      all: t('All time'),
    };
    return html`<section class="totals" aria-label=${t('Totals')}>
      <div class="chart-controls">
        ${renderSegments({
          name: 'totals-period',
          label: t('Time summed up'),
          choices: TOTALS_PERIODS.map((value) => ({ value, label: labels[value] })),
          selected: period,
          choose: (value) => this.choose({ period: value }),
        })}
        ${renderSegments({
          name: 'totals-by',
          label: t('Sums by'),
          choices: GROUPINGS.map((value) => ({ value, label: groupingLabel(value) })),
          selected: by,
          choose: (value) => this.choose({ by: value }),
        })}
      </div>
      <div role="alert">${this.problem ? html`<p class="note error">${this.problem}</p>` : nothing}</div>
      ${this.shown ? this.renderTotals(this.shown.totals, this.shown.by) : nothing}
    </section>`;
  }

  private renderTotals(totals: Totals, by: Grouping): TemplateResult {
    const { all } = totals;
    if (all.requests === 0)
      return html`<div class="charts-empty" data-testid="totals-empty">
        <p><strong>${t('No requests in this time.')}</strong></p>
        <p class="help">${t('Requests, tokens and cost are summed up here as exchanges end.')}</p>
      </div>`;
    const { order } = this.choice;
    return html`${renderCards(all)}
      <div
        class="totals-scroll"
        tabindex="0"
        role="region"
        aria-label=${t('Totals by {0}', groupingLabel(by))}
      >
        <table class="sums" data-testid="totals-table">
          <thead>
            <tr>
              ${TOTALS_COLUMNS.map((column) => this.renderHead(column, by, order))}
              <th scope="col" class="share-head">
                ${all.costNano > 0 ? t('Share of cost') : t('Share of requests')}
              </th>
            </tr>
          </thead>
          <tbody>
            ${repeat(
              totalsRows(totals, by, order),
              ({ key }) => key,
              ({ key, name, sums, share }) =>
                html`<tr data-group=${key}>
                  <th scope="row" title=${name}>${name}</th>
                  ${renderCells(sums)}
                  <td class="share">
                    <span class="share-bar" aria-hidden="true"
                      ><span ${ref((bar) => setWidth(bar, share))}></span
                    ></span>
                    <span class="number">${formatShare(share, 1)}</span>
                  </td>
                </tr>`,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${t('All')}</th>
              ${renderCells(all)}
              <td></td>
            </tr>
          </tfoot>
        </table>
      </div>
      ${all.unpriced > 0 ? html`<p class="help" data-testid="unpriced">${unpricedHint(all.unpriced)}</p>` : nothing}`;
  }

  private renderHead(column: TotalsColumn, by: Grouping, order: TotalsOrder): TemplateResult {
    const labels: Record<TotalsColumn, string> = {
      name: groupingLabel(by),
      requests: t('Requests'),
      failed: t('Failed'),
      inputTokens: t('Tokens in'),
      cached: t('From cache'),
      outputTokens: t('Tokens out'),
      costNano: t('Cost'),
    };
    const sorted = order.column === column;
    return html`<th
      scope="col"
      class=${column === 'name' ? '' : 'number'}
      aria-sort=${sorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        class="sort"
        data-sort=${column}
        @click=${() => this.choose({ order: nextOrder(order, column) })}
      >
        ${labels[column]}<span class="sort-mark" aria-hidden="true"
          >${sorted ? (order.descending ? '▾' : '▴') : ''}</span
        >
      </button>
    </th>`;
  }

  private choose(part: Partial<Choice>): void {
    this.choice = { ...this.choice, ...part };
    keepState({ ...(keptState() as object | null), totals: this.choice });
    if (!part.order) this.refreshing.now();
  }

  private async load(): Promise<void> {
    const { period, by } = this.choice;
    try {
      const totals = await call('totals', { ...totalsSpan(period, Date.now()), by });
      // Another choice meanwhile: its own answer comes.
      if (period !== this.choice.period || by !== this.choice.by) return;
      this.shown = { totals, by, period };
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Numbers of the whole, large. */
function renderCards(all: Sums): TemplateResult {
  const failed = formatShare(all.failed, all.requests) ?? '–';
  const cards: [name: string, value: string, detail: string, title?: string][] = [
    [
      t('Requests'),
      formatCount(all.requests),
      all.failed > 0 ? t('{0} failed ({1})', formatCount(all.failed), failed) : t('none failed'),
    ],
    [
      t('Tokens in'),
      formatTokens(all.inputTokens),
      t('{0} written to a cache', formatTokens(all.cacheWriteTokens)),
      formatCount(all.inputTokens),
    ],
    [
      t('Cache-hit ratio'),
      formatShare(all.cachedInputTokens, all.inputTokens) ?? '–',
      t('{0} tokens from cache', formatTokens(all.cachedInputTokens)),
      formatCount(all.cachedInputTokens),
    ],
    [
      t('Tokens out'),
      formatTokens(all.outputTokens),
      t('{0} for reasoning', formatTokens(all.reasoningTokens)),
      formatCount(all.outputTokens),
    ],
    [
      t('Cost'),
      formatCost(all.costNano),
      all.unpriced > 0 ? t('{0} without a price', formatCount(all.unpriced)) : t('all priced'),
      formatCostExactly(all.costNano),
    ],
  ];
  return html`<dl class="cards" data-testid="totals-cards">
    ${cards.map(
      ([name, value, detail, title]) =>
        html`<div>
          <dt>${name}</dt>
          <dd class="card-value" title=${title ?? nothing}>${value}</dd>
          <dd class="card-detail">${detail}</dd>
        </div>`,
    )}
  </dl>`;
}

function renderCells(sums: Sums): TemplateResult {
  const share = formatShare(sums.failed, sums.requests) ?? '–';
  return html`<td class="number" data-column="requests">${formatCount(sums.requests)}</td>
    <td
      class="number ${sums.failed > 0 ? 'has-failed' : ''}"
      data-column="failed"
      title=${formatCount(sums.failed)}
    >
      ${share}
    </td>
    <td class="number" data-column="inputTokens" title=${formatCount(sums.inputTokens)}>
      ${formatTokens(sums.inputTokens)}
    </td>
    <td class="number" data-column="cached" title=${formatCount(sums.cachedInputTokens)}>
      ${formatShare(sums.cachedInputTokens, sums.inputTokens) ?? '–'}
    </td>
    <td class="number" data-column="outputTokens" title=${formatCount(sums.outputTokens)}>
      ${formatTokens(sums.outputTokens)}
    </td>
    <td class="number" data-column="costNano" title=${formatCostExactly(sums.costNano)}>
      ${writeCost(sums)}
    </td>`;
}

/** A dash where nothing has a price; a plus where a part has none. */
export function writeCost({ costNano, unpriced }: Sums): string {
  if (unpriced === 0) return formatCost(costNano);
  return costNano === 0 ? '–' : `${formatCost(costNano)} +`;
}

/** For a person: so many requests are missing from a cost. */
export function unpricedHint(count: number): string {
  return count === 1
    ? t('1 request without a known price is not in the cost. Settings take prices of your own.')
    : t(
        '{0} requests without a known price are not in the cost. Settings take prices of your own.',
        formatCount(count),
      );
}

// By the object model: the page's policy takes no style attributes.
function setWidth(bar: Element | undefined, share: number): void {
  if (bar instanceof HTMLElement) bar.style.width = `${(share * 100).toFixed(2)}%`;
}
