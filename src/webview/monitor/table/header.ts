import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { MonitorQuery, SortKey } from '../../../shared/monitor';
import { ICONS } from '../icons';
import type { Column } from './columns';

/** Pixels that an arrow key moves a column's edge. */
const STEP = 10;

interface Header {
  columns: Column[];
  sort: MonitorQuery['sort'];
  /** The column under the keyboard's cursor, while that is in the header. */
  cursor: number | undefined;
  widthOf(column: Column): number;
  sortBy(key: SortKey): void;
  /** @param done false while the pointer still drags */
  resize(column: Column, width: number, done: boolean): void;
}

/**
 * The header's row. The edge of a column can be dragged; with the cursor in the header, Tab leads to the edge of the
 * column under it, which arrows move.
 */
export function renderHeader(header: Header): TemplateResult {
  const { columns, sort, cursor } = header;
  return html`<div class="head" role="rowgroup">
    <div class="head-row" role="row" aria-rowindex="1">
      ${columns.map((column, at) => {
        const sorted = column.sort === sort.key;
        const order = sorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
        return html`<div
          id="head-${at}"
          role="columnheader"
          class="head-cell c-${column.id} ${column.atEnd ? 'at-end' : ''} ${cursor === at ? 'at-cursor' : ''}"
          aria-colindex=${at + 1}
          aria-sort=${column.sort ? order : nothing}
          title=${column.title ?? column.label}
          @click=${() => column.sort && header.sortBy(column.sort)}
        >
          <span class="head-label">${column.label}</span>
          ${sorted ? (sort.descending ? ICONS.down : ICONS.up) : nothing}
          ${renderEdge(header, column, cursor === at)}
        </div>`;
      })}
    </div>
  </div>`;
}

function renderEdge(header: Header, column: Column, reachable: boolean): TemplateResult {
  const width = header.widthOf(column);
  const onKey = (event: KeyboardEvent): void => {
    const to = {
      ArrowLeft: width - STEP,
      ArrowRight: width + STEP,
      Home: column.least,
      Enter: column.width,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    header.resize(column, to, true);
  };
  const onPointer = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const edge = event.currentTarget as HTMLElement;
    edge.setPointerCapture(event.pointerId);
    let to = width;
    const move = (moved: PointerEvent): void => {
      to = width + moved.clientX - event.clientX;
      header.resize(column, to, false);
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener(
      'lostpointercapture',
      () => {
        edge.removeEventListener('pointermove', move);
        header.resize(column, to, true);
      },
      { once: true },
    );
  };
  return html`<div
    class="edge"
    role="separator"
    aria-orientation="vertical"
    aria-label=${t('Width of {0}', column.label)}
    aria-valuenow=${width}
    aria-valuemin=${column.least}
    aria-valuemax="1200"
    tabindex=${reachable ? 0 : -1}
    @keydown=${onKey}
    @pointerdown=${onPointer}
    @click=${(event: Event) => event.stopPropagation()}
    @dblclick=${() => header.resize(column, column.width, true)}
  ></div>`;
}
