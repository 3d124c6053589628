import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { CapturedMessage, ExchangeDetail } from '../../../shared/monitor';
import { MASK } from '../../../shared/redact';
import { describeStatus } from './describe-exchange';

interface HeadersTab {
  detail: ExchangeDetail;
  /** Whether bodies and headers are kept from now on; undefined while that is not known. */
  capturing: boolean | undefined;
  startCapture(): void;
}

/** Headers of all messages that were kept, client's side first; else how to keep them. */
export function renderHeaders(tab: HeadersTab): TemplateResult {
  const { messages } = tab.detail;
  if (messages.length === 0) return renderNothingKept(tab);
  const masked = messages.some(({ headers }) => headers.some(([, value]) => value.includes(MASK)));
  return html`${
    masked
      ? html`<p class="help" data-testid="mask-legend">
          ${renderValue(MASK)} ${t('stands where a secret was: it was masked before anything was kept.')}
        </p>`
      : nothing
  }
  ${messages.map((message) => renderMessage(message, tab.detail))}`;
}

function renderMessage(message: CapturedMessage, detail: ExchangeDetail): TemplateResult {
  const { headers } = message;
  const id = `headers-${message.part}-${message.attempt ?? 'client'}`;
  return html`<section aria-labelledby=${id} data-testid="headers">
    <h3 id=${id}>${titleOf(message, detail)}</h3>
    ${renderStart(message)}
    ${
      headers.length === 0
        ? html`<p class="help">${t('No headers.')}</p>`
        : html`<table class="facts headers">
            <caption class="unseen">
              ${titleOf(message, detail)}
            </caption>
            <thead class="unseen">
              <tr>
                <th scope="col">${t('Name')}</th>
                <th scope="col">${t('Value')}</th>
              </tr>
            </thead>
            <tbody>
              ${headers.map(
                ([name, value]) =>
                  html`<tr>
                    <th scope="row">${name}</th>
                    <td>${renderValue(value)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`;
}

/** What a message begins with: method and address, or the status. */
export function renderStart({ method, url, status }: CapturedMessage): TemplateResult | typeof nothing {
  const first = [method, url].filter((part) => part !== undefined).join(' ');
  if (first === '' && status === undefined) return nothing;
  return html`<p class="start-line">
    ${first === '' ? nothing : html`<code>${renderValue(first)}</code>`}
    ${status === undefined ? nothing : describeStatus(status)}
  </p>`;
}

/** What a message is, in words. */
export function titleOf({ part, attempt = 0 }: CapturedMessage, { record }: ExchangeDetail): string {
  const account = record.attempts[attempt]?.account ?? '';
  switch (part) {
    case 'request':
      return t('Request of the client');
    case 'response':
      return t('Response to the client');
    case 'upstream-request':
      return t('Attempt {0}: request to {1}', attempt + 1, account);
    case 'upstream-response':
      return t('Attempt {0}: response of {1}', attempt + 1, account);
  }
}

/** A value in which masked pieces can be told from what was really sent. */
function renderValue(value: string): (TemplateResult | string)[] {
  return value
    .split(MASK)
    .flatMap((piece, index) => (index === 0 ? [piece] : [html`<span class="mask">${MASK}</span>`, piece]));
}

/** Why there is nothing, and what to do about it. */
export function renderNothingKept({ detail, capturing, startCapture }: HeadersTab): TemplateResult {
  const failed = detail.record.outcome !== 'completed';
  return html`<div class="empty" data-testid="nothing-kept">
    <p>${t('No headers or bodies of this exchange are kept.')}</p>
    <p class="help">
      ${
        capturing === true
          ? t('They are kept from now on, with secrets masked. This exchange was before that, or held none.')
          : t('Bodies and headers are kept while capturing is on, with secrets masked.')
      }
      ${failed && capturing !== true ? t('Of requests that fail, headers are kept without it, where there are any.') : nothing}
    </p>
    ${
      capturing === false
        ? html`<div class="buttons">
            <button class="primary" data-testid="start-capture" @click=${startCapture}>
              ${t('Keep bodies and headers from now on')}
            </button>
          </div>`
        : nothing
    }
  </div>`;
}
