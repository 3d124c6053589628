import assert from 'node:assert/strict';
import * as zlib from 'node:zlib';
import { MASK } from '../../../../../shared/redact';
import { eventFrame } from '../../../../support/upstream/aws-frames';
import { bodyOf, CANARY, JSON_TYPE, raw, redactor } from './raw-messages';

describe('bodies of messages', () => {
  const text = `{"a":"${'words and '.repeat(50)}","key":"${CANARY.replace('"', '\\"')}"}`;
  const packers: Record<string, (bytes: Buffer) => Buffer> = {
    gzip: zlib.gzipSync,
    'x-gzip': zlib.gzipSync,
    deflate: zlib.deflateSync,
    br: zlib.brotliCompressSync,
    'gzip, br': (bytes) => zlib.brotliCompressSync(zlib.gzipSync(bytes)),
    identity: (bytes) => bytes,
    ...('zstdCompressSync' in zlib && { zstd: (bytes: Buffer) => zlib.zstdCompressSync(bytes) }),
  };
  for (const [coding, pack] of Object.entries(packers))
    it(`are unpacked and masked: ${coding}`, () =>
      assert.equal(
        bodyOf({ headers: [...JSON_TYPE, 'Content-Encoding', coding], text: pack(Buffer.from(text)) }),
        redactor.text(text),
      ));

  it('are unpacked without the header of a zlib stream, too', () =>
    assert.equal(
      bodyOf({
        headers: [...JSON_TYPE, 'content-encoding', 'deflate'],
        text: zlib.deflateRawSync(Buffer.from(text)),
      }),
      redactor.text(text),
    ));

  it('are unpacked as far as they are there', () => {
    const packed = zlib.gzipSync(
      Buffer.from(Array.from({ length: 9000 }, (_, at) => `word ${at * 7919} `).join('')),
    );
    const { body, note } = redactor.message(
      raw({
        headers: ['content-type', 'text/plain', 'content-encoding', 'gzip'],
        text: packed.subarray(0, 9000),
        size: packed.length,
      }),
    );
    assert.match(Buffer.from(body!).toString(), /^word 0 word 7919 /);
    assert.match(note!, /beginning/);
  });

  it('are left out where they cannot be unpacked', () => {
    for (const [coding, bytes] of [
      ['gzip', Buffer.from('not packed')],
      ['snappy', Buffer.from('{}')],
      ['gzip', zlib.gzipSync(Buffer.alloc(40_000_000))],
    ] as const) {
      const { body, kept, note } = redactor.message(
        raw({ headers: [...JSON_TYPE, 'content-encoding', coding], text: bytes }),
      );
      assert.equal(body, undefined);
      assert.equal(kept, 0);
      assert.match(note!, /could not be unpacked/);
    }
  });

  for (const [type, text] of [
    ['multipart/form-data; boundary=x', '--x\r\n'],
    ['image/png', 'x'],
    ['audio/mpeg', 'x'],
    ['application/octet-stream', 'x'],
    ['application/json', Buffer.from([0x7b, 0xff, 0x7d])],
    ['', Buffer.from([0, 1, 2])],
  ] as const)
    it(`are left out where they are no text: ${type || 'no type'}`, () => {
      const { body, note, size } = redactor.message(
        raw({ headers: type ? ['content-type', type] : [], text }),
      );
      assert.equal(body, undefined);
      assert.ok(note?.includes(`${size} bytes`), note);
      assert.ok(note?.includes(type.split(';')[0]!), note);
    });

  it('that were cut do not end in half a secret', () => {
    for (let length = 4; length < CANARY.length; length++) {
      const start = `{"text":"see ${CANARY.slice(0, length)}`;
      const { body, note } = redactor.message(raw({ headers: JSON_TYPE, text: start, size: 9999 }));
      const left = Buffer.from(body!).toString();
      assert.ok(!left.includes(CANARY.slice(0, 4)), left);
      assert.match(note!, /beginning/);
    }
    assert.equal(bodyOf({ headers: JSON_TYPE, text: `{"a":"b c sk-Ab12`, size: 99 }), '{"a":"b c ');
  });

  it('that were cut within a character stay text', () => {
    const bytes = Buffer.from('{"a":"wort für wort ü');
    assert.equal(
      bodyOf({ headers: JSON_TYPE, text: bytes.subarray(0, -1), size: 99 }),
      '{"a":"wort für wort ',
    );
  });

  it('keep only the beginning of images in base64', () => {
    const image = Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) & 255)).toString('base64');
    for (const start of ['data:image/png;base64,', '']) {
      const { body, note } = redactor.message(
        raw({ headers: JSON_TYPE, text: JSON.stringify({ type: 'image', data: start + image, x: 1 }) }),
      );
      const value = JSON.parse(Buffer.from(body!).toString()) as { data: string; x: number };
      assert.equal(value.data, `${start}${image.slice(0, 64)}…(3000 bytes)`);
      assert.equal(value.x, 1);
      assert.match(note!, /shortened/);
    }
  });

  it("of AWS's event streams become text", () => {
    const frame = eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: `hi ${CANARY}` } });
    const { body } = redactor.message(
      raw({
        part: 'upstream-response',
        headers: ['content-type', 'application/vnd.amazon.eventstream'],
        text: frame,
      }),
    );
    const told = Buffer.from(body!).toString();
    assert.match(told, /^event: contentBlockDelta\ndata: \{/);
    assert.ok(told.includes(`hi ${MASK}`));
  });

  it('are read in reasonable time, whatever they hold', () => {
    // Each took minutes where a pattern went back and forth: no time is measured, mocha's own limit is.
    for (const unit of [
      'eyJ',
      '-eyJ',
      '"token":"',
      '"token":["a",',
      '\\"',
      '\\',
      '://a:',
      '-----BEGIN PRIVATE KEY-----',
      'A_KEY ',
      'bearer ',
      'aA1',
      'sk-',
      '1//0',
      'SG.',
      '%41',
      'canary/',
    ])
      redactor.message(
        raw({ headers: JSON_TYPE, text: unit.repeat(1_000_000 / unit.length), size: 2_000_000 }),
      );
  }).timeout(20_000);
});
