/**
 * The check of what views of the monitor send: by the editor's host, by `serve`. Not imported by a view: its bundle does
 * without zod.
 */
import * as z from 'zod';
import {
  EXPORT_FORMATS,
  GROUPINGS,
  type MonitorCall,
  type MonitorMessage,
  OUTCOMES,
  PARTS,
  SORT_KEYS,
} from './monitor';

const LONGEST_TEXT = 1000;
const LONGEST_LIST = 200;
const MOST_ROWS = 1000;
const MOST_STEPS = 1000;
/** Characters of a text that is copied or opened: a captured body, indented. */
const LONGEST_BODY = 256 * 1024 * 1024;

const text = z.string().max(LONGEST_TEXT, `A text has at most ${LONGEST_TEXT} characters.`);
const names = z.array(text).max(LONGEST_LIST, `A list has at most ${LONGEST_LIST} entries.`).exactOptional();
/** Orders and names a record. */
const seq = z.int().min(0);
/** Unix ms. Zod takes no number that is not finite. */
const time = z.number();
const index = z.int().min(0);

const filter = z.strictObject({
  text: text.exactOptional(),
  outcomes: z.array(z.enum(OUTCOMES)).max(LONGEST_LIST).exactOptional(),
  statuses: names,
  protocols: names,
  clients: names,
  clientKeys: names,
  models: names,
  accounts: names,
  since: time.exactOptional(),
  until: time.exactOptional(),
});

const query = z.strictObject({
  filter,
  sort: z.strictObject({ key: z.enum(SORT_KEYS), descending: z.boolean() }),
  upTo: seq.exactOptional(),
});

const by = z.enum(GROUPINGS);
const format = z.enum(EXPORT_FORMATS);

const call = <Name extends string, Shape extends z.core.$ZodLooseShape>(type: Name, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

const callSchema = z.discriminatedUnion('type', [
  call('info', {}),
  call('query', { query }),
  call('rows', {
    query,
    from: index,
    count: z.int().min(0).max(MOST_ROWS, `At most ${MOST_ROWS} rows are given at once.`),
  }),
  call('indexOf', { query, seq }),
  call('detail', { seq }),
  call('body', {
    seq,
    part: z.enum(PARTS),
    attempt: index.max(LONGEST_LIST).exactOptional(),
    raw: z.boolean().exactOptional(),
  }),
  call('totals', { from: time, to: time, by }),
  call('series', { from: time, to: time, steps: z.int().min(1).max(MOST_STEPS), by }),
  call('facets', {}),
  call('open', {}),
  call('clear', { totals: z.boolean() }),
  call('setCapture', { capture: z.boolean() }),
  call('curl', { seq }),
  call('replay', { seq }),
  call('exportPiece', { query, format, at: index }),
]);

const message = <Name extends string, Shape extends z.core.$ZodLooseShape>(type: Name, shape: Shape) =>
  z.strictObject({ seq: index, type: z.literal(type), ...shape });

const body = z.string().max(LONGEST_BODY, 'The text is too long.');

const messageSchema = z.discriminatedUnion('type', [
  message('call', { call: callSchema }),
  message('ready', {}),
  message('copy', { text: body }),
  message('exportFile', { query, format }),
  message('openText', { text: body, language: z.enum(['json', 'text']) }),
  message('openSettings', {}),
]);

/** What {@link parseMonitorCall} gives: the call, or why it is refused. */
export type ParsedMonitorCall = { ok: true; call: MonitorCall } | { ok: false; reason: string };

/**
 * Checks one call of a view: its shape, and that nothing in it is larger than an honest view sends.
 * The reason of a refusal never quotes a value.
 */
export function parseMonitorCall(value: unknown): ParsedMonitorCall {
  const parsed = callSchema.safeParse(value);
  return parsed.success ? { ok: true, call: parsed.data } : { ok: false, reason: reasonOf(parsed.error) };
}

/** What {@link parseMonitorMessage} gives: the message, or why it is refused and which one to answer. */
export type ParsedMonitorMessage =
  { ok: true; message: MonitorMessage } | { ok: false; seq?: number; reason: string };

/** Checks one message of the editor's webview, as {@link parseMonitorCall} does with a call. */
export function parseMonitorMessage(value: unknown): ParsedMonitorMessage {
  const parsed = messageSchema.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const named = z.object({ seq: index }).safeParse(value);
  return { ok: false, ...(named.success && { seq: named.data.seq }), reason: reasonOf(parsed.error) };
}

/** Where the first bad field stands, and what is wrong with it. */
function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'The message is not understood.';
  const place = issue.path.join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}
