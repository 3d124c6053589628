import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { PROVIDERS } from '../../../../shared/settings';
import { providerOf } from '../../../../proxy/providers/registry';
import {
  downstreamHeaders,
  headerOf,
  passedHeaders,
  translatedHeaders,
} from '../../../../proxy/exchange/upstream-headers';
import type { Target } from '../../../../proxy/exchange/attempts/attempt';

const LOCAL_KEY = 'sk-local-key';
const UPSTREAM_KEY = 'upstream-key';

/** Accounts of every endpoint that the providers' tables have and that takes a key. */
const targets: [string, Target][] = PROVIDERS.filter((name) => name !== 'vscode').flatMap((name) =>
  providerOf(name).endpoints.map((endpoint): [string, Target] => [
    `${name} (${endpoint.dialect})`,
    {
      account: { id: 'a', provider: name, key: UPSTREAM_KEY, enabled: true, priority: 0, weight: 1 },
      endpoint,
      origin: 'http://127.0.0.1',
      basePath: '',
      auth: Object.entries(endpoint.auth(UPSTREAM_KEY)).flat(),
      model: 'm',
      label: 'A',
      served: [],
    },
  ]),
);

const asked = (headers: Record<string, string | string[]>) => ({ headers }) as unknown as IncomingMessage;

/** Names and values of a flat list; a name may not be there twice. */
function fields(flat: string[]): Record<string, string> {
  assert.equal(flat.length % 2, 0);
  const found: Record<string, string> = {};
  for (let index = 0; index < flat.length; index += 2) {
    const name = (flat[index] ?? '').toLowerCase();
    assert.ok(!(name in found), `${name} is there twice`);
    found[name] = flat[index + 1] ?? '';
  }
  return found;
}

const [, target] = targets.find(([name]) => name.startsWith('anthropic ')) ?? assert.fail();

describe('headers of a request that is passed on', () => {
  it('keep what the client says to the provider', () => {
    const sent = {
      'content-type': 'application/json',
      'user-agent': 'agent/1',
      'anthropic-beta': 'a,b',
      'anthropic-version': '2099-01-01',
      'x-stainless-lang': 'js',
      'openai-organization': 'org',
      session_id: 's',
      accept: 'text/event-stream',
    };
    assert.deepEqual(fields(passedHeaders(asked(sent), target)), {
      ...sent,
      'accept-encoding': 'identity',
      'x-api-key': UPSTREAM_KEY,
    });
  });

  for (const [name, each] of targets)
    it(`carry the account's key and never the local one: ${name}`, () => {
      const passed = fields(
        passedHeaders(
          asked({
            authorization: `Bearer ${LOCAL_KEY}`,
            'x-api-key': LOCAL_KEY,
            'x-goog-api-key': LOCAL_KEY,
            'api-key': LOCAL_KEY,
            'proxy-authorization': LOCAL_KEY,
            cookie: `key=${LOCAL_KEY}`,
            referer: `http://127.0.0.1/?key=${LOCAL_KEY}`,
          }),
          each,
        ),
      );
      const values = Object.values(passed);
      assert.ok(!values.some((value) => value.includes(LOCAL_KEY)));
      assert.ok(values.some((value) => value.includes(UPSTREAM_KEY)));
      if (each.endpoint.dialect === 'anthropic') assert.ok(passed['anthropic-version']);
    });

  it('leave out what belongs to this connection, this body and this machine', () => {
    const sent = [
      ['connection', 'keep-alive'],
      ['keep-alive', 'timeout=5'],
      ['proxy-connection', 'keep-alive'],
      ['te', 'trailers'],
      ['trailer', 'x'],
      ['transfer-encoding', 'chunked'],
      ['upgrade', 'h2c'],
      ['expect', '100-continue'],
      ['host', '127.0.0.1:8045'],
      ['content-length', '5'],
      ['content-encoding', 'gzip'],
      ['accept-encoding', 'br'],
      ['origin', 'http://localhost'],
      ['forwarded', 'for=1'],
      ['via', '1.1 x'],
      ['x-forwarded-for', '10.0.0.1'],
      ['x-real-ip', '10.0.0.1'],
    ];
    assert.deepEqual(
      fields(passedHeaders(asked(Object.fromEntries(sent) as Record<string, string>), target)),
      {
        'accept-encoding': 'identity',
        'x-api-key': UPSTREAM_KEY,
        'anthropic-version': '2023-06-01',
      },
    );
  });

  it('leave out what Connection names', () => {
    const passed = passedHeaders(
      asked({ connection: 'close, X-Hop ,x-other', 'x-hop': '1', 'x-other': '2', 'x-third': '3' }),
      target,
    );
    assert.equal(headerOf(passed, 'x-hop'), undefined);
    assert.equal(headerOf(passed, 'x-other'), undefined);
    assert.equal(headerOf(passed, 'x-third'), '3');
  });

  it('carry no header for a key that is not there', () => {
    assert.deepEqual(fields(passedHeaders(asked({}), { ...target, auth: [] })), {
      'accept-encoding': 'identity',
      'anthropic-version': '2023-06-01',
    });
  });

  it('of a translated request are the account’s alone', () => {
    for (const [, each] of targets) {
      const translated = fields(translatedHeaders(each, { 'anthropic-beta': 'x' }));
      assert.equal(translated['content-type'], 'application/json');
      assert.equal(translated['anthropic-beta'], 'x');
      assert.ok(Object.values(translated).some((value) => value.includes(UPSTREAM_KEY)));
    }
  });
});

describe('headers of an answer', () => {
  it('keep what the provider says, several times if it does', () => {
    const sent = [
      'Content-Type',
      'application/json',
      'anthropic-ratelimit-requests-remaining',
      '1',
      'Warning',
      'a',
      'Warning',
      'b',
    ];
    assert.deepEqual(downstreamHeaders(sent), sent);
  });

  it('leave out its connection, its cookies, its request id, and CORS, which is ours to grant', () => {
    const names = [
      'Connection',
      'Keep-Alive',
      'Transfer-Encoding',
      'Trailer',
      'Upgrade',
      'Set-Cookie',
      'X-Request-Id',
      'Alt-Svc',
      'Strict-Transport-Security',
      'Access-Control-Allow-Origin',
      'access-control-expose-headers',
    ];
    assert.deepEqual(downstreamHeaders(names.flatMap((name) => [name, 'x'])), []);
  });

  it('leave out what Connection names', () => {
    assert.deepEqual(downstreamHeaders(['Connection', 'X-Hop', 'x-hop', '1', 'x-third', '3']), [
      'x-third',
      '3',
    ]);
  });

  it('are found by name in any case', () => {
    assert.equal(headerOf(['Content-Type', 'a', 'content-type', 'b'], 'content-type'), 'a');
    assert.equal(headerOf(['x', 'content-type'], 'content-type'), undefined);
    assert.equal(headerOf([], 'x'), undefined);
  });
});
