import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import { skipBecause } from '../../../../support/skip-because';
import { curlOf } from '../../../../../proxy/monitor/export/curl';
import { replayRequest } from '../../../../../proxy/monitor/export/replay-request';
import type { StoredMessage } from '../../../../../proxy/monitor/store/record-store';

const record: ExchangeRecord = {
  seq: 1,
  id: 'req_1',
  time: 1,
  method: 'POST',
  path: '/v1/chat/completions',
  clientDialect: 'openai-chat',
  modelAsked: "it's $HOME",
  attempts: [],
  status: 200,
  outcome: 'completed',
  durationMs: 1,
  warnings: [],
};
const requestOf = (body: string | undefined, more: Partial<StoredMessage> = {}): StoredMessage => {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return {
    seq: 1,
    part: 'request',
    method: 'POST',
    url: '/v1/chat/completions',
    headers: [['content-type', 'application/json']],
    size: bytes?.length ?? 0,
    kept: bytes?.length ?? 0,
    ...(bytes && { body: bytes }),
    ...more,
  };
};
interface Sent {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('a request as a command line', () => {
  let server: Server;
  let host: string;
  let got: Sent | undefined;
  before((done) => {
    server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        got = {
          method: incoming.method!,
          url: incoming.url!,
          headers: incoming.headers,
          body: Buffer.concat(chunks),
        };
        outgoing.end('ok');
      });
    }).listen(0, '127.0.0.1', () => {
      host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after((done) => void server.close(done));

  /** Checks it with one shell and runs it with another. */
  async function run(command: string): Promise<Sent> {
    execFileSync('bash', ['-n'], { input: command });
    got = undefined;
    for (const shell of ['sh', 'bash']) {
      const child = spawn(shell, ['-s'], { env: { ...process.env, PORTSIDE_KEY: 'the-key', no_proxy: '*' } });
      child.stdin.end(command);
      const [code] = (await once(child, 'exit')) as [number];
      assert.equal(code, 0);
      assert.ok(got);
    }
    return got as unknown as Sent;
  }

  const bodies: Record<string, string> = {
    'quotes of all kinds': `{"a":"it's 'quoted' \\"twice\\" \`so\`"}`,
    'dollars and commands': '{"a":"$HOME ${HOME} $(id) `id` $$ \\$"}',
    'line feeds': 'a\nb\r\nc\n\n',
    backslashes: "\\ \\\\ \\n \\' %s %d \\0",
    'exclamation marks': '!! !$ !1 "!"',
    unicode: 'ünï \u{1F600} 漢字 \u2028 \u0001',
    'an at sign at its beginning': '@/etc/passwd',
    'a dash at its beginning': '-x --help',
    'what ends a here-document': 'EOF\nPORTSIDE\n',
    'more than an argument may be': `{"a":"${"it's $x ü ".repeat(30_000)}"}`,
  };
  for (const [what, body] of Object.entries(bodies))
    it(`sends the same bytes: ${what}`, async function () {
      if (!hasCurl) skipBecause(this, 'there is no curl');
      const sent = await run(curlOf(record, requestOf(body, { headers: [['Host', host]] })));
      assert.ok(sent.body.equals(Buffer.from(body)));
      assert.equal(sent.headers['content-type'], 'application/json');
    });

  it('sends headers and query as they were, without keys and what belongs to the connection', async function () {
    if (!hasCurl) skipBecause(this, 'there is no curl');
    const sent = await run(
      curlOf(
        { ...record, clientDialect: 'anthropic' },
        requestOf('{}', {
          url: "/v1/messages?beta=true&key=[redacted]&q='$x'",
          headers: [
            ['Host', host],
            ['Content-Type', 'application/json'],
            ['X-Api-Key', '[redacted]'],
            ['authorization', 'Bearer [redacted]'],
            ['anthropic-version', '2023-06-01'],
            ['x-odd', "it's $HOME"],
            ['x-empty', ''],
            ['Connection', 'keep-alive, x-mine'],
            ['x-mine', '1'],
            ['content-length', '999'],
            ['content-encoding', 'gzip'],
            ['accept-encoding', 'gzip'],
            ['transfer-encoding', 'chunked'],
          ],
        }),
      ),
    );
    assert.equal(sent.url, "/v1/messages?beta=true&q='$x'");
    assert.equal(sent.headers['x-api-key'], 'the-key');
    assert.equal(sent.headers['anthropic-version'], '2023-06-01');
    assert.equal(sent.headers['x-odd'], "it's $HOME");
    assert.equal(sent.headers['x-empty'], '');
    for (const name of [
      'authorization',
      'x-mine',
      'content-encoding',
      'accept-encoding',
      'transfer-encoding',
    ])
      assert.equal(sent.headers[name], undefined, name);
  });

  it('sends the key as the protocol has it', () => {
    assert.match(curlOf(record, undefined), /-H "authorization: Bearer \$PORTSIDE_KEY"/);
    assert.match(
      curlOf({ ...record, clientDialect: 'gemini' }, undefined),
      /-H "x-goog-api-key: \$PORTSIDE_KEY"/,
    );
    assert.match(curlOf(record, undefined), /'http:\/\/127\.0\.0\.1:8045\/v1\/chat\/completions'/);
  });

  it('has a small body with the model where none is kept, and says so', async function () {
    if (!hasCurl) skipBecause(this, 'there is no curl');
    for (const request of [
      requestOf(undefined, { size: 12, note: 'Not kept:\nrm -rf /tmp/none', headers: [['host', host]] }),
      requestOf('{"a":', { size: 12, headers: [['host', host]] }),
    ]) {
      const command = curlOf(record, request);
      assert.match(command, /^# The body of this request is not kept whole: .*\n(?!#|rm)/);
      const sent = await run(command);
      assert.deepEqual(JSON.parse(sent.body.toString()), {
        model: "it's $HOME",
        messages: [{ role: 'user', content: 'Hello' }],
      });
    }
  });

  it('has no body for a GET', async function () {
    if (!hasCurl) skipBecause(this, 'there is no curl');
    const sent = await run(
      curlOf(
        { ...record, method: 'GET', path: '/v1/models' },
        requestOf(undefined, { url: '/v1/models', headers: [['host', host]] }),
      ),
    );
    assert.equal(sent.method, 'GET');
    assert.equal(sent.body.length, 0);
  });

  it('goes to no host that a header makes up', () => {
    assert.match(
      curlOf(record, requestOf('{}', { headers: [['host', "x'; id #"]] })),
      /'http:\/\/127\.0\.0\.1:8045\//,
    );
  });
});

describe('a request to be sent again', () => {
  it('has the same bytes, and no keys', () => {
    const body = '{"a":"ü"}';
    const request = requestOf(body, {
      url: '/v1/x?key=[redacted]&alt=sse',
      headers: [
        ['Host', 'h'],
        ['content-type', 'application/json'],
        ['authorization', 'Bearer [redacted]'],
        ['x-odd', '[redacted]'],
        ['content-encoding', 'gzip'],
        ['anthropic-version', '1'],
      ],
    });
    assert.deepEqual(replayRequest(record, request), {
      id: 'req_1',
      method: 'POST',
      url: '/v1/x?alt=sse',
      headers: ['content-type', 'application/json', 'anthropic-version', '1'],
      body: Buffer.from(body),
    });
  });

  for (const [what, change, request, words] of [
    ['nothing was kept of', {}, undefined, /captureBodies/],
    ['is no POST', { method: 'GET' }, requestOf('{}'), /POST/],
    [
      'has no body kept',
      {},
      requestOf(undefined, { size: 9, note: 'Files are not kept.' }),
      /Files are not kept/,
    ],
    ['was cut', {}, requestOf('{', { size: 9 }), /beginning/],
    ['was shortened', {}, requestOf('{}', { note: 'Long data in base64 was shortened.' }), /shortened/],
    ['holds a mask', {}, requestOf('{"api_key":"[redacted]"}'), /masked/],
    ['has a mask in its path', {}, requestOf('{}', { url: '/[redacted]/v1' }), /masked/],
  ] as const)
    it(`is refused in words where it ${what}`, () =>
      assert.throws(() => replayRequest({ ...record, ...change }, request), words));
});
