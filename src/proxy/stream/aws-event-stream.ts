/**
 * AWS's event streams, `application/vnd.amazon.eventstream`: binary frames of
 *
 *     total length (4 bytes) | headers' length (4) | CRC-32 of both (4) | headers | payload | CRC-32 of all before (4)
 *
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
import { crc32 } from 'node:zlib';
import type { BlockSplitter } from './event-splitter';

export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';

/** The event that stands for bytes which are no event stream, or only the beginning of one. Its data has a `message`. */
export const BROKEN_STREAM = 'brokenStream';

/** What AWS's own clients take at most, in bytes. */
const FRAME_LIMIT = 24 * 1_048_576;
const HEADERS_LIMIT = 131_072;

const PRELUDE = 12;
const CRC = 4;

/** Bytes of the values of each type of header; strings and byte arrays say their own length. */
const VALUE_LENGTHS: Record<number, number> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const BYTES = 6;
const STRING = 7;

/** Padding against guessing words by the length of what is sent: the last member of an event, and no part of it. */
const PADDING = /,"p":"\w*"\}$/;

class BrokenFrame extends Error {}

/** The headers that are texts: `:message-type`, `:event-type`, `:exception-type`, … */
function readHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new BrokenFrame('its headers are cut');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const name = take(take(1).readUInt8()).toString('utf8');
    const type = take(1).readUInt8();
    if (type === STRING || type === BYTES) {
      const value = take(take(2).readUInt16BE());
      if (type === STRING) headers.set(name, value.toString('utf8'));
      continue;
    }
    const length = VALUE_LENGTHS[type];
    if (length === undefined) throw new BrokenFrame('a header has an unknown type');
    take(length);
  }
  return headers;
}

/** An event as the lines that `readEvent` reads. */
const toBlock = (name: string, data: string): string =>
  `event: ${name.replace(/[\r\n]/g, ' ')}\ndata: ${data.includes('\n') || data.includes('\r') ? data.replace(/\r\n?|\n/g, '\ndata: ') : data}`;

function readFrame(frame: Buffer): string {
  const end = frame.length - CRC;
  if (crc32(frame.subarray(0, end)) !== frame.readUInt32BE(end)) throw new BrokenFrame('a checksum is wrong');
  const payload = PRELUDE + frame.readUInt32BE(4);
  const headers = readHeaders(frame.subarray(PRELUDE, payload));
  const data = frame.toString('utf8', payload, end);
  switch (headers.get(':message-type')) {
    case 'event':
      return toBlock(headers.get(':event-type') ?? '', data.replace(PADDING, '}'));
    case 'exception':
      return toBlock(headers.get(':exception-type') ?? 'exception', data);
    case 'error':
      return toBlock(
        headers.get(':error-code') ?? 'error',
        JSON.stringify({ message: headers.get(':error-message') ?? '' }),
      );
    default:
      throw new BrokenFrame('a frame is of no known type');
  }
}

/**
 * Makes a splitter that gives each frame as an event: named as its headers name it, its payload the data. Bytes may be cut
 * anywhere. What is damaged, too large or cut off at the end becomes a last event, {@link BROKEN_STREAM}.
 */
export function createEventStreamSplitter(): BlockSplitter {
  let held: Buffer[] = [];
  let size = 0;
  /** Bytes until there is something to read: a prelude, or the frame that it announced. */
  let wanted = PRELUDE;
  let broken = false;

  const fail = (reason: string): string => {
    broken = true;
    held = [];
    return toBlock(
      BROKEN_STREAM,
      JSON.stringify({ message: `The upstream sent a damaged stream: ${reason}.` }),
    );
  };
  /** The length of the frame that begins with these bytes. */
  const frameLength = (bytes: Buffer): number => {
    if (crc32(bytes.subarray(0, PRELUDE - CRC)) !== bytes.readUInt32BE(PRELUDE - CRC))
      throw new BrokenFrame('a checksum is wrong');
    const [length, headers] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
    if (length > FRAME_LIMIT || headers > HEADERS_LIMIT) throw new BrokenFrame('a frame is too large');
    if (length < PRELUDE + headers + CRC) throw new BrokenFrame('a frame has an impossible length');
    return length;
  };

  return {
    push(piece) {
      if (broken || piece.length === 0) return [];
      size += piece.length;
      if (size < wanted) {
        // Copied: the socket's buffer is used again.
        held.push(Buffer.from(piece));
        return [];
      }
      const bytes = held.length > 0 ? Buffer.concat([...held, piece]) : piece;
      const blocks: string[] = [];
      let at = 0;
      try {
        for (;;) {
          wanted = PRELUDE;
          if (bytes.length - at < PRELUDE) break;
          wanted = frameLength(bytes.subarray(at, at + PRELUDE));
          if (bytes.length - at < wanted) break;
          blocks.push(readFrame(bytes.subarray(at, at + wanted)));
          at += wanted;
        }
      } catch (error) {
        if (!(error instanceof BrokenFrame)) throw error;
        blocks.push(fail(error.message));
        return blocks;
      }
      size = bytes.length - at;
      held = size > 0 ? [Buffer.from(bytes.subarray(at))] : [];
      return blocks;
    },
    end() {
      const cut = !broken && size > 0;
      return cut ? [fail('it ended in the middle of a frame')] : [];
    },
  };
}
