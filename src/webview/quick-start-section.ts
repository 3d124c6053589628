import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import {
  baseUrls,
  environmentBlock,
  KEY_PLACEHOLDER,
  quickStartSnippet,
  SHELLS,
  SNIPPETS,
  type Shell,
  type SnippetId,
} from '../shared/quick-start';
import { call, keepView, keptView } from './parts/host-link';
import { announce, PanelPart } from './parts/panel-part';
import { renderTabs } from './parts/tabs';

const SNIPPET_LABELS: Record<SnippetId, string> = {
  'openai-python': 'OpenAI Python',
  'openai-js': 'OpenAI JS',
  'claude-code': 'Claude Code',
  'gemini-python': 'Gemini Python',
  curl: 'curl',
};
const SHELL_LABELS: Record<Shell, string> = { bash: 'bash, zsh', fish: 'fish', powershell: 'PowerShell' };
const COPIED_MS = 2_000;

/** What to paste where. The text on screen holds a placeholder; the host puts the key in as it copies. */
@customElement('portside-quick-start')
export class QuickStartSection extends PanelPart {
  @state() private snippet: SnippetId = keptView().snippet ?? 'openai-python';
  @state() private shell: Shell = keptView().shell ?? 'bash';
  @state() private copied = '';

  protected override render(): TemplateResult {
    const { url, sampleModel: model } = this.panel;
    const target = { url, model, key: KEY_PLACEHOLDER };
    const urls = baseUrls(url);
    return html`<section aria-labelledby="quick-title">
      <h2 id="quick-title">${t('Quick start')}</h2>
      <dl class="urls">
        <dt>OpenAI</dt>
        <dd><code>${urls.openai}</code></dd>
        <dt>Anthropic</dt>
        <dd><code>${urls.anthropic}</code></dd>
        <dt>Gemini</dt>
        <dd><code>${urls.gemini}</code></dd>
      </dl>
      <p class="help">${t('Copy puts your API key in place of {0}.', KEY_PLACEHOLDER)}</p>
      ${this.renderProblem()}
      ${renderTabs({
        id: 'snippet',
        label: t('Code for'),
        tabs: SNIPPETS.map((id) => ({ id, label: SNIPPET_LABELS[id] })),
        selected: this.snippet,
        select: (id) => {
          this.snippet = id;
          keepView({ snippet: id });
        },
        content: this.renderCode(
          'snippet',
          SNIPPET_LABELS[this.snippet],
          quickStartSnippet(this.snippet, target),
        ),
      })}
      <h3>${t('Environment variables')}</h3>
      <p class="help">${t('For claude, codex, gemini and other agents started from a terminal.')}</p>
      ${renderTabs({
        id: 'shell',
        label: t('Shell'),
        tabs: SHELLS.map((id) => ({ id, label: SHELL_LABELS[id] })),
        selected: this.shell,
        select: (id) => {
          this.shell = id;
          keepView({ shell: id });
        },
        content: this.renderCode(
          'environment',
          SHELL_LABELS[this.shell],
          environmentBlock(this.shell, target),
        ),
      })}
    </section>`;
  }

  private renderCode(what: 'snippet' | 'environment', name: string, code: string): TemplateResult {
    const done = this.copied === what;
    return html`<div class="code">
        <pre
          tabindex="0"
          role="region"
          aria-label=${t('{0} code', name)}
          data-testid="${what}-code"
        ><code>${code}</code></pre>
        <button
          class="secondary"
          aria-label=${t('Copy {0} code', name)}
          data-testid="copy-${what}"
          @click=${() => this.act('copy', () => this.copy(what))}
        >
          ${done ? html`<span aria-hidden="true">✓ </span>${t('Copied')}` : t('Copy')}
        </button>
      </div>
      ${nothing}`;
  }

  private async copy(what: 'snippet' | 'environment'): Promise<void> {
    await (what === 'snippet'
      ? call('copySnippet', { id: this.snippet })
      : call('copyEnvironment', { shell: this.shell }));
    this.copied = what;
    announce(t('Copied with your API key.'));
    window.setTimeout(() => (this.copied = ''), COPIED_MS);
  }
}
