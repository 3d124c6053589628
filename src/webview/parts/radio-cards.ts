import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

interface RadioCards<Value extends string> {
  /** Name of the group; ids begin with it. */
  name: string;
  /** What is chosen, for everybody. */
  legend: string;
  help?: string;
  choices: readonly { value: Value; label: string; detail: string }[];
  selected: Value;
  choose(value: Value): void;
}

/** One of a few, each with a line on what it does. */
export function renderRadioCards<Value extends string>(cards: RadioCards<Value>): TemplateResult {
  const { name, legend, help, choices, selected } = cards;
  return html`<fieldset class="field" aria-describedby=${help ? `${name}-help` : nothing}>
    <legend>${legend}</legend>
    ${help ? html`<p class="help" id="${name}-help">${help}</p>` : nothing}
    <div class="choices" data-count=${choices.length}>
      ${choices.map(
        ({ value, label, detail }) =>
          html`<label class="choice">
            <input
              type="radio"
              name=${name}
              value=${value}
              aria-labelledby="${name}-${value}"
              aria-describedby="${name}-${value}-detail"
              .checked=${live(value === selected)}
              @change=${() => cards.choose(value)}
            />
            <span>
              <span class="choice-label" id="${name}-${value}">${label}</span>
              <span class="help" id="${name}-${value}-detail">${detail}</span>
            </span>
          </label>`,
      )}
    </div>
  </fieldset>`;
}
