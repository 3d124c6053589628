import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { describeStartFailure } from '../shared/describe-start-failure';
import type { ProxyStatus } from '../shared/status';
import { call } from './parts/host-link';
import { announce, PanelPart } from './parts/panel-part';
import { describeAccounts, describeState } from './parts/describe-status';

type PlainCall =
  | 'start'
  | 'stop'
  | 'restart'
  | 'detectLocalServers'
  | 'useDemoAccount'
  | 'openSettings'
  | 'openMonitor'
  | 'showLogs';

/** What runs, where, and the one button that changes it; beneath it what failed and what is out of step. */
@customElement('portside-status')
export class StatusHeader extends PanelPart {
  protected override render(): TemplateResult {
    const { status } = this.panel;
    const shown = status.state === 'stopped' && status.failure ? 'failed' : status.state;
    const moving = status.state === 'starting' || status.state === 'stopping';
    const busy = moving || this.isBusy('start', 'stop', 'restart', 'port');
    const running = status.state === 'running' || status.state === 'stopping';
    return html`
      <header class="status" data-state=${shown} data-testid="status">
        <div class="status-words">
          <h1>Portside</h1>
          <p role="status" data-testid="state">
            <span class="lamp" aria-hidden="true"></span>
            <span><strong>${describeState(status)}</strong> · ${describeAccounts(status)}</span>
          </p>
          ${status.listening ? this.renderUrl(status.listening, status.attached) : nothing}
        </div>
        <button class="secondary" data-testid="open-monitor" @click=${() => this.send('openMonitor')}>
          ${t('Monitor')}
        </button>
        <button
          class="primary"
          data-testid="start-stop"
          aria-disabled=${busy}
          @click=${() => (busy ? undefined : this.send(running ? 'stop' : 'start'))}
        >
          ${running ? t('Stop Proxy') : t('Start Proxy')}
        </button>
      </header>
      ${this.renderProblem()}
      <div role="alert">
        ${status.failure && status.state === 'stopped' ? this.renderFailure(status.failure) : nothing}
      </div>
      ${status.restartNeeded ? this.renderRestart() : nothing}
    `;
  }

  private renderUrl({ url, host }: NonNullable<ProxyStatus['listening']>, attached = false): TemplateResult {
    return html`<p class="url">
      <code data-testid="url">${url}</code>
      <button
        class="link"
        aria-label=${t('Copy base URL')}
        @click=${() =>
          this.act('copy', async () => {
            await call('copyUrl', {});
            announce(t('Base URL copied.'));
          })}
      >
        ${t('Copy')}
      </button>
      ${host === '0.0.0.0' ? html`<span class="tag">${t('open to the network')}</span>` : nothing}
      ${attached ? html`<span class="tag">${t('runs in another window')}</span>` : nothing}
    </p>`;
  }

  private renderFailure(failure: NonNullable<ProxyStatus['failure']>): TemplateResult {
    return html`<div class="note error" data-testid="failure">
      <p><strong>${t('The proxy did not start.')}</strong> ${describeStartFailure(failure, t)}</p>
      <div class="buttons">
        ${failure.code === 'NO_ACCOUNTS' ? this.renderAccountRemedies() : this.renderRemedies(failure)}
      </div>
    </div>`;
  }

  private renderAccountRemedies(): TemplateResult {
    return html`<button class="secondary" @click=${() => this.dispatchEvent(new CustomEvent('add-account'))}>
        ${t('Add Account')}
      </button>
      <button class="secondary" @click=${() => this.send('detectLocalServers')}>
        ${t('Detect Local Servers')}
      </button>
      <button class="secondary" @click=${() => this.send('useDemoAccount')}>
        ${t('Use Demo Account')}
      </button>`;
  }

  private renderRemedies(failure: NonNullable<ProxyStatus['failure']>): TemplateResult {
    const port = this.panel.nextFreePort;
    return html`${
        port === undefined
          ? nothing
          : html`<button
              class="secondary"
              @click=${() => this.act('port', async () => void (await call('startOnPort', { port })))}
            >
              ${t('Start on port {0}', port)}
            </button>`
      }
      ${
        failure.code === 'INVALID_SETTINGS'
          ? html`<button class="secondary" @click=${() => this.send('openSettings')}>
              ${t('Open Settings')}
            </button>`
          : nothing
      }
      <button class="secondary" @click=${() => this.send('start')}>${t('Try again')}</button>
      <button class="secondary" @click=${() => this.send('showLogs')}>${t('Show Logs')}</button>`;
  }

  private renderRestart(): TemplateResult {
    return html`<div class="note warning" role="status" data-testid="restart-needed">
      <p>
        <strong>${t('Restart needed.')}</strong> ${t('Port or LAN access changed since the proxy started.')}
      </p>
      <div class="buttons">
        <button class="secondary" @click=${() => this.send('restart')}>${t('Restart Proxy')}</button>
      </div>
    </div>`;
  }

  private send(name: PlainCall) {
    return this.act(name, async () => void (await call(name, {})));
  }
}
