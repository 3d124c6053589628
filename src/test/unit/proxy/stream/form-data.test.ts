import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InvalidRequestError } from '../../../../proxy/errors';
import { boundaryOf, parseForm } from '../../../../proxy/stream/form-data';

const TYPE = 'multipart/form-data; boundary=B';
const fieldsOf = (body: Buffer, type = TYPE) =>
  parseForm(body, type).map(({ name, start, end, ...rest }) => ({
    name,
    value: body.toString('latin1', start, end),
    ...rest,
  }));

describe('parseForm', () => {
  it('finds what Node’s own FormData writes, whatever the bytes', async () => {
    const file = fc.uint8Array({ maxLength: 300 });
    const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[\r\n\\]/.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, fc.oneof(file, fc.string({ unit: 'grapheme' })))),
        async (given) => {
          const form = new FormData();
          for (const [key, value] of given)
            if (typeof value === 'string') form.append(key, value);
            else form.append(key, new File([Uint8Array.from(value)], `${key}.bin`, { type: 'audio/wav' }));
          const response = new Response(form);
          const type = response.headers.get('content-type') ?? '';
          const body = Buffer.from(await response.arrayBuffer());
          if (given.length === 0) return;
          const parts = parseForm(body, type);
          assert.equal(parts.length, given.length);
          parts.forEach((part, index) => {
            const [key, value] = given[index]!;
            assert.equal(part.name, key);
            // Browsers send every line end of a text as CRLF.
            const expected =
              typeof value === 'string'
                ? Buffer.from(value.replace(/\r\n|\r|\n/g, '\r\n'))
                : Buffer.from(value);
            assert.deepEqual(body.subarray(part.start, part.end), expected);
            assert.equal(part.filename, typeof value === 'string' ? undefined : `${key}.bin`);
            assert.equal(part.mediaType, typeof value === 'string' ? undefined : 'audio/wav');
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('refuses everything else with a 400 and nothing worse', () => {
    const piece = fc.constantFrom(
      '--B',
      '\r\n',
      '\r\n\r\n',
      '--',
      'content-disposition: form-data; name=',
      '"x"',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const body = Buffer.from(pieces.join(''));
        try {
          for (const { start, end } of parseForm(body, TYPE)) assert.ok(start <= end && end <= body.length);
        } catch (error) {
          assert.ok(error instanceof InvalidRequestError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  for (const [name, eol] of [
    ['CRLF', '\r\n'],
    ['LF', '\n'],
  ] as const)
    it(`takes a preamble, an epilogue, empty values, padding and other headers, with lines that end in ${name}`, () => {
      const body = [
        'preamble',
        '--B  ',
        'X-Other: 1',
        'content-disposition: FORM-DATA; name=empty',
        '',
        '',
        '--B',
        'Content-Disposition: form-data; name="a\\"b"; filename="name=c;.wav"',
        'Content-Type: Audio/WAV; rate=1',
        '',
        'one -- --B',
        '--B--',
        'epilogue',
      ];
      assert.deepEqual(fieldsOf(Buffer.from(body.join(eol))), [
        { name: 'empty', value: '' },
        { name: 'a"b', value: 'one -- --B', filename: 'name=c;.wav', mediaType: 'audio/wav' },
      ]);
    });

  it('reads names of files in the extended form', () => {
    const body = Buffer.from(
      '--B\r\nContent-Disposition: form-data; name="file"; filename*=UTF-8\'\'Gespr%C3%A4ch.mp3\r\n\r\nx\r\n--B--',
    );
    assert.deepEqual(fieldsOf(body), [{ name: 'file', value: 'x', filename: 'Gespräch.mp3' }]);
  });

  for (const [what, body, message] of [
    ['its boundary is missing', 'hello', /boundary does not stand/],
    ['it is cut off in a value', '--B\r\ncontent-disposition: form-data; name=a\r\n\r\nx', /cut off/],
    ['it is cut off in a header', '--B\r\ncontent-disposition: form-data; na', /cut off/],
    ['a field has no name', '--B\r\ncontent-disposition: form-data\r\n\r\nx\r\n--B--', /no name/],
    ['a field has no header', '--B\r\n\r\nx\r\n--B--', /cut off|no name/],
  ] as const)
    it(`says that ${what}`, () => {
      assert.throws(() => parseForm(Buffer.from(body), TYPE), message);
    });

  it('says that there are too many fields', () => {
    const field = '--B\r\ncontent-disposition: form-data; name=a\r\n\r\nx\r\n';
    assert.throws(() => parseForm(Buffer.from(`${field.repeat(1001)}--B--`), TYPE), /more than 1000 fields/);
  });
});

describe('boundaryOf', () => {
  it('reads the boundary of a form’s content type alone', () => {
    assert.equal(boundaryOf('multipart/form-data; boundary=abc'), 'abc');
    assert.equal(boundaryOf('Multipart/Form-Data; charset=utf-8; Boundary="a b"'), 'a b');
    for (const type of [
      undefined,
      '',
      'application/json',
      'multipart/mixed; boundary=x',
      'multipart/form-data',
    ])
      assert.equal(boundaryOf(type), undefined);
  });
});
