/** Small pictures for buttons. They say nothing to screen readers: the button's label does. */
import { html, type TemplateResult } from 'lit';

const icon = (path: string): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d=${path} />
  </svg>`;

export const ICONS = {
  up: icon('M8 13.5v-11M3.5 7 8 2.5 12.5 7'),
  down: icon('M8 2.5v11M3.5 9 8 13.5 12.5 9'),
  remove: icon('M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4'),
  close: icon('M3.5 3.5l9 9M12.5 3.5l-9 9'),
} as const;
