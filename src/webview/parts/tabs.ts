import { html, type TemplateResult } from 'lit';

interface TabList<Id extends string> {
  /** Prefix of the element ids. */
  id: string;
  /** Name of the whole list for screen readers. */
  label: string;
  tabs: readonly { id: Id; label: string }[];
  selected: Id;
  select(id: Id): void;
  /** Id of the panel that a tab shows; all tabs share one without it. */
  panelOf?(id: Id): string;
}

/**
 * A row of tabs: arrows, Home and End move and choose. Its panels are the caller's, with `role="tabpanel"`.
 * See https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function renderTabList<Id extends string>(list: TabList<Id>): TemplateResult {
  const { id, label, tabs, selected, select } = list;
  const panelOf = list.panelOf ?? (() => `${id}-panel`);
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
          aria-controls=${panelOf(tab.id)}
          tabindex=${tab.id === selected ? 0 : -1}
          @click=${() => select(tab.id)}
        >
          ${tab.label}
        </button>`,
    )}
  </div>`;
}

/** A row of tabs with one panel beneath it, which holds what the selected tab stands for. */
export function renderTabs<Id extends string>(
  list: Omit<TabList<Id>, 'panelOf'> & { content: TemplateResult },
): TemplateResult {
  const { id, selected, content } = list;
  return html`${renderTabList(list)}
    <div role="tabpanel" id="${id}-panel" aria-labelledby="${id}-${selected}">${content}</div>`;
}
