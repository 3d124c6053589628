/** Small pictures on a grid of 16: lines, in the colour of their text. Labels stand beside them or on their button. */
import { svg, html, type TemplateResult } from 'lit';

/** The state of an exchange: told by shape first, by colour second. */
export const STATE_PATHS = {
  completed: 'M3.5 8.5 6.5 11.5 12.5 5',
  failed: 'M4 4l8 8M12 4l-8 8',
  rejected: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M4.2 4.2l7.6 7.6',
  cancelled: 'M4 8h8',
  running: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
} as const;

const icon = (path: string): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    ${svg`<path d=${path} />`}
  </svg>`;

export const ICONS = {
  pause: icon('M5.5 3.5v9M10.5 3.5v9'),
  resume: icon('M5 3.2v9.6L12.5 8z'),
  clear: icon('M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M4.2 4.2l7.6 7.6'),
  exportAs: icon('M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 11v2.5h11V11'),
  columns: icon('M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10'),
  settings: icon('M2.5 4.5h7M12.5 4.5h1M9.5 3v3h3V3zM2.5 11.5h1M6.5 11.5h7M3.5 10v3h3v-3z'),
  search: icon('M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.3 10.3l3.4 3.4'),
  remove: icon('M4.5 4.5l7 7M11.5 4.5l-7 7'),
  down: icon('M4.5 6.5 8 10l3.5-3.5'),
  up: icon('M4.5 9.5 8 6l3.5 3.5'),
} as const;
