import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { PanelState } from '../../shared/messages';

/**
 * A part of the panel. It renders into the page itself, not into a shadow tree: labels, descriptions and the one
 * stylesheet reach across parts.
 */
export abstract class PanelPart extends LitElement {
  @property({ attribute: false }) panel!: PanelState;
  /** What went wrong with the last action, for the user. */
  @state() problem = '';
  /** Actions under way, by name, with the value that their control shows meanwhile. */
  @state() private underWay: ReadonlyMap<string, unknown> = new Map();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /**
   * Runs an action, unless it is under way already; what it throws becomes {@link problem}.
   * @param wanted the value that its control shows until the action has ended, see {@link shown}
   */
  protected async act(name: string, action: () => Promise<void>, wanted?: unknown): Promise<void> {
    if (this.isBusy(name)) {
      this.requestUpdate();
      return;
    }
    this.underWay = new Map(this.underWay).set(name, wanted);
    this.problem = '';
    try {
      await action();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.underWay = new Map([...this.underWay].filter(([other]) => other !== name));
    }
  }

  /**
   * Sends what was chosen. Unlike {@link act} it takes a choice while an earlier one is under way: the last one wins.
   * @param send is given the choice; called again when it changed meanwhile
   */
  protected async choose<Value>(
    name: string,
    value: Value,
    send: (value: Value) => Promise<unknown>,
  ): Promise<void> {
    if (this.isBusy(name)) {
      this.underWay = new Map(this.underWay).set(name, value);
      return;
    }
    const sendLatest = async (): Promise<void> => {
      for (;;) {
        const latest = this.underWay.get(name) as Value;
        await send(latest);
        if (this.underWay.get(name) === latest) return;
      }
    };
    await this.act(name, sendLatest, value);
  }

  /** Whether any of these actions is under way. */
  protected isBusy(...names: string[]): boolean {
    return names.some((name) => this.underWay.has(name));
  }

  /** What a control shows: the setting, or what the user just chose while the host still takes it. */
  protected shown<Value>(name: string, setting: Value): Value {
    return this.underWay.has(name) ? (this.underWay.get(name) as Value) : setting;
  }

  /** The last problem, announced as it appears. */
  protected renderProblem(): TemplateResult {
    return html`<div role="alert">
      ${this.problem ? html`<p class="note error">${this.problem}</p>` : nothing}
    </div>`;
  }

  /** Puts the focus on an element of this part, after what is under way is on the page. Opens what hides it. */
  protected async focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    const element = this.querySelector<HTMLElement>(selector);
    element?.closest('details')?.setAttribute('open', '');
    element?.focus();
  }
}

/** Says something to screen readers that the eye sees elsewhere. */
export function announce(text: string): void {
  document.dispatchEvent(new CustomEvent('portside-announce', { detail: text }));
}
