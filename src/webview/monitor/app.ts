import { config, t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { MonitorInfo, OpenExchange } from '../../shared/monitor';
import { renderTabList } from '../parts/tabs';
import './charts/charts';
import { call, deed, inEditor, onEvent, onReturn } from './link';
import './requests-page';
import type { RequestsPage } from './requests-page';
import './toolbar';
import './totals/summary-strip';
import './totals/totals';
import { keepView, keptView, type MonitorPage } from './view-state';

/** The whole page: its pages and what can be done with all of it. */
@customElement('portside-monitor')
export class Monitor extends LitElement {
  @state() private page: MonitorPage = keptView().page;
  @state() private info: MonitorInfo | undefined;
  @state() private open: OpenExchange[] = [];
  @state() private ready = !inEditor;
  @state() private problem = '';
  @state() private said = '';
  /** Whether a page was ever shown: those that were not need not exist. */
  private readonly visited = new Set<MonitorPage>([this.page]);
  private asking = false;
  private again: { all: boolean } | undefined;
  private leave: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('portside-announce', this.onAnnounce);
    this.leave = [
      onEvent((event) => {
        if (document.hidden) return;
        if (event.type === 'open') this.open = event.open;
        else if (event.type === 'info') this.info = event.info;
        else void this.refresh(false);
      }),
      onReturn(() => void this.refresh(true)),
    ];
    if (inEditor)
      deed('ready', {}).then(
        ({ texts }) => {
          config({ contents: texts });
          this.ready = true;
        },
        () => (this.ready = true),
      );
    void this.refresh(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('portside-announce', this.onAnnounce);
    for (const leave of this.leave) leave();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.ready) return nothing;
    const requests = this.querySelector<RequestsPage>('portside-requests');
    return html`<main class="monitor" aria-label=${t('Portside monitor')}>
      <h1 class="unseen">${t('Portside monitor')}</h1>
      <div class="top-bar">
        ${renderTabList({
          id: 'page',
          label: t('Monitor'),
          tabs: [
            { id: 'requests', label: t('Requests') },
            { id: 'charts', label: t('Charts') },
            { id: 'totals', label: t('Totals') },
          ],
          selected: this.page,
          select: (page) => this.show(page),
          panelOf: (page) => `page-${page}-panel`,
        })}
        <portside-toolbar
          .info=${this.info}
          .paused=${requests?.paused ?? false}
          .fresh=${requests?.fresh ?? 0}
          .query=${requests?.list.query}
          @pause=${() => requests?.togglePause()}
          @trouble=${(event: CustomEvent<string>) => (this.problem = event.detail)}
        ></portside-toolbar>
      </div>
      <div role="alert">
        ${
          this.problem
            ? html`<p class="table-note error">
                ${this.problem}
                <button type="button" class="link" @click=${() => (this.problem = '')}>
                  ${t('Dismiss')}
                </button>
              </p>`
            : nothing
        }
      </div>
      <portside-summary></portside-summary>
      ${this.renderPage(
        'requests',
        html`<portside-requests
          .info=${this.info}
          .open=${this.open}
          .active=${this.page === 'requests'}
          @list=${() => this.requestUpdate()}
        ></portside-requests>`,
      )}
      ${this.renderPage('charts', html`<portside-charts></portside-charts>`)}
      ${this.renderPage('totals', html`<portside-totals></portside-totals>`)}
      <div class="unseen" role="status">${this.said}</div>
    </main>`;
  }

  protected override firstUpdated(): void {
    this.requestUpdate();
  }

  private renderPage(page: MonitorPage, content: TemplateResult): TemplateResult {
    return html`<div
      class="page"
      role="tabpanel"
      id="page-${page}-panel"
      aria-labelledby="page-${page}"
      ?hidden=${page !== this.page}
    >
      ${this.visited.has(page) ? content : nothing}
    </div>`;
  }

  private show(page: MonitorPage): void {
    this.page = page;
    this.visited.add(page);
    keepView({ page });
  }

  private readonly onAnnounce = (event: Event): void => {
    this.said = (event as CustomEvent<string>).detail;
  };

  /**
   * Asks what the monitor says of itself; once more when it was asked for meanwhile.
   * @param all also what is under way, of which events tell otherwise
   */
  private async refresh(all: boolean): Promise<void> {
    this.again = { all: all || (this.again?.all ?? false) };
    if (this.asking) return;
    this.asking = true;
    try {
      while (this.again) {
        const now = this.again;
        this.again = undefined;
        this.info = await call('info', {});
        if (now.all) this.open = (await call('open', {})).open;
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.asking = false;
    }
  }
}
