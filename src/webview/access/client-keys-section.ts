import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ClientKeyView } from '../../shared/messages';
import { EMPTY_CLIENT_KEY, renderClientKeyForm, type ClientKeyDraft } from './client-key-form';
import { count } from '../parts/describe-status';
import { clientKeyNameProblem, countProblem, splitModels } from '../parts/field-rules';
import { call } from '../parts/host-link';
import { ICONS } from '../parts/icons';
import { announce, PanelPart } from '../parts/panel-part';
import { rowsTable } from '../parts/rows-table';

/** Keys for single clients, with bounds of their own (SPEC 2.10). A new key is shown once. */
@customElement('portside-client-keys')
export class ClientKeysSection extends PanelPart {
  @state() private draft: ClientKeyDraft | undefined;
  /** The key just made, until it is put away. */
  @state() private made: { name: string; key: string } | undefined;

  protected override render(): TemplateResult {
    const { clientKeys } = this.panel;
    return html`<section aria-labelledby="client-keys-title">
      <div class="title-row">
        <h2 id="client-keys-title">${t('Client keys')}</h2>
        ${
          this.draft
            ? nothing
            : html`<button class="secondary" data-testid="add-client-key" @click=${() => this.write()}>
                ${t('Add client key')}
              </button>`
        }
      </div>
      <p class="help">
        ${t('A key for one client, beside the API key: with an end, a list of models or a limit, and counted by itself.')}
      </p>
      ${this.renderProblem()}
      ${
        this.draft
          ? renderClientKeyForm({
              draft: this.draft,
              busy: this.isBusy('add'),
              set: (draft) => (this.draft = draft),
              submit: (event) => void this.save(event),
              close: () => void this.close(),
            })
          : nothing
      }
      <div role="alert">${this.made ? this.renderMade(this.made) : nothing}</div>
      ${clientKeys.length > 0 ? this.renderTable(clientKeys) : nothing}
    </section>`;
  }

  private renderMade({ name, key }: { name: string; key: string }): TemplateResult {
    return html`<div class="note good" data-testid="made-client-key">
      <p><strong>${t('The key of {0}, shown this once:', name)}</strong></p>
      <p class="made-key"><code>${key}</code></p>
      <div class="buttons">
        <button class="primary" data-testid="copy-client-key" @click=${() => this.copy(key)}>
          ${t('Copy')}
        </button>
        <button class="secondary" @click=${() => this.putAway()}>${t('Done')}</button>
      </div>
    </div>`;
  }

  private renderTable(clientKeys: readonly ClientKeyView[]): TemplateResult {
    const columns = [t('Name'), t('Expires'), t('Models'), t('Limit'), t('Used')];
    const rows = clientKeys.map((view) => this.renderRow(view, columns));
    return rowsTable('client-keys-title', columns, rows);
  }

  private renderRow(view: ClientKeyView, columns: readonly string[]): TemplateResult {
    const { name, expires, expired, models, requestsPerMinute } = view;
    const cells = [
      html`<strong>${name}</strong>`,
      expires
        ? html`<time datetime=${expires}
              >${new Date(expires).toLocaleDateString([], { timeZone: zoneOf(expires) })}</time
            >
            ${expired ? html`<span class="tag">${t('expired')}</span>` : nothing}`
        : t('Never'),
      models ? html`<code>${models.join(', ')}</code>` : t('All'),
      requestsPerMinute === undefined ? t('None') : t('{0} / min', count(requestsPerMinute)),
      describeUsage(view),
    ];
    return html`<tr role="row" data-testid="client-key" data-name=${name}>
      ${cells.map((cell, index) => html`<td role="cell" data-label=${columns[index] ?? nothing}>${cell}</td>`)}
      <td role="cell" class="deeds">
        <button
          class="icon-button"
          title=${t('Remove')}
          aria-label=${t('Remove the key of {0}', name)}
          @click=${() => this.removeKey(name)}
        >
          ${ICONS.remove}
        </button>
      </td>
    </tr>`;
  }

  private async write(): Promise<void> {
    this.made = undefined;
    this.draft = EMPTY_CLIENT_KEY;
    await this.focusOn('#client-key-name');
  }

  private async close(): Promise<void> {
    this.draft = undefined;
    await this.focusOn('[data-testid="add-client-key"]');
  }

  private save(event: Event): Promise<void> | undefined {
    event.preventDefault();
    const { draft } = this;
    if (!draft) return undefined;
    const taken = this.panel.clientKeys.map(({ name }) => name);
    const wrong = {
      name: clientKeyNameProblem(draft.name, taken),
      limit: countProblem(draft.limit, 1_000_000),
    };
    if (wrong.name ?? wrong.limit) {
      this.draft = { ...draft, wrong };
      return this.focusOn('[aria-invalid="true"]');
    }
    const name = draft.name.trim();
    const models = splitModels(draft.models);
    return this.act('add', async () => {
      const { key } = await call('addClientKey', {
        name,
        ...(draft.expires && { expires: draft.expires }),
        ...(models.length > 0 && { models }),
        ...(draft.limit.trim() && { requestsPerMinute: Number(draft.limit) }),
      });
      this.draft = undefined;
      this.made = { name, key };
      await this.focusOn('[data-testid="copy-client-key"]');
    });
  }

  private copy(key: string): Promise<void> {
    return this.act('copy', async () => {
      await navigator.clipboard.writeText(key);
      announce(t('Key copied.'));
    });
  }

  private async putAway(): Promise<void> {
    this.made = undefined;
    await this.focusOn('[data-testid="add-client-key"]');
  }

  private removeKey(name: string): Promise<void> {
    return this.act(`remove ${name}`, async () => {
      await call('removeClientKey', { name });
      if (this.made?.name === name) this.made = undefined;
    });
  }
}

/** A date without a time ends in UTC, and is shown as it was typed. */
const zoneOf = (expires: string): string | undefined => (expires.includes('T') ? undefined : 'UTC');

/** `1.8M`: in full they crowd the table. */
const compact = (number: number): string =>
  number.toLocaleString(undefined, { notation: 'compact', maximumFractionDigits: 1 });

function describeUsage({ usage }: ClientKeyView): TemplateResult {
  if (!usage || usage.requests === 0) return html`${t('Not yet')}`;
  const { requests, refused, inputTokens, outputTokens, lastUsed } = usage;
  const asked = requests === 1 ? t('1 request') : t('{0} requests', count(requests));
  const tokens = t('{0} tokens in, {1} out', compact(inputTokens), compact(outputTokens));
  return html`<span>${asked}</span>
    ${refused > 0 ? html`<span>${t('{0} refused', count(refused))}</span>` : nothing}
    <span class="help">${tokens}</span>
    ${lastUsed === undefined ? nothing : html`<span class="help">${t('last {0}', new Date(lastUsed).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' }))}</span>`}`;
}
