/** Entry of the settings panel's page. */
import { config, t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { PanelState } from '../shared/messages';
import './access/access-section';
import './agents/agents-section';
import './accounts/accounts-section';
import type { AccountsSection } from './accounts/accounts-section';
import './access/client-keys-section';
import './doctor/doctor-section';
import './health-section';
import {
  call,
  keepView,
  keptView,
  onShowAccount,
  onShowDoctor,
  onState,
  type PageTab,
} from './parts/host-link';
import './proxy-section';
import './quick-start-section';
import './routing/routes-section';
import './routing/route-test';
import './routing/scheduling-section';
import './status-header';
import './routing/zai-section';
import accounts from './styles/accounts.css';
import agents from './styles/agents.css';
import controls from './styles/controls.css';
import doctor from './styles/doctor.css';
import page from './styles/page.css';
import routing from './styles/routing.css';
import sections from './styles/sections.css';
import { renderTabList } from './parts/tabs';

/** How often numbers that change without an event are asked for, in milliseconds. */
const REFRESH_MS = 2_000;
/** The tabs that show such numbers. */
const COUNTING: readonly PageTab[] = ['accounts', 'access'];

/** The whole page. It holds nothing that the host cannot send again. */
@customElement('portside-panel')
export class Panel extends LitElement {
  @state() private panel: PanelState | undefined;
  @state() private said = '';
  @state() private tab: PageTab = keptView().tab ?? 'proxy';
  private refreshing = false;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('portside-announce', (event) => {
      this.said = (event as CustomEvent<string>).detail;
    });
    onState((panel) => (this.panel = panel));
    onShowAccount((id) => void this.openAccount(id));
    onShowDoctor(() => this.show('doctor'));
    void call('ready', {}).then(({ state, texts }) => {
      config({ contents: texts });
      this.panel = state;
    });
    window.setInterval(() => void this.refresh(), REFRESH_MS);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { panel } = this;
    if (!panel) return nothing;
    return html`<main aria-label=${t('Portside settings')}>
      <portside-status .panel=${panel} @add-account=${() => this.openAccount()}></portside-status>
      <div class="page-tabs">
        ${renderTabList({
          id: 'page',
          label: t('Settings'),
          tabs: [
            { id: 'proxy', label: t('Proxy') },
            { id: 'accounts', label: t('Accounts') },
            { id: 'routing', label: t('Routing') },
            { id: 'access', label: t('Access') },
            { id: 'agents', label: t('Agents') },
            { id: 'doctor', label: t('Doctor') },
            { id: 'start', label: t('Quick start') },
          ],
          selected: this.tab,
          select: (tab) => this.show(tab),
          panelOf: (tab) => `page-${tab}-panel`,
        })}
      </div>
      ${this.renderPage(
        'proxy',
        html`<portside-proxy .panel=${panel}></portside-proxy>
          <portside-health .panel=${panel}></portside-health>`,
      )}
      ${this.renderPage('accounts', html`<portside-accounts .panel=${panel}></portside-accounts>`)}
      ${this.renderPage(
        'routing',
        html`<portside-scheduling .panel=${panel}></portside-scheduling>
          <portside-routes .panel=${panel}></portside-routes>
          <portside-route-test .panel=${panel}></portside-route-test>
          <portside-zai .panel=${panel}></portside-zai>`,
      )}
      ${this.renderPage(
        'access',
        html`<portside-access .panel=${panel}></portside-access>
          <portside-client-keys .panel=${panel}></portside-client-keys>`,
      )}
      ${this.renderPage('agents', html`<portside-agents .panel=${panel}></portside-agents>`)}
      ${this.renderPage('doctor', html`<portside-doctor .panel=${panel}></portside-doctor>`)}
      ${this.renderPage('start', html`<portside-quick-start .panel=${panel}></portside-quick-start>`)}
      <div class="unseen" role="status">${this.said}</div>
    </main>`;
  }

  /** All pages stand in the document, so that what is typed stays while one looks elsewhere. */
  private renderPage(tab: PageTab, content: TemplateResult): TemplateResult {
    return html`<div
      class="page"
      role="tabpanel"
      id="page-${tab}-panel"
      aria-labelledby="page-${tab}"
      ?hidden=${tab !== this.tab}
    >
      ${content}
    </div>`;
  }

  private show(tab: PageTab): void {
    this.tab = tab;
    keepView({ tab });
  }

  /** Opens the form of an account, or of a new one. */
  private async openAccount(id?: string): Promise<void> {
    this.show('accounts');
    await this.updateComplete;
    await this.querySelector<AccountsSection>('portside-accounts')?.openForm(id);
  }

  private async refresh(): Promise<void> {
    const wanted = this.panel?.status.state === 'running' && COUNTING.includes(this.tab) && !document.hidden;
    if (!wanted || this.refreshing) return;
    this.refreshing = true;
    // The new state comes as a message of its own. A refresh that fails leaves numbers as they are until the next.
    await call('refresh', {}).catch(() => undefined);
    this.refreshing = false;
  }
}

const sheet = new CSSStyleSheet();
sheet.replaceSync([page, controls, sections, accounts, agents, routing, doctor].join('\n'));
document.adoptedStyleSheets.push(sheet);
