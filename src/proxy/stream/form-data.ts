/** Forms with files, by their bytes. https://www.rfc-editor.org/rfc/rfc7578, https://www.rfc-editor.org/rfc/rfc2046#section-5.1 */
import { InvalidRequestError } from '../errors';
import type { ValueSpan } from './scan-json';

/** One field of a form: its value is the bytes from `start` to `end` of the body. */
export interface FormPart extends ValueSpan {
  name: string;
  /** Present: the field is a file. */
  filename?: string;
  mediaType?: string;
}

/** No client sends more fields. */
const MOST_PARTS = 1000;
const LONGEST_HEAD = 16_384;

/** The boundary that a content type names; undefined when it is no form's or names none. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!/^multipart\/form-data\b/i.test(contentType ?? '')) return undefined;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '') ?? [];
  return quoted ?? bare;
}

/** A parameter of `Content-Disposition`, as browsers and HTTP clients escape it. */
function parameter(head: string, name: string): string | undefined {
  const [, quoted, bare] =
    new RegExp(`;[ \\t]*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(head) ?? [];
  return quoted?.replace(/\\(["\\])/g, '$1').replace(/%22/g, '"') ?? bare;
}

/** `filename*=UTF-8''…` (RFC 8187), which RFC 7578 forbids and some clients send. */
function extendedFilename(head: string): string | undefined {
  const encoded = /;[ \t]*filename\*=UTF-8''([^;\s]+)/i.exec(head)?.[1];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function broken(what: string): InvalidRequestError {
  return new InvalidRequestError(`The form is not valid multipart/form-data: ${what}.`);
}

/**
 * Finds the fields of a form; copies nothing.
 * @param contentType of the request, which names the boundary
 * @throws InvalidRequestError when the bytes are no such form
 */
export function parseForm(body: Buffer, contentType: string | undefined): FormPart[] {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) throw broken('its Content-Type names no boundary');
  const mark = `--${boundary}`;
  const first = body.indexOf(mark);
  if (first < 0) throw broken('its boundary does not stand in the body');
  // Some scripts end their lines as files do.
  const eol = body[body.indexOf('\n', first) - 1] === 0x0d ? '\r\n' : '\n';
  const parts: FormPart[] = [];
  for (let at = first + mark.length; body.toString('latin1', at, at + 2) !== '--';) {
    const line = body.indexOf(eol, at);
    const headEnd = line < 0 ? -1 : body.indexOf(eol + eol, line);
    const end = headEnd < 0 ? -1 : body.indexOf(eol + mark, headEnd + eol.length);
    if (end < 0) throw broken('it is cut off');
    if (headEnd - line > LONGEST_HEAD) throw broken('a field has a header that is too long');
    if (parts.length >= MOST_PARTS) throw broken(`it has more than ${MOST_PARTS} fields`);
    parts.push(partOf(body, body.toString('utf8', line, headEnd), headEnd + 2 * eol.length, end));
    at = end + eol.length + mark.length;
  }
  return parts;
}

function partOf(body: Buffer, head: string, from: number, end: number): FormPart {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
  const name = parameter(disposition, 'name');
  if (name === undefined) throw broken('a field has no name');
  const filename = parameter(disposition, 'filename') ?? extendedFilename(disposition);
  const mediaType = /^content-type:\s*([^;\r\n]*)/im.exec(head)?.[1]?.trim().toLowerCase();
  return {
    name,
    // An empty value may share its line end with the head's.
    start: Math.min(from, end),
    end,
    ...(filename !== undefined && { filename }),
    ...(mediaType && { mediaType }),
  };
}
