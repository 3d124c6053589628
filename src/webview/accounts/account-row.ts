import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { providerInfo } from '../../shared/provider-list';
import type { AccountStatus, ModelStatus } from '../../shared/status';
import { accountNumbers, describeAccount, describeHealth } from '../parts/describe-status';
import { ICONS } from '../parts/icons';

/** One account as the list shows it. */
export interface AccountRow {
  account: AccountStatus;
  /** From 0. */
  place: number;
  last: boolean;
  /** What its switch shows. */
  on: boolean;
  testing: boolean;
  /** What the last test said, in words. */
  tested: string;
  /** Unix ms. */
  now: number;
  /** The form, while the account is edited. */
  form: TemplateResult | typeof nothing;
}

/** What can be done with the account of a row. */
export interface AccountDeeds {
  setEnabled(id: string, event: Event): void;
  edit(id: string): void;
  test(id: string): void;
  /** Ends the rest of one model, or of the account with all its models. */
  clear(account: AccountStatus, model?: string): void;
  /** -1 up, 1 down. */
  move(id: string, step: number): void;
  remove(id: string): void;
}

/** An account: what it is, how it fares, what can be done. Alt with an arrow moves it. */
export function renderAccountRow(row: AccountRow, deeds: AccountDeeds): TemplateResult {
  const { account, place } = row;
  const { id, label, provider } = account;
  const providerLabel = providerInfo(provider).label;
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(step);
  };
  const move = (step: number): void => {
    const barred = step < 0 ? place === 0 : row.last;
    if (!barred) deeds.move(id, step);
  };
  return html`<li
    data-testid="account"
    data-account=${id}
    data-state=${account.enabled ? account.state : 'off'}
    @keydown=${onKey}
  >
    <div class="account-words">
      <p class="account-name">
        <span class="account-label">${label}</span>
        ${providerLabel === label ? nothing : html`<span class="help">${providerLabel}</span>`}
      </p>
      <p class="account-state">
        <span class="lamp" aria-hidden="true"></span>
        <span>
          <span data-testid="account-state">${describeAccount(account, row.now)}</span>
          ${
            rests(account)
              ? html`<button
                  class="link"
                  aria-label=${t('Clear {0}', label)}
                  @click=${() => deeds.clear(account)}
                >
                  ${t('Clear')}
                </button>`
              : nothing
          }
        </span>
      </p>
      ${renderNumbers(account)} ${renderModels(row, deeds)}
      <p role="status" class="test-result">${row.testing ? t('Testing…') : row.tested}</p>
    </div>
    ${renderDeeds(row, deeds, move)} ${row.form}
  </li>`;
}

/** Whether the account rests as a whole: models that rest by themselves are woken one by one. */
const rests = ({ enabled, state }: AccountStatus): boolean =>
  enabled && (state === 'cooling' || state === 'probing');

function renderNumbers(account: AccountStatus): TemplateResult | typeof nothing {
  const numbers = accountNumbers(account);
  if (numbers.length === 0) return nothing;
  return html`<dl class="numbers" data-testid="account-numbers">
    ${numbers.map(
      ({ name, value }) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function renderModels(row: AccountRow, deeds: AccountDeeds): TemplateResult | typeof nothing {
  const { account, now } = row;
  const models = account.models ?? [];
  if (models.length === 0 || !account.enabled) return nothing;
  return html`<details class="resting" data-testid="resting-models">
    <summary>${models.length === 1 ? t('1 model rests') : t('{0} models rest', models.length)}</summary>
    <ul aria-label=${t('Models that rest')}>
      ${models.map((model) => renderModel(model, now, () => deeds.clear(account, model.model)))}
    </ul>
  </details>`;
}

function renderModel(model: ModelStatus, now: number, clear: () => void): TemplateResult {
  return html`<li>
    <code>${model.model}</code> <span>${describeHealth(model, now)}</span>
    <button class="link" aria-label=${t('Clear {0}', model.model)} @click=${clear}>${t('Clear')}</button>
  </li>`;
}

function renderDeeds(row: AccountRow, deeds: AccountDeeds, move: (step: number) => void): TemplateResult {
  const { account, place, last, on, testing } = row;
  const { id, label } = account;
  return html`<div class="account-deeds">
    <label class="check">
      <input
        type="checkbox"
        role="switch"
        .checked=${live(on)}
        aria-label=${t('Use {0}', label)}
        @change=${(event: Event) => deeds.setEnabled(id, event)}
      />
      <span aria-hidden="true">${on ? t('On') : t('Off')}</span>
    </label>
    <button
      class="secondary"
      data-testid="edit"
      aria-expanded=${row.form !== nothing}
      aria-label=${t('Edit {0}', label)}
      @click=${() => deeds.edit(id)}
    >
      ${t('Edit')}
    </button>
    <button
      class="secondary"
      aria-label=${t('Test again: {0}', label)}
      aria-disabled=${testing}
      @click=${() => deeds.test(id)}
    >
      ${t('Test again')}
    </button>
    <span class="icons">
      <button
        class="icon-button"
        data-testid="move-up"
        title=${t('Move up (Alt+↑)')}
        aria-label=${t('Move {0} up', label)}
        aria-keyshortcuts="Alt+ArrowUp"
        aria-disabled=${place === 0}
        @click=${() => move(-1)}
      >
        ${ICONS.up}
      </button>
      <button
        class="icon-button"
        data-testid="move-down"
        title=${t('Move down (Alt+↓)')}
        aria-label=${t('Move {0} down', label)}
        aria-keyshortcuts="Alt+ArrowDown"
        aria-disabled=${last}
        @click=${() => move(1)}
      >
        ${ICONS.down}
      </button>
      <button
        class="icon-button"
        title=${t('Remove')}
        aria-label=${t('Remove {0}', label)}
        @click=${() => deeds.remove(id)}
      >
        ${ICONS.remove}
      </button>
    </span>
  </div>`;
}
