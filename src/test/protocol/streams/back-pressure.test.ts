/** Clients that leave, and clients that read slowly (SPEC 5.11, 8.3; CASES 54). */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import type { Fault } from '../../support/upstream/behaviour';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { ask, askSlowly, PAIRS, RICH } from './pairs';

describe('clients that leave or read slowly', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({ accounts: accountsOfAll(upstream) });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });
  /** Resolves with the record of the only exchange that is not yet looked at. */
  let looked = 0;
  const nextRecord = async () => {
    while (portside.exchanges.length <= looked) await new Promise((resolve) => setTimeout(resolve, 5));
    return portside.exchanges[looked++]!;
  };
  beforeEach(() => {
    looked = portside.exchanges.length;
  });

  for (const pair of PAIRS) {
    const PHASES: [string, { fault: Fault; stream: boolean; begun: boolean }][] = [
      ['before a stream has begun', { fault: 'hang', stream: true, begun: false }],
      ['before a whole answer has begun', { fault: 'hang', stream: false, begun: false }],
      ['in the middle of a stream', { fault: 'hang-mid-body', stream: true, begun: true }],
    ];
    it(`stops the upstream when the client leaves: ${pair.name}`, async () => {
      for (const [phase, { fault, stream, begun }] of PHASES) {
        upstream.reset();
        upstream.behave({ answer: RICH, fault });
        const abort = new AbortController();
        const asking = ask(portside.url, pair, { stream, signal: abort.signal });
        const request = await upstream.arrived(1);
        if (begun) await (await asking).body!.getReader().read();
        abort.abort();
        await asking.catch(() => undefined);
        await request.closed;
        assert.equal(request.aborted, true, phase);
        const record = await nextRecord();
        assert.equal(record.outcome, 'cancelled', phase);
        assert.equal(record.attempts.length, 1, phase);
        assert.equal(record.status, begun ? 200 : 499, phase);
      }
      assert.ok(
        portside.proxy.status().accounts.every(({ state }) => state === 'healthy'),
        'a client that leaves is not the fault of an account',
      );
    });
  }

  for (const client of DIALECT_NAMES)
    it(`stops the upstream while the client does not read: ${client} client, every account`, async () => {
      // New connections: the kernel lets the window of one that was read fast grow to half of what is sent here.
      await portside.stop();
      await upstream.close();
      upstream = await startScriptedUpstream();
      portside = await startPortside({ accounts: accountsOfAll(upstream) });
      const total = 64 * 1024 * 1024;
      upstream.behave({ flood: { events: total / 65_536, characters: 65_536 } });
      const slow: IncomingMessage[] = [];
      for (const account of DIALECT_NAMES) slow.push(await askSlowly(portside.url, { client, account }));
      const sent = () => upstream.generations.map((request) => request.sent);
      let before: number[] = [];
      // Not a measurement: waits until nothing moves any more.
      while (JSON.stringify(before) !== JSON.stringify(sent())) {
        before = sent();
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      for (const [index, bytes] of before.entries())
        assert.ok(
          bytes < total * 0.75,
          `${DIALECT_NAMES[index]!}: ${bytes} bytes went to a client that does not read`,
        );
      // Others are served meanwhile.
      upstream.reply({ text: 'Hello' }, { times: 1 });
      assert.match(await (await ask(portside.url, { client, account: 'anthropic' })).text(), /Hello/);
      await Promise.all(
        slow.map(async (response, index) => {
          if (index % 2 === 1) {
            response.destroy();
            await upstream.generations[index]!.closed;
            assert.equal(upstream.generations[index]!.aborted, true);
            return;
          }
          let said = 0;
          let end = '';
          for await (const chunk of response) {
            const bytes = chunk as Buffer;
            said += bytes.length;
            end = (end + bytes.toString('latin1')).slice(-1000);
          }
          assert.ok(said > total, `${said} of ${total} arrived`);
          assert.match(end, /\[DONE\]|message_stop|"truncation":"disabled"|"finishReason":"STOP"/);
        }),
      );
    }).timeout(60_000);
});
