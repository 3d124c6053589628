/** From a body's bytes as they went over the line to text that can be masked and read, or why there is none. */
import * as zlib from 'node:zlib';
import { createEventStreamSplitter, EVENT_STREAM_TYPE } from '../../stream/aws-event-stream';

/** Largest body that comes out of a compressed one, in bytes. */
const UNPACKED_LIMIT = 32 * 1_048_576;

const TEXT =
  /^(text\/|application\/(?:[\w.-]*\+)?(?:json|xml|x-ndjson|ndjson|jsonl|json-seq|javascript|graphql|x-www-form-urlencoded|yaml|x-yaml|toml)\b|application\/x-(?:ndjson|jsonl|yaml)\b)/;
const BINARY =
  /^(image|audio|video|font|model)\/|^application\/(octet-stream|pdf|zip|gzip|wasm|x-protobuf|protobuf|grpc|x-tar|vnd\.)/;

export type Readable = { text: string; note?: string } | { text?: undefined; note: string };

class Unreadable extends Error {}

function unpackOne(bytes: Buffer, coding: string, cut: boolean): Buffer {
  const bounds = { maxOutputLength: UNPACKED_LIMIT };
  const lenient = cut ? { ...bounds, finishFlush: zlib.constants.Z_SYNC_FLUSH } : bounds;
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.gunzipSync(bytes, lenient);
    case 'deflate':
      // Some servers send the bare stream (RFC 9110 §8.4.1.2).
      return ((bytes[0] ?? 0) & 0x0f) === 8
        ? zlib.inflateSync(bytes, lenient)
        : zlib.inflateRawSync(bytes, lenient);
    case 'br':
      return zlib.brotliDecompressSync(
        bytes,
        cut ? { ...bounds, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH } : bounds,
      );
    case 'zstd':
      // Node 22.15 and later.
      if (!('zstdDecompressSync' in zlib)) throw new Unreadable('this Node cannot unpack zstd');
      return zlib.zstdDecompressSync(
        bytes,
        cut ? { ...bounds, finishFlush: zlib.constants.ZSTD_e_flush } : bounds,
      );
    case 'identity':
    case '':
      return bytes;
    default:
      throw new Unreadable(`"${coding.slice(0, 20)}" is unknown`);
  }
}

/** Codings were applied in the order in which they are listed (RFC 9110 §8.4). */
function unpack(bytes: Buffer, encoding: string, cut: boolean): Buffer {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  if (codings.length > 4) throw new Unreadable('it is packed too many times');
  return codings.reduceRight((packed, coding) => unpackOne(packed, coding, cut), bytes);
}

function eventStreamText(bytes: Buffer): string {
  const splitter = createEventStreamSplitter();
  return [...splitter.push(bytes), ...splitter.end()].map((block) => `${block}\n\n`).join('');
}

/** The bytes without the beginning of a character at their end. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}

const sizeText = (size: number): string => `${size.toLocaleString('en')} bytes`;

/**
 * Reads a body.
 * @param type the value of `content-type`, '' where there is none
 * @param encoding the value of `content-encoding`
 * @param size bytes of the whole body
 * @returns its text, unmasked, or why there is none; a note, for a person, where not all is as it was
 */
export function readableBody(bytes: Buffer, type: string, encoding: string, size: number): Readable {
  const media = type.split(';')[0]?.trim().toLowerCase() ?? '';
  const cut = bytes.length < size;
  const kind = media || 'a body without a type';
  if (media.startsWith('multipart/')) return { note: `Files are not kept: ${media}, ${sizeText(size)}.` };
  if (BINARY.test(media) && media !== EVENT_STREAM_TYPE && !TEXT.test(media))
    return { note: `Not kept, because it is no text: ${media}, ${sizeText(size)}.` };
  let plain: Buffer;
  try {
    plain = unpack(bytes, encoding, cut);
  } catch (error) {
    const why =
      error instanceof Unreadable
        ? error.message
        : (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
          ? `it is larger than ${sizeText(UNPACKED_LIMIT)}`
          : 'it is damaged';
    return { note: `Not kept, because it could not be unpacked (${why}): ${kind}, ${sizeText(size)}.` };
  }
  if (media === EVENT_STREAM_TYPE)
    return { text: eventStreamText(plain), note: 'These are the events of a binary stream, as text.' };
  if (cut) plain = wholeCharacters(plain);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
    if (TEXT.test(media) || !/[\0-\x08\x0e-\x1a]/.test(text)) return { text };
  } catch {
    // Said below.
  }
  return { note: `Not kept, because it is no text in UTF-8: ${kind}, ${sizeText(size)}.` };
}
