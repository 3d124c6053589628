/** What the monitor's routes answer, before there is anything to show. */
import assert from 'node:assert/strict';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { rawRequest, sendRaw } from '../../support/raw-http';
import { startPortside, type StartedPortside } from '../../support/start-portside';

describe("the monitor's routes", () => {
  let portside: StartedPortside;
  before(async () => {
    portside = await startPortside({ accounts: [{ id: 'demo', provider: 'demo' }], authMode: 'off' });
  });
  after(() => portside.stop());

  it('give a page that loads its own script and nothing else', async () => {
    const response = await fetch(`${portside.url}/monitor`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('x-frame-options'), 'DENY');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const page = await response.text();
    assert.match(page, /<portside-monitor><\/portside-monitor>/);
    const [, nonce = ''] =
      /<script type="module" nonce="([^"]+)" src="monitor\/monitor\.js">/.exec(page) ?? [];
    assert.ok(nonce.length >= 22, nonce);
    assert.equal(
      response.headers.get('content-security-policy'),
      `default-src 'none'; img-src data:; script-src 'nonce-${nonce}'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    );
  });

  it('give every page another nonce', async () => {
    const nonces = await Promise.all(
      Array.from({ length: 5 }, async () =>
        /nonce="([^"]+)"/.exec(await (await fetch(`${portside.url}/monitor`)).text()),
      ),
    );
    assert.equal(new Set(nonces.map((each) => each?.[1])).size, 5);
  });

  const wrong: [string, string, RegExp][] = [
    ['POST', '/monitor', /^GET, HEAD, OPTIONS$/],
    ['DELETE', '/monitor/monitor.js', /^GET, HEAD, OPTIONS$/],
    ['GET', '/monitor/api', /^POST, OPTIONS$/],
    ['GET', '/monitor/login', /^POST, OPTIONS$/],
    ['POST', '/monitor/events', /^GET, HEAD, OPTIONS$/],
    ['PUT', '/monitor/export', /^GET, HEAD, OPTIONS$/],
    ['POST', '/metrics', /^GET, HEAD, OPTIONS$/],
  ];
  for (const [method, path, allow] of wrong)
    it(`answer ${method} ${path} with 405 and Allow (SPEC 3.6)`, async () => {
      const response = await fetch(portside.url + path, { method });
      assert.match(response.headers.get('allow') ?? '', allow);
      await assertErrorResponse('openai-chat', 405, response);
    });

  for (const path of ['/monitor/nothing', '/monitor/monitor.js/x', '/monitors', '/v1/metrics/x'])
    it(`answer ${path} with 404 (SPEC 3.6)`, async () => {
      await assertErrorResponse('openai-chat', 404, await fetch(portside.url + path));
    });

  for (const path of ['/monitor', '/metrics'])
    it(`answer HEAD ${path} with the headers of GET and no body`, async () => {
      const whole = await sendRaw(portside.port, rawRequest('GET', path, {}));
      const head = await sendRaw(portside.port, rawRequest('HEAD', path, {}));
      assert.equal(head.status, 200);
      assert.equal(head.body.length, 0);
      for (const name of ['content-type', 'content-length', 'cache-control'])
        assert.equal(head.headers.get(name), whole.headers.get(name), name);
    });

  for (const path of ['/monitor/events', '/monitor/export'])
    it(`end the answer to HEAD ${path}`, async () => {
      const head = await sendRaw(portside.port, rawRequest('HEAD', path, {}));
      assert.equal(head.body.length, 0);
    });

  const bad: [string, string, string, number, RegExp][] = [
    ['nothing', '', 'application/json', 400, /empty/],
    ['no JSON', '{"type":', 'application/json', 400, /position/],
    ['no call', '{"type":"everything"}', 'application/json', 400, /type/],
    ['too much in a call', '{"type":"info","more":1}', 'application/json', 400, /more/],
    ['another type', '{"type":"info"}', 'text/plain', 415, /application\/json/],
    ['a long body', `{"type":"info","x":"${'x'.repeat(70_000)}"}`, 'application/json', 413, /65536 bytes/],
  ];
  for (const [what, body, type, status, message] of bad)
    it(`refuse ${what} as a call, in words`, async () => {
      const response = await fetch(`${portside.url}/monitor/api`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      assert.equal(response.status, status);
      const answer = (await response.json()) as { message: string };
      assert.match(answer.message, message);
    });

  for (const query of [
    '',
    '?format=jsonl',
    '?format=jsonl&query={',
    '?format=csv&query={"filter":{},"sort":{"key":"time","descending":true}}',
    '?format=har&query={"filter":{},"sort":{"key":"name","descending":true}}',
  ])
    it(`refuse the export of "${query}", in words`, async () => {
      const response = await fetch(`${portside.url}/monitor/export${query}`);
      assert.equal(response.status, 400);
      assert.ok(((await response.json()) as { message: string }).message);
    });
});
