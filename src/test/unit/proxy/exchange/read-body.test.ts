import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import * as zlib from 'node:zlib';
import { PayloadTooLargeError, ProxyError } from '../../../../proxy/errors';
import { parseJson, readBody, requireJson } from '../../../../proxy/exchange/read-body';
import { splitSeeded } from '../../../support/split-bytes';

const LIMIT = 100_000;
const TEXT = Buffer.from(JSON.stringify({ model: 'm', text: 'é'.repeat(1000) }));
type Pack = (bytes: Buffer) => Buffer;
const packers: Record<string, Pack> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  identity: (bytes) => bytes,
};
const zstd = (zlib as unknown as { zstdCompressSync?: Pack }).zstdCompressSync;
if (zstd) packers['zstd'] = zstd;
const pack = (name: string, bytes: Buffer) => (packers[name] ?? assert.fail(name))(bytes);

/** A request that carries these bytes in small pieces. */
function request(bytes: Buffer, headers: Record<string, string>): IncomingMessage {
  const stream = new PassThrough();
  for (const piece of splitSeeded(bytes, 1, 500)) stream.write(piece);
  stream.end();
  return Object.assign(stream, { headers }) as unknown as IncomingMessage;
}

async function refusal(bytes: Buffer, headers: Record<string, string>, limit = LIMIT): Promise<ProxyError> {
  try {
    await readBody(request(bytes, headers), limit);
  } catch (error) {
    assert.ok(error instanceof ProxyError, String(error));
    return error;
  }
  assert.fail('read');
}

describe('reading a body (SPEC 3.8)', () => {
  it('reads plain bytes, and none', async () => {
    assert.deepEqual(await readBody(request(TEXT, {}), LIMIT), TEXT);
    assert.equal((await readBody(request(Buffer.alloc(0), {}), LIMIT)).length, 0);
  });

  for (const name of Object.keys(packers))
    it(`decodes ${name}, in any case`, async () => {
      for (const spelling of [name, name.toUpperCase(), ` ${name} `])
        assert.deepEqual(
          await readBody(request(pack(name, TEXT), { 'content-encoding': spelling }), LIMIT),
          TEXT,
        );
    });

  it('decodes deflate without its frame', async () => {
    const bytes = zlib.deflateRawSync(TEXT);
    assert.deepEqual(await readBody(request(bytes, { 'content-encoding': 'deflate' }), LIMIT), TEXT);
  });

  for (const chain of [
    ['gzip', 'br'],
    ['br', 'deflate', 'gzip'],
    ['identity', 'gzip', 'gzip', 'identity'],
  ])
    it(`decodes ${chain.join(', ')}, last one first`, async () => {
      const bytes = chain.reduce<Buffer>((packed, name) => pack(name, packed), TEXT);
      assert.deepEqual(await readBody(request(bytes, { 'content-encoding': chain.join(', ') }), LIMIT), TEXT);
    });

  it('refuses encodings that it does not know, and too many', async () => {
    const compress = await refusal(TEXT, { 'content-encoding': 'compress' });
    assert.equal(compress.status, 415);
    assert.match(compress.message, /"compress".*gzip, deflate, br/);
    assert.equal((await refusal(TEXT, { 'content-encoding': 'gzip,gzip,gzip,gzip,gzip' })).status, 415);
  });

  for (const name of Object.keys(packers).filter((each) => each !== 'identity')) {
    it(`refuses what is not ${name}, and ${name} that is cut`, async () => {
      assert.equal((await refusal(Buffer.from('{"model":"m"}'), { 'content-encoding': name })).status, 400);
      const cut = await refusal(pack(name, TEXT).subarray(0, -6), { 'content-encoding': name });
      assert.equal(cut.status, 400);
      assert.match(cut.message, new RegExp(`not valid ${name}`));
    });

    it(`cuts a bomb of ${name} at the limit`, async () => {
      const bomb = pack(name, Buffer.alloc(5_000_000));
      assert.ok(bomb.length < LIMIT);
      assert.ok((await refusal(bomb, { 'content-encoding': name })) instanceof PayloadTooLargeError);
    });
  }

  it('takes what is just as large as the limit, and not one byte more', async () => {
    const bytes = Buffer.alloc(LIMIT, 0x20);
    assert.equal((await readBody(request(bytes, {}), LIMIT)).length, LIMIT);
    assert.equal(
      (await readBody(request(zlib.gzipSync(bytes), { 'content-encoding': 'gzip' }), LIMIT)).length,
      LIMIT,
    );
    const more = Buffer.alloc(LIMIT + 1, 0x20);
    assert.equal((await refusal(more, {})).status, 413);
    assert.equal((await refusal(zlib.gzipSync(more), { 'content-encoding': 'gzip' })).status, 413);
    assert.equal((await refusal(more, { 'content-encoding': 'gzip' })).status, 413);
  });

  it('refuses an announced length above the limit without reading', async () => {
    const stream = Object.assign(new PassThrough(), { headers: { 'content-length': String(LIMIT + 1) } });
    await assert.rejects(readBody(stream as unknown as IncomingMessage, LIMIT), PayloadTooLargeError);
  });

  it('ends when the client goes, with an error that is not ours', async () => {
    for (const reason of [undefined, new Error('aborted')]) {
      const stream = Object.assign(new PassThrough(), { headers: {} });
      stream.write('{"mod');
      const reading = readBody(stream as unknown as IncomingMessage, LIMIT);
      stream.destroy(reason);
      await assert.rejects(reading, (error: Error) => error instanceof ProxyError && error.status === 499);
    }
  });
});

describe('the content type of JSON', () => {
  const check = (type?: string) => {
    requireJson({ headers: type === undefined ? {} : { 'content-type': type } } as IncomingMessage);
  };
  for (const type of [
    undefined,
    '',
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/vnd.api+json',
    'application/problem+json',
    'text/json',
    'text/plain;charset=UTF-8',
  ])
    it(`may be ${type ?? 'absent'}`, () => {
      check(type);
    });
  for (const type of [
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'text/html',
    'image/png',
    'json',
  ])
    it(`is not ${type}`, () => {
      assert.throws(
        () => {
          check(type);
        },
        (error: ProxyError) => error.status === 415 && error.message.includes(type),
      );
    });
});

describe('parsing a body', () => {
  it('takes any JSON, with or without a byte order mark', () => {
    assert.deepEqual(parseJson(Buffer.from('\uFEFF {"a":[1]} ')), { a: [1] });
  });

  const bad: [string, string][] = [
    ['{"b":{},"a":}', 'line 1, column 13, position 12'],
    ['{"a":1,}', 'line 1, column 8, position 7'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3, position 13'],
    ['{"a":"x', 'line 1, column 8, position 7'],
    ['nope', 'line 1, column 1, position 0'],
    ['{"e":"é",x}', 'line 1, column 10, position 9'],
  ];
  for (const [text, place] of bad)
    it(`says that ${JSON.stringify(text)} is wrong at ${place}`, () => {
      assert.throws(
        () => parseJson(Buffer.from(text)),
        (error: ProxyError) => error.status === 400 && error.message.endsWith(`error at ${place}.`),
      );
    });

  for (const text of ['', ' \n ', '\uFEFF'])
    it(`says that ${JSON.stringify(text)} is empty`, () => {
      assert.throws(() => parseJson(Buffer.from(text)), /empty/);
    });

  it('refuses what is nested so deep that translating it would take all stack', () => {
    const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    parseJson(nested(500));
    assert.throws(
      () => parseJson(nested(501)),
      (error: ProxyError) => error.status === 400 && error.message.includes('deeper than 500'),
    );
  });

  it('never quotes the body', () => {
    for (const text of ['{"key":sk-secret}', 'sk-secret', '{"a":"sk-secret'])
      assert.throws(
        () => parseJson(Buffer.from(text)),
        (error: Error) => !error.message.includes('secret') && error.cause === undefined,
      );
  });
});
