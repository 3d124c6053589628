import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { BROKEN_STREAM, createEventStreamSplitter } from '../../../../proxy/stream/aws-event-stream';
import { readEvent } from '../../../../proxy/stream/event-splitter';
import type { SseEvent } from '../../../../proxy/dialects/adapter';
import {
  eventFrame,
  exceptionFrame,
  frame,
  prelude,
  textHeaders,
} from '../../../support/upstream/aws-frames';
import { splitSeeded } from '../../../support/split-bytes';

/** The events in bytes that come in these pieces. */
function eventsIn(pieces: Buffer[]): SseEvent[] {
  const splitter = createEventStreamSplitter();
  // Each piece is overwritten once it was handed over, as a socket's buffer is.
  const blocks = pieces.flatMap((piece) => {
    const buffer = Buffer.from(piece);
    const given = splitter.push(buffer);
    buffer.fill(0);
    return given;
  });
  return [...blocks, ...splitter.end()].map((block) => readEvent(block)!);
}

const message = (event: SseEvent | undefined) =>
  event?.event === BROKEN_STREAM ? (JSON.parse(event.data) as { message: string }).message : undefined;
const events = fc.array(
  fc.tuple(
    fc.stringMatching(/^[a-zA-Z]{1,20}$/),
    fc.jsonValue().map((value) => ({ value })),
  ),
  {
    minLength: 1,
    maxLength: 6,
  },
);
const bytesOf = (list: [string, unknown][]) =>
  Buffer.concat(list.map(([name, data]) => eventFrame(name, data)));

describe('AWS’s event streams', () => {
  it('give the same events wherever their bytes are cut', () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.integer({ min: 1, max: 200 }), (list, seed, most) => {
        const read = eventsIn(splitSeeded(bytesOf(list), seed, most));
        assert.deepEqual(
          read,
          list.map(([event, data]) => ({ event, data: JSON.stringify(data) })),
        );
      }),
    );
  });

  it('never pass for whole when a bit of them was changed', () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.nat(7), (list, place, bit) => {
        const bytes = bytesOf(list);
        bytes[place % bytes.length]! ^= 1 << bit;
        const read = eventsIn([bytes]);
        assert.ok(message(read.at(-1)), 'the last event tells of the damage');
        assert.deepEqual(
          read.slice(0, -1),
          list.slice(0, read.length - 1).map(([event, data]) => ({ event, data: JSON.stringify(data) })),
        );
      }),
    );
  });

  it('never pass for whole when their end is missing', () => {
    const bytes = bytesOf([
      ['a', 1],
      ['b', 2],
    ]);
    for (let length = 1; length < bytes.length; length++) {
      const read = eventsIn([bytes.subarray(0, length)]);
      if (length === bytes.length / 2) assert.deepEqual(read, [{ event: 'a', data: '1' }]);
      else
        assert.equal(
          message(read.at(-1)),
          'The upstream sent a damaged stream: it ended in the middle of a frame.',
        );
    }
  });

  it('are over with the first damage', () => {
    const broken = eventFrame('a', 1);
    broken[broken.length - 1]! ^= 1;
    const read = eventsIn([broken, eventFrame('b', 2)]);
    assert.equal(read.length, 1);
    assert.match(message(read[0])!, /checksum/);
  });

  it('refuse frames that are too large before they are there', () => {
    assert.match(message(eventsIn([prelude(25 * 1_048_576, 0)])[0])!, /too large/);
    assert.match(message(eventsIn([prelude(200_000, 140_000)])[0])!, /too large/);
    assert.match(message(eventsIn([prelude(20, 10)])[0])!, /impossible/);
  });

  it('tell exceptions and errors by their names', () => {
    assert.deepEqual(
      eventsIn([
        exceptionFrame('throttlingException', { message: 'slow down' }),
        frame({ ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'oh' }, ''),
      ]),
      [
        { event: 'throttlingException', data: '{"message":"slow down"}' },
        { event: 'InternalError', data: '{"message":"oh"}' },
      ],
    );
  });

  it('lose their padding, and nothing that only looks like it', () => {
    const payloads = [{ p: 'abc', a: 1 }, { a: { p: 'abc' } }, { a: '","p":"b"}' }];
    assert.deepEqual(
      eventsIn([eventFrame('e', { a: 1, p: 'abcdef' }), ...payloads.map((one) => eventFrame('e', one))]).map(
        ({ data }) => data,
      ),
      ['{"a":1}', ...payloads.map((one) => JSON.stringify(one))],
    );
  });

  it('may have payloads of several lines and headers of every type', () => {
    const text = frame({ ':message-type': 'event', ':event-type': 'e' }, '{\r\n"a":\n1}');
    assert.deepEqual(eventsIn([text]), [{ event: 'e', data: '{\n"a":\n1}' }]);
    // Each: a name of one letter, a type, as many bytes as the type has.
    const sizes = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
    const typed = sizes.map((size, type) =>
      size === undefined
        ? Buffer.from([1, 97, type, 0, 2, 98, 99])
        : Buffer.concat([Buffer.from([1, 97, type]), Buffer.alloc(size, 7)]),
    );
    const own = textHeaders({ ':message-type': 'event', ':event-type': 'e' });
    assert.deepEqual(eventsIn([frame(Buffer.concat([...typed, own]), '{}')]), [{ event: 'e', data: '{}' }]);
    assert.match(message(eventsIn([frame(Buffer.from([1, 97, 10]), '{}')])[0])!, /unknown type/);
    assert.match(message(eventsIn([frame(Buffer.from([9, 97]), '{}')])[0])!, /headers are cut/);
    assert.match(message(eventsIn([frame({ ':message-type': 'letter' }, '{}')])[0])!, /no known type/);
  });
});
