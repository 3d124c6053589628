import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Facets, MonitorFilter } from '../../../shared/monitor';
import { valueOf } from '../../parts/form-field';
import { formatCount } from '../format/format-number';
import { ICONS } from '../icons';
import { call } from '../link';
import { Menus } from '../menu';
import { type FilterKind, filterKinds, tidy, toggled } from './filter-kinds';

/** Typing goes on for so long before it is asked for. */
const TYPING_MS = 100;
/** A menu with more names can be searched. */
const FEW = 8;
/** Most names that a menu shows at a time. */
const MOST_SHOWN = 100;

/** Search box, filters' menus and what is chosen of them. Sends `filter` with the new filter. */
@customElement('portside-filters')
export class FilterBar extends LitElement {
  @property({ attribute: false }) filter: MonitorFilter = {};
  /** What to say of the result. */
  @property() result = '';
  @state() private facets: Facets | undefined;
  @state() private wanted = '';
  private readonly menus = new Menus(this);
  private typing: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.onSlash);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.onSlash);
    window.clearTimeout(this.typing);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const kinds = filterKinds();
    return html`<div class="filters" role="search">
        <label class="search">
          ${ICONS.search}
          <input
            id="search"
            type="search"
            autocomplete="off"
            spellcheck="false"
            aria-label=${t('Search requests')}
            aria-keyshortcuts="/"
            placeholder=${t('Search requests (press /)')}
            .value=${live(this.filter.text ?? '')}
            @input=${this.onType}
            @keydown=${this.onSearchKey}
          />
        </label>
        <div class="filter-menus">
          ${kinds.map((kind) =>
            this.menus.render({
              id: `filter-${kind.key}`,
              label: kind.label,
              marked: Boolean(this.filter[kind.key]?.length),
              className: 'choices-menu',
              content: () => this.renderChoices(kind),
            }),
          )}
        </div>
        <span class="result" data-testid="result">${this.result}</span>
      </div>
      ${this.renderChips(kinds)}`;
  }

  private renderChips(kinds: FilterKind[]): TemplateResult | typeof nothing {
    const chips = kinds.flatMap((kind) =>
      (this.filter[kind.key] ?? []).map((name: string) => ({ kind, name, text: kind.say(name) })),
    );
    if (chips.length === 0) return nothing;
    return html`<ul class="chips" aria-label=${t('Filters')}>
      ${repeat(
        chips,
        ({ kind, name }) => `${kind.key} ${name}`,
        ({ kind, name, text }) =>
          html`<li>
            <span class="chip-kind">${kind.label}:</span> <span class="chip-name">${text}</span>
            <button
              type="button"
              aria-label=${t('Remove {0}', `${kind.label}: ${text}`)}
              @click=${() => this.removeChip(kind, name)}
            >
              ${ICONS.remove}
            </button>
          </li>`,
      )}
      <li class="clear-all">
        <button type="button" class="link" @click=${() => this.clearAll()}>${t('Clear all')}</button>
      </li>
    </ul>`;
  }

  private renderChoices(kind: FilterKind): TemplateResult {
    if (!this.facets) {
      void this.load();
      return html`<p class="menu-note">${t('Loading…')}</p>`;
    }
    const chosen: readonly string[] = this.filter[kind.key] ?? [];
    const counted = kind.names(this.facets);
    // What is chosen stays to be taken back, also when nothing has it any more.
    const lost = chosen.filter((name) => !counted.some((one) => one.name === name));
    const all = [...counted, ...lost.map((name) => ({ name, count: 0 }))];
    const words = this.wanted.toLowerCase().split(/\s+/);
    const found = all.filter(({ name }) =>
      words.every((word) => `${name} ${kind.say(name)}`.toLowerCase().includes(word)),
    );
    return html`${
        all.length > FEW
          ? html`<input
              type="search"
              class="find"
              aria-label=${t('Find')}
              placeholder=${t('Find')}
              autocomplete="off"
              spellcheck="false"
              .value=${live(this.wanted)}
              @input=${(event: Event) => (this.wanted = valueOf(event))}
            />`
          : nothing
      }
      <div class="choices-list">
        ${repeat(
          found.slice(0, MOST_SHOWN),
          ({ name }) => name,
          ({ name, count }) =>
            html`<label class="menu-choice">
              <input
                type="checkbox"
                .checked=${live(chosen.includes(name))}
                @change=${() => this.send(toggled(this.filter, kind.key, name))}
              />
              <span class="choice-name">${kind.say(name)}</span>
              ${count < 0 ? nothing : html`<span class="choice-count">${formatCount(count)}</span>`}
            </label>`,
        )}
        ${found.length === 0 ? html`<p class="menu-note">${t('None')}</p>` : nothing}
        ${
          found.length > MOST_SHOWN
            ? html`<p class="menu-note">${t('{0} more: search to see them.', found.length - MOST_SHOWN)}</p>`
            : nothing
        }
      </div>`;
  }

  /** Names are asked for whenever a menu opens: they are those of now. */
  protected override willUpdate(): void {
    if (this.menus.isOpen) return;
    this.facets = undefined;
    this.wanted = '';
  }

  private loading = false;
  private async load(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    const none = { statuses: [], protocols: [], clients: [], clientKeys: [], models: [], accounts: [] };
    this.facets = await call('facets', {}).catch(() => none);
    this.loading = false;
    await this.updateComplete;
    this.menus.focusFirst();
  }

  private removeChip(kind: FilterKind, name: string): void {
    this.send(toggled(this.filter, kind.key, name));
    void this.updateComplete.then(() => {
      const next =
        this.querySelector<HTMLElement>('.chips button') ?? this.querySelector<HTMLElement>('#search');
      next?.focus();
    });
  }

  private clearAll(): void {
    this.send({});
    this.querySelector<HTMLElement>('#search')?.focus();
  }

  private readonly onType = (event: Event): void => {
    const text = valueOf(event);
    window.clearTimeout(this.typing);
    this.typing = window.setTimeout(() => this.send(tidy({ ...this.filter, text })), TYPING_MS);
  };

  private readonly onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && valueOf(event)) {
      event.stopPropagation();
      window.clearTimeout(this.typing);
      this.send(tidy({ ...this.filter, text: '' }));
    }
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('leave-search'));
  };

  private readonly onSlash = (event: KeyboardEvent): void => {
    const typing =
      event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = this.querySelector<HTMLInputElement>('#search');
    if (!box?.checkVisibility()) return;
    event.preventDefault();
    box.select();
  };

  private send(filter: MonitorFilter): void {
    this.dispatchEvent(new CustomEvent('filter', { detail: filter }));
  }
}
