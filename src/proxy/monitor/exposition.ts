/**
 * Prometheus' text format, version 0.0.4.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */

/** Of one name. Values must not hold a secret. */
export type Labels = Record<string, string>;

export interface Sample {
  labels: Labels;
  value: number;
  /** Of a histogram: `_bucket`, `_sum`, `_count`. */
  suffix?: string;
}

export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  /** No two with the same labels and suffix. */
  samples: Sample[];
}

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Families as text, each with its help and type, which are there also without samples. */
export function exposition(families: Family[]): string {
  return families.map(familyText).join('');
}

function familyText({ name, help, type, samples }: Family): string {
  const lines = [
    `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`,
    `# TYPE ${name} ${type}`,
  ];
  for (const { labels, value, suffix = '' } of samples)
    lines.push(`${name}${suffix}${labelsText(labels)} ${valueText(value)}`);
  return `${lines.join('\n')}\n`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
