import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { GROUPINGS, type Grouping, type Series } from '../../../shared/monitor';
import { call, keepState, keptState } from '../link';
import uPlotSheet from 'uplot/dist/uPlot.min.css';
import { chartsOf, paintSlots, type ChartData, type LatencyKind, type Paint } from './chart-data';
import { renderChart } from './chart-view';
import { groupingLabel } from './group-names';
import { paintSample, readPalette, type Palette } from './paints';
import { Refreshing } from './refreshing';
import { renderSegments } from './segments';
import { CHART_RANGES, chartSpan, type ChartRange } from './time-spans';
import { TimePlot } from './time-plot';

const sheet = new CSSStyleSheet();
sheet.replaceSync(uPlotSheet);
document.adoptedStyleSheets.push(sheet);

interface Choice {
  range: ChartRange;
  by: Grouping;
  latency: LatencyKind;
  asTable: boolean;
}
const FIRST: Choice = { range: 'today', by: 'account', latency: 'duration', asTable: false };
/** What was kept of it, where it is one of ours. */
function keptChoice(): Choice {
  const kept = (keptState() as { charts?: Partial<Choice> } | null | undefined)?.charts;
  return {
    range: CHART_RANGES.find((range) => range === kept?.range) ?? FIRST.range,
    by: GROUPINGS.find((by) => by === kept?.by) ?? FIRST.by,
    latency: kept?.latency === 'firstByte' ? 'firstByte' : FIRST.latency,
    asTable: kept?.asTable === true,
  };
}

/** Requests, tokens, cost and latency over time, under one cursor. */
@customElement('portside-charts')
export class Charts extends LitElement {
  @state() private choice: Choice = keptChoice();
  @state() private series: Series | undefined;
  /** How `series` was grouped. */
  private by: Grouping = FIRST.by;
  @state() private at: number | undefined;
  @state() private problem = '';
  /** Counts themes, so that canvases know which one they wear. */
  @state() private theme = 0;
  private slots = new Map<string, number>();
  private charts: ChartData[] = [];
  private palette: Palette | undefined;
  private readonly plots = new Map<string, { key: string; plot: TimePlot }>();
  /** What each of them shows. */
  private readonly drawn = new Map<string, ChartData>();
  private readonly refreshing = new Refreshing(this, () => this.load());
  private stop: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const changed = (): void => {
      this.palette = undefined;
      this.theme += 1;
    };
    // The editor sets a theme's colours on the root element and its kind on the body.
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
    observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-kind'] });
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', changed);
    this.stop = [() => observer.disconnect(), () => media.removeEventListener('change', changed)];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stop) stop();
    this.clearPlots();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.series && (changed.has('series') || changed.has('choice')))
      this.charts = chartsOf(this.series, this.by, this.choice.latency, this.slots);
  }

  protected override render(): TemplateResult {
    return html`<section class="charts" aria-label=${t('Charts')}>
      ${this.renderControls()}
      <div role="alert">${this.problem ? html`<p class="note error">${this.problem}</p>` : nothing}</div>
      ${this.series ? this.renderCharts(this.series) : nothing}
    </section>`;
  }

  private renderControls(): TemplateResult {
    const { range, by, asTable } = this.choice;
    const labels: Record<ChartRange, string> = {
      hour: t('1 hour'),
      sixHours: t('6 hours'),
      today: t('Today'),
      week: t('7 days'),
      month: t('30 days'),
      all: t('All'),
    };
    return html`<div class="chart-controls">
      ${renderSegments({
        name: 'chart-range',
        label: t('Time shown'),
        choices: CHART_RANGES.map((value) => ({ value, label: labels[value] })),
        selected: range,
        choose: (value) => this.choose({ range: value }, true),
      })}
      <label class="inline-field"
        >${t('By')}
        <select
          id="chart-by"
          .value=${by}
          @change=${(event: Event) =>
            this.choose({ by: (event.target as HTMLSelectElement).value as Grouping }, true)}
        >
          ${GROUPINGS.map(
            (each) => html`<option value=${each} ?selected=${each === by}>${groupingLabel(each)}</option>`,
          )}
        </select></label
      >
      <label class="check chart-as-table">
        <input
          id="chart-as-table"
          type="checkbox"
          .checked=${asTable}
          @change=${(event: Event) => this.choose({ asTable: (event.target as HTMLInputElement).checked })}
        />
        <span>${t('Show as table')}</span>
      </label>
    </div>`;
  }

  private renderCharts({ times, step, groups }: Series): TemplateResult {
    if (!groups.some(({ requests }) => requests.some((count) => count > 0)))
      return html`<div class="charts-empty" data-testid="charts-empty">
        <p><strong>${t('No requests in this time.')}</strong></p>
        <p class="help">${t('Requests, tokens, cost and latency are drawn here as exchanges end.')}</p>
      </div>`;
    const { asTable } = this.choice;
    const at = this.at !== undefined && this.at < times.length ? this.at : undefined;
    return html`<div class="chart-grid">
      ${this.charts.map((chart) =>
        renderChart({
          chart,
          times,
          step,
          at,
          asTable,
          controls: chart.id === 'latency' ? this.renderLatency() : undefined,
          move: (to) => (this.at = to),
        }),
      )}
    </div>`;
  }

  private renderLatency(): TemplateResult {
    return renderSegments({
      name: 'chart-latency',
      label: t('Latency of'),
      choices: [
        { value: 'duration', label: t('Duration') },
        { value: 'firstByte', label: t('First byte') },
      ],
      selected: this.choice.latency,
      choose: (latency) => this.choose({ latency }),
    });
  }

  /** The canvases follow what was rendered. */
  protected override updated(): void {
    this.palette ??= readPalette(this);
    const { palette, series, theme } = this;
    const hosts = new Map(
      [...this.querySelectorAll<HTMLElement>('.chart')].map((figure) => [
        figure.dataset.chart ?? '',
        figure.querySelector<HTMLElement>('.plot'),
      ]),
    );
    for (const chart of this.charts) {
      const host = hosts.get(chart.id);
      const known = this.plots.get(chart.id);
      if (!series || !host) {
        known?.plot.destroy();
        this.plots.delete(chart.id);
        continue;
      }
      const data = { chart, times: series.times, step: series.step };
      const key = JSON.stringify([theme, series.step, chart.lines.map(({ name, paint }) => [name, paint])]);
      if (known?.key === key) {
        if (this.drawn.get(chart.id) !== chart) known.plot.setData(data);
      } else {
        known?.plot.destroy();
        const plot = new TimePlot(host, data, palette, (at) => (this.at = at));
        this.plots.set(chart.id, { key, plot });
      }
      this.drawn.set(chart.id, chart);
      this.plots.get(chart.id)?.plot.setCursor(this.at);
    }
    for (const canvas of this.querySelectorAll<HTMLCanvasElement>('canvas.sample')) {
      const { paint = '', area } = canvas.dataset;
      const wears = `${theme} ${paint} ${area}`;
      if (canvas.dataset.wears === wears) continue;
      canvas.dataset.wears = wears;
      paintSample(canvas, palette, /^\d$/.test(paint) ? Number(paint) : (paint as Paint), area === 'true');
    }
  }

  private choose(part: Partial<Choice>, ask = false): void {
    this.choice = { ...this.choice, ...part };
    this.at = undefined;
    keepState({ ...(keptState() as object | null), charts: this.choice });
    if (ask) this.refreshing.now();
  }

  private async load(): Promise<void> {
    const { range, by } = this.choice;
    try {
      const series = await call('series', { ...chartSpan(range, Date.now()), by });
      // Another choice meanwhile: its own answer comes.
      if (range !== this.choice.range || by !== this.choice.by) return;
      this.slots = paintSlots(series, by === this.by ? this.slots : new Map());
      this.by = by;
      this.series = series;
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private clearPlots(): void {
    for (const { plot } of this.plots.values()) plot.destroy();
    this.plots.clear();
  }
}
