import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ExportFormat, MonitorInfo, MonitorQuery } from '../../shared/monitor';
import { formatCount } from './format/format-number';
import { ICONS } from './icons';
import { call, deed, inEditor } from './link';
import { Menus } from './menu';

/** What can be done with the whole monitor. Sends `pause` and `trouble` (words for the user). */
@customElement('portside-toolbar')
export class Toolbar extends LitElement {
  @property({ attribute: false }) info: MonitorInfo | undefined;
  @property({ type: Boolean }) paused = false;
  /** Rows that the paused list leaves out. */
  @property({ type: Number }) fresh = 0;
  /** What the table shows: what an export takes. */
  @property({ attribute: false }) query!: MonitorQuery;
  private readonly menus = new Menus(this);

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { info } = this;
    return html`<div class="tools" role="group" aria-label=${t('Recording')}>
      <span
        class="recording"
        data-testid="recording"
        data-state=${info ? (info.enabled ? 'on' : 'off') : 'unknown'}
      >
        ${info ? (info.enabled ? t('Recording') : t('Not recording')) : nothing}
      </span>
      <button
        type="button"
        class="tool capture"
        data-testid="capture"
        aria-pressed=${info?.capturing ?? false}
        title=${
          info?.capturing
            ? t('Bodies and headers are kept, without keys. Press to stop.')
            : t('Press to keep bodies and headers from now on, without keys.')
        }
        ?disabled=${!info?.enabled}
        @click=${() => this.act(call('setCapture', { capture: !info?.capturing }))}
      >
        <span class="capture-lamp" aria-hidden="true"></span>${t('Capture bodies')}
      </button>
      <span class="tool-gap"></span>
      <button
        type="button"
        class="tool pause"
        data-testid="pause"
        aria-pressed=${this.paused}
        title=${this.paused ? t('Show what has come meanwhile') : t('Leave the list as it is')}
        @click=${() => this.dispatchEvent(new CustomEvent('pause'))}
      >
        ${this.paused ? ICONS.resume : ICONS.pause}
        <span>${this.paused ? t('Paused, {0} new', formatCount(this.fresh)) : t('Pause')}</span>
      </button>
      ${this.menus.render({
        id: 'clear',
        label: t('Clear'),
        icon: ICONS.clear,
        className: 'ask-menu',
        content: () => this.renderClear(),
      })}
      ${this.menus.render({
        id: 'export',
        label: t('Export'),
        icon: ICONS.exportAs,
        className: 'ask-menu',
        content: () => this.renderExport(),
      })}
      ${
        inEditor
          ? html`<button
              type="button"
              class="tool icon-only"
              data-testid="settings"
              title=${t('Settings of the monitor')}
              aria-label=${t('Settings of the monitor')}
              @click=${() => this.act(deed('openSettings', {}))}
            >
              ${ICONS.settings}
            </button>`
          : nothing
      }
    </div>`;
  }

  private renderClear(): TemplateResult {
    const clear = (totals: boolean): void => {
      this.menus.close(true);
      this.act(call('clear', { totals }));
    };
    return html`<p class="menu-note">
        ${t('All {0} records are deleted, also those that are filtered out.', formatCount(this.info?.records ?? 0))}
      </p>
      <button type="button" class="menu-action" @click=${() => clear(false)}>
        ${t('Delete the requests, keep the totals')}
      </button>
      <button type="button" class="menu-action" @click=${() => clear(true)}>
        ${t('Delete the requests and the totals')}
      </button>
      <button type="button" class="menu-action" @click=${() => this.menus.close(true)}>
        ${t('Cancel')}
      </button>`;
  }

  private renderExport(): TemplateResult {
    return html`<p class="menu-note">${t('What the table shows, with its filters')}</p>
      ${this.renderFormat('jsonl', t('JSON Lines'))} ${this.renderFormat('har', t('HAR (HTTP Archive)'))}`;
  }

  private renderFormat(format: ExportFormat, label: string): TemplateResult {
    const { query } = this;
    if (inEditor)
      return html`<button
        type="button"
        class="menu-action"
        @click=${() => {
          this.menus.close(true);
          this.act(deed('exportFile', { query, format }));
        }}
      >
        ${label}
      </button>`;
    const address = `monitor/export?format=${format}&query=${encodeURIComponent(JSON.stringify(query))}`;
    return html`<a class="menu-action" href=${address} download @click=${() => this.menus.close(true)}
      >${label}</a
    >`;
  }

  private act(action: Promise<unknown>): void {
    action.catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      this.dispatchEvent(new CustomEvent('trouble', { detail }));
    });
  }
}
