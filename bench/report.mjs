// Words and tables of the result.
import { cpus } from 'node:os';

const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

/** A number with its unit, for a table: `format(12.345, 'µs')` → `12.3 µs`. */
export function format(value, unit = '', digits = 1) {
  return `${number(value, digits)}${unit === '×' || unit === '' ? unit : ` ${unit}`}`;
}

/**
 * One target of the specification.
 * @param row.measured every part that must hold: `{ value, must, aim, text }`, smaller is better
 */
export function verdict({ measured }) {
  if (measured.some(({ value }) => !Number.isFinite(value))) return 'not measured';
  if (measured.some(({ value, must }) => value > must)) return '**missed**';
  return measured.every(({ value, aim }) => value <= aim) ? 'aim reached' : 'must reached';
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The whole result as Markdown. */
export function renderReport({ quick, targets, raw, notes }) {
  const model = cpus()[0]?.model ?? 'unknown CPU';
  return `# Benchmark

Made by \`npm run bench${quick ? ' -- --quick' : ''}\` on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, Node ${process.version},
${cpus().length} cores (${model}), ${process.platform} ${process.arch}. Everything runs on the same machine: provider, client, proxy.

**Bare** is \`bench/bare.mjs\`: a \`node:http\` server and undici's \`Pool.dispatch\` with raw handlers and nothing else.
Portside runs as \`serve\` does: browser guard, address lists, authentication, routing, account pool, error and time-out
watch, usage and exchange records.
Rounds are interleaved; a ratio is the median of the ratios of the same round, a difference the median of the
differences, so noise of the machine that outlasts a round cancels out. CPU is user + system of the proxy's process.

${table(
  ['#', 'what', 'must', 'measured', 'verdict'],
  targets.map((row) => [
    row.id,
    row.what,
    row.must,
    row.measured.map(({ text }) => text).join(' / '),
    verdict(row),
  ]),
)}

## Medians

${table(['what', ...raw.columns], raw.rows)}

${notes.join('\n')}
`;
}
