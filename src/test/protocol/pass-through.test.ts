/** Same protocol on both sides: bytes pass through (SPEC 4.1, 4.10, 4.13, 8.4). */
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Dialect } from '../../proxy/dialects/canonical';
import { assertErrorResponse } from '../support/check/check-error-body';
import { checkStream, DIALECT_NAMES, sendSmall, smallRequest } from '../support/dialect-requests';
import { startScriptedUpstream } from '../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { accountsOfAll, ownModel, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

/** Bodies with all that a re-serialiser would change: key order, spaces, escapes, unknown fields, odd numbers. */
const ODD: Record<Dialect, (model: string) => string> = {
  'openai-chat': (model) =>
    `{ "zeta" : [1.0, 1e3, 0.10],\n\t"messages":[{"content":"\\u00e9\\/é","role":"user","x":{"b":1,"a":2}}], "model"  :  "${model}",\n "unknown_field":{"model":"not this one"}, "n":1 }\n`,
  'openai-responses': (model) =>
    `{"input":[{"type":"reasoning","encrypted_content":"gAAAA+/=","summary":[]}, {"role":"user","content":"Hi"}],"store":false,  "model":"${model}","include":["reasoning.encrypted_content"],"client_metadata":{"a":1.50}}`,
  anthropic: (model) =>
    `{"messages":[{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"EqQB\\/+=="}]},{"role":"user","content":"go"}] , "max_tokens":100,"context_management":{"edits":[]},"model":"${model}","system":[{"type":"text","text":"x-anthropic-billing-header: cc"}]}`,
  gemini: () =>
    '{ "contents":[{"parts":[{"text":"Hi"},{"functionCall":{"name":"f","args":{"z":1,"a":2}},"thoughtSignature":"AbC+/=="}],"role":"user"}],"generationConfig":{"thinkingConfig":{"thinkingLevel":"high"}},"unknownField":1.0 }',
};

describe('pass-through (SPEC 4.1)', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  beforeEach(async () => {
    portside = await startPortside({
      accounts: accountsOfAll(upstream),
      routes: Object.fromEntries(
        DIALECT_NAMES.map((dialect) => [`alias-${dialect}`, `${dialect}/${ownModel(dialect)}`]),
      ),
    });
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  const post = (
    dialect: Dialect,
    body: string,
    model = ownModel(dialect),
    headers: Record<string, string> = {},
  ) => {
    const request = smallRequest(dialect, model);
    return fetch(portside.url + request.path, {
      method: 'POST',
      headers: { ...request.headers, ...headers },
      body,
    });
  };

  for (const dialect of DIALECT_NAMES) {
    describe(dialect, () => {
      it('sends the request on byte for byte', async () => {
        const body = ODD[dialect](ownModel(dialect));
        const response = await post(dialect, body);
        assert.equal(response.status, 200, await response.text());
        assert.equal(upstream.generations[0]!.bytes.toString(), body);
      });

      it('changes nothing but the model when a route changes it', async () => {
        const response = await post(dialect, ODD[dialect](`alias-${dialect}`), `alias-${dialect}`);
        assert.equal(response.status, 200, await response.text());
        const request = upstream.generations[0]!;
        assert.equal(request.bytes.toString(), ODD[dialect](ownModel(dialect)));
        if (dialect === 'gemini') assert.match(request.url, /\/models\/own-gemini:generateContent$/);
      });

      it('sends the answer back byte for byte', async () => {
        const model = dialect === 'gemini' ? 'modelVersion' : 'model';
        const body = `{ "b" : 1.0,\n "a":[ ], "text":"\\u00e9\\/é👋", "${model}":"${ownModel(dialect)}" }\n`;
        upstream.behave({ body, headers: { 'x-ratelimit-remaining-requests': '7', 'request-id': 'req_up' } });
        const response = await post(dialect, ODD[dialect](ownModel(dialect)));
        assert.equal(await response.text(), body);
        assert.equal(response.headers.get('x-ratelimit-remaining-requests'), '7');
        assert.equal(response.headers.get('request-id'), 'req_up');
      });

      it('sends a stream back byte for byte, however it is framed', async () => {
        for (const framing of [{}, { crlf: true }, { seed: 5 }, { byteByByte: true }, { comments: true }]) {
          upstream.reset();
          upstream.behave({ answer: { text: 'Grüße 👋', extra: { 'x-odd': 1.5 } }, framing });
          const [through, direct] = await Promise.all([
            sendSmall(portside.url, dialect, { model: ownModel(dialect), stream: true }),
            sendSmall(upstream.url, dialect, { model: ownModel(dialect), stream: true }),
          ]);
          assert.equal(await through.text(), await direct.text(), JSON.stringify(framing));
        }
      });

      it('names the model as it was asked, in answers and streams', async () => {
        upstream.behave({ answer: { text: 'Hello', model: `${ownModel(dialect)}-2026` } });
        for (const stream of [false, true]) {
          const model = `alias-${dialect}`;
          const response = await sendSmall(portside.url, dialect, { model, stream });
          const text = await response.text();
          assert.equal(response.status, 200, text);
          assert.ok(text.includes(`alias-${dialect}`), text.slice(0, 300));
          assert.ok(!text.includes('-2026'), text.slice(0, 600));
          assert.equal(response.headers.get('x-portside-model'), ownModel(dialect));
        }
      });

      it('passes unknown headers on, and none that are not for others', async () => {
        await post(dialect, ODD[dialect](ownModel(dialect)), ownModel(dialect), {
          'anthropic-beta': 'one,two',
          'openai-organization': 'org',
          'x-custom-thing': 'kept',
          cookie: 'a=b',
          'x-forwarded-for': '10.0.0.1',
          'accept-encoding': 'br, zstd',
          authorization: 'Bearer sk-local-something',
        });
        const { headers, key } = upstream.generations[0]!;
        assert.equal(headers['x-custom-thing'], 'kept');
        if (dialect === 'anthropic') assert.equal(headers['anthropic-beta'], 'one,two');
        if (dialect.startsWith('openai')) assert.equal(headers['openai-organization'], 'org');
        for (const name of ['cookie', 'x-forwarded-for', 'origin', 'proxy-authorization'])
          assert.equal(headers[name], undefined);
        assert.equal(headers.host, `127.0.0.1:${upstream.port}`);
        assert.equal(key, `sk-upstream-key-of-${dialect}`);
      });

      for (const stream of [false, true])
        it(`reads usage on the side of ${stream ? 'a stream' : 'an answer'}`, async () => {
          upstream.behave({ answer: { text: 'Hello', usage: { input: 120, output: 33, cached: 20 } } });
          const request = smallRequest(dialect, ownModel(dialect), stream);
          const body = {
            ...request.body,
            ...(stream && dialect === 'openai-chat' && { stream_options: { include_usage: true } }),
          };
          const response = await fetch(portside.url + request.path, {
            method: 'POST',
            headers: request.headers,
            body: JSON.stringify(body),
          });
          await response.text();
          const { usage, firstByteMs, account, modelServed } = await portside.recorded(
            response.headers.get('x-request-id')!,
          );
          assert.equal(usage?.inputTokens, 120);
          assert.equal(usage.outputTokens, 33);
          assert.equal(usage.cachedInputTokens, 20);
          assert.equal(typeof firstByteMs, 'number');
          assert.ok(account);
          assert.equal(modelServed, ownModel(dialect));
        });

      it('passes an error on with its status, body and Retry-After', async () => {
        for (const status of [400, 404, 413, 422, 429, 500, 529]) {
          upstream.reset();
          for (const { id } of portside.proxy.status().accounts) portside.proxy.clearCooling(id);
          upstream.behave({ status, message: `because ${status}`, headers: { 'retry-after': '17' } });
          const response = await sendSmall(portside.url, dialect, { model: ownModel(dialect) });
          const error = await assertErrorResponse(dialect, status, response);
          assert.match(error.message, new RegExp(`because ${status}`));
          if (status === 429) assert.equal(response.headers.get('retry-after'), '17');
        }
      });

      it('closes the upstream when the client leaves: before the answer, and in the middle', async () => {
        for (const fault of ['hang', 'hang-mid-body'] as const) {
          upstream.reset();
          upstream.behave({ fault });
          const abort = new AbortController();
          const asking = sendSmall(portside.url, dialect, {
            model: ownModel(dialect),
            stream: true,
            signal: abort.signal,
          });
          const request = await upstream.arrived(1);
          if (fault === 'hang-mid-body') {
            const reader = (await asking).body!.getReader();
            await reader.read();
          }
          abort.abort();
          await asking.catch(() => undefined);
          await request.closed;
          assert.equal(request.aborted, true, fault);
        }
        assert.ok(
          portside.exchanges.every((record) => record.outcome !== 'failed'),
          'a cancelled exchange is not a failed one',
        );
      });

      it('ends a stream that breaks in the middle with an error event of the protocol', async () => {
        for (const fault of ['reset-mid-body', 'cut-mid-stream'] as const) {
          upstream.reset();
          upstream.behave({ fault });
          const response = await sendSmall(portside.url, dialect, { model: ownModel(dialect), stream: true });
          assert.equal(response.status, 200);
          const reading = checkStream(dialect, await response.text());
          assert.deepEqual(reading.complaints, [], fault);
          assert.ok(reading.error, fault);
          const record = await portside.recorded(response.headers.get('x-request-id')!);
          assert.equal(record.outcome, 'failed');
        }
      });

      it('passes an error event in the middle on', async () => {
        upstream.behave({ fault: 'error-event-mid', message: 'overloaded in the middle' });
        const response = await sendSmall(portside.url, dialect, { model: ownModel(dialect), stream: true });
        assert.match(await response.text(), /overloaded in the middle/);
        assert.equal((await portside.recorded(response.headers.get('x-request-id')!)).outcome, 'failed');
      });

      for (const [fault, status] of [
        ['reset-before-headers', 502],
        ['reset-mid-headers', 502],
        ['no-http', 502],
        ['giant-header', 502],
        ['redirect', 502],
        ['empty', 502],
        ['error-event-first', 429],
      ] as const)
        it(`answers ${fault} with ${status} in its protocol`, async () => {
          upstream.behave({ fault });
          const response = await sendSmall(portside.url, dialect, { model: ownModel(dialect), stream: true });
          await assertErrorResponse(dialect, status, response);
          upstream.reset();
          const next = await sendSmall(portside.url, dialect, { model: ownModel(dialect) });
          assert.equal(next.status, 200, 'the next request is served');
        });

      it('passes a whole answer on when the upstream ignores that a stream was asked for', async () => {
        upstream.behave({ ignoreStream: true });
        const response = await sendSmall(portside.url, dialect, { model: ownModel(dialect), stream: true });
        assert.match(await response.text(), /Hello from upstream/);
      });

      it('does not end an answer well that is shorter than it said', async () => {
        upstream.behave({ fault: 'wrong-content-length' });
        await assert.rejects(async () => {
          const response = await sendSmall(portside.url, dialect, { model: ownModel(dialect) });
          const text = await response.text();
          if (response.status >= 500) throw new Error('an error status is right, too');
          return text;
        });
      });
    });
  }

  it('stops the upstream when a client does not read, and goes on when it does', async () => {
    const total = 192 * 1024 * 1024;
    upstream.behave({ flood: { events: total / 65_536, characters: 65_536 } });
    const { path, headers, body } = smallRequest('anthropic', ownModel('anthropic'), true);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(portside.url + path, { method: 'POST', headers }, resolve);
      request.on('error', reject);
      request.end(JSON.stringify(body));
    });
    response.pause();
    const { generations } = upstream;
    let before = -1;
    // Not a measurement: waits until nothing moves any more.
    while (before !== generations[0]!.sent) {
      before = generations[0]!.sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    assert.ok(before < total * 0.75, `${before} bytes went into a client that does not read`);
    let received = 0;
    for await (const chunk of response) received += (chunk as Buffer).length;
    assert.ok(received > total, `${received} of ${total} arrived`);
  }).timeout(60_000);

  it('serves others while one client does not read', async () => {
    upstream.fail({ flood: { events: 2000, characters: 65_536 } });
    const { path, headers, body } = smallRequest('openai-chat', ownModel('openai-chat'), true);
    const slow = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(portside.url + path, { method: 'POST', headers }, resolve);
      request.on('error', reject);
      request.end(JSON.stringify(body));
    });
    slow.pause();
    for (let count = 0; count < 20; count++) {
      const response = await sendSmall(portside.url, 'openai-chat', {
        model: ownModel('openai-chat'),
        stream: true,
      });
      assert.match(await response.text(), /\[DONE\]/);
    }
    slow.destroy();
    await upstream.generations[0]!.closed;
  });

  it("adds Anthropic's version header only where the client sent none", async () => {
    const body = ODD.anthropic(ownModel('anthropic'));
    const send = (headers: Record<string, string>) =>
      fetch(`${portside.url}/v1/messages?beta=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    await send({ 'anthropic-version': '2026-10-21' });
    await send({});
    assert.equal(upstream.generations[0]!.headers['anthropic-version'], '2026-10-21');
    assert.ok(upstream.generations[1]!.headers['anthropic-version']);
    assert.match(upstream.generations[0]!.url, /\?beta=true$/);
  });
});
