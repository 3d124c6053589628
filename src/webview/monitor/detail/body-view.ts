import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BodyText, CapturedMessage } from '../../../shared/monitor';
import { call, inEditor } from '../link';
import { formatBytes } from '../format/format-bytes';
import { showText } from './show-text';
import { copyText, takeText } from './take-text';

/** The body of one message: asked for when it is shown, readable or as it went over the line. */
@customElement('portside-body')
export class BodyView extends LitElement {
  @property({ attribute: false }) seq!: number;
  @property({ attribute: false }) message!: CapturedMessage;
  /** What the body is of, for the labels of its controls: `Request`. */
  @property({ attribute: false }) label = '';
  @state() private raw = false;
  @state() private body: BodyText | undefined;
  @state() private problem = '';
  @state() private said = '';
  /** All of the text is on the page. */
  @state() private whole = true;
  @state() private showing = false;
  private work = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.work.abort();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (
      changed.has('seq') ||
      (changed.has('message') && !sameMessage(changed.get('message'), this.message))
    ) {
      this.raw = false;
      this.body = undefined;
    } else if (!changed.has('raw' as keyof BodyView)) return;
    void this.load();
  }

  protected override render(): TemplateResult {
    const { message, body, problem } = this;
    if (message.kept === 0) return html`<p class="help">${this.describeSize()}</p>`;
    return html`<div class="body-bar">
        <div class="switch" role="group" aria-label=${t('Form of the body')}>
          ${this.renderForm(false)} ${this.renderForm(true)}
        </div>
        <span class="buttons">
          <button
            class="secondary"
            aria-disabled=${!body}
            aria-label=${t('Copy {0}', this.label)}
            @click=${() => this.take((text) => copyText(text), t('Copied.'))}
          >
            ${t('Copy')}
          </button>
          <button class="secondary" aria-disabled=${!body} @click=${() => this.open()}>
            ${inEditor ? t('Open in an editor') : t('Download')}
          </button>
          <span role="status" class="help">${this.said}</span>
        </span>
        <p class="help" data-testid="body-size">${this.describeSize()}</p>
      </div>
      ${problem ? html`<p class="note error" role="alert">${problem}</p>` : nothing}
      ${body?.cut ? html`<p class="note warning">${t('The body is longer: this is its beginning.')}</p>` : nothing}
      <div class="body-text" data-testid="body-text" aria-busy=${this.showing} ?hidden=${!body}></div>
      ${
        this.whole
          ? nothing
          : html`<p class="note" data-testid="body-capped">
              ${t('The page shows the beginning of this text.')}
              <button class="link" @click=${() => this.open()}>
                ${inEditor ? t('Open all of it in an editor') : t('Download all of it')}
              </button>
            </p>`
      }`;
  }

  private renderForm(raw: boolean): TemplateResult {
    const stream = this.message.contentType?.includes('event-stream') ?? false;
    const words = stream ? [t('Put together'), t('As events')] : [t('Pretty'), t('Raw')];
    return html`<button aria-pressed=${this.raw === raw} @click=${() => (this.raw = raw)}>
      ${words[raw ? 1 : 0]}
    </button>`;
  }

  private describeSize(): string {
    const { size, kept, note, contentType } = this.message;
    const parts = [
      contentType?.split(';')[0],
      size === 0 ? t('no body') : formatBytes(size),
      kept > 0 && kept < size ? t('{0} of it kept', formatBytes(kept)) : undefined,
      kept === 0 && size > 0 && !note ? t('the body was not kept') : undefined,
      note,
    ];
    return parts.filter((part) => part).join(' · ');
  }

  private open(): void {
    const name = `${this.message.part}-${this.seq}`;
    this.take((text, language) => takeText(text, language, name), '');
  }

  private take(action: (text: string, language: 'json' | 'text') => Promise<void>, done: string): void {
    const { body } = this;
    if (!body) return;
    this.said = '';
    action(body.text, this.raw ? 'text' : body.language).then(
      () => (this.said = done),
      (error: unknown) => (this.problem = String(error instanceof Error ? error.message : error)),
    );
  }

  private async load(): Promise<void> {
    this.work.abort();
    const { signal } = (this.work = new AbortController());
    const { seq, raw } = this;
    const { part, attempt, kept } = this.message;
    this.problem = this.said = '';
    this.whole = true;
    if (kept === 0) return;
    const ask = { seq, part, ...(attempt === undefined ? {} : { attempt }), ...(raw ? { raw } : {}) };
    try {
      await seen(this, signal);
      if (signal.aborted) return;
      const body = await call('body', ask);
      if (signal.aborted) return;
      this.body = body;
      this.showing = true;
      await this.updateComplete;
      const target = this.querySelector<HTMLElement>('.body-text');
      if (!target) return;
      const whole = await showText(target, body.text, { colour: body.language === 'json' && !raw, signal });
      if (signal.aborted) return;
      this.whole = whole;
      this.showing = false;
    } catch (error) {
      if (signal.aborted) return;
      this.body = undefined;
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Ends when an element comes into view: of what stands in a closed fold or further down, nothing is asked. */
function seen(element: Element, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(element);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      resolve();
    });
  });
}

const sameMessage = (one: CapturedMessage | undefined, other: CapturedMessage): boolean =>
  one?.part === other.part && one.attempt === other.attempt;
