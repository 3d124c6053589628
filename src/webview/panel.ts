/** Entry of the settings panel's page. */
import { config, t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { PanelState } from '../shared/messages';
import './accounts-section';
import type { AccountsSection } from './accounts-section';
import './health-section';
import { call, onState } from './host-link';
import './proxy-section';
import './quick-start-section';
import './status-header';
import controls from './styles/controls.css';
import page from './styles/page.css';
import sections from './styles/sections.css';

/** The whole page. It holds nothing that the host cannot send again. */
@customElement('portside-panel')
export class Panel extends LitElement {
  @state() private panel: PanelState | undefined;
  @state() private said = '';

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('portside-announce', (event) => {
      this.said = (event as CustomEvent<string>).detail;
    });
    onState((panel) => (this.panel = panel));
    void call('ready', {}).then(({ state, texts }) => {
      config({ contents: texts });
      this.panel = state;
    });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { panel } = this;
    if (!panel) return nothing;
    return html`<main aria-label=${t('Portside settings')}>
      <portside-status
        .panel=${panel}
        @add-account=${() => this.querySelector<AccountsSection>('portside-accounts')?.openForm()}
      ></portside-status>
      <portside-proxy .panel=${panel}></portside-proxy>
      <portside-accounts .panel=${panel}></portside-accounts>
      <portside-quick-start .panel=${panel}></portside-quick-start>
      <portside-health .panel=${panel}></portside-health>
      <div class="unseen" role="status">${this.said}</div>
    </main>`;
  }
}

const sheet = new CSSStyleSheet();
sheet.replaceSync([page, controls, sections].join('\n'));
document.adoptedStyleSheets.push(sheet);
