import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { CheckView, DoctorView, FindingView, Severity } from '../../shared/doctor';
import { call } from '../parts/host-link';
import { announce, PanelPart } from '../parts/panel-part';

/** What the doctor found, each with what mends it (SPEC 7.6). */
@customElement('portside-doctor')
export class DoctorSection extends PanelPart {
  protected override render(): TemplateResult {
    const { doctor } = this.panel;
    const running = doctor?.running === true || this.isBusy('run');
    return html`<section aria-labelledby="doctor-title" aria-busy=${running}>
      <h2 id="doctor-title">${t('Doctor')}</h2>
      <p class="help">
        ${t('Looks at everything that stands between an agent and an answer. It changes nothing by itself; each account is asked for its list of models, which is free.')}
      </p>
      <div class="buttons">
        <button class="primary" data-testid="run-doctor" aria-disabled=${running} @click=${() => this.run()}>
          ${running ? t('Looking…') : doctor ? t('Run again') : t('Run')}
        </button>
        ${
          doctor
            ? html`<button
                class="secondary"
                data-testid="copy-report"
                @click=${() =>
                  this.act('copy', async () => {
                    await call('copyDoctorReport', {});
                    announce(t('The report is copied.'));
                  })}
              >
                ${t('Copy report')}
              </button>`
            : nothing
        }
      </div>
      ${this.renderProblem()}
      <p role="status" class="help" data-testid="doctor-summary">
        ${doctor && !running ? summarize(doctor) : nothing}
      </p>
      ${
        doctor
          ? html`<ul class="checks">
              ${doctor.checks.map((check) => this.renderCheck(check))}
            </ul>`
          : nothing
      }
    </section>`;
  }

  private renderCheck({ id, title, running, findings }: CheckView): TemplateResult {
    return html`<li data-testid="check" data-check=${id} data-running=${running}>
      <h3 id="check-${id}">${title}</h3>
      ${
        findings.length > 0
          ? html`<ul class="findings" aria-labelledby="check-${id}">
              ${sorted(findings).map((finding) => this.renderFinding(finding))}
            </ul>`
          : running
            ? html`<p class="help">${t('Looking…')}</p>`
            : nothing
      }
    </li>`;
  }

  private renderFinding({ id, severity, words, fix }: FindingView): TemplateResult {
    return html`<li data-testid="finding" data-severity=${severity}>
      <span class="mark" aria-hidden="true">${MARKS[severity]}</span>
      <span class="finding-words"><span class="unseen">${severityWord(severity)}: </span>${words}</span>
      ${
        fix === undefined
          ? nothing
          : html`<button
              class="secondary"
              aria-label="${fix}: ${words}"
              aria-disabled=${this.isBusy('fix')}
              @click=${() => this.fix(id)}
            >
              ${fix}
            </button>`
      }
    </li>`;
  }

  private async run(): Promise<void> {
    if (this.panel.doctor?.running) return;
    await this.act('run', async () => {
      await call('runDoctor', {});
    });
  }

  /** The button may be gone with its trouble: the focus goes to the one that looks again. */
  private async fix(id: string): Promise<void> {
    await this.act('fix', async () => {
      await call('fixFinding', { id });
    });
    await this.updateComplete;
    if (!document.activeElement || document.activeElement === document.body)
      await this.focusOn('[data-testid="run-doctor"]');
  }
}

/** Shapes differ as well as colours. */
const MARKS: Record<Severity, string> = { error: '✕', warning: '!', info: 'i', ok: '✓' };
const ORDER: readonly Severity[] = ['error', 'warning', 'ok', 'info'];

/** The worst first; among equals the order stays. */
const sorted = (findings: readonly FindingView[]): FindingView[] =>
  [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));

function severityWord(severity: Severity): string {
  switch (severity) {
    case 'error':
      return t('Error');
    case 'warning':
      return t('Warning');
    case 'info':
      return t('Note');
    case 'ok':
      return t('Good');
  }
}

function summarize({ checks }: DoctorView): string {
  const all = checks.flatMap(({ findings }) => findings);
  const count = (severity: Severity) => all.filter((each) => each.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors + warnings === 0) return t('Nothing is in the way.');
  return t('Errors: {0}. Warnings: {1}.', errors, warnings);
}
