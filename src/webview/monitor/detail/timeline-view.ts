import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Attempt, ExchangeRecord } from '../../../shared/exchange';
import { describeProtocol, describeStatus } from './describe-exchange';
import { formatDuration } from '../format/format-duration';
import { layOutTimeline, type Bar, type Phase, type Timeline, type TimelineRow } from './timeline-layout';

/** The attempts of an exchange, each with its place in time, what came of it and why it was not the last. */
export function renderTimeline(record: ExchangeRecord): TemplateResult {
  const timeline = layOutTimeline(record);
  const phases = new Set(
    [timeline.queue, ...timeline.rows.flatMap(({ bars }) => bars)].map((bar) => bar?.phase),
  );
  return html`<section class="timeline" aria-labelledby="exchange-timeline">
    <div class="detail-title">
      <h3 id="exchange-timeline">${t('Timeline')}</h3>
      <ul class="timeline-legend" aria-hidden="true">
        ${(['queued', 'waiting', 'receiving', 'failed'] as const)
          .filter((phase) => phases.has(phase))
          .map(
            (phase) =>
              html`<li>
                <svg class="swatch" width="10" height="10">${rect(phase, '0', '100%', 10)}</svg
                >${describePhase(phase)}
              </li>`,
          )}
      </ul>
    </div>
    ${renderAxis(timeline)}
    <ol class="attempts">
      ${timeline.queue ? renderQueue(timeline.queue, timeline) : nothing}
      ${timeline.rows.map((row, index) => renderAttempt(row, index, timeline))}
    </ol>
  </section>`;
}

function renderAxis({ ticks, total }: Timeline): TemplateResult {
  // A label at the very end would stand over the edge.
  const seen = ticks.filter((tick) => tick / total < 0.93);
  return html`<div class="axis" aria-hidden="true">
    <svg width="100%" height="16">
      ${seen.map(
        (tick) =>
          svg`<text x=${percent(tick, total)} dx=${tick === 0 ? 0 : 3} y="11">${formatDuration(tick)}</text>`,
      )}
    </svg>
  </div>`;
}

function renderQueue(queue: Bar, timeline: Timeline): TemplateResult {
  return html`<li data-testid="queue">
    <div class="attempt-words">
      <span class="attempt-number" aria-hidden="true"></span>
      <span class="muted">${t('Waited for a place')}</span>
    </div>
    ${renderBars([queue], timeline)}
    <div class="attempt-end">${formatDuration(queue.to - queue.from)}</div>
  </li>`;
}

function renderAttempt(
  { attempt, bars, failed }: TimelineRow,
  index: number,
  timeline: Timeline,
): TemplateResult {
  const { account, model, dialect, status, reason, durationMs } = attempt;
  return html`<li data-testid="attempt" data-failed=${failed}>
    <div class="attempt-words">
      <span class="attempt-number" aria-hidden="true">${index + 1}</span>
      <span
        ><strong>${account}</strong>
        <code>${model}</code>
        ${dialect ? html`<span class="muted">${describeProtocol(dialect)}</span>` : nothing}</span
      >
    </div>
    ${renderBars(bars, timeline)}
    <div class="attempt-end">${durationMs === undefined ? nothing : formatDuration(durationMs)}</div>
    <p class="attempt-notes">
      ${status === undefined ? nothing : html`<span class="status-word">${describeStatus(status)}</span>`}
      ${reason === undefined ? nothing : html`<span>${reason}</span>`}
      <span class="muted">${describeTimes(attempt)}</span>
    </p>
  </li>`;
}

function describeTimes({ startMs, firstByteMs, durationMs }: Attempt): string {
  const parts = [
    startMs === undefined ? undefined : t('asked after {0}', formatDuration(startMs)),
    firstByteMs === undefined ? undefined : t('first byte {0} later', formatDuration(firstByteMs)),
    durationMs === undefined ? t('no times are known') : t('over {0} later', formatDuration(durationMs)),
  ];
  return parts.filter((part) => part).join(', ');
}

function renderBars(bars: Bar[], { total, ticks }: Timeline): TemplateResult {
  return html`<svg class="bars" width="100%" height="18" aria-hidden="true">
    ${ticks.map((tick) => svg`<line class="tick" x1=${percent(tick, total)} x2=${percent(tick, total)} y1="0" y2="18" />`)}
    ${bars.map(({ phase, from, to }) => rect(phase, percent(from, total), percent(to - from, total), 18))}
  </svg>`;
}

/** A piece that would be too short to see has its outline still. */
const rect = (phase: Phase, x: string, width: string, height: number): TemplateResult =>
  svg`<rect class="time-bar ${phase}" x=${x} y=${height > 10 ? 4 : 1} width=${width} height=${height > 10 ? 10 : 8} rx="1.5" />`;

const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(3)}%`;

function describePhase(phase: Phase): string {
  switch (phase) {
    case 'queued':
      return t('Waiting for a place');
    case 'waiting':
      return t('Until the first byte');
    case 'receiving':
      return t('Receiving');
    case 'failed':
      return t('Failed');
  }
}
