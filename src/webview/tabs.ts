import { html, type TemplateResult } from 'lit';

interface Tabs<Id extends string> {
  /** Prefix of the element ids. */
  id: string;
  /** Name of the whole list for screen readers. */
  label: string;
  tabs: readonly { id: Id; label: string }[];
  selected: Id;
  select(id: Id): void;
  content: TemplateResult;
}

/**
 * A row of tabs with one panel: arrows, Home and End move and choose.
 * See https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function renderTabs<Id extends string>({
  id,
  label,
  tabs,
  selected,
  select,
  content,
}: Tabs<Id>): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const from = tabs.findIndex((tab) => tab.id === selected);
    const to = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const target = to === undefined ? undefined : tabs.at(to % tabs.length);
    if (!target) return;
    event.preventDefault();
    select(target.id);
    document.getElementById(`${id}-${target.id}`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${onKey}>
      ${tabs.map(
        (tab) =>
          html`<button
            role="tab"
            id="${id}-${tab.id}"
            aria-selected=${tab.id === selected}
            aria-controls="${id}-panel"
            tabindex=${tab.id === selected ? 0 : -1}
            @click=${() => select(tab.id)}
          >
            ${tab.label}
          </button>`,
      )}
    </div>
    <div role="tabpanel" id="${id}-panel" aria-labelledby="${id}-${selected}">${content}</div>`;
}
