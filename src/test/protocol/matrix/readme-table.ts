/** The README's table of translations, made from the table of losses: it cannot say anything else than what is tested. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { canSay } from './features';
import { LOSSES, lossesOf } from './losses';
import type { Loss } from './losses';

const TITLES: Record<Dialect, string> = {
  'openai-chat': 'OpenAI chat',
  'openai-responses': 'OpenAI Responses',
  anthropic: 'Anthropic',
  gemini: 'Gemini',
};
const WIDTH = 118;

const applies = (loss: Loss, client: Dialect, account: Dialect) =>
  canSay([loss.feature], client) && lossesOf([loss.feature], client, account).includes(loss);

/** Losses that concern the same cells are one note. */
function notes(): { words: string; losses: Loss[] }[] {
  const byCells = new Map<string, Loss[]>();
  for (const loss of LOSSES) {
    const cells = DIALECT_NAMES.flatMap((client) =>
      DIALECT_NAMES.map((account) => (applies(loss, client, account) ? 'x' : '-')),
    ).join('');
    byCells.set(cells, [...(byCells.get(cells) ?? []), loss]);
  }
  return [...byCells.values()].map((losses) => ({
    losses,
    words: [...new Set(losses.map((loss) => loss.what))].join('; '),
  }));
}

/** One line of a Markdown table, its cells as wide as the columns. */
function row(cells: string[], widths: number[], fill = ' '): string {
  return `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0, fill)).join(' | ')} |`;
}

/** The table and its notes, as they stand in the README. */
export function readmeTable(): string {
  const all = notes();
  const head = ['Client ↓ / account →', ...DIALECT_NAMES.map((dialect) => TITLES[dialect])];
  const rows = DIALECT_NAMES.map((client) => [
    TITLES[client],
    ...DIALECT_NAMES.map((account) => {
      if (client === account) return 'bytes';
      const numbers = all.flatMap(({ losses }, at) =>
        losses.some((loss) => applies(loss, client, account)) ? [at + 1] : [],
      );
      return numbers.length > 0 ? `all but ${numbers.join(', ')}` : 'all';
    }),
  ]);
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((cells) => cells[at]?.length ?? 0)),
  );
  const table = [
    row(head, widths),
    row(
      head.map(() => ''),
      widths,
      '-',
    ),
    ...rows.map((cells) => row(cells, widths)),
  ];
  return `${table.join('\n')}\n\n${wrap(all.map(({ words }, at) => `**${at + 1}** ${words}`).join(' · '))}\n`;
}

function wrap(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
