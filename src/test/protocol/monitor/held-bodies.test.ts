/** Bodies that are kept while requests are under way leave memory with them, whatever becomes of the requests. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { proxySettingsSchema } from '../../../shared/settings';
import { heldBytes } from '../../../proxy/monitor/capture';
import { sendSmall } from '../../support/dialect-requests';
import { startMonitored, type Monitored } from '../../support/monitored';
import { sendRaw } from '../../support/raw-http';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt } from '../../support/start-portside';

describe('bodies of requests under way', () => {
  let upstream: ScriptedUpstream;
  let portside: Monitored;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  beforeEach(async () => {
    portside = await startMonitored({
      accounts: [accountAt(upstream, 'anthropic')],
      monitor: { captureBodies: true },
    });
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  const until = async (what: () => boolean) => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('are let go when they are answered, refused, or of no interest', async () => {
    for (const path of ['/metrics', '/monitor', '/nothing', '/v1/models', '/healthz'])
      await (await fetch(portside.url + path)).text();
    await (await fetch(`${portside.url}/api/event_logging/batch`, { method: 'POST', body: '{}' })).text();
    await (await sendSmall(portside.url, 'anthropic')).text();
    await (await sendSmall(portside.url, 'anthropic', { stream: true })).text();
    await sendRaw(
      portside.port,
      'GET /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    await until(() => heldBytes() === 0);
  });

  it('are let go when the client leaves in the middle of sending them', async () => {
    const socket = connect(portside.port, '127.0.0.1');
    socket.write(
      'POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{"model":',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    const [row] = await portside.rows(1);
    assert.equal(row?.outcome, 'cancelled');
    assert.equal(heldBytes(), 0);
  });

  it('are let go when the client leaves in the middle of its answer', async () => {
    upstream.behave({ fault: 'hang-mid-body' });
    const leave = new AbortController();
    const response = await sendSmall(portside.url, 'anthropic', { stream: true, signal: leave.signal });
    await response.body?.getReader().read();
    assert.ok(heldBytes() > 0);
    leave.abort();
    const [row] = await portside.rows(1);
    assert.equal(row?.outcome, 'cancelled');
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(heldBytes(), 0);
  });

  it('are let go when the monitor is switched off meanwhile', async () => {
    upstream.behave({ fault: 'hang-mid-body' });
    const leave = new AbortController();
    const response = await sendSmall(portside.url, 'anthropic', { stream: true, signal: leave.signal });
    await response.body?.getReader().read();
    assert.ok(heldBytes() > 0);
    portside.proxy.configure(
      proxySettingsSchema.parse({
        accounts: [accountAt(upstream, 'anthropic')],
        monitor: { enabled: false },
      }),
    );
    leave.abort();
    await until(() => heldBytes() === 0);
  });
});
