import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { AuthMode } from '../../shared/setting-names';
import { describeAuthNow } from '../parts/describe-status';
import { valueOf } from '../parts/form-field';
import { call } from '../parts/host-link';
import './key-field';
import { PanelPart } from '../parts/panel-part';

const AUTH_MODES: AuthMode[] = ['auto', 'off', 'all_except_health', 'strict'];

/** Who may use the proxy: the mode of authentication and the local key. */
@customElement('portside-access')
export class AccessSection extends PanelPart {
  protected override render(): TemplateResult {
    return html`<section aria-labelledby="access-title">
      <h2 id="access-title">${t('Access')}</h2>
      ${this.renderProblem()} ${this.renderAuth()}
      <portside-key .panel=${this.panel}></portside-key>
    </section>`;
  }

  private renderAuth(): TemplateResult {
    const { authMode, allowLanAccess } = this.panel.settings;
    const shown = this.shown('auth', authMode);
    return html`<div class="field">
      <label for="auth-mode">${t('Authentication')}</label>
      <p class="help">${t('Which requests must carry the API key.')}</p>
      <select
        id="auth-mode"
        aria-describedby="auth-note"
        .value=${live(shown)}
        @change=${(event: Event) => this.setAuthMode(valueOf(event) as AuthMode)}
      >
        ${AUTH_MODES.map((mode) => html`<option value=${mode} ?selected=${mode === shown}>${mode}</option>`)}
      </select>
      <p class="help" id="auth-note" aria-live="polite" data-testid="auth-meaning">
        ${describeAuthNow(authMode, this.panel.status.authMode, allowLanAccess)}
      </p>
    </div>`;
  }

  private setAuthMode(mode: AuthMode): Promise<void> {
    return this.choose('auth', mode, (wanted) => call('setAuthMode', { mode: wanted }));
  }
}
