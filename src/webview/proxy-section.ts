import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { portProblem } from './parts/field-rules';
import { valueOf } from './parts/form-field';
import { call } from './parts/host-link';
import { PanelPart } from './parts/panel-part';

/** Where the proxy listens: port and LAN access. */
@customElement('portside-proxy')
export class ProxySection extends PanelPart {
  /** The port as typed and not yet taken. */
  @state() private draft: string | undefined;

  protected override render(): TemplateResult {
    return html`<section aria-labelledby="proxy-title">
      <h2 id="proxy-title">${t('Proxy')}</h2>
      ${this.renderProblem()} ${this.renderPort()} ${this.renderLan()}
    </section>`;
  }

  private renderPort(): TemplateResult {
    const locked = this.panel.status.state !== 'stopped';
    const typed = this.draft ?? String(this.panel.settings.port);
    const problem = locked || this.draft === undefined ? undefined : portProblem(typed);
    return html`<div class="field">
      <label for="port">${t('Port')}</label>
      <p class="help" id="port-help">${t('Where clients find the proxy: {0}', this.panel.url)}</p>
      <input
        id="port"
        class="short"
        inputmode="numeric"
        autocomplete="off"
        .value=${live(typed)}
        ?readonly=${locked}
        aria-invalid=${problem !== undefined}
        aria-describedby="port-help port-note"
        @input=${(event: Event) => (this.draft = valueOf(event))}
        @change=${() => this.takePort()}
      />
      <p id="port-note" class="help" aria-live="polite">
        ${locked ? html`<span data-testid="port-locked">${t('Locked while the proxy runs. Stop it to change the port.')}</span>` : nothing}
        ${problem ? html`<span class="invalid" data-testid="port-problem">${problem}</span>` : nothing}
      </p>
    </div>`;
  }

  private async takePort(): Promise<void> {
    const typed = this.draft;
    if (typed === undefined || portProblem(typed)) return;
    await this.act('port', () => call('setPort', { port: Number(typed) }).then(() => undefined));
    this.draft = undefined;
  }

  private renderLan(): TemplateResult {
    const { allowLanAccess } = this.panel.settings;
    const open = this.panel.status.authMode === 'off';
    return html`<div class="field">
      <span class="label" id="lan-label">${t('LAN access')}</span>
      <label class="check">
        <input
          id="lan"
          type="checkbox"
          .checked=${live(this.shown('lan', allowLanAccess))}
          aria-describedby="lan-note"
          @change=${(event: Event) => this.setLan(event)}
        />
        <span
          >${t('Let other machines on the network use the proxy (listen on 0.0.0.0 instead of 127.0.0.1)')}</span
        >
      </label>
      <div id="lan-note" aria-live="polite">
        ${
          allowLanAccess
            ? html`<p class="note ${open ? 'error' : 'warning'}" data-testid="lan-warning">
                ${
                  open
                    ? t(
                        'Anyone on your network can spend your accounts: LAN access is on and no key is asked for.',
                      )
                    : t(
                        'Anyone on your network who has the API key can spend your accounts. Traffic is not encrypted.',
                      )
                }
              </p>`
            : nothing
        }
      </div>
    </div>`;
  }

  private setLan(event: Event): Promise<void> {
    const allow = (event.target as HTMLInputElement).checked;
    return this.act('lan', async () => void (await call('setLanAccess', { allow })), allow);
  }
}
