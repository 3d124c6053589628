import type { FilePart } from '../dialects/canonical';
import type { Form } from '../dialects/form';
import { InvalidRequestError, UnsupportedMediaTypeError } from '../errors';
import { boundaryOf, parseForm, type FormPart } from '../stream/form-data';
import { patchSpan } from '../stream/scan-json';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { readBody } from './read-body';

/** Names are remembered, matched and told: a bound keeps all of that cheap. */
const LONGEST_MODEL = 1000;

/** A form as far as it must be known to route it. */
export interface IncomingForm {
  body: Buffer;
  parts: FormPart[];
  /** Undefined where the client leaves it to the server. */
  model: string | undefined;
  stream: boolean;
}

/** Whether the request's body is a form. */
export function isForm(exchange: Exchange): boolean {
  return boundaryOf(exchange.incoming.headers['content-type']) !== undefined;
}

/**
 * The request's body as a form.
 * @throws UnsupportedMediaTypeError, InvalidRequestError
 */
export async function readForm(core: Core, exchange: Exchange): Promise<IncomingForm> {
  const type = exchange.incoming.headers['content-type'];
  if (!/^multipart\/form-data\b/i.test(type ?? ''))
    throw new UnsupportedMediaTypeError(
      `Content-Type "${(type ?? '').slice(0, 100)}" is not supported here. Send multipart/form-data.`,
    );
  const body = await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576);
  const parts = parseForm(body, type);
  const model = textOf(body, parts, 'model');
  if (model !== undefined && model.length > LONGEST_MODEL)
    throw new InvalidRequestError(`The field "model" has more than ${LONGEST_MODEL} characters.`, 'model');
  return { body, parts, model: model || undefined, stream: textOf(body, parts, 'stream') === 'true' };
}

function textOf(body: Buffer, parts: FormPart[], name: string): string | undefined {
  const part = parts.findLast((each) => each.name === name && each.filename === undefined);
  return part && body.toString('utf8', part.start, Math.min(part.end, part.start + 65_536)).trim();
}

/** The form's bytes for an account that knows the model by another name: one value replaced, every other byte kept. */
export function formFor({ body, parts, model }: IncomingForm, name: string): Buffer {
  if (model === undefined || model === name || name === '') return body;
  const part = parts.findLast((each) => each.name === 'model');
  return part ? patchSpan(body, part, name) : body;
}

/** All of a form, its files as Base64: for an account of another dialect. */
export function decodeForm({ body, parts }: IncomingForm): Form {
  const texts = new Map<string, string[]>();
  const files = new Map<string, FilePart[]>();
  const add = <T>(map: Map<string, T[]>, name: string, value: T) => {
    map.set(name, [...(map.get(name) ?? []), value]);
  };
  for (const { name, filename, mediaType, start, end } of parts) {
    const field = name.replace(/\[\d*\]$/, '');
    if (filename === undefined) add(texts, field, body.toString('utf8', start, end));
    else
      add(files, field, {
        type: 'file',
        mediaType: mediaType ?? 'application/octet-stream',
        source: { type: 'base64', data: body.toString('base64', start, end) },
        ...(filename && { filename }),
      });
  }
  return { texts, files };
}
