import { t } from '@vscode/l10n';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { DIALECTS, type Dialect } from '../../shared/setting-names';
import type { RouteExplanation } from '../../shared/status';
import { describeHealth } from '../parts/describe-status';
import { DIALECT_LABELS } from '../parts/dialect-labels';
import { renderField, renderFieldProblem, valueOf } from '../parts/form-field';
import { call } from '../parts/host-link';
import { PanelPart } from '../parts/panel-part';
import { renderChain } from './routes-section';
import { Ticking } from '../parts/ticking';

type Candidate = RouteExplanation['candidates'][number];

/** Shows where a model's name would go, and why; running or not. What it shows follows the settings. */
@customElement('portside-route-test')
export class RouteTest extends PanelPart {
  @state() private model = '';
  @state() private protocol: Dialect = 'anthropic';
  @state() private missing = false;
  @state() private found: RouteExplanation | undefined;
  /** The settings and states that the answer shown is true for. */
  private trueFor = '';

  constructor() {
    super();
    new Ticking(this, () => this.found?.candidates.some(({ until }) => until !== undefined) ?? false);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('panel') && this.found && this.trueFor !== this.circumstances())
      void this.ask(this.found);
  }

  protected override render(): TemplateResult {
    const asking = this.isBusy('ask');
    return html`<section class="minor" aria-labelledby="route-test-title">
      <h3 id="route-test-title">${t('Try a model name')}</h3>
      <form class="row" novalidate @submit=${(event: Event) => this.submit(event)}>
        <div class="field grow">
          <label for="test-model">${t('Model')}</label>
          <input
            id="test-model"
            class="mono"
            autocomplete="off"
            spellcheck="false"
            maxlength="256"
            placeholder=${this.panel.sampleModel}
            .value=${live(this.model)}
            aria-invalid=${this.missing}
            aria-describedby="test-model-note"
            @input=${(event: Event) => {
              this.model = valueOf(event);
              this.missing = false;
            }}
          />
        </div>
        ${renderField(
          { id: 'test-protocol', label: t('Client’s protocol') },
          html`<select
            id="test-protocol"
            @change=${(event: Event) => {
              this.protocol = valueOf(event) as Dialect;
            }}
          >
            ${DIALECTS.map(
              (dialect) =>
                html`<option value=${dialect} ?selected=${dialect === this.protocol}>
                  ${DIALECT_LABELS[dialect]}
                </option>`,
            )}
          </select>`,
        )}
        <button class="secondary" data-testid="explain-route" aria-disabled=${asking}>
          ${t('Show where it goes')}
        </button>
        ${renderFieldProblem('test-model', this.missing ? t('The model name is missing.') : undefined)}
      </form>
      ${this.renderProblem()}
      <div data-testid="route-explanation" aria-live="polite">
        ${this.found ? this.renderFound(this.found) : nothing}
      </div>
    </section>`;
  }

  private renderFound({ model, rule, why, candidates, warning, error }: RouteExplanation): TemplateResult {
    return html`<div class="card">
      <p>
        <strong><code>${model}</code></strong
        >: ${why.replace(/\.$/, '')}.
      </p>
      ${
        rule
          ? html`<div class="rule">
              <code>${rule.pattern}</code> <span aria-hidden="true">→</span> ${renderChain(rule.targets)}
            </div>`
          : html`<p class="help">${t('No route takes this name.')}</p>`
      }
      ${error ? html`<p class="note error" data-testid="route-error">${error}</p>` : nothing}
      ${warning ? html`<p class="note warning" data-testid="route-warning">${warning}</p>` : nothing}
      ${
        candidates.length > 0
          ? html`<ol class="candidates" aria-label=${t('Accounts in the order in which they are asked')}>
              ${candidates.map((candidate) => renderCandidate(candidate, Date.now()))}
            </ol>`
          : nothing
      }
    </div>`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    const model = this.model.trim();
    this.missing = model === '';
    if (this.missing) void this.focusOn('#test-model');
    else void this.ask({ model, protocol: this.protocol });
  }

  private ask({ model, protocol }: { model: string; protocol: string }): Promise<void> {
    return this.act('ask', async () => {
      const now = this.circumstances();
      this.found = await call('explainRoute', { model, protocol: protocol as Dialect });
      this.trueFor = now;
    });
  }

  /** Everything that a decision depends on, as far as the panel knows it. */
  private circumstances(): string {
    const { settings, accounts, status } = this.panel;
    const states = status.accounts.map(({ id, enabled, state: health, models }) => [
      id,
      enabled,
      health,
      models,
    ]);
    return JSON.stringify([settings, accounts, states]);
  }
}

function renderCandidate(candidate: Candidate, now: number): TemplateResult {
  const { account, model, dialect, translated, state: health } = candidate;
  const protocol = DIALECT_LABELS[dialect as Dialect] ?? dialect;
  return html`<li data-testid="candidate" data-state=${health}>
    <span class="account-label">${account}</span> <code>${model}</code>
    <span class="tag">${translated ? t('translated to {0}', protocol) : t('passed through')}</span>
    <span class="account-state">
      <span class="lamp" aria-hidden="true"></span>
      <span>${describeCandidate(candidate, now)}</span>
    </span>
  </li>`;
}

/** Also a healthy candidate may come last for a reason. */
function describeCandidate(candidate: Candidate, now: number): string {
  const words = describeHealth(candidate, now);
  return candidate.state === 'healthy' && candidate.reason ? `${words}: ${candidate.reason}` : words;
}
