import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SseEvent } from '../../../../proxy/dialects/adapter';
import { createEventSplitter } from '../../../../proxy/stream/event-splitter';
import { createSseParser, lastEventEnd, type SseParser } from '../../../../proxy/stream/sse';
import { splitEveryByte, splitInTwo, splitSeeded } from '../../../support/split-bytes';

function read(pieces: Uint8Array[], create: () => SseParser = createSseParser): SseEvent[] {
  const parser = create();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

const line = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replace(/[\r\n\u2028\0]/g, '·'));
const event = fc.record({
  name: fc.option(fc.constantFrom('message_start', 'ping', 'é'), { nil: undefined }),
  data: fc.array(line, { minLength: 1, maxLength: 3 }),
  comment: fc.option(line, { nil: undefined }),
});
const newline = fc.constantFrom('\n', '\r\n', '\r');

interface Written {
  name: string | undefined;
  data: string[];
  comment: string | undefined;
}

const write = ({ name, data, comment }: Written, end: string) =>
  [
    ...(comment === undefined ? [] : [`: ${comment}`]),
    ...(name === undefined ? [] : [`event: ${name}`]),
    ...data.map((text) => `data: ${text}`),
    '',
    '',
  ].join(end);

for (const create of [createSseParser, createEventSplitter])
  describe(`reading server-sent events: ${create.name}`, () => {
    const cases: [string, string, SseEvent[]][] = [
      ['one event', 'data: a\n\n', [{ data: 'a' }]],
      ['a name', 'event: e\ndata: a\n\n', [{ event: 'e', data: 'a' }]],
      ['several data lines', 'data: a\ndata: b\n\n', [{ data: 'a\nb' }]],
      ['no space after the colon', 'data:a\n\n', [{ data: 'a' }]],
      ['one of two spaces', 'data:  a\n\n', [{ data: ' a' }]],
      ['CRLF', 'event: e\r\ndata: a\r\n\r\n', [{ event: 'e', data: 'a' }]],
      ['CR', 'event: e\rdata: a\r\r', [{ event: 'e', data: 'a' }]],
      ['a byte order mark', '\uFEFFdata: a\n\n', [{ data: 'a' }]],
      ['comments', ': hi\n\ndata: a\n: there\n\n', [{ data: 'a' }]],
      ['unknown fields', 'id: 1\nretry: 5\nfoo: bar\ndata: a\n\n', [{ data: 'a' }]],
      ['a missing last empty line', 'data: a\n\ndata: b\n', [{ data: 'a' }, { data: 'b' }]],
      ['a missing last newline', 'data: a\n\ndata: b', [{ data: 'a' }, { data: 'b' }]],
      ['a missing last newline with CRLF', 'data: a\r\n\r\ndata: b\r', [{ data: 'a' }, { data: 'b' }]],
      ['names without data', 'event: e\n\ndata: a\n\n', [{ data: 'a' }]],
      ['empty lines', '\n\n\ndata: a\n\n\n\n', [{ data: 'a' }]],
      ['nothing', '', []],
    ];
    for (const [title, text, expected] of cases)
      it(`takes ${title}, cut anywhere`, () => {
        const bytes = Buffer.from(text);
        assert.deepEqual(read([bytes], create), expected);
        assert.deepEqual(read(splitEveryByte(bytes), create), expected);
        for (const pieces of splitInTwo(bytes)) assert.deepEqual(read(pieces, create), expected);
      });

    it('reads the same events however the bytes are cut', () => {
      fc.assert(
        fc.property(fc.array(event, { maxLength: 5 }), newline, fc.nat(), (events, end, seed) => {
          const bytes = Buffer.from(events.map((each) => write(each, end)).join(''));
          const expected = events.map(({ name, data }) =>
            name === undefined ? { data: data.join('\n') } : { event: name, data: data.join('\n') },
          );
          assert.deepEqual(read(splitSeeded(bytes, seed, 9), create), expected);
        }),
        { numRuns: 300 },
      );
    });

    it('gives an event as soon as its empty line is there', () => {
      const parser = create();
      assert.deepEqual(parser.push(Buffer.from('data: a\n')), []);
      assert.deepEqual(parser.push(Buffer.from('\ndata: b')), [{ data: 'a' }]);
      assert.deepEqual(parser.end(), [{ data: 'b' }]);
      assert.deepEqual(parser.end(), []);
    });

    it('takes an event of megabytes', () => {
      const data = 'é'.repeat(2_000_000);
      assert.deepEqual(read(splitSeeded(Buffer.from(`data: ${data}\n\n`), 1, 100_000), create), [{ data }]);
    });
  });

describe('the splitter of the hot path', () => {
  it('reads whatever comes as the parser does, wherever it is cut', () => {
    const piece = fc.constantFrom(
      'data',
      'event',
      ':',
      ' ',
      '\n',
      '\r\n',
      '\n\n',
      'é',
      'x',
      '\uFEFF',
      '{"a":1}',
      'id: 1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(), (pieces, seed) => {
        const bytes = Buffer.from(pieces.join(''));
        assert.deepEqual(read(splitSeeded(bytes, seed, 9), createEventSplitter), read([bytes]));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the end of the last whole event', () => {
  const cases: [string, number][] = [
    ['', 0],
    ['data: a', 0],
    ['data: a\n', 0],
    ['data: a\n\n', 9],
    ['data: a\n\ndata: b', 9],
    ['data: a\n\ndata: b\ndata: c\n', 9],
    ['data: a\r\n', 0],
    ['data: a\r\n\r', 0],
    ['data: a\r\n\r\n', 11],
    ['data: a\r\n\r\ndata: b\r\n', 11],
    ['data: a\r\rdata: b\r', 9],
    ['a\n\nb\n\nc\n', 6],
  ];
  for (const [text, end] of cases)
    it(`of ${JSON.stringify(text)} is ${end}`, () => {
      assert.equal(lastEventEnd(Buffer.from(text)), end);
    });

  it('leaves nothing that the parser would call an event, and cuts none', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), newline, fc.nat(), (events, end, cut) => {
        const all = Buffer.from(events.map((each) => write(each, end)).join(''));
        const bytes = all.subarray(0, cut % (all.length + 1));
        const at = lastEventEnd(bytes);
        const whole = createSseParser().push(Buffer.concat([bytes.subarray(0, at), Buffer.from(': end')]));
        // Half of the last CRLF is not yet an end: its LF belongs to the event.
        const begun = end === '\r\n' && bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
        assert.deepEqual(whole, createSseParser().push(Buffer.concat([begun, Buffer.from('·')])));
        const rest = createSseParser();
        assert.deepEqual([...whole, ...rest.push(bytes.subarray(at)), ...rest.end()], read([bytes]));
      }),
      { numRuns: 1000 },
    );
  });

  it('is found in one pass over many lines without an end', () => {
    const lines = Buffer.from('a\n'.repeat(500_000));
    assert.equal(lastEventEnd(lines), 0);
    assert.equal(lastEventEnd(Buffer.from('a\r'.repeat(500_000))), 0);
  });
});
