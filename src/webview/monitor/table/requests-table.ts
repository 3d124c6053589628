import { t } from '@vscode/l10n';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { MonitorQuery, OpenExchange, SortKey } from '../../../shared/monitor';
import { NEWEST_FIRST } from '../view-state';
import type { Column, Shown } from './columns';
import { renderHeader } from './header';
import type { RequestList } from './request-list';
import { ROW_HEIGHT, RowPool } from './row-pool';

/** How often the time of what is still running is written. */
const TICK_MS = 200;
/** The row of the header, for the cursor. */
const HEADER = -1;
/** The cursor is on the whole row. */
const WHOLE_ROW = -1;

/** A row under the cursor: moved to, opened, or entered by key (which goes on into the details that are open). */
export interface Choice {
  row: Shown;
  how: 'move' | 'open' | 'enter';
}

/**
 * The table. Its rows are not Lit's: they are few elements that are written anew as the list scrolls by. Sends `choose`
 * ({@link Choice}), `sort-by`, `resize-column` and `at-top`.
 */
@customElement('portside-table')
export class RequestsTable extends LitElement {
  @property({ attribute: false }) list!: RequestList;
  @property({ attribute: false }) open: OpenExchange[] = [];
  /** Those to show. */
  @property({ attribute: false }) columns: Column[] = [];
  @property({ attribute: false }) widths: Record<string, number> = {};
  @property({ attribute: false }) sort: MonitorQuery['sort'] = NEWEST_FIRST;
  @property({ attribute: false }) selected: number | undefined;
  /** Changes whenever the list has something else to show. */
  @property({ attribute: false }) turn = 0;
  @state() private inHeader = false;

  private grid!: HTMLElement;
  private canvas!: HTMLElement;
  private pool!: RowPool;
  private row = 0;
  /** Whose row the cursor is on: rows that come push it down. */
  private cursorSeq: number | undefined;
  private column = WHOLE_ROW;
  private frame = 0;
  private timer: number | undefined;
  private sizes: ResizeObserver | undefined;
  private top = 0;
  private height = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.tickWhileOpen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.tickWhileOpen);
    this.sizes?.disconnect();
    window.clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Puts the focus on the table. */
  override focus(): void {
    this.grid.focus();
  }

  /** Whether the newest rows are in view. */
  get atTop(): boolean {
    return this.top < ROW_HEIGHT / 2;
  }

  /** Shows the first rows. */
  scrollToTop(): void {
    this.grid.scrollTop = 0;
    this.top = 0;
    this.drawSoon();
  }

  /** Moves what is in view by so many rows, so that it seems to stay. */
  shift(rows: number): void {
    this.row += rows;
    this.canvas.style.height = `${this.count * ROW_HEIGHT + Math.max(0, rows) * ROW_HEIGHT}px`;
    this.grid.scrollTop += rows * ROW_HEIGHT;
    this.top = this.grid.scrollTop;
  }

  /** The record in view that comes first. */
  firstInView(): number | undefined {
    return this.rowAt(Math.max(this.open.length, Math.ceil(this.top / ROW_HEIGHT)))?.seq;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<div
      class="grid"
      role="grid"
      tabindex="0"
      data-testid="requests"
      aria-label=${t('Requests')}
      aria-rowcount=${this.list.loaded ? this.count + 1 : -1}
      aria-colcount=${this.columns.length}
      aria-busy=${!this.list.loaded}
      @scroll=${this.onScroll}
      @keydown=${this.onKey}
      @click=${this.onClick}
      @focus=${this.onFocus}
      @blur=${this.onBlur}
    >
      ${renderHeader({
        columns: this.columns,
        sort: this.sort,
        cursor: this.inHeader ? Math.max(0, this.column) : undefined,
        widthOf: (column) => this.widthOf(column),
        sortBy: (key) => this.sortBy(key),
        resize: (column, width, done) => this.resize(column, width, done),
      })}
      <div class="rows" role="rowgroup"></div>
    </div>`;
  }

  protected override firstUpdated(): void {
    const [grid, canvas] = ['.grid', '.rows'].map((part) => this.querySelector<HTMLElement>(part));
    if (!grid || !canvas) throw new Error('the table was not drawn');
    this.grid = grid;
    this.canvas = canvas;
    this.pool = new RowPool(this.canvas);
    this.pool.build(this.columns);
    this.sizes = new ResizeObserver(() => {
      this.height = this.grid.clientHeight;
      this.top = this.grid.scrollTop;
      this.drawSoon();
    });
    this.sizes.observe(this.grid);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('columns') && changed.get('columns') !== undefined) this.pool.build(this.columns);
    if (changed.has('columns') || changed.has('widths')) this.layColumns();
    if (changed.has('open')) {
      // What is read stays where it is when exchanges begin and end above it.
      const before = changed.get('open')?.length ?? 0;
      if (!this.atTop && before !== this.open.length) this.shift(this.open.length - before);
      this.tickWhileOpen();
    }
    this.followCursor();
    this.canvas.style.height = `${this.count * ROW_HEIGHT}px`;
    this.draw();
  }

  private get count(): number {
    return this.open.length + this.list.total;
  }

  private rowAt(index: number): Shown | undefined {
    return this.open[index] ?? this.list.row(index - this.open.length);
  }

  private widthOf({ id, width, least }: Column): number {
    return Math.max(least, this.widths[id] ?? width);
  }

  private layColumns(): void {
    const tracks = this.columns.map((column, at) => {
      const width = `${this.widthOf(column)}px`;
      return at === this.columns.length - 1 ? `minmax(${width}, 1fr)` : width;
    });
    this.grid.style.setProperty('--tracks', tracks.join(' '));
    const whole = this.columns.reduce((sum, column) => sum + this.widthOf(column), 0);
    this.grid.style.setProperty('--whole', `${whole}px`);
  }

  /** The cursor stays on its record while rows come and go. */
  private followCursor(): void {
    if (this.cursorSeq === undefined || this.inHeader) return;
    if (this.rowAt(this.row)?.seq === this.cursorSeq) return;
    const opened = this.open.findIndex(({ seq }) => seq === this.cursorSeq);
    const found = this.list.find(this.cursorSeq);
    if (opened >= 0) this.row = opened;
    else if (found !== undefined) this.row = found + this.open.length;
  }

  private drawSoon(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const [from, to] = RowPool.around(this.top, this.height, this.count);
    this.list.show(Math.max(0, from - this.open.length), Math.max(1, to - this.open.length));
    const focused = document.activeElement === this.grid;
    this.pool.draw(
      from,
      to,
      (index) => this.rowAt(index),
      (index, row) => ({
        selected: row !== undefined && row.seq === this.selected,
        cursor: focused && !this.inHeader && index === this.row,
      }),
      Date.now(),
    );
    this.pointAtCursor(focused);
  }

  private pointAtCursor(focused: boolean): void {
    this.querySelector('.cell.at-cursor')?.classList.remove('at-cursor');
    const cell = this.inHeader ? undefined : this.pool.elementAt(this.row, this.column);
    if (focused && this.column >= 0) cell?.classList.add('at-cursor');
    const id = this.inHeader ? `head-${Math.max(0, this.column)}` : cell?.id;
    if (id) this.grid.setAttribute('aria-activedescendant', id);
    else this.grid.removeAttribute('aria-activedescendant');
  }

  private readonly tickWhileOpen = (): void => {
    const wanted = this.open.length > 0 && !document.hidden && this.isConnected;
    if (!wanted) {
      window.clearInterval(this.timer);
      this.timer = undefined;
    } else this.timer ??= window.setInterval(() => this.drawSoon(), TICK_MS);
  };

  private readonly onScroll = (): void => {
    const was = this.atTop;
    this.top = this.grid.scrollTop;
    if (this.atTop !== was) this.dispatchEvent(new CustomEvent('at-top', { detail: this.atTop }));
    this.drawSoon();
  };

  private readonly onFocus = (): void => {
    // The cursor begins where one looks.
    if (this.cursorSeq === undefined) this.row = Math.ceil(this.top / ROW_HEIGHT);
    this.row = Math.max(0, Math.min(this.row, this.count - 1));
    this.drawSoon();
  };

  private readonly onBlur = (event: FocusEvent): void => {
    // To the header's own separator the header stays lit.
    if (event.relatedTarget instanceof Element && this.grid.contains(event.relatedTarget)) return;
    this.inHeader = false;
    this.drawSoon();
  };

  private readonly onClick = (event: MouseEvent): void => {
    const index = this.pool.indexOf(event.target as Element);
    if (index === undefined) return;
    this.column = WHOLE_ROW;
    this.inHeader = false;
    this.moveTo(index);
    this.choose('open');
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.target !== this.grid || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!this.press(event.key)) return;
    event.preventDefault();
  };

  /** @returns whether the key means something here */
  private press(key: string): boolean {
    const page = Math.max(1, Math.floor(this.height / ROW_HEIGHT) - 2);
    const last = this.count - 1;
    const at = this.inHeader ? HEADER : this.row;
    switch (key) {
      case 'ArrowUp':
        return this.moveTo(at - 1);
      case 'ArrowDown':
        return this.moveTo(Math.min(at + 1, last));
      case 'PageUp':
        return this.moveTo(Math.max(0, at - page));
      case 'PageDown':
        return this.moveTo(Math.min(last, at + page));
      case 'Home':
        return this.moveTo(0);
      case 'End':
        return this.moveTo(last);
      case 'ArrowRight':
        return this.moveAcross(1);
      case 'ArrowLeft':
        return this.moveAcross(-1);
      case 'Enter':
      case ' ':
        return this.enter();
      default:
        return false;
    }
  }

  private enter(): boolean {
    const sort = this.inHeader ? this.columns[Math.max(0, this.column)]?.sort : undefined;
    if (sort) this.sortBy(sort);
    else if (!this.inHeader) this.choose('enter');
    return true;
  }

  private moveAcross(by: number): boolean {
    const least = this.inHeader ? 0 : WHOLE_ROW;
    this.column = Math.max(least, Math.min(this.columns.length - 1, this.column + by));
    this.requestUpdate();
    void this.updateComplete.then(() => this.revealColumn());
    return true;
  }

  private revealColumn(): void {
    const id = this.grid.getAttribute('aria-activedescendant');
    const { column } = this;
    const shown = this.columns[column];
    if (!id || !shown) return;
    const start = this.columns.slice(0, column).reduce((sum, one) => sum + this.widthOf(one), 0);
    const end = start + this.widthOf(shown);
    if (start < this.grid.scrollLeft) this.grid.scrollLeft = start;
    else if (end > this.grid.scrollLeft + this.grid.clientWidth)
      this.grid.scrollLeft = end - this.grid.clientWidth;
  }

  private moveTo(index: number): boolean {
    const was = this.inHeader;
    this.inHeader = index <= HEADER;
    if (this.inHeader) {
      this.column = Math.max(0, this.column);
      return true;
    }
    if (was) this.column = WHOLE_ROW;
    this.row = Math.max(0, index);
    this.cursorSeq = this.rowAt(this.row)?.seq;
    this.reveal(this.row);
    this.draw();
    this.choose('move');
    return true;
  }

  private reveal(index: number): void {
    const start = index * ROW_HEIGHT;
    // The header covers the first row's height of what is in view.
    const height = this.height - ROW_HEIGHT - 2;
    if (start < this.grid.scrollTop) this.grid.scrollTop = start;
    else if (start + ROW_HEIGHT > this.grid.scrollTop + height)
      this.grid.scrollTop = start + ROW_HEIGHT - height;
    if (this.grid.scrollTop !== this.top) this.onScroll();
  }

  private choose(how: Choice['how']): void {
    const row = this.rowAt(this.row);
    if (row) this.dispatchEvent(new CustomEvent<Choice>('choose', { detail: { row, how } }));
  }

  private sortBy(key: SortKey): void {
    const descending = this.sort.key === key ? !this.sort.descending : true;
    this.dispatchEvent(new CustomEvent('sort-by', { detail: { key, descending } }));
  }

  private resize(column: Column, width: number, done: boolean): void {
    const widths = { ...this.widths, [column.id]: Math.max(column.least, Math.min(1200, Math.round(width))) };
    this.dispatchEvent(new CustomEvent('resize-column', { detail: { widths, done } }));
  }
}
