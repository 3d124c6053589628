import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { patternProblem, splitModels, targetsProblem } from '../parts/field-rules';
import { renderTextField, valueOf } from '../parts/form-field';
import { call } from '../parts/host-link';
import { ICONS } from '../parts/icons';
import { announce, PanelPart } from '../parts/panel-part';

type Routes = Record<string, string | string[]>;

/** The route that is written: `from` is the pattern it had, '' for a new one. */
interface Draft {
  from: string;
  pattern: string;
  targets: string;
  wrong: { pattern?: string | undefined; targets?: string | undefined };
}

/** Which model names go where (SPEC 5.10). */
@customElement('portside-routes')
export class RoutesSection extends PanelPart {
  @state() private draft: Draft | undefined;

  protected override render(): TemplateResult {
    const routes = Object.entries(this.panel.settings.routes);
    return html`<section aria-labelledby="routes-title">
      <div class="title-row">
        <h2 id="routes-title">${t('Routes')}</h2>
        ${
          this.draft
            ? nothing
            : html`<button class="secondary" data-testid="add-route" @click=${() => this.write('', '', '')}>
                ${t('Add route')}
              </button>`
        }
      </div>
      <p class="help">
        ${t('An exact name comes before a pattern, the most specific pattern before others. Other names stay as they are.')}
      </p>
      ${this.renderProblem()} ${this.draft?.from === '' ? this.renderForm(this.draft) : nothing}
      ${routes.length > 0 ? this.renderTable(routes) : nothing}
    </section>`;
  }

  private renderTable(routes: [string, string | string[]][]): TemplateResult {
    return html`<table class="rows" role="table" aria-labelledby="routes-title" data-testid="routes">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">${t('Model asked for')}</th>
          <th role="columnheader" scope="col">${t('Goes to')}</th>
          <th role="columnheader" scope="col"><span class="unseen">${t('Actions')}</span></th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${routes.map(([pattern, target]) =>
          this.draft && this.draft.from === pattern
            ? html`<tr role="row">
                <td role="cell" colspan="3">${this.renderForm(this.draft)}</td>
              </tr>`
            : this.renderRow(pattern, [target].flat()),
        )}
      </tbody>
    </table>`;
  }

  private renderRow(pattern: string, targets: string[]): TemplateResult {
    return html`<tr role="row" data-testid="route" data-pattern=${pattern}>
      <td role="cell"><code>${pattern}</code></td>
      <td role="cell">${renderChain(targets)}</td>
      <td role="cell" class="deeds">
        <button
          class="secondary"
          data-testid="edit-route"
          aria-label=${t('Edit the route of {0}', pattern)}
          @click=${() => this.write(pattern, pattern, targets.join(', '))}
        >
          ${t('Edit')}
        </button>
        <button
          class="icon-button"
          title=${t('Remove')}
          aria-label=${t('Remove the route of {0}', pattern)}
          @click=${() => this.removeRoute(pattern)}
        >
          ${ICONS.remove}
        </button>
      </td>
    </tr>`;
  }

  private renderForm(draft: Draft): TemplateResult {
    const set = (part: Partial<Draft>): void => {
      this.draft = { ...draft, ...part };
    };
    return html`<form
      class="card"
      aria-labelledby="route-form-title"
      novalidate
      @submit=${(event: Event) => this.save(event, draft)}
    >
      <h3 id="route-form-title">${draft.from === '' ? t('Add a route') : t('Edit a route')}</h3>
      ${renderTextField({
        id: 'route-pattern',
        label: t('Model asked for'),
        help: t('A name, or a pattern in which * stands for anything.'),
        placeholder: 'claude-*',
        look: 'mono',
        maxLength: 256,
        value: draft.pattern,
        problem: draft.wrong.pattern,
        onInput: (event) => set({ pattern: valueOf(event), wrong: { ...draft.wrong, pattern: undefined } }),
      })}
      ${renderTextField({
        id: 'route-targets',
        label: t('Goes to'),
        help: t(
          'A model, or account/model or provider/model. Several between commas: each stands in for those before it.',
        ),
        placeholder: 'gemini/gemini-flash-latest, anthropic/claude-haiku-4-5',
        look: 'mono wide',
        value: draft.targets,
        problem: draft.wrong.targets,
        onInput: (event) => set({ targets: valueOf(event), wrong: { ...draft.wrong, targets: undefined } }),
      })}
      <div class="buttons">
        <button class="primary" data-testid="save-route" aria-disabled=${this.isBusy('set')}>
          ${t('Save')}
        </button>
        <button class="secondary" type="button" @click=${() => this.close(draft)}>${t('Cancel')}</button>
      </div>
    </form>`;
  }

  private async write(from: string, pattern: string, targets: string): Promise<void> {
    this.draft = { from, pattern, targets, wrong: {} };
    await this.focusOn('#route-pattern');
  }

  private async save(event: Event, draft: Draft): Promise<void> {
    event.preventDefault();
    const { routes } = this.panel.settings;
    const taken = Object.keys(routes).filter((pattern) => pattern !== draft.from);
    const wrong = {
      pattern: patternProblem(draft.pattern, taken),
      targets: targetsProblem(draft.targets),
    };
    if (wrong.pattern ?? wrong.targets) {
      this.draft = { ...draft, wrong };
      await this.focusOn('[aria-invalid="true"]');
      return;
    }
    const pattern = draft.pattern.trim();
    const targets = splitModels(draft.targets);
    const target = targets.length === 1 ? (targets[0] ?? '') : targets;
    // An edited route keeps its place.
    const kept = Object.entries(routes).map(([name, old]): [string, string | string[]] =>
      name === draft.from ? [pattern, target] : [name, old],
    );
    await this.set({ ...Object.fromEntries(kept), [pattern]: target });
    if (this.problem) return;
    announce(t('Route saved.'));
    await this.close({ ...draft, from: draft.from && pattern });
  }

  private async close({ from }: Draft): Promise<void> {
    this.draft = undefined;
    await this.focusOn(
      from ? `[data-pattern="${CSS.escape(from)}"] [data-testid="edit-route"]` : '[data-testid="add-route"]',
    );
  }

  private async removeRoute(pattern: string): Promise<void> {
    const others = Object.entries(this.panel.settings.routes).filter(([name]) => name !== pattern);
    await this.set(Object.fromEntries(others));
    if (this.problem) return;
    announce(t('Route removed.'));
    await this.focusOn('[data-testid="add-route"]');
  }

  private set(routes: Routes): Promise<void> {
    return this.act('set', async () => {
      await call('setRoutes', { routes });
    });
  }
}

/** The targets in the order in which they are asked. */
export function renderChain(targets: readonly string[]): TemplateResult {
  return html`<ol class="chain">
    ${targets.map((target) => html`<li><code>${target}</code></li>`)}
  </ol>`;
}
