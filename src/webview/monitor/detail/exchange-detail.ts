import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { CapturedMessage, ExchangeDetail, MonitorInfo, Part } from '../../../shared/monitor';
import { renderTabList } from '../../parts/tabs';
import { call, onEvent } from '../link';
import './body-view';
import { renderClose, renderDetailHeader } from './detail-header';
import { renderHeaders, renderStart, titleOf } from './headers-tab';
import { renderOverview } from './overview-tab';
import { copyText } from './take-text';

type DetailTab = 'overview' | 'headers' | 'request' | 'response' | 'upstream';

/**
 * All that is known of one exchange. Sends `close`, and `show-exchange` with the `seq` of another one as its detail; both
 * bubble. `focus()` goes to its heading.
 */
@customElement('portside-exchange')
export class ExchangePane extends LitElement {
  @property({ attribute: false }) seq: number | undefined;
  @state() private detail: ExchangeDetail | undefined;
  /** Why there is nothing to show. */
  @state() private gone = '';
  @state() private info: MonitorInfo | undefined;
  @state() private tab: DetailTab = 'overview';
  @state() private said = '';
  @state() private problem = '';
  private wantsFocus = false;
  private stopListening: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.onKey);
    this.stopListening = onEvent((event) => {
      if (event.type === 'info') this.info = event.info;
    });
    call('info', {}).then(
      (info) => (this.info = info),
      // Without it nothing is missing but two hints.
      () => undefined,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.onKey);
    this.stopListening?.();
  }

  /** Puts the focus on the heading, as soon as there is one. */
  override focus(): void {
    this.wantsFocus = true;
    this.requestUpdate();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('seq')) return;
    this.said = this.problem = '';
    if (this.seq !== undefined) void this.load(this.seq);
  }

  protected override updated(changed: PropertyValues): void {
    // Another text is read from its beginning; overviews of neighbours are compared where one looks.
    if (changed.has('tab') || (changed.has('detail') && this.tab !== 'overview'))
      this.querySelector('#exchange-panel')?.scrollTo(0, 0);
    // The heading of an earlier exchange is no place for a focus that wants this one's.
    if (!this.wantsFocus || (this.detail?.seq !== this.seq && !this.gone)) return;
    const heading = this.querySelector<HTMLElement>('h2');
    if (!heading) return;
    this.wantsFocus = false;
    heading.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.gone) return this.renderGone();
    const { detail, info, said, problem } = this;
    if (!detail) return nothing;
    const tabs = this.tabs(detail);
    const selected = tabs.some(({ id }) => id === this.tab) ? this.tab : 'overview';
    const header = renderDetailHeader(
      { detail, info, said, problem },
      {
        copyId: () => this.act(() => copyText(detail.record.id), t('Copied.')),
        copyCurl: () =>
          this.act(async () => copyText((await call('curl', { seq: detail.seq })).text), t('Copied.')),
        copyJson: () => this.act(() => copyText(JSON.stringify(detail, null, 2)), t('Copied.')),
        replay: () => this.act(() => call('replay', { seq: detail.seq }), t('Sent again.')),
        close: () => this.close(),
      },
    );
    return html`<article
      class="detail"
      aria-label=${t('Details of the request')}
      aria-busy=${detail.seq !== this.seq}
    >
      ${header}
      ${renderTabList({ id: 'exchange', label: t('Details'), tabs, selected, select: (tab) => (this.tab = tab) })}
      <div
        class="detail-panel"
        role="tabpanel"
        id="exchange-panel"
        aria-labelledby="exchange-${selected}"
        tabindex="0"
      >
        ${keyed(`${detail.seq} ${selected}`, this.renderTab(selected, detail))}
      </div>
    </article>`;
  }

  private tabs({ messages }: ExchangeDetail): { id: DetailTab; label: string }[] {
    const has = (...parts: Part[]): boolean => messages.some(({ part }) => parts.includes(part));
    return [
      { id: 'overview', label: t('Overview') },
      { id: 'headers', label: t('Headers') },
      ...(has('request') ? [{ id: 'request' as const, label: t('Request') }] : []),
      ...(has('response') ? [{ id: 'response' as const, label: t('Response') }] : []),
      ...(has('upstream-request', 'upstream-response')
        ? [{ id: 'upstream' as const, label: t('Upstream') }]
        : []),
    ];
  }

  private renderTab(tab: DetailTab, detail: ExchangeDetail): TemplateResult {
    switch (tab) {
      case 'overview':
        return renderOverview(detail, (id) => this.act(() => this.showById(id), ''));
      case 'headers':
        return renderHeaders({
          detail,
          capturing: this.info?.capturing,
          startCapture: () =>
            this.act(
              () => call('setCapture', { capture: true }),
              t('Bodies and headers are kept from now on.'),
            ),
        });
      case 'request':
      case 'response':
        return html`${detail.messages.filter(({ part }) => part === tab).map((message) => renderBody(message, detail))}`;
      case 'upstream':
        return renderUpstream(detail);
    }
  }

  private renderGone(): TemplateResult {
    return html`<article class="detail" aria-label=${t('Details of the request')}>
      <header class="detail-header">
        <h2 tabindex="-1">${t('There is nothing to show')}</h2>
        ${renderClose(() => this.close())}
        <p role="alert" class="detail-problem" data-testid="gone">${this.gone}</p>
      </header>
    </article>`;
  }

  private async load(seq: number): Promise<void> {
    try {
      const detail = await call('detail', { seq });
      if (seq !== this.seq) return;
      this.detail = detail;
      this.gone = '';
    } catch (error) {
      if (seq === this.seq) this.gone = wordsOf(error);
    }
  }

  /** Runs a deed and says what came of it, unless another exchange is shown by then. */
  private act(deed: () => Promise<unknown>, done: string): void {
    const { seq } = this;
    this.said = this.problem = '';
    deed().then(
      () => {
        if (seq === this.seq) this.said = done;
      },
      (error: unknown) => {
        if (seq === this.seq) this.problem = wordsOf(error);
      },
    );
  }

  /** Records name each other by id, views by `seq`. */
  private async showById(id: string): Promise<void> {
    const query = { filter: { text: id }, sort: { key: 'time' as const, descending: false } };
    const { rows } = await call('rows', { query, from: 0, count: 50 });
    const row = rows.find((one) => one.id === id);
    if (!row) throw new Error(t('That request is no longer kept.'));
    this.dispatchEvent(new CustomEvent('show-exchange', { detail: row.seq, bubbles: true, composed: true }));
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('close', { bubbles: true, composed: true }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  };
}

function renderBody(message: CapturedMessage, detail: ExchangeDetail): TemplateResult {
  return html`<portside-body
    .seq=${detail.seq}
    .message=${message}
    .label=${titleOf(message, detail)}
  ></portside-body>`;
}

/** One fold per attempt; the last one, which made the answer, is open. */
function renderUpstream(detail: ExchangeDetail): TemplateResult {
  const messages = detail.messages.filter(({ part }) => part.startsWith('upstream-'));
  const attempts = [...new Set(messages.map(({ attempt = 0 }) => attempt))];
  return html`${attempts.map(
    (attempt) =>
      html`<details class="attempt-messages" data-testid="upstream" ?open=${attempt === attempts.at(-1)}>
        <summary>
          ${t('Attempt {0}', attempt + 1)}:
          <strong>${detail.record.attempts[attempt]?.account}</strong>
        </summary>
        ${messages
          .filter((message) => (message.attempt ?? 0) === attempt)
          .map(
            (message) =>
              html`<h3>${message.part === 'upstream-request' ? t('Request') : t('Response')}</h3>
                ${renderStart(message)} ${renderBody(message, detail)}`,
          )}
      </details>`,
  )}`;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
