import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { ICONS } from './icons';

type Host = ReactiveControllerHost & HTMLElement;

interface Menu {
  /** Of the button; the menu's is `<id>-menu`. */
  id: string;
  label: string;
  icon?: TemplateResult;
  /** The label is for screen readers and the pointer only. */
  iconOnly?: boolean;
  /** Something of it is chosen. */
  marked?: boolean;
  className?: string;
  content(): TemplateResult;
}

/**
 * Buttons that open a small panel beneath them, one at a time. Escape, a click elsewhere and leaving it with Tab close it;
 * Escape gives the focus back to the button.
 */
export class Menus implements ReactiveController {
  #open = '';

  constructor(private readonly host: Host) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('pointerdown', this.#onPointer);
  }

  hostDisconnected(): void {
    document.removeEventListener('pointerdown', this.#onPointer);
  }

  get isOpen(): boolean {
    return this.#open !== '';
  }

  /** Puts the focus on the first control of the open menu. */
  focusFirst(): void {
    if (!this.#open) return;
    const menu = this.host.querySelector<HTMLElement>(`#${this.#open}-menu`);
    // A menu at the right edge opens to the left.
    if (menu && menu.getBoundingClientRect().right > document.documentElement.clientWidth)
      menu.classList.add('to-left');
    menu?.querySelector<HTMLElement>('input, button, a')?.focus();
  }

  /** Closes what is open. @param toButton gives the focus back */
  close(toButton = false): void {
    if (!this.#open) return;
    const button = this.host.querySelector<HTMLElement>(`#${this.#open}`);
    this.#open = '';
    this.host.requestUpdate();
    if (toButton) button?.focus();
  }

  /** A button and, while it is open, its panel. */
  render(menu: Menu): TemplateResult {
    const { id, label, icon, iconOnly, marked, className, content } = menu;
    const open = this.#open === id;
    return html`<div class="menu-holder" @keydown=${this.#onKey} @focusout=${this.#onFocusOut}>
      <button
        type="button"
        id=${id}
        class="tool ${iconOnly ? 'icon-only' : ''} ${marked ? 'marked' : ''}"
        title=${iconOnly ? label : nothing}
        aria-label=${iconOnly ? label : nothing}
        aria-expanded=${open}
        aria-controls=${open ? `${id}-menu` : nothing}
        @click=${() => this.#toggle(id)}
      >
        ${icon ?? nothing}${iconOnly ? nothing : html`<span>${label}</span>${ICONS.down}`}
      </button>
      ${
        open
          ? html`<div class="menu ${className ?? ''}" id="${id}-menu" role="group" aria-label=${label}>
              ${content()}
            </div>`
          : nothing
      }
    </div>`;
  }

  #toggle(id: string): void {
    this.#open = this.#open === id ? '' : id;
    this.host.requestUpdate();
    if (!this.#open) return;
    void this.host.updateComplete.then(() => this.focusFirst());
  }

  readonly #onPointer = (event: Event): void => {
    const holder = this.#open && this.host.querySelector(`#${this.#open}`)?.parentElement;
    if (holder && !holder.contains(event.target as Node)) this.close();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#open) return;
    event.stopPropagation();
    this.close(true);
  };

  readonly #onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    const holder = event.currentTarget as HTMLElement;
    if (to instanceof Node && !holder.contains(to)) this.close();
  };
}
