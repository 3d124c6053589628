import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { MonitorFilter, MonitorInfo, MonitorQuery, OpenExchange } from '../../shared/monitor';
import { announce } from '../parts/panel-part';
import './detail/exchange-detail';
import type { ExchangePane } from './detail/exchange-detail';
import './filters/filter-bar';
import { openMatches } from './filters/open-matches';
import { formatCount } from './format/format-number';
import { ICONS } from './icons';
import { onEvent, onReturn } from './link';
import { Menus } from './menu';
import { renderSplitter } from './split-pane';
import { allColumns, type Column } from './table/columns';
import { RequestList } from './table/request-list';
import './table/requests-table';
import type { Choice, RequestsTable } from './table/requests-table';
import { keepView, keptView } from './view-state';

/** The pane stands beside the table from this width on. */
const WIDE = 1000;
/** While the cursor moves through the table, the pane shows where it rests. */
const REST_MS = 90;

/** Filters, table, and the details of what is chosen. Sends `list` when what it shows or counts has changed. */
@customElement('portside-requests')
export class RequestsPage extends LitElement {
  @property({ attribute: false }) info: MonitorInfo | undefined;
  @property({ attribute: false }) open: OpenExchange[] = [];
  /** Whether this page is the one that is shown. */
  @property({ type: Boolean }) active = true;
  @state() paused = false;
  @state() private filter: MonitorFilter = keptView().filter;
  @state() private sort: MonitorQuery['sort'] = keptView().sort;
  @state() private widths = keptView().widths;
  @state() private hiddenColumns = keptView().hidden;
  @state() private beside = keptView().beside;
  @state() private below = keptView().below;
  @state() private selected: number | undefined;
  /** What the pane shows. */
  @state() private shown: number | undefined;
  @state() private turn = 0;
  @state() private room = { width: 1200, height: 800 };
  private readonly menus = new Menus(this);
  private readonly everyColumn = allColumns();
  private columns: Column[] = [];
  private resting: number | undefined;
  /** The result of a question is told to screen readers once; rows that come are not. */
  private toTell = false;
  private sizes: ResizeObserver | undefined;
  private leave: (() => void)[] = [];

  readonly list = new RequestList(
    { filter: this.filter, sort: this.sort },
    {
      changed: () => this.listChanged(),
      anchor: () => this.table?.firstInView(),
      shifted: (rows) => this.table?.shift(rows),
    },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    this.leave = [
      onEvent((event) => {
        if (event.type !== 'changed') return;
        // Nobody looks while it is hidden: the return catches up.
        if (this.active && !document.hidden) this.list.recordsChanged(event.added);
      }),
      onReturn(() => this.list.recordsChanged(1)),
    ];
    this.sizes = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (width > 0) this.room = { width, height };
    });
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes?.disconnect();
    for (const leave of this.leave) leave();
  }

  /** Freezes the view, or takes in what has come. */
  togglePause(): void {
    this.paused = !this.paused;
    if (this.paused) this.list.freeze();
    else if (this.table?.atTop !== false) this.list.follow();
    this.listChanged();
  }

  /** How many came since the list was frozen. */
  get fresh(): number {
    return this.list.fresh;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.active && changed.get('active') === false) this.list.recordsChanged(1);
    if (changed.has('hiddenColumns') || this.columns.length === 0)
      this.columns = this.everyColumn.filter(({ id }) => !this.hiddenColumns.includes(id));
  }

  private get table(): RequestsTable | null {
    return this.querySelector<RequestsTable>('portside-table');
  }

  private get wide(): boolean {
    return this.room.width >= WIDE;
  }

  protected override render(): TemplateResult {
    const open = this.paused ? [] : this.open.filter((one) => openMatches(one, this.filter));
    const empty = this.list.loaded && this.list.total + open.length === 0;
    return html`<div class="filter-line">
        <portside-filters
          .filter=${this.filter}
          .result=${this.result()}
          @filter=${(event: CustomEvent<MonitorFilter>) => this.ask({ filter: event.detail })}
          @leave-search=${() => this.table?.focus()}
        ></portside-filters>
        ${this.renderColumnsMenu()}
      </div>
      ${this.renderNotes()}
      <div class="split ${this.wide ? 'split-beside' : 'split-below'}">
        <div class="table-side">
          <portside-table
            ?hidden=${empty}
            .list=${this.list}
            .open=${open}
            .columns=${this.columns}
            .widths=${this.widths}
            .sort=${this.sort}
            .selected=${this.selected}
            .turn=${this.turn}
            @choose=${this.onChoose}
            @sort-by=${(event: CustomEvent<MonitorQuery['sort']>) => this.ask({ sort: event.detail })}
            @resize-column=${this.onResizeColumn}
            @at-top=${this.onAtTop}
            @keydown=${this.onTableKey}
          ></portside-table>
          ${empty ? this.renderEmpty() : nothing} ${this.renderPill()}
        </div>
        ${this.shown === undefined ? nothing : this.renderPane(this.shown)}
      </div>`;
  }

  private renderPane(seq: number): TemplateResult {
    const { wide, room } = this;
    const most = Math.max(200, Math.floor((wide ? room.width : room.height) * 0.75));
    const size = Math.min(most, wide ? this.beside : this.below);
    return html`${renderSplitter({
        beside: wide,
        size,
        most,
        resize: (to, done) => {
          if (wide) this.beside = to;
          else this.below = to;
          if (done) keepView({ beside: this.beside, below: this.below });
        },
      })}
      <div class="pane" data-testid="pane" .size=${size}>
        <portside-exchange
          .seq=${seq}
          @close=${() => this.closePane(true)}
          @show-exchange=${(event: CustomEvent<number>) => this.show(event.detail)}
        ></portside-exchange>
      </div>`;
  }

  protected override updated(): void {
    const pane = this.querySelector<HTMLElement & { size: number }>('.pane');
    // The content policy allows no style attribute: sizes are set as properties.
    if (pane) pane.style.flexBasis = `${pane.size}px`;
  }

  private renderColumnsMenu(): TemplateResult {
    return this.menus.render({
      id: 'columns',
      label: t('Columns'),
      icon: ICONS.columns,
      iconOnly: true,
      className: 'choices-menu to-left',
      content: () =>
        html`<div class="choices-list">
            ${this.everyColumn.map(
              ({ id, label }) =>
                html`<label class="menu-choice">
                  <input
                    type="checkbox"
                    .checked=${!this.hiddenColumns.includes(id)}
                    ?disabled=${this.columns.length === 1 && this.columns[0]?.id === id}
                    @change=${() => this.toggleColumn(id)}
                  />
                  <span class="choice-name">${label}</span>
                </label>`,
            )}
          </div>
          <button type="button" class="menu-action" @click=${() => this.resetColumns()}>
            ${t('Reset columns')}
          </button>`,
    });
  }

  private renderNotes(): TemplateResult | typeof nothing {
    const { info, list } = this;
    const notes = [
      list.problem ? { kind: 'error', text: list.problem } : undefined,
      info && !info.enabled
        ? {
            kind: 'warning',
            text: t(
              'The monitor is switched off: requests are not recorded. Turn on "monitor.enabled" in the settings.',
            ),
          }
        : undefined,
      info?.storage === 'memory'
        ? {
            kind: 'info',
            text: t('Requests are kept in memory only, until Portside stops. {0}', info.note ?? ''),
          }
        : info?.note
          ? { kind: 'warning', text: info.note }
          : undefined,
    ].filter((note) => note !== undefined);
    if (notes.length === 0) return nothing;
    return html`<div class="table-notes" role="status">
      ${notes.map(({ kind, text }) => html`<p class="table-note ${kind}" data-kind=${kind}>${text}</p>`)}
    </div>`;
  }

  private renderEmpty(): TemplateResult {
    const filtered = Object.keys(this.filter).length > 0;
    if (filtered)
      return html`<div class="nothing" data-testid="nothing-matches">
        <h2>${t('Nothing matches')}</h2>
        <p>${t('No recorded request has all that the filters ask for.')}</p>
        <button type="button" class="secondary" @click=${() => this.ask({ filter: {} })}>
          ${t('Clear all filters')}
        </button>
      </div>`;
    return html`<div class="nothing" data-testid="no-requests">
      <h2>${t('No requests yet')}</h2>
      <p>
        ${t('Point an agent at Portside: set its base URL to the address that the proxy listens on. Every request then shows up here as it comes, with its tokens and its cost.')}
      </p>
    </div>`;
  }

  private renderPill(): TemplateResult | typeof nothing {
    const { fresh } = this.list;
    if (this.paused || !this.list.frozen || fresh === 0) return nothing;
    return html`<button type="button" class="pill" data-testid="new-rows" @click=${() => this.toTop()}>
      ${t('{0} new', formatCount(fresh))} <span aria-hidden="true">↑</span>
    </button>`;
  }

  private result(): string {
    const { loaded, total } = this.list;
    if (!loaded) return '';
    const filtered = Object.keys(this.filter).length > 0;
    if (!filtered) return total === 1 ? t('1 request') : t('{0} requests', formatCount(total));
    return t('{0} of {1}', formatCount(total), formatCount(Math.max(total, this.info?.records ?? 0)));
  }

  /** Asks for other rows, or for the same in another order. */
  private ask(part: { filter?: MonitorFilter; sort?: MonitorQuery['sort'] }): void {
    this.filter = part.filter ?? this.filter;
    this.sort = part.sort ?? this.sort;
    const { filter, sort } = this;
    keepView({ filter, sort });
    this.table?.scrollToTop();
    this.list.ask({ filter, sort }, this.paused);
    this.toTell = true;
    this.listChanged();
  }

  private listChanged(): void {
    // Nothing is left to read: the table, which would notice that its top is in view, is not there.
    if (!this.paused && this.list.frozen && this.list.total === 0) this.list.follow();
    this.turn += 1;
    if (this.toTell && this.list.loaded) {
      this.toTell = false;
      announce(this.result());
    }
    this.dispatchEvent(new CustomEvent('list'));
  }

  private toTop(): void {
    this.table?.scrollToTop();
    this.list.follow();
    this.table?.focus();
    this.listChanged();
  }

  private readonly onAtTop = (event: CustomEvent<boolean>): void => {
    if (this.paused) return;
    if (event.detail) this.list.follow();
    else this.list.freeze();
    this.listChanged();
  };

  private readonly onChoose = ({ detail }: CustomEvent<Choice>): void => {
    const { row, how } = detail;
    this.selected = row.seq;
    window.clearTimeout(this.resting);
    // What is still running has no details yet.
    if (row.outcome === undefined) return;
    if (how === 'enter' && this.shown === row.seq)
      this.querySelector<ExchangePane>('portside-exchange')?.focus();
    else if (how !== 'move') this.show(row.seq);
    else if (this.shown !== undefined)
      this.resting = window.setTimeout(() => (this.shown = this.selected), REST_MS);
  };

  private show(seq: number): void {
    this.selected = seq;
    this.shown = seq;
  }

  private closePane(back: boolean): void {
    window.clearTimeout(this.resting);
    this.shown = undefined;
    if (back) this.table?.focus();
  }

  private readonly onTableKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.shown !== undefined) this.closePane(true);
  };

  private readonly onResizeColumn = (
    event: CustomEvent<{ widths: Record<string, number>; done: boolean }>,
  ): void => {
    this.widths = event.detail.widths;
    if (event.detail.done) keepView({ widths: this.widths });
  };

  private toggleColumn(id: string): void {
    const hidden = this.hiddenColumns;
    this.hiddenColumns = hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id];
    keepView({ hidden: this.hiddenColumns });
  }

  private resetColumns(): void {
    this.hiddenColumns = [];
    this.widths = {};
    keepView({ hidden: [], widths: {} });
  }
}
