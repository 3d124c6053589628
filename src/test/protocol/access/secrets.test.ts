/** Keys are seen by nobody but whom they are for (SPEC 2.9): every output is searched for them. */
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { Fault } from '../../support/upstream/behaviour';
import { DIALECT_NAMES, sendSmall } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';

const LOCAL = 'sk-local-canary-1f2e3d4c5b6a79880716253443526170';
const UPSTREAM = (dialect: string) => `sk-upstream-canary-${dialect}-9a8b7c6d`;

describe('secrets (SPEC 2.9)', () => {
  let portside: StartedPortside;
  let upstream: ScriptedUpstream;
  afterEach(() => portside.stop());
  const answers: string[] = [];

  before(async () => {
    upstream = await startScriptedUpstream();
  });
  after(() => upstream.close());

  const keep = async (response: Response) => {
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    answers.push(`${headers}\n\n${await response.text().catch((error: unknown) => String(error))}`);
  };

  const everything: [string, (() => void)?][] = [
    ['a good answer'],
    [
      'a refusal that repeats the key',
      () => {
        for (const dialect of DIALECT_NAMES)
          upstream.behave({ dialect, status: 401, message: `the key ${UPSTREAM(dialect)} is wrong` });
      },
    ],
    [
      'an error that repeats all headers',
      () => {
        for (const dialect of DIALECT_NAMES)
          upstream.behave({
            dialect,
            status: 400,
            message: `authorization: Bearer ${UPSTREAM(dialect)}, x-api-key: ${UPSTREAM(dialect)}`,
          });
      },
    ],
    [
      'an error that is no JSON and repeats the key',
      () => {
        for (const dialect of DIALECT_NAMES)
          upstream.behave({ dialect, status: 500, body: `<html>${UPSTREAM(dialect)}</html>` });
      },
    ],
    [
      'an error event that repeats the key',
      () => {
        for (const dialect of DIALECT_NAMES)
          upstream.behave({ dialect, fault: 'error-event-first', message: `key ${UPSTREAM(dialect)}` });
      },
    ],
    [
      'an error event in the middle that repeats the key',
      () => {
        for (const dialect of DIALECT_NAMES)
          upstream.behave({ dialect, fault: 'error-event-mid', message: `key ${UPSTREAM(dialect)}` });
      },
    ],
    [
      'response headers that repeat the key',
      () => {
        for (const dialect of DIALECT_NAMES)
          upstream.behave({
            dialect,
            status: 429,
            headers: { 'x-echo': UPSTREAM(dialect), 'set-cookie': `k=${UPSTREAM(dialect)}` },
          });
      },
    ],
    ...(['reset-before-headers', 'garbage', 'no-http', 'redirect', 'empty'] as Fault[]).map(
      (fault): [string, () => void] => [
        `the fault ${fault}`,
        () => {
          upstream.behave({ fault });
        },
      ],
    ),
  ];

  for (const [what, script] of everything)
    it(`stay secret with ${what}`, async () => {
      answers.length = 0;
      portside = await startPortside({
        apiKey: LOCAL,
        authMode: 'strict',
        accounts: DIALECT_NAMES.map((dialect) =>
          accountAt(upstream, dialect, { key: UPSTREAM(dialect), models: [dialect] }),
        ),
      });
      upstream.reset();
      script?.();
      for (const dialect of DIALECT_NAMES)
        for (const stream of [false, true]) {
          for (const headers of [
            { authorization: `Bearer ${LOCAL}` },
            { 'x-api-key': LOCAL },
            { 'x-goog-api-key': LOCAL, authorization: LOCAL },
            { 'x-api-key': LOCAL, 'proxy-authorization': `Bearer ${LOCAL}`, cookie: `session=${LOCAL}` },
          ] as Record<string, string>[])
            await keep(await sendSmall(portside.url, dialect, { model: dialect, stream, headers }));
          await keep(
            await sendSmall(portside.url, dialect, {
              model: dialect,
              stream,
              headers: { 'x-api-key': `${LOCAL}x` },
            }),
          );
        }
      await keep(
        await fetch(`${portside.url}/v1beta/models/gemini:generateContent?key=${LOCAL}&x=1`, {
          method: 'POST',
          body: '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}',
        }),
      );
      await keep(await fetch(`${portside.url}/nothing?key=${LOCAL}`, { headers: { 'x-api-key': LOCAL } }));
      await keep(await fetch(`${portside.url}/v1/models`, { headers: { 'x-api-key': LOCAL } }));
      await portside.stop();

      const told = [
        ...portside.logs,
        ...answers,
        ...portside.exchanges.map((record) => JSON.stringify(record)),
      ].join('\n');
      assert.ok(portside.exchanges.length > 0);
      const sent = upstream.requests.map((request) => {
        const zipped = request.headers['content-encoding'] === 'gzip';
        return `${request.url}\n${request.rawHeaders.join('\n')}\n${(zipped ? gunzipSync(request.bytes) : request.bytes).toString()}`;
      });
      assert.ok(sent.length > 0);
      assert.ok(!told.includes(LOCAL), 'the local key was told');
      for (const dialect of DIALECT_NAMES)
        assert.ok(!told.includes(UPSTREAM(dialect)), `the key of ${dialect} was told`);
      for (const request of sent)
        assert.ok(!request.includes(LOCAL), `the local key went upstream: ${request.slice(0, 500)}`);
      for (const request of upstream.requests) {
        const others = DIALECT_NAMES.map(UPSTREAM).filter((key) => key !== request.key);
        for (const other of others)
          assert.ok(!request.rawHeaders.join().includes(other), "one account's key went to another");
      }
      assert.ok(!JSON.stringify(portside.proxy.status()).includes('canary'));
    });

  it('stay secret when an account is tested', async () => {
    portside = await startPortside({ accounts: [{ id: 'demo', provider: 'demo' }] });
    upstream.reset();
    for (const dialect of DIALECT_NAMES) {
      upstream.reset();
      upstream.behave({ path: /./, status: 401, message: `no ${UPSTREAM(dialect)}` });
      const account = {
        ...accountAt(upstream, dialect, { key: UPSTREAM(dialect) }),
        enabled: true,
        priority: 0,
        weight: 1,
        key: UPSTREAM(dialect),
      };
      const result = await portside.proxy.testAccount(account);
      assert.equal(result.ok, false);
      assert.ok(!JSON.stringify(result).includes('canary'), JSON.stringify(result));
    }
    await portside.stop();
    assert.ok(!portside.logs.join('\n').includes('canary'));
  });
});
