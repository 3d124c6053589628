import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { PanelState } from '../shared/messages';

/**
 * A part of the panel. It renders into the page itself, not into a shadow tree: labels, descriptions and the one
 * stylesheet reach across parts.
 */
export abstract class PanelPart extends LitElement {
  @property({ attribute: false }) panel!: PanelState;
  /** What went wrong with the last action, for the user. */
  @state() problem = '';
  /** The action under way, if any. */
  @state() busy = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Runs one action at a time; what it throws becomes {@link problem}. */
  protected async act(name: string, action: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = name;
    this.problem = '';
    try {
      await action();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = '';
    }
  }

  /** The last problem, announced as it appears. */
  protected renderProblem(): TemplateResult {
    return html`<div role="alert">
      ${this.problem ? html`<p class="note error">${this.problem}</p>` : nothing}
    </div>`;
  }
}

/** Says something to screen readers that the eye sees elsewhere. */
export function announce(text: string): void {
  document.dispatchEvent(new CustomEvent('portside-announce', { detail: text }));
}
