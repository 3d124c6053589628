import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { AgentView } from '../../shared/agents';
import { call } from '../parts/host-link';
import { PanelPart } from '../parts/panel-part';

/** The coding agents of this machine: how they stand, and a button that connects each (SPEC 7.5). */
@customElement('portside-agents')
export class AgentsSection extends PanelPart {
  override connectedCallback(): void {
    super.connectedCallback();
    void this.act('look', () => look());
  }

  protected override render(): TemplateResult {
    const { agents } = this.panel;
    return html`<section aria-labelledby="agents-title">
      <div class="title-row">
        <h2 id="agents-title">${t('Agents')}</h2>
        <button
          class="secondary"
          data-testid="look-at-agents"
          ?disabled=${this.isBusy('look')}
          @click=${() => this.act('look', () => look())}
        >
          ${t('Look again')}
        </button>
      </div>
      <p class="help">
        ${t('Connect writes an agent’s own configuration, after showing what would change. Disconnect puts back what was there.')}
      </p>
      ${this.renderProblem()} ${agents ? this.renderTable(agents) : nothing}
    </section>`;
  }

  private renderTable(agents: readonly AgentView[]): TemplateResult {
    const columns = [t('Agent'), t('State'), t('File')];
    // Those that are here first; among equals the order stays.
    const sorted = [...agents].sort((a, b) => Number(b.found) - Number(a.found));
    return html`<table class="rows" role="table" aria-labelledby="agents-title">
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}
          <th role="columnheader" scope="col"><span class="unseen">${t('Actions')}</span></th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${sorted.map((view) => this.renderRow(view, columns))}
      </tbody>
    </table>`;
  }

  private renderRow(view: AgentView, columns: readonly string[]): TemplateResult {
    const { id, name, file, problem } = view;
    const cells = [html`<strong>${name}</strong>`, describe(view), html`<code>${file}</code>`];
    const busy = this.isBusy('deed');
    const deed = (label: string, title: string, run: () => Promise<unknown>) =>
      html`<button
        class="secondary"
        aria-label=${title}
        ?disabled=${busy}
        @click=${() =>
          this.act('deed', async () => {
            await run();
          })}
      >
        ${label}
      </button>`;
    return html`<tr role="row" data-testid="agent" data-agent=${id}>
      ${cells.map((cell, index) => html`<td role="cell" data-label=${columns[index] ?? nothing}>${cell}</td>`)}
      <td role="cell" class="deeds">
        ${
          problem === undefined
            ? nothing
            : deed(t('Open'), t('Open the file of {0}', name), () => call('openAgentFile', { id }))
        }
        ${
          view.connected || problem !== undefined
            ? nothing
            : deed(t('Connect'), t('Connect {0}', name), () => call('connectAgent', { id }))
        }
        ${
          view.canDisconnect
            ? deed(t('Disconnect'), t('Disconnect {0}', name), () => call('disconnectAgent', { id }))
            : nothing
        }
      </td>
    </tr>`;
  }
}

async function look(): Promise<void> {
  await call('lookAtAgents', {});
}

function describe({ found, connected, overrides, problem }: AgentView): TemplateResult {
  if (problem !== undefined) return html`<span class="tag bad">${t('Cannot be read')}</span> ${problem}`;
  const state = connected
    ? html`<span class="tag">${t('Connected')}</span>`
    : html`<span>${found ? t('Found, not connected') : t('Not found here')}</span>`;
  return overrides.length === 0
    ? state
    : html`${state} <span class="help">${t('overridden by {0}', overrides.join(', '))}</span>`;
}
