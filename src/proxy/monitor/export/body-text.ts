/** A kept body as text for reading. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { BodyText } from '../../../shared/monitor';
import { formOf } from '../../stream/first-event';
import type { StoredMessage } from '../store/record-store';
import { indentJson } from './indent-json';
import { eventBlocks, eventsOf, isDialect, reassemble, type Reassembled } from './reassemble';

/** Most that is given at once, in characters. */
const LONGEST = 2 * 1_048_576;

type Reading = Omit<BodyText, 'cut'>;

const plain = (text: string): Reading => ({ text, language: 'text', reassembled: false });

/** Gemini without `alt=sse`: the chunks of a stream in an array. What was cut off is closed behind its last whole chunk. */
function chunksOf(text: string): unknown[] | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) ? value : undefined;
  } catch {
    const end = text.lastIndexOf('}\n,') >= 0 ? text.lastIndexOf('}\n,') : text.lastIndexOf('},');
    if (end < 0) return undefined;
    try {
      return JSON.parse(`${text.slice(0, end + 1)}]`) as unknown[];
    } catch {
      return undefined;
    }
  }
}

function told({ json, trouble }: Reassembled, cut: boolean): Reading {
  const pretty = indentJson(json);
  const wrong = cut
    ? 'Only the beginning of this stream was kept. It says so far:'
    : trouble === undefined
      ? undefined
      : `This stream broke off (${trouble.trim().replace(/\.$/, '')}). It says so far:`;
  return wrong === undefined
    ? { text: pretty, language: 'json', reassembled: true }
    : { text: `${wrong}\n\n${pretty}`, language: 'text', reassembled: true };
}

function read(record: ExchangeRecord, message: StoredMessage, text: string): Reading {
  const form = formOf(Buffer.from(text.slice(0, 256)));
  const answer = message.part === 'response' || message.part === 'upstream-response';
  const attempt = message.attempt === undefined ? undefined : record.attempts[message.attempt];
  const dialect = message.attempt === undefined ? record.clientDialect : attempt?.dialect;
  const model =
    (message.attempt === undefined ? record.modelAsked : attempt?.model) ?? record.modelServed ?? '';
  const cut = message.kept < message.size;
  if (form === 'events') {
    const events = eventsOf(text);
    if (events.length === 0) return plain(text);
    const whole = answer && isDialect(dialect) ? reassemble(events, dialect, model, record.time) : undefined;
    return whole ? told(whole, cut) : plain(eventBlocks(events));
  }
  if (form !== 'json') return plain(text);
  if (answer && dialect === 'gemini' && text.trimStart().startsWith('[')) {
    const events = chunksOf(text)?.map((chunk) => ({ data: JSON.stringify(chunk) }));
    const whole = events && reassemble(events, dialect, model, record.time);
    if (whole) return told(whole, cut);
  }
  return { text: indentJson(text), language: 'json', reassembled: false };
}

/**
 * The body of a message for reading: JSON indented, streams put together to the whole answer that they tell. Never throws:
 * what cannot be read comes as it is.
 * @param raw as it went over the line
 * @param mask takes secrets out of what was put together: their halves in two events could not be seen before. Pass
 * `redactor.text`.
 */
export function bodyText(
  record: ExchangeRecord,
  message: StoredMessage,
  raw: boolean,
  mask: (text: string) => string = (text) => text,
): BodyText {
  const text = message.body ? Buffer.from(message.body).toString('utf8') : '';
  let reading: Reading;
  try {
    reading = raw ? plain(text) : read(record, message, text.replace(/^\uFEFF/, ''));
  } catch {
    reading = plain(text);
  }
  const masked = mask(reading.text);
  if (masked.length <= LONGEST) return { ...reading, text: masked, cut: false };
  // Never half of a character.
  const end = /[\ud800-\udbff]/.test(masked.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
  return { ...reading, text: masked.slice(0, end), cut: true };
}
