import type { IncomingMessage } from 'node:http';
import * as zlib from 'node:zlib';
import { InvalidRequestError, PayloadTooLargeError, ProxyError, UnsupportedMediaTypeError } from '../errors';
import { jsonErrorOffset } from '../stream/json-error-offset';
import { isDeeperThan } from '../stream/scan-json';

/** zstd came with Node 22.15: older ones refuse it with 415. */
const zstd = (zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream }).createZstdDecompress;

/** "deflate" is zlib's format (RFC 9110 §8.4.1.2), but many send it bare: the first two bytes tell. */
function isBareDeflate(bytes: Buffer): boolean {
  return bytes.length > 1 && (((bytes[0] ?? 0) & 0x0f) !== 8 || bytes.readUInt16BE(0) % 31 !== 0);
}

function decoder(encoding: string, bytes: Buffer): NodeJS.ReadWriteStream | undefined {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return isBareDeflate(bytes) ? zlib.createInflateRaw() : zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return zstd?.();
    default:
      return undefined;
  }
}

/** Gathers a stream's bytes up to a limit. */
function gather(
  stream: NodeJS.ReadableStream,
  limit: number,
  take: (bytes: Buffer) => void,
  fail: (error: ProxyError) => void,
): void {
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let size = 0;
  let over = false;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      first = rest = undefined;
      if (over) return;
      over = true;
      fail(new PayloadTooLargeError(limit));
    } else if (first === undefined) first = chunk;
    else (rest ??= [first]).push(chunk);
  });
  stream.on('end', () => {
    if (over) return;
    over = true;
    take(rest ? Buffer.concat(rest, size) : (first ?? Buffer.alloc(0)));
  });
  const cut = () => {
    // An error is dear to make: only where it is one.
    if (over) return;
    over = true;
    fail(new ProxyError(499, 'invalid_request', 'The client closed the connection.'));
  };
  stream.on('error', cut);
  stream.on('close', cut);
}

const gathered = (stream: NodeJS.ReadableStream, limit: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    gather(stream, limit, resolve, reject);
  });

/**
 * The request's body, decoded.
 * @param limit largest size in bytes, as sent and as decoded: a compression bomb is cut there
 * @throws PayloadTooLargeError, UnsupportedMediaTypeError, InvalidRequestError
 */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    takeBody(incoming, limit, resolve, reject);
  });
}

/** On a request: hears its body, as it was sent, once it is there. */
export const BODY_TAP = Symbol('body tap');
type Tapped = IncomingMessage & { [BODY_TAP]?: (bytes: Buffer) => void };

/** {@link readBody} for the hot path: calls back in the turn in which the body is complete. Exactly one is called. */
export function takeBody(
  incoming: IncomingMessage,
  limit: number,
  take: (bytes: Buffer) => void,
  fail: (error: unknown) => void,
): void {
  const announced = incoming.headers['content-length'];
  if (announced !== undefined && Number(announced) > limit) fail(new PayloadTooLargeError(limit));
  else if (incoming.headers['content-encoding'] !== undefined)
    void readEncoded(incoming, limit).then(take, fail);
  else {
    const tap = (incoming as Tapped)[BODY_TAP];
    const heard = (bytes: Buffer) => {
      tap?.(bytes);
      take(bytes);
    };
    gather(incoming, limit, tap ? heard : take, fail);
  }
}

async function readEncoded(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const encodings = (incoming.headers['content-encoding'] ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '' && each !== 'identity');
  if (encodings.length > 4) throw new UnsupportedMediaTypeError('Too many content encodings.');
  const raw = await gathered(incoming, limit);
  (incoming as Tapped)[BODY_TAP]?.(raw);
  let bytes = raw;
  for (const encoding of encodings.reverse()) {
    const stream = decoder(encoding, bytes);
    if (!stream) {
      throw new UnsupportedMediaTypeError(
        `Content-Encoding "${encoding.slice(0, 40)}" is not supported. Supported: gzip, deflate, br${zstd ? ', zstd' : ''}.`,
      );
    }
    try {
      const decoded = gathered(stream, limit);
      stream.end(bytes);
      bytes = await decoded;
    } catch (error) {
      (stream as unknown as { destroy(): void }).destroy();
      if (error instanceof PayloadTooLargeError) throw error;
      throw new InvalidRequestError(`The request body is not valid ${encoding}.`);
    }
  }
  return bytes;
}

/** Refuses bodies that say they are something else than JSON; a missing content type is forgiven. */
export function requireJson(incoming: IncomingMessage): void {
  const type = incoming.headers['content-type'];
  if (type === undefined || type === '' || /^application\/json\b/i.test(type)) return;
  if (/^(application\/([\w.+-]+\+)?json|text\/(json|plain))\b/i.test(type)) return;
  throw new UnsupportedMediaTypeError(
    `Content-Type "${type.slice(0, 100)}" is not supported here. Send application/json.`,
  );
}

/** Line and column (from 1) of an offset. */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}, position ${offset}`;
}

/** No agent's request nests deeper; translation takes stack for each level. */
const DEEPEST = 500;

/** Parses a body; a syntax error becomes a 400 that names the position (SPEC 3.8). */
export function parseJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new InvalidRequestError('The request body is empty. Send a JSON object.');
  if (isDeeperThan(bytes, DEEPEST))
    throw new InvalidRequestError(`The request body is nested deeper than ${DEEPEST} levels.`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const offset = jsonErrorOffset(text) ?? text.length;
    throw new InvalidRequestError(`The request body is not valid JSON: error at ${placeOf(text, offset)}.`);
  }
}
