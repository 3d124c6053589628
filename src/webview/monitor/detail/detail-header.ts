import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ExchangeDetail, MonitorInfo } from '../../../shared/monitor';
import { ICONS } from '../../parts/icons';
import { formatDuration } from '../format/format-duration';
import { formatDateTime } from '../format/format-time';
import { describeOutcome, describeStatus } from './describe-exchange';

interface DetailHeader {
  detail: ExchangeDetail;
  info: MonitorInfo | undefined;
  /** What the last deed came to, in words. */
  said: string;
  /** The last deed did not work. */
  problem: string;
}

interface HeaderDeeds {
  copyId(): void;
  copyCurl(): void;
  replay(): void;
  copyJson(): void;
  close(): void;
}

/** What was asked, of whom, what came of it, and what can be done with it. */
export function renderDetailHeader(header: DetailHeader, deeds: HeaderDeeds): TemplateResult {
  const { record } = header.detail;
  const { method, path, status, outcome, time, durationMs, id } = record;
  const barred = replayProblem(header.detail, header.info);
  return html`<header class="detail-header">
    <h2 tabindex="-1"><span class="detail-method">${method}</span> <span>${path}</span></h2>
    ${renderClose(deeds.close)}
    <div class="detail-lines">
      <p class="detail-summary">
        <span class="badge" data-outcome=${outcome} data-testid="status">${describeStatus(status)}</span>
        <span data-testid="outcome">${describeOutcome(outcome)}</span>
        <span class="muted">${formatDuration(durationMs)}</span>
        <time class="muted" datetime=${new Date(time).toISOString()}>${formatDateTime(time)}</time>
      </p>
      ${renderWay(header.detail)}
      <p class="detail-id">
        <span class="muted">${t('Request id')}</span> <code data-testid="request-id">${id}</code>
        <button class="link" aria-label=${t('Copy the request id')} @click=${deeds.copyId}>
          ${t('Copy')}
        </button>
      </p>
    </div>
    <div class="buttons">
      <button class="secondary" data-testid="copy-curl" @click=${deeds.copyCurl}>${t('Copy as curl')}</button>
      <button
        class="secondary"
        data-testid="replay"
        aria-disabled=${barred !== undefined}
        aria-describedby=${barred === undefined ? nothing : 'replay-barred'}
        title=${barred ?? nothing}
        @click=${() => {
          if (barred === undefined) deeds.replay();
        }}
      >
        ${t('Send again')}
      </button>
      <button class="secondary" data-testid="copy-json" @click=${deeds.copyJson}>${t('Copy as JSON')}</button>
    </div>
    <p class="detail-notes">
      ${barred === undefined ? nothing : html`<span class="help" id="replay-barred">${barred}</span>`}
      <span role="status" data-testid="said">${header.said}</span>
    </p>
    <div role="alert" class="detail-problem">
      ${header.problem ? html`<p class="note error" data-testid="deed-problem">${header.problem}</p>` : nothing}
    </div>
  </header>`;
}

/** The button that closes the pane. */
export function renderClose(close: () => void): TemplateResult {
  return html`<button
    class="icon-button detail-close"
    data-testid="close"
    title=${t('Close (Esc)')}
    aria-label=${t('Close the details')}
    @click=${close}
  >
    ${ICONS.close}
  </button>`;
}

/** From the client to the model: `claude-cli 2.0.1 → claude-sonnet-4-5 → glm-4.6 · Z.ai`. */
function renderWay({ record }: ExchangeDetail): TemplateResult | typeof nothing {
  const { client, clientVersion, modelAsked, modelServed, account } = record;
  const arrow = html`<span class="muted" aria-hidden="true">→</span>`;
  const asked =
    modelAsked === undefined ? nothing : html`<code data-testid="model-asked">${modelAsked}</code>`;
  const other = modelServed !== undefined && modelServed !== modelAsked;
  return html`<p class="detail-way">
    ${
      client === undefined
        ? nothing
        : html`<span data-testid="client"
            >${client}${clientVersion ? html` <span class="muted">${clientVersion}</span>` : nothing}</span
          >`
    }
    ${client !== undefined && asked !== nothing ? arrow : nothing} ${asked}
    ${
      other
        ? html`${asked === nothing ? nothing : arrow}<span class="unseen">${t('served as')}</span>
            <code data-testid="model-served">${modelServed}</code>`
        : nothing
    }
    ${account === undefined ? nothing : html`<span class="muted">${t('by')}</span> <strong data-testid="account">${account}</strong>`}
  </p>`;
}

/** Why the request cannot be sent again; undefined when it can. */
export function replayProblem(
  { messages }: ExchangeDetail,
  info: MonitorInfo | undefined,
): string | undefined {
  const request = messages.find(({ part }) => part === 'request');
  if (!request || (request.size > 0 && request.kept === 0))
    return t('It cannot be sent again: its body was not kept.');
  if (request.kept < request.size) return t('It cannot be sent again: only a part of its body was kept.');
  return info && !info.canReplay ? t('It cannot be sent again while the proxy is stopped.') : undefined;
}
