import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AgentView } from '../../shared/agents';
import { call } from '../parts/host-link';
import { PanelPart } from '../parts/panel-part';
import { rowsTable } from '../parts/rows-table';

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
    const columns = [t('Agent'), t('State')];
    // Those that are here first; among equals the order stays.
    const sorted = [...agents].sort((a, b) => Number(b.found) - Number(a.found));
    // By their ids: a row that comes up while a button is pressed takes the press with it.
    const rows = repeat(
      sorted,
      ({ id }) => id,
      (view) => this.renderRow(view),
    );
    return rowsTable('agents-title', columns, rows);
  }

  private renderRow(view: AgentView): TemplateResult {
    const { id, name, file, problem } = view;
    const cells = [
      html`<strong>${name}</strong>
        <div class="help"><code>${file}</code></div>`,
      describe(view),
    ];
    const busy = this.isBusy('deed');
    const deed = (label: string, title: string, run: () => Promise<unknown>) =>
      html`<button
        class="secondary"
        aria-label=${title}
        aria-disabled=${busy}
        @click=${() => this.do(id, run)}
      >
        ${label}
      </button>`;
    return html`<tr role="row" data-testid="agent" data-agent=${id}>
      ${cells.map((cell) => html`<td role="cell">${cell}</td>`)}
      <td role="cell" class="deeds">
        ${
          problem === undefined
            ? nothing
            : deed(t('Open'), t('Open the file of {0}', name), () => call('openAgentFile', { id }))
        }
        ${
          (view.connected && view.stale === undefined) || problem !== undefined
            ? nothing
            : view.stale === undefined
              ? deed(t('Connect'), t('Connect {0}', name), () => call('connectAgent', { id }))
              : deed(t('Reconnect'), t('Reconnect {0}', name), () => call('connectAgent', { id }))
        }
        ${
          view.canDisconnect
            ? deed(t('Disconnect'), t('Disconnect {0}', name), () => call('disconnectAgent', { id }))
            : nothing
        }
      </td>
    </tr>`;
  }

  /** The button may be gone with what it did: the focus goes to the one that is there now. */
  private async do(id: string, run: () => Promise<unknown>): Promise<void> {
    await this.act('deed', async () => {
      await run();
    });
    await this.updateComplete;
    const own = `[data-agent="${id}"] button`;
    if (!document.activeElement || document.activeElement === document.body)
      await this.focusOn(this.querySelector(own) ? own : '[data-testid="look-at-agents"]');
  }
}

async function look(): Promise<void> {
  await call('lookAtAgents', {});
}

function describe(view: AgentView): TemplateResult {
  const { severity, words, more = nothing } = standOf(view);
  return html`<div class="agent-state" data-severity=${severity}>
    <span class="mark" aria-hidden="true">${MARKS[severity]}</span>
    <div>
      <div class="words">${words}</div>
      ${more === nothing ? nothing : html`<div class="help">${more}</div>`}
    </div>
  </div>`;
}

/** Shapes differ as well as colours. */
const MARKS = { error: '✕', warning: '!', ok: '✓', info: '–' } as const;

interface Stand {
  severity: keyof typeof MARKS;
  words: string;
  more?: string | TemplateResult;
}

function standOf(view: AgentView): Stand {
  const { found, connected, canDisconnect, stale, overrides, problem } = view;
  if (problem !== undefined)
    return { severity: 'error', words: t('Cannot be read'), more: placed(problem, view) };
  if (stale === 'address')
    return {
      severity: 'warning',
      words: t('Leads to an old address'),
      more: t('The proxy has another port now.'),
    };
  if (stale === 'key')
    return {
      severity: 'warning',
      words: t('Has an old key'),
      more: t('The proxy asks for another one now: it refuses this agent.'),
    };
  const state = connected ? t('Connected') : found ? t('Not connected') : t('Not found here');
  const isWritten = connected || canDisconnect;
  if (overrides.length === 0)
    return {
      severity: connected ? 'ok' : isWritten ? 'warning' : 'info',
      words: state,
      ...(isWritten && !connected && { more: t('Its file was changed since it was connected.') }),
    };
  const names = overrides.map((name, index) => html`${index === 0 ? nothing : ', '}<code>${name}</code>`);
  return {
    severity: isWritten ? 'warning' : 'info',
    words: state,
    more: html`${isWritten ? t('Overridden by:') : t('Would be overridden by:')} ${names}`,
  };
}

/** The problem without the path, which stands beside it. */
function placed(problem: string, { file, at }: AgentView): string {
  const prefix = at && `${file}:${at.line}:${at.column}: `;
  return at && prefix !== undefined && problem.startsWith(prefix)
    ? t('Line {0}, column {1}: {2}', at.line, at.column, problem.slice(prefix.length))
    : problem;
}
