import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ExchangeRecord } from '../../../shared/exchange';
import type { ExchangeDetail } from '../../../shared/monitor';
import {
  describeChoice,
  describeCostLine,
  describeProtocol,
  describeWarningType,
  explainOutcome,
  groupWarnings,
  tokensPerSecond,
} from './describe-exchange';
import { formatCost, formatCostExactly } from '../format/format-cost';
import { formatDuration } from '../format/format-duration';
import { formatCount, formatShare } from '../format/format-number';
import { writeNumber } from '../format/locale';
import { renderTimeline } from './timeline-view';

type Part = TemplateResult | typeof nothing;
type Figure = [name: string, value: string | undefined, note?: string | undefined];

/** What happened, when, what it cost and why: all that is known without any content. */
export function renderOverview(detail: ExchangeDetail, showReplayed: (id: string) => void): TemplateResult {
  const { record } = detail;
  return html`${renderError(record)} ${renderFigures(record)}
  ${record.attempts.length > 0 || record.queuedMs !== undefined ? renderTimeline(record) : nothing}
  ${renderChoice(record)} ${renderWarnings(record)} ${renderCost(detail)} ${renderFacts(record, showReplayed)}`;
}

function renderError(record: ExchangeRecord): Part {
  const { error, outcome } = record;
  if (outcome === 'completed' && error === undefined) return nothing;
  return html`<div class="note ${outcome === 'cancelled' ? 'warning' : 'error'}" data-testid="exchange-error">
    <p><strong>${explainOutcome(record)}</strong></p>
    ${error === undefined ? nothing : html`<p class="error-text">${error}</p>`}
  </div>`;
}

function renderFigures(record: ExchangeRecord): TemplateResult {
  const { firstByteMs, durationMs, queuedMs, usage, costNano } = record;
  const speed = tokensPerSecond(record);
  const tokens = (count: number | undefined): string | undefined =>
    count === undefined ? undefined : formatCount(count);
  const cached =
    usage?.cachedInputTokens && usage.inputTokens > 0
      ? t('{0} of the input', formatShare(usage.cachedInputTokens, usage.inputTokens) ?? '')
      : undefined;
  const hour = usage?.cacheWrite1hTokens
    ? t('{0} for an hour', formatCount(usage.cacheWrite1hTokens))
    : undefined;
  const unpriced = usage && costNano === undefined ? t('no price is known') : undefined;
  const figures: Figure[] = [
    [t('Duration'), formatDuration(durationMs)],
    [t('First byte'), firstByteMs === undefined ? undefined : formatDuration(firstByteMs)],
    [t('Queued'), queuedMs === undefined ? undefined : formatDuration(queuedMs)],
    [
      t('Tokens per second'),
      speed === undefined ? undefined : writeNumber(speed, { maximumFractionDigits: speed < 10 ? 1 : 0 }),
    ],
    [t('Cost'), costNano === undefined ? unpriced && '–' : formatCost(costNano), unpriced],
  ];
  const counts: Figure[] = [
    [t('Tokens in'), tokens(usage?.inputTokens)],
    [t('From cache'), tokens(usage?.cachedInputTokens), cached],
    [t('Written to cache'), tokens(usage?.cacheWriteTokens), hour],
    [t('Tokens out'), tokens(usage?.outputTokens)],
    [t('Reasoning'), tokens(usage?.reasoningTokens), t('of the output')],
  ];
  return html`<div class="figures" data-testid="figures">${renderRow(figures)} ${renderRow(counts)}</div>`;
}

function renderRow(figures: Figure[]): Part {
  const known = figures.filter(([, value]) => value !== undefined);
  if (known.length === 0) return nothing;
  return html`<dl>
    ${known.map(
      ([name, value, note]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}${note ? html` <span class="muted">${note}</span>` : nothing}</dd>
        </div>`,
    )}
  </dl>`;
}

function renderChoice(record: ExchangeRecord): Part {
  const { attempts, skipped = [] } = record;
  const why = describeChoice(record);
  const [first] = attempts;
  if (why === undefined && skipped.length === 0) return nothing;
  return html`<section aria-labelledby="exchange-choice">
    <h3 id="exchange-choice">${t('How it was chosen')}</h3>
    ${first && why !== undefined ? html`<p data-testid="chosen"><strong>${first.account}</strong>: ${why}</p>` : nothing}
    ${
      skipped.length === 0
        ? nothing
        : html`<table class="facts" data-testid="skipped">
            <caption>
              ${t('Left out')}
            </caption>
            <thead>
              <tr>
                <th scope="col">${t('Account')}</th>
                <th scope="col">${t('Model')}</th>
                <th scope="col">${t('Why')}</th>
              </tr>
            </thead>
            <tbody>
              ${skipped.map(
                ({ account, model, reason }) =>
                  html`<tr>
                    <th scope="row">${account}</th>
                    <td><code>${model}</code></td>
                    <td>${reason}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`;
}

function renderWarnings(record: ExchangeRecord): Part {
  const groups = groupWarnings(record);
  if (groups.length === 0) return nothing;
  return html`<section aria-labelledby="exchange-warnings" data-testid="warnings">
    <h3 id="exchange-warnings">${t('Lost in translation')}</h3>
    ${groups.map(({ type, rows }) => {
      const { title, meaning } = describeWarningType(type);
      return html`<p class="group-title"><strong>${title}</strong> <span class="muted">${meaning}</span></p>
        <table class="facts">
          <caption class="unseen">
            ${title}
          </caption>
          <thead class="unseen">
            <tr>
              <th scope="col">${t('Field')}</th>
              <th scope="col">${t('What happened')}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ field, message, times }) =>
                html`<tr>
                  <th scope="row"><code>${field}</code></th>
                  <td>
                    ${message}${times > 1 ? html` <span class="muted">${t('{0} times', times)}</span>` : nothing}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>`;
    })}
  </section>`;
}

function renderCost({ cost, record }: ExchangeDetail): Part {
  if (!cost || cost.lines.length === 0) return nothing;
  const total = record.costNano ?? cost.lines.reduce((sum, { costNano }) => sum + costNano, 0);
  return html`<section aria-labelledby="exchange-cost" data-testid="cost">
    <h3 id="exchange-cost">${t('Cost')}</h3>
    <table class="facts cost-table">
      <thead>
        <tr>
          <th scope="col">${t('For')}</th>
          <th scope="col">${t('Tokens')}</th>
          <th scope="col">${t('Price')}</th>
          <th scope="col">${t('Cost')}</th>
        </tr>
      </thead>
      <tbody>
        ${cost.lines.map(
          ({ what, tokens, price, costNano }) =>
            html`<tr>
              <th scope="row">${describeCostLine(what)}</th>
              <td>${what === 'request' ? nothing : formatCount(tokens)}</td>
              <td>
                ${
                  what === 'request'
                    ? t('{0} per thousand', describePrice(price))
                    : t('{0} per million', describePrice(price))
                }
              </td>
              <td>${formatCostExactly(costNano)}</td>
            </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan="3">${t('Together')}</th>
          <td>${formatCostExactly(total)}</td>
        </tr>
      </tfoot>
    </table>
    <p class="help">${t('Priced by {0}', cost.source)}</p>
  </section>`;
}

/** A price in US dollars: `$3.00`, `$0.075`. */
const describePrice = (price: number): string =>
  writeNumber(price, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });

/** What is not worth a place further up. */
function renderFacts(record: ExchangeRecord, showReplayed: (id: string) => void): TemplateResult {
  const { clientDialect, upstreamDialect, clientKey, replayOf } = record;
  const protocol =
    clientDialect === undefined
      ? undefined
      : upstreamDialect === undefined
        ? describeProtocol(clientDialect)
        : upstreamDialect === clientDialect
          ? t('{0}, passed through', describeProtocol(clientDialect))
          : t('{0}, translated to {1}', describeProtocol(clientDialect), describeProtocol(upstreamDialect));
  const facts: [string, Part | string | undefined][] = [
    [t('Protocol'), protocol],
    [t('Client key'), clientKey],
    [
      t('Sent again from'),
      replayOf === undefined
        ? undefined
        : html`<button class="link mono" @click=${() => showReplayed(replayOf)}>${replayOf}</button>`,
    ],
  ];
  const known = facts.filter(([, value]) => value !== undefined);
  return html`<dl class="pairs" data-testid="facts">
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
