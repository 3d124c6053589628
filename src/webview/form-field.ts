import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

interface TextField {
  id: string;
  label: string;
  help: string;
  placeholder: string;
  maxLength: number;
  value: string;
  problem?: string | undefined;
  onInput(event: Event): void;
}

/** A line of text with its label, its explanation and what is wrong with it, all tied together. */
export function renderTextField(field: TextField): TemplateResult {
  const { id, label, help, problem } = field;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <p class="help" id="${id}-help">${help}</p>
    <input
      id=${id}
      autocomplete="off"
      spellcheck="false"
      maxlength=${field.maxLength}
      placeholder=${field.placeholder}
      .value=${live(field.value)}
      aria-invalid=${problem !== undefined}
      aria-describedby="${id}-help ${id}-note"
      @input=${(event: Event) => field.onInput(event)}
    />
    ${renderFieldProblem(id, problem)}
  </div>`;
}

/** Where a field says what is wrong with it; announced as it changes. */
export function renderFieldProblem(id: string, problem: string | undefined): TemplateResult {
  return html`<p id="${id}-note" class="help" aria-live="polite">
    ${problem ? html`<span class="invalid">${problem}</span>` : nothing}
  </p>`;
}
