import type { Column, Shown } from './columns';

/** Pixels of a row. The stylesheet's rows are as high. */
export const ROW_HEIGHT = 24;
/** Rows that are made above and below what is in view. */
const BEYOND = 8;

interface Slot {
  element: HTMLElement;
  cells: HTMLElement[];
  index: number;
  row: Shown | undefined;
}

/** How a row looks besides what it says. */
export interface RowLook {
  selected: boolean;
  cursor: boolean;
}

/**
 * The few elements that show whichever rows are in view. A row keeps its element while it stays in view: scrolling by one
 * writes one.
 */
export class RowPool {
  #slots: Slot[] = [];
  #columns: Column[] = [];

  constructor(private readonly canvas: HTMLElement) {}

  /** Makes rows of other columns. */
  build(columns: Column[]): void {
    this.#columns = columns;
    this.canvas.replaceChildren();
    this.#slots = [];
  }

  /** Which rows are drawn for these in view. */
  static around(scrollTop: number, height: number, count: number): [from: number, to: number] {
    const first = Math.floor(scrollTop / ROW_HEIGHT) - BEYOND;
    const last = Math.ceil((scrollTop + height) / ROW_HEIGHT) + BEYOND;
    return [Math.max(0, Math.min(first, count)), Math.min(count, Math.max(0, last))];
  }

  /**
   * Draws rows from an index until before another.
   * @param rowAt a row, or undefined while it is not here yet
   */
  draw(
    from: number,
    to: number,
    rowAt: (index: number) => Shown | undefined,
    lookAt: (index: number, row: Shown | undefined) => RowLook,
    now: number,
  ): void {
    this.#grow(to - from);
    const size = this.#slots.length;
    const drawn = new Set<Slot>();
    for (let index = from; index < to; index += 1) {
      const slot = this.#slots[index % size];
      if (!slot) continue;
      drawn.add(slot);
      this.#place(slot, index);
      const row = rowAt(index);
      if (row !== slot.row || (row && row.outcome === undefined)) this.#write(slot, row, now);
      const { selected, cursor } = lookAt(index, row);
      slot.element.ariaSelected = String(selected);
      slot.element.classList.toggle('at-cursor', cursor);
    }
    for (const slot of this.#slots) if (!drawn.has(slot)) this.#hide(slot);
  }

  /** The element of a row that is drawn, or of one cell of it. */
  elementAt(index: number, column = -1): HTMLElement | undefined {
    const slot = this.#slots.find((one) => one.index === index);
    return column < 0 ? slot?.element : slot?.cells[column];
  }

  /** Which row an element belongs to. */
  indexOf(element: Element): number | undefined {
    const row = element.closest('.x-row');
    return this.#slots.find((slot) => slot.element === row && slot.index >= 0)?.index;
  }

  #grow(count: number): void {
    if (count <= this.#slots.length) return;
    // Another size gives other rows to each element.
    for (const slot of this.#slots) slot.index = -1;
    while (this.#slots.length < count) this.#slots.push(this.#make(this.#slots.length));
  }

  #make(number: number): Slot {
    const element = document.createElement('div');
    element.className = 'x-row';
    element.role = 'row';
    element.id = `row-${number}`;
    const cells = this.#columns.map((column, at) => {
      const cell = document.createElement('div');
      cell.className = `cell c-${column.id}${column.atEnd ? ' at-end' : ''}`;
      cell.role = 'gridcell';
      cell.id = `cell-${number}-${at}`;
      cell.ariaColIndex = String(at + 1);
      column.build(cell);
      return cell;
    });
    element.append(...cells);
    this.canvas.append(element);
    return { element, cells, index: -1, row: undefined };
  }

  #place(slot: Slot, index: number): void {
    if (slot.index === index) return;
    slot.index = index;
    slot.element.hidden = false;
    slot.element.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
    // The first row is the header's.
    slot.element.ariaRowIndex = String(index + 2);
  }

  #write(slot: Slot, row: Shown | undefined, now: number): void {
    slot.row = row;
    slot.element.dataset.state = row ? (row.outcome ?? 'running') : 'waiting';
    slot.element.ariaBusy = row ? null : 'true';
    if (!row) return;
    slot.cells.forEach((cell, at) => this.#columns[at]?.write(cell, row, now));
  }

  #hide(slot: Slot): void {
    if (slot.index < 0) return;
    slot.index = -1;
    slot.element.hidden = true;
  }
}
