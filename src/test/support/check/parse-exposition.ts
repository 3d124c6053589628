/**
 * A strict reader of Prometheus' text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format): what a scraper would refuse, or take
 * and misread, it throws on.
 */
import assert from 'node:assert/strict';

export interface ReadSample {
  /** With its suffix. */
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface ReadFamily {
  name: string;
  type: string;
  help: string;
  samples: ReadSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*/;
const LABEL_VALUE = /^"((?:[^"\\\n]|\\[\\"n])*)"/;
const UNESCAPED: Record<string, string> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

function readSample(line: string): ReadSample {
  let rest = line;
  const take = (pattern: RegExp, what: string): RegExpExecArray => {
    const found = pattern.exec(rest);
    assert.ok(found, `${what} expected at "${rest}" in: ${line}`);
    rest = rest.slice(found[0].length);
    return found;
  };
  const [name] = take(NAME, 'a name');
  const labels: Record<string, string> = {};
  if (rest.startsWith('{')) {
    take(/^\{/, '{');
    while (!rest.startsWith('}')) {
      const [label] = take(LABEL_NAME, "a label's name");
      take(/^=/, '=');
      const [, value = ''] = take(LABEL_VALUE, "a label's value");
      assert.ok(!(label in labels), `${label} stands twice in: ${line}`);
      labels[label] = value.replace(/\\[\\"n]/g, (escape) => UNESCAPED[escape] ?? escape);
      if (!rest.startsWith('}')) take(/^,/, 'a comma');
    }
    take(/^\}/, '}');
  }
  take(/^ /, 'a blank');
  const [text] = take(/^(?:[+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/, 'a value');
  return { name, labels, value: text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text) };
}

/** The families of a text, by name. Throws an AssertionError where it is not valid. */
export function parseExposition(text: string): Map<string, ReadFamily> {
  assert.ok(text.endsWith('\n'), 'the last line must end');
  const families = new Map<string, ReadFamily>();
  const series = new Set<string>();
  let current: ReadFamily | undefined;
  let help: { name: string; text: string } | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    assert.notEqual(line, '', 'no empty lines are written');
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word === 'HELP') {
      assert.ok(!families.has(name), `${name} has its lines in one group`);
      help = { name, text: rest };
    } else if (word === 'TYPE') {
      assert.match(rest, /^(counter|gauge|histogram)$/);
      assert.match(name, new RegExp(`${NAME.source}$`));
      assert.equal(help?.name, name, 'help stands before the type');
      current = { name, type: rest, help: help.text, samples: [] };
      families.set(name, current);
    } else if (!line.startsWith('#')) {
      const sample = readSample(line);
      assert.ok(current, `no type before: ${line}`);
      const suffixes = current.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      assert.ok(
        suffixes.some((suffix) => sample.name === current?.name + suffix),
        `${sample.name} stands among ${current.name}`,
      );
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      assert.ok(!series.has(key), `twice: ${line}`);
      series.add(key);
      current.samples.push(sample);
    }
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function checkFamily({ name, type, samples }: ReadFamily): void {
  if (type === 'counter') assert.match(name, /_total$/, 'counters are named so');
  else assert.doesNotMatch(name, /_total$/);
  for (const { value } of samples) assert.ok(type === 'gauge' || value >= 0, `${name} counts up`);
  if (type === 'histogram') checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: ReadSample[]): void {
  const groups = new Map<string, ReadSample[]>();
  for (const sample of samples) {
    const { le: _le, ...labels } = sample.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [key, group] of groups) {
    const buckets = group.filter((each) => each.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => (labels.le === '+Inf' ? Infinity : Number(labels.le)));
    assert.deepEqual(
      bounds,
      [...new Set(bounds)].sort((a, b) => a - b),
      `bounds of ${name}${key} rise`,
    );
    assert.equal(bounds.at(-1), Infinity);
    const counts = buckets.map(({ value }) => value);
    assert.deepEqual(
      counts,
      [...counts].sort((a, b) => a - b),
      `buckets of ${name}${key} are cumulative`,
    );
    const count = group.find((each) => each.name === `${name}_count`);
    assert.equal(count?.value, counts.at(-1));
    assert.ok(group.some((each) => each.name === `${name}_sum`));
  }
}

/** The value of the one series with exactly these labels; undefined where there is none. */
export function valueOf(
  families: Map<string, ReadFamily>,
  name: string,
  labels: Record<string, string>,
): number | undefined {
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
  const wanted = JSON.stringify(Object.entries(labels).sort());
  return family?.samples.find(
    (each) => each.name === name && JSON.stringify(Object.entries(each.labels).sort()) === wanted,
  )?.value;
}
