import { patchSpan, scanMembers, type ValueSpan } from '../stream/scan-json';

/** Where the dialects name the model: at the top, in Anthropic's `message_start`, in Responses' events. */
const NAMES = new Set(['model', 'modelVersion', 'message', 'response']);

/** The spans of the model's name in one JSON object, last first. */
function modelSpans(json: Buffer, offset = 0, depth = 0): ValueSpan[] {
  const members = scanMembers(json, NAMES);
  if (!members) return [];
  const spans: ValueSpan[] = [];
  for (const [name, span] of members) {
    if (name === 'message' || name === 'response') {
      if (depth === 0 && json[span.start] === 0x7b)
        spans.push(...modelSpans(json.subarray(span.start, span.end), offset + span.start, 1));
    } else if (json[span.start] === 0x22) spans.push({ start: offset + span.start, end: offset + span.end });
  }
  return spans.sort((a, b) => b.start - a.start);
}

/** Puts the client's name of the model into one JSON answer (SPEC 4.13). Other bytes stay as they are. */
export function renameModelInJson(json: Buffer, asked: string): Buffer {
  let renamed = json;
  for (const span of modelSpans(json)) renamed = patchSpan(renamed, span, JSON.stringify(asked));
  return renamed;
}

/** The same for bytes that hold whole server-sent events with one `data:` line each. */
export function renameModelInEvents(bytes: Buffer, asked: string): Buffer {
  if (!bytes.includes('"model')) return bytes;
  const pieces: Buffer[] = [];
  let from = 0;
  while (from < bytes.length) {
    const newline = bytes.indexOf(0x0a, from);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(from, end);
    from = end;
    const brace = line.indexOf(0x7b);
    if (brace < 0 || line.toString('latin1', 0, 5) !== 'data:') {
      pieces.push(line);
      continue;
    }
    pieces.push(line.subarray(0, brace), renameModelInJson(line.subarray(brace), asked));
  }
  return Buffer.concat(pieces);
}
