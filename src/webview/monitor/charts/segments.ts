import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

interface Segments<Value extends string> {
  /** Name of the group: unique on the page. */
  name: string;
  /** What is chosen, for screen readers. */
  label: string;
  choices: readonly { value: Value; label: string }[];
  selected: Value;
  choose(value: Value): void;
}

/** One of a few in a row: radio buttons, so arrows choose. */
export function renderSegments<Value extends string>(segments: Segments<Value>): TemplateResult {
  const { name, label, choices, selected, choose } = segments;
  return html`<fieldset class="segments">
    <legend class="unseen">${label}</legend>
    ${choices.map(
      (choice) =>
        html`<label>
          <input
            type="radio"
            name=${name}
            value=${choice.value}
            .checked=${live(choice.value === selected)}
            @change=${() => choose(choice.value)}
          />
          <span>${choice.label}</span>
        </label>`,
    )}
  </fieldset>`;
}
