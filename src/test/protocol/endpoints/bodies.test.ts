/** Request bodies: encodings, limits, and what is wrong with them (SPEC 3.8). */
import assert from 'node:assert/strict';
import * as zlib from 'node:zlib';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { assertErrorBody, assertErrorResponse } from '../../support/check/check-error-body';
import { DIALECT_NAMES, smallRequest } from '../../support/dialect-requests';
import { rawRequest, sendRaw } from '../../support/raw-http';
import { skipBecause } from '../../support/skip-because';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, ownModel, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';

const TRANSLATED: Dialect[] = ['openai-chat', 'anthropic', 'gemini'];
const zstd = (zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }).zstdCompressSync;
const ENCODERS: Record<string, ((bytes: Buffer) => Buffer) | undefined> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  br: (bytes) => zlib.brotliCompressSync(bytes),
  zstd,
};

describe('request bodies (SPEC 3.8)', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
  const limit = 1;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({
      bodyLimitMiB: limit,
      accounts: accountsOfAll(upstream),
    });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  const post = (dialect: Dialect, body: string | Buffer, headers: Record<string, string> = {}) => {
    const request = smallRequest(dialect, ownModel(dialect));
    return fetch(portside.url + request.path, {
      method: 'POST',
      headers: { ...request.headers, ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
  };

  for (const [encoding, encode] of Object.entries(ENCODERS)) {
    if (!encode) {
      it(`decodes ${encoding}`, function () {
        skipBecause(this, `this Node has no ${encoding}`);
      });
      continue;
    }
    for (const dialect of DIALECT_NAMES)
      it(`decodes ${encoding} for ${dialect}`, async () => {
        const body = JSON.stringify(smallRequest(dialect, ownModel(dialect)).body);
        const response = await post(dialect, encode(Buffer.from(body)), { 'content-encoding': encoding });
        assert.equal(response.status, 200, await response.text());
        const request = upstream.generations[0];
        assert.equal(request?.headers['content-encoding'], undefined);
        assert.equal(request?.bytes.toString(), body);
      });

    it(`cuts a ${encoding} bomb at the limit with 413`, async () => {
      const bomb = encode(
        Buffer.from(
          `{"model":"own-anthropic","messages":[{"role":"user","content":"${' '.repeat(40_000_000)}"}]}`,
        ),
      );
      assert.ok(bomb.length < limit * 1_048_576, 'the bomb is small as sent');
      await assertErrorResponse(
        'openai-chat',
        413,
        await post('openai-chat', bomb, { 'content-encoding': encoding }),
      );
      assert.equal(upstream.requests.length, 0);
    });

    it(`answers broken ${encoding} with 400`, async () => {
      const broken = encode(Buffer.from('{"model":"own-anthropic"}')).subarray(0, -4);
      const response = await post('anthropic', broken, { 'content-encoding': encoding });
      const error = await assertErrorResponse('anthropic', 400, response);
      assert.match(error.message, new RegExp(encoding));
    });
  }

  it('undoes several encodings in their order', async () => {
    const body = Buffer.from(JSON.stringify(smallRequest('openai-chat', ownModel('openai-chat')).body));
    const twice = zlib.brotliCompressSync(zlib.gzipSync(body));
    const response = await post('openai-chat', twice, { 'content-encoding': 'gzip, br' });
    assert.equal(response.status, 200, await response.text());
  });

  it('answers an unknown encoding with 415 and names those it takes', async () => {
    const response = await post('openai-chat', '{}', { 'content-encoding': 'snappy' });
    const error = await assertErrorResponse('openai-chat', 415, response);
    assert.match(error.message, /gzip/);
  });

  for (const dialect of DIALECT_NAMES) {
    it(`answers a ${dialect} body above the limit with 413`, async () => {
      const body = JSON.stringify({
        ...smallRequest(dialect, ownModel(dialect)).body,
        pad: 'x'.repeat(limit * 1_048_576),
      });
      const response = await post(dialect, body);
      const error = await assertErrorResponse(dialect, 413, response);
      assert.match(error.message, /1048576/);
    });

    it(`answers bad JSON for ${dialect} with 400 and its position`, async () => {
      const bad = JSON.stringify(smallRequest(dialect, ownModel(dialect)).body, undefined, 1).replace(
        /\n\}$/,
        ',\n "x": }',
      );
      const error = await assertErrorResponse(dialect, 400, await post(dialect, bad));
      assert.match(error.message, /line \d+, column \d+/);
      const line = Number(/line (\d+)/.exec(error.message)?.[1]);
      assert.equal(line, bad.split('\n').length, error.message);
      assert.equal(upstream.requests.length, 0);
    });

    it(`answers an empty body for ${dialect} with 400`, async () => {
      await assertErrorResponse(dialect, 400, await post(dialect, ''));
    });

    for (const value of ['[]', '"text"', '42', 'null'])
      it(`answers the body ${value} for ${dialect} with 400`, async () => {
        await assertErrorResponse(dialect, 400, await post(dialect, value));
        assert.equal(upstream.requests.length, 0);
      });

    it(`answers the content type of a form for ${dialect} with 415`, async () => {
      const response = await post(dialect, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' });
      await assertErrorResponse(dialect, 415, response);
    });

    it(`takes a ${dialect} body that begins with a BOM`, async () => {
      const response = await post(
        dialect,
        `\uFEFF${JSON.stringify(smallRequest(dialect, ownModel(dialect)).body)}`,
      );
      assert.equal(response.status, 200, await response.text());
    });
  }

  it('answers a chunked body above the limit with 413', async () => {
    const chunk = 'x'.repeat(65_536);
    const chunks = Array.from({ length: 20 }, () => `10000\r\n${chunk}\r\n`).join('');
    const head = rawRequest('POST', '/v1/messages', {
      'content-type': 'application/json',
      'transfer-encoding': 'chunked',
    });
    const response = await sendRaw(portside.port, `${head}${chunks}0\r\n\r\n`);
    assert.equal(response.status, 413);
    assertErrorBody('anthropic', 413, JSON.parse(response.body.toString()));
  });

  it('takes a chunked body', async () => {
    const body = JSON.stringify(smallRequest('openai-chat', ownModel('openai-chat')).body);
    const head = rawRequest('POST', '/v1/chat/completions', {
      'content-type': 'application/json',
      'transfer-encoding': 'chunked',
    });
    const response = await sendRaw(
      portside.port,
      `${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    assert.equal(response.status, 200, response.body.toString());
  });

  it('answers Expect: 100-continue', async () => {
    const body = JSON.stringify(smallRequest('openai-chat', ownModel('openai-chat')).body);
    const head = rawRequest('POST', '/v1/chat/completions', {
      'content-type': 'application/json',
      expect: '100-continue',
      'content-length': String(body.length),
    });
    const response = await sendRaw(portside.port, head + body);
    assert.ok([100, 200].includes(response.status));
  });

  describe('bad fields (400 with their path), when translated', () => {
    let translating: StartedPortside;
    before(async () => {
      translating = await startPortside({ accounts: [{ id: 'demo', provider: 'demo' }] });
    });
    after(() => translating.stop());

    const BAD: [Dialect, object, RegExp][] = [
      ['openai-chat', { messages: 'no list' }, /messages/],
      ['openai-chat', { messages: [{ role: 'wizard', content: 'x' }] }, /messages\[0\]\.role/],
      [
        'openai-chat',
        { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
        /messages\[0\]\.content\[0\]/,
      ],
      ['openai-chat', { messages: [{ role: 'user', content: 'x' }], temperature: 'hot' }, /temperature/],
      [
        'openai-chat',
        { messages: [{ role: 'user', content: 'x' }], tools: [{ type: 'function' }] },
        /tools\[0\]/,
      ],
      ['openai-chat', { messages: [{ role: 'user', content: 'x' }], stream: 'yes' }, /stream/],
      ['anthropic', { messages: {} }, /messages/],
      ['anthropic', { messages: [{ role: 'wizard', content: 'x' }] }, /messages\.0\.role/],
      [
        'anthropic',
        { messages: [{ role: 'user', content: [{ type: 'text', text: 7 }] }] },
        /messages\.0\.content\.0/,
      ],
      ['anthropic', { messages: [{ role: 'user', content: 'x' }], max_tokens: 'many' }, /max_tokens/],
      ['anthropic', { messages: [{ role: 'user', content: 'x' }], tools: 'all' }, /tools/],
      ['gemini', { contents: 'x'.length }, /contents/],
      ['gemini', { contents: [{ role: 'user', parts: 7 }] }, /contents\[0\]\.parts/],
      ['gemini', { contents: [{ role: 'user', parts: [{ text: 1 }] }] }, /contents\[0\]\.parts\[0\]/],
      [
        'gemini',
        { contents: [{ role: 'user', parts: [{ text: 'x' }] }], generationConfig: { temperature: 'hot' } },
        /temperature/,
      ],
    ];
    for (const [dialect, change, path] of BAD)
      it(`${dialect}: ${JSON.stringify(change).slice(0, 90)}`, async () => {
        const request = smallRequest(dialect, 'asked-model');
        const response = await fetch(translating.url + request.path, {
          method: 'POST',
          headers: request.headers,
          body: JSON.stringify({ ...request.body, ...change }),
        });
        const error = await assertErrorResponse(dialect, 400, response);
        assert.match(`${error.message} ${String(error.param)}`, path);
      });

    for (const dialect of TRANSLATED.filter((one) => one !== 'gemini'))
      it(`${dialect}: no model`, async () => {
        const request = smallRequest(dialect, 'asked-model');
        const response = await fetch(translating.url + request.path, {
          method: 'POST',
          headers: request.headers,
          body: JSON.stringify({ ...request.body, model: undefined }),
        });
        const error = await assertErrorResponse(dialect, 400, response);
        assert.match(`${error.message} ${String(error.param)}`, /model/);
      });
  });
});
