import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

interface Field {
  id: string;
  label: string;
  help?: string | TemplateResult;
  problem?: string | undefined;
}

interface TextField extends Field {
  placeholder?: string;
  maxLength?: number;
  value: string;
  /** `short`, `mono`. */
  look?: string;
  inputMode?: 'numeric' | 'decimal';
  type?: 'text' | 'date' | 'search';
  /** Id of a datalist. */
  list?: string;
  onInput(event: Event): void;
}

/** A control with its label, its explanation and what is wrong with it. The control refers to them by `describedBy`. */
export function renderField(field: Field, control: TemplateResult): TemplateResult {
  const { id, label, help, problem } = field;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${help ? html`<p class="help" id="${id}-help">${help}</p>` : nothing} ${control}
    ${renderFieldProblem(id, problem)}
  </div>`;
}

/** The ids of what explains a field: its help, where there is one, and its problem. */
export function describedBy({ id, help }: Pick<Field, 'id' | 'help'>): string {
  return help ? `${id}-help ${id}-note` : `${id}-note`;
}

/** A line of text with its label, its explanation and what is wrong with it, all tied together. */
export function renderTextField(field: TextField): TemplateResult {
  const { id, problem } = field;
  const control = html`<input
    id=${id}
    class=${field.look ?? nothing}
    type=${field.type ?? 'text'}
    autocomplete="off"
    spellcheck="false"
    inputmode=${field.inputMode ?? nothing}
    list=${field.list ?? nothing}
    maxlength=${field.maxLength ?? nothing}
    placeholder=${field.placeholder ?? nothing}
    .value=${live(field.value)}
    aria-invalid=${problem !== undefined}
    aria-describedby=${describedBy(field)}
    @input=${(event: Event) => field.onInput(event)}
  />`;
  return renderField(field, control);
}

/** Where a field says what is wrong with it; announced as it changes. */
export function renderFieldProblem(id: string, problem: string | undefined): TemplateResult {
  return html`<p id="${id}-note" class="help" aria-live="polite">
    ${problem ? html`<span class="invalid">${problem}</span>` : nothing}
  </p>`;
}

/** What an input, a textarea or a select holds after an event of its own. */
export const valueOf = (event: Event): string =>
  (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
