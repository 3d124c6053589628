import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { formatCostExactly } from '../format/format-cost';
import { formatCount } from '../format/format-number';
import {
  lineTotal,
  sayStep,
  shownLines,
  stepsWithValues,
  type ChartData,
  type ChartLine,
} from './chart-data';
import { timeOfStep } from './time-of-step';

/** Page up and down pass so many steps. */
const LEAP = 10;

interface ChartView {
  chart: ChartData;
  times: readonly number[];
  step: number;
  /** The step that the cursor is at. */
  at: number | undefined;
  asTable: boolean;
  /** Controls of this chart alone. */
  controls?: TemplateResult | undefined;
  move(step: number | undefined): void;
}

/** A chart with what it is, sums up to and says at its cursor; or its numbers as a table. */
export function renderChart(view: ChartView): TemplateResult {
  const { chart, times, step, at, asTable, controls } = view;
  return html`<figure class="chart" data-chart=${chart.id} aria-labelledby="chart-${chart.id}">
    <figcaption>
      <h2 id="chart-${chart.id}" title=${chart.note ?? nothing}>${chart.title}</h2>
      ${controls ?? nothing}
      <span class="chart-sum" data-testid="sum">
        ${at === undefined || asTable ? chart.summary : timeOfStep(times[at] ?? 0, step)}
      </span>
    </figcaption>
    ${asTable ? renderTable(view) : [renderPlot(view), renderLegend(view)]}
  </figure>`;
}

function renderPlot({ chart, times, step, at, move }: ChartView): TemplateResult {
  const last = times.length - 1;
  const where = at ?? last;
  const onKey = (event: KeyboardEvent): void => {
    const to = {
      ArrowLeft: at === undefined ? last : at - 1,
      ArrowRight: at === undefined ? last : at + 1,
      PageDown: where - LEAP,
      PageUp: where + LEAP,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    move(to === undefined ? undefined : Math.max(0, Math.min(last, to)));
  };
  // A slider along time: screen readers pass its keys on, and say its text whenever that changes.
  return html`<div
    class="plot"
    role="slider"
    tabindex="0"
    aria-label=${t('{0} over time', chart.title)}
    aria-description=${chart.note ?? nothing}
    aria-valuemin="0"
    aria-valuemax=${Math.max(0, last)}
    aria-valuenow=${Math.max(0, where)}
    aria-valuetext=${
      at === undefined
        ? t('All of the time shown: {0}', chart.summary)
        : `${timeOfStep(times[at] ?? 0, step)}: ${sayStep(chart, at)}`
    }
    @keydown=${onKey}
    @blur=${() => move(undefined)}
  ></div>`;
}

function renderLegend({ chart, at }: ChartView): TemplateResult {
  // What is on top of a stack stands first, as on the canvas; what is not on it needs no colour.
  const lines = chart.stacked ? shownLines(chart).reverse() : chart.lines;
  return html`<ul class="legend">
    ${lines.map(
      (line) =>
        html`<li>
          <canvas
            class="sample"
            data-paint=${line.paint}
            data-area=${chart.stacked}
            aria-hidden="true"
          ></canvas>
          <span class="legend-name">${line.name}</span>
          <span class="legend-value">${legendValue(chart, line, at)}</span>
        </li>`,
    )}
  </ul>`;
}

function legendValue(chart: ChartData, line: ChartLine, at: number | undefined): string {
  const value = at === undefined ? lineTotal(chart, line) : line.values[at];
  if (value === undefined) return '';
  return value === null ? '–' : chart.format(value);
}

function renderTable({ chart, times, step }: ChartView): TemplateResult {
  const steps = stepsWithValues(chart).reverse();
  const lines = shownLines(chart);
  const exact = (value: number): string =>
    chart.id === 'cost'
      ? formatCostExactly(value)
      : chart.id === 'latency'
        ? chart.format(value)
        : formatCount(value);
  return html`<div
    class="chart-table"
    tabindex="0"
    role="region"
    aria-label=${t('{0} over time', chart.title)}
  >
    <table class="sums">
      <thead>
        <tr>
          <th scope="col">${t('Time')}</th>
          ${lines.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${steps.map(
          (at) =>
            html`<tr>
              <th scope="row">${timeOfStep(times[at] ?? 0, step)}</th>
              ${lines.map(({ values }) => {
                const value = values[at];
                return html`<td class="number">${value == null ? '–' : exact(value)}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
    ${steps.length === 0 ? html`<p class="help">${t('Nothing in this time.')}</p>` : nothing}
  </div>`;
}
