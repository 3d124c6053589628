/** Exports of records, piece by piece: a hundred thousand of them never stand in memory together. */
import type { ExportFormat, MonitorCalls, MonitorQuery } from '../../../shared/monitor';
import type { RecordStore, StoredMessage } from '../store/record-store';
import { HAR_BEGIN, HAR_END, toHarEntry } from './to-har';
import { toJsonLine } from './to-jsonl';

/** Most records of one piece … */
const RECORDS = 200;
/** … and characters behind which it takes no further one. */
const CHARACTERS = 4 * 1_048_576;

function messagesOf(store: RecordStore, seq: number): StoredMessage[] {
  return store.messages(seq).flatMap(({ part, attempt }) => store.message(seq, part, attempt) ?? []);
}

/**
 * Where an export goes on behind a record, wherever that stands now: records that end meanwhile take their places among those
 * that are written already, and old ones go.
 * @throws Error with words for a person where nobody can tell
 */
function placeAfter(store: RecordStore, query: MonitorQuery, seq: number): number {
  const index = store.indexOf(query, seq);
  if (index >= 0) return index + 1;
  const { key, descending } = query.sort;
  if (key !== 'time') throw new Error('Records were deleted while they were exported. Export them again.');
  // The oldest go first: with it went all that is older.
  return descending ? store.count(query).total : 0;
}

/**
 * A piece of an export. The pieces, one after another, are a valid file; so is the one of an empty list.
 * @param ask.query pass `upTo` to leave out what begins meanwhile
 * @param ask.at 0, then what `next` of the piece before said: the `seq` of its last record
 * @param mask takes out of bodies what their own masking could not see; pass `redactor.text`
 * @returns `next` is absent from the last piece
 */
export function exportPiece(
  store: RecordStore,
  ask: { query: MonitorQuery; format: ExportFormat; at: number },
  mask: (text: string) => string = (text) => text,
): MonitorCalls['exportPiece']['answer'] {
  const { query, format, at } = ask;
  const har = format === 'har';
  const pieces: string[] = har && at === 0 ? [HAR_BEGIN] : [];
  let size = 0;
  let written = 0;
  let from = at === 0 ? 0 : placeAfter(store, query, at);
  for (;;) {
    const rows = store.rows(query, from, RECORDS);
    for (const { seq, captured } of rows) {
      from++;
      const record = store.record(seq);
      // Deleted since the list was made.
      if (!record) continue;
      const messages = captured ? messagesOf(store, seq) : [];
      const text = har ? toHarEntry(record, messages, mask) : toJsonLine(record, messages, mask);
      if (har && (at > 0 || written > 0)) pieces.push(',\n');
      pieces.push(text);
      size += text.length;
      if (++written >= RECORDS || size >= CHARACTERS) return { text: pieces.join(''), next: seq };
    }
    if (rows.length < RECORDS) break;
  }
  if (har) pieces.push(HAR_END);
  return { text: pieces.join('') };
}
