import assert from 'node:assert/strict';
import { assertErrorBody, assertErrorResponse } from '../../support/check/check-error-body';
import { DIALECT_NAMES, sendSmall, smallRequest } from '../../support/dialect-requests';
import { rawRequest, sendRaw } from '../../support/raw-http';
import { startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import type { Dialect } from '../../../proxy/dialects/canonical';

describe('the HTTP surface', () => {
  let portside: StartedPortside;
  before(async () => {
    portside = await startPortside({ accounts: [{ id: 'demo', provider: 'demo' }] });
  });
  after(() => portside.stop());

  describe('health (SPEC 3.1)', () => {
    for (const path of ['/healthz', '/health', '/healthz?x=1', '//healthz', '/healthz/'])
      it(`answers GET ${path} with exactly {"status":"ok"}`, async () => {
        const response = await fetch(portside.url + path);
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('content-type'), 'application/json');
        assert.equal(await response.text(), '{"status":"ok"}');
      });

    for (const path of ['/healthz', '/health'])
      it(`answers HEAD ${path} with the same headers and no body`, async () => {
        const response = await sendRaw(portside.port, rawRequest('HEAD', path, {}));
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('content-type'), 'application/json');
        assert.equal(response.headers.get('content-length'), '15');
        assert.equal(response.body.length, 0);
      });

    it('does not depend on accounts', async () => {
      portside.configure({ accounts: [] });
      const response = await fetch(`${portside.url}/healthz`);
      portside.configure({ accounts: [{ id: 'demo', provider: 'demo' }] });
      assert.equal(response.status, 200);
      assert.equal(await response.text(), '{"status":"ok"}');
    });

    it('survives a thousand checks, many at once', async () => {
      for (let round = 0; round < 20; round++) {
        const answers = await Promise.all(
          Array.from({ length: 50 }, async () => (await fetch(`${portside.url}/healthz`)).text()),
        );
        assert.deepEqual([...new Set(answers)], ['{"status":"ok"}']);
      }
    });
  });

  describe('unknown paths (SPEC 3.6)', () => {
    const unknown: [string, Dialect, RegExp][] = [
      ['/nothing/here', 'openai-chat', /http:\/\/127\.0\.0\.1:\d+\/v1\b/],
      ['/v1/nothing', 'openai-chat', /\/v1\b/],
      ['/anthropic/v1/nothing', 'anthropic', /http:\/\/127\.0\.0\.1:\d+(?!\/v1)/],
      ['/v1beta/nothing', 'gemini', /http:\/\/127\.0\.0\.1:\d+/],
      ['/v1beta/models/m:makeCoffee', 'gemini', /http:\/\/127\.0\.0\.1:\d+/],
    ];
    for (const [path, dialect, hint] of unknown)
      it(`answers ${path} with 404 as ${dialect} and names the base URLs`, async () => {
        const response = await fetch(portside.url + path, { method: 'POST', body: '{}' });
        const error = await assertErrorResponse(dialect, 404, response);
        assert.match(error.message, hint);
        assert.match(error.message, /OpenAI/);
        assert.match(error.message, /Anthropic/);
        assert.match(error.message, /Gemini/);
      });

    it('answers Anthropic clients in their protocol on a path of nobody', async () => {
      const response = await fetch(`${portside.url}/nothing`, {
        headers: { 'anthropic-version': '2023-06-01' },
      });
      await assertErrorResponse('anthropic', 404, response);
    });
  });

  describe('wrong methods (SPEC 3.6)', () => {
    const wrong: [string, string, Dialect, RegExp][] = [
      ['GET', '/v1/chat/completions', 'openai-chat', /POST/],
      ['PUT', '/v1/chat/completions', 'openai-chat', /POST/],
      ['DELETE', '/v1/messages', 'anthropic', /POST/],
      ['GET', '/v1/messages/count_tokens', 'anthropic', /POST/],
      ['GET', '/v1beta/models/m:generateContent', 'gemini', /POST/],
      ['PATCH', '/v1beta/models/m:streamGenerateContent', 'gemini', /POST/],
      ['POST', '/v1/models', 'openai-chat', /GET/],
      ['POST', '/healthz', 'openai-chat', /GET.*HEAD|HEAD.*GET/],
      ['PUT', '/v1/responses', 'openai-responses', /POST/],
    ];
    for (const [method, path, dialect, allow] of wrong)
      it(`answers ${method} ${path} with 405 and Allow`, async () => {
        const response = await fetch(portside.url + path, { method });
        assert.match(response.headers.get('allow') ?? '', allow);
        const error = await assertErrorResponse(dialect, 405, response);
        assert.match(error.message, new RegExp(method));
      });
  });

  describe('probes and telemetry of agents (SPEC 3.7)', () => {
    for (const [method, path] of [
      ['HEAD', '/'],
      ['GET', '/'],
      ['HEAD', '/api/hello'],
      ['POST', '/v1/api/event_logging/batch'],
      ['POST', '/api/event_logging/v2/batch'],
    ] as const) {
      it(`answers ${method} ${path} with 200`, async () => {
        const response = await fetch(portside.url + path, {
          method,
          ...(method === 'POST' && { body: '{"events":[]}' }),
        });
        await response.arrayBuffer();
        assert.equal(response.status, 200);
      });
      it(`answers ${method} ${path} without a key while auth is on, except in strict`, async () => {
        const settings = {
          accounts: [{ id: 'demo', provider: 'demo' as const }],
          apiKey: 'sk-local-key-1234',
        };
        const ask = async () =>
          (await fetch(portside.url + path, { method, ...(method === 'POST' && { body: '{"events":[]}' }) }))
            .status;
        portside.configure({ ...settings, authMode: 'all_except_health' });
        const open = await ask();
        portside.configure({ ...settings, authMode: 'strict' });
        const strict = await ask();
        portside.configure(settings);
        if (method !== 'POST') assert.equal(open, 200);
        assert.equal(strict, 401);
      });
    }

    it('does not record telemetry', async () => {
      const before = portside.exchanges.length;
      await fetch(`${portside.url}/v1/api/event_logging/batch`, { method: 'POST', body: '{}' });
      const asked = await sendSmall(portside.url, 'openai-chat');
      await asked.text();
      await portside.recorded(asked.headers.get('x-request-id')!);
      assert.deepEqual(
        portside.exchanges.slice(before).map((record) => record.path),
        ['/v1/chat/completions'],
      );
    });
  });

  describe('upgrades (SPEC 3.7a)', () => {
    for (const path of [
      '/v1/responses/resp_1',
      '/v1/chat/completions',
      '/',
      '/healthz',
      '/v1/messages',
      '/nowhere',
    ])
      it(`answers a WebSocket upgrade on ${path} with 426 and a body`, async () => {
        const response = await sendRaw(
          portside.port,
          rawRequest('GET', path, {
            connection: 'Upgrade',
            upgrade: 'websocket',
            'sec-websocket-version': '13',
            'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
            'openai-beta': 'responses_websockets=2026-02-06',
          }),
        );
        assert.equal(response.status, 426);
        const length = Number(response.headers.get('content-length'));
        assert.equal(response.body.length, length);
        const body: unknown = JSON.parse(response.body.toString());
        assertErrorBody(path === '/v1/messages' ? 'anthropic' : 'openai-chat', 426, body);
      });

    it('goes on serving after upgrades that were cut off in the middle', async () => {
      for (let round = 0; round < 10; round++)
        await sendRaw(
          portside.port,
          'GET /v1/responses HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n\r\n',
        ).catch(() => undefined);
      assert.equal((await fetch(`${portside.url}/healthz`)).status, 200);
    });
  });

  describe('response headers (SPEC 3.9, 3.10)', () => {
    for (const dialect of DIALECT_NAMES.filter((name) => name !== 'openai-responses')) {
      it(`marks streams of ${dialect} as not to be cached or buffered, and says who served`, async () => {
        const response = await sendSmall(portside.url, dialect, { stream: true });
        await response.text();
        assert.equal(response.status, 200);
        assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
        assert.equal(response.headers.get('cache-control'), 'no-cache');
        assert.equal(response.headers.get('x-accel-buffering'), 'no');
        assert.ok(response.headers.get('x-portside-account'));
        assert.ok(response.headers.get('x-portside-model'));
        assert.equal(response.headers.get('content-encoding'), null);
      });

      it(`gives every ${dialect} answer a request id that the record carries`, async () => {
        const response = await sendSmall(portside.url, dialect);
        await response.text();
        const id = response.headers.get('x-request-id');
        assert.ok(id);
        const record = await portside.recorded(id);
        assert.equal(record.status, 200);
        assert.equal(record.outcome, 'completed');
        assert.equal(record.clientDialect, dialect);
        assert.equal(record.modelAsked, 'asked-model');
      });
    }

    it('records rejected requests too', async () => {
      const response = await fetch(`${portside.url}/v1/nothing`);
      const record = await portside.recorded(response.headers.get('x-request-id')!);
      assert.equal(record.status, 404);
      assert.equal(record.outcome, 'rejected');
    });

    it('gives different requests different ids', async () => {
      const ids = await Promise.all(
        Array.from({ length: 20 }, async () =>
          (await fetch(`${portside.url}/v1/nothing`)).headers.get('x-request-id'),
        ),
      );
      assert.equal(new Set(ids).size, 20);
    });
  });

  describe('malformed HTTP', () => {
    for (const [what, bytes] of [
      ['garbage', 'hello\r\n\r\n'],
      [
        'two content lengths',
        'POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      ],
      ['a huge header', `GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'x'.repeat(300_000)}\r\n\r\n`],
      [
        'smuggling',
        'POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nX',
      ],
    ] as const)
      it(`answers ${what} with 4xx or a closed connection, and goes on serving`, async () => {
        const answer = await sendRaw(portside.port, bytes).catch(() => undefined);
        if (answer) assert.match(String(answer.status), /^4/);
        assert.equal((await fetch(`${portside.url}/healthz`)).status, 200);
      });

    for (const dialect of DIALECT_NAMES)
      it(`lets a ${dialect} client leave in the middle of its body`, async () => {
        const { path } = smallRequest(dialect, 'm');
        const head = rawRequest('POST', path, {
          'content-type': 'application/json',
          'content-length': '1000',
        });
        const { connect } = await import('node:net');
        await new Promise<void>((resolve) => {
          const socket = connect(portside.port, '127.0.0.1', () => {
            socket.write(`${head}{"model":`, () => {
              socket.destroy();
              resolve();
            });
          });
        });
        assert.equal((await fetch(`${portside.url}/healthz`)).status, 200);
      });
  });
});
