import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';

/** Pixels that an arrow key moves the edge. */
const STEP = 24;
const LEAST = 200;

interface Splitter {
  /** The pane stands beside the table, or below it. */
  beside: boolean;
  /** Pixels of the pane. */
  size: number;
  /** Most of them. */
  most: number;
  /** @param done false while the pointer still drags */
  resize(size: number, done: boolean): void;
}

/** The edge between table and pane: dragged, or moved with arrows, Home and End. */
export function renderSplitter({ beside, size, most, resize }: Splitter): TemplateResult {
  const set = (to: number, done: boolean): void =>
    resize(Math.round(Math.max(LEAST, Math.min(most, to))), done);
  const onKey = (event: KeyboardEvent): void => {
    const [more, less] = beside ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const to =
      event.key === more
        ? size + STEP
        : event.key === less
          ? size - STEP
          : { Home: LEAST, End: most }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to, true);
  };
  const onPointer = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const edge = event.currentTarget as HTMLElement;
    edge.setPointerCapture(event.pointerId);
    let to = size;
    const move = (moved: PointerEvent): void => {
      to = size + (beside ? event.clientX - moved.clientX : event.clientY - moved.clientY);
      set(to, false);
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener(
      'lostpointercapture',
      () => {
        edge.removeEventListener('pointermove', move);
        set(to, true);
      },
      { once: true },
    );
  };
  return html`<div
    class="splitter"
    role="separator"
    tabindex="0"
    data-testid="splitter"
    aria-label=${t('Size of the details')}
    aria-orientation=${beside ? 'vertical' : 'horizontal'}
    aria-valuenow=${size}
    aria-valuemin=${LEAST}
    aria-valuemax=${most}
    @keydown=${onKey}
    @pointerdown=${onPointer}
  ></div>`;
}
