/** Records say what was, and no more (SPEC 6.1). */
import assert from 'node:assert/strict';
import type { ExchangeRecord } from '../../../shared/exchange';
import { sendSmall } from '../../support/dialect-requests';
import { sendRaw } from '../../support/raw-http';
import { accountAt } from '../../support/start-portside';
import { withAccounts } from '../../support/one-account';

describe('the record of an exchange', () => {
  const here = withAccounts();

  const record = async (): Promise<ExchangeRecord> => {
    for (;;) {
      const [first] = here.portside.exchanges;
      if (first) return first;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  it('has no status of an attempt that its client did not wait for', async () => {
    await here.start('anthropic');
    here.upstream.behave({ fault: 'hang' });
    const leave = new AbortController();
    const answer = sendSmall(here.portside.url, 'anthropic', { signal: leave.signal }).catch(() => undefined);
    while (here.upstream.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leave.abort();
    await answer;
    const { status, outcome, attempts } = await record();
    assert.equal(status, 499);
    assert.equal(outcome, 'cancelled');
    assert.equal(attempts.length, 1);
    assert.equal(attempts[0]?.status, undefined);
    assert.ok(attempts[0]?.durationMs !== undefined);
  });

  it('names no account where none was asked', async () => {
    await here.start('openai-responses');
    const response = await fetch(`${here.portside.url}/v1beta/models/some-model:generateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'video/mp4', data: 'AAAA' } }] }],
      }),
    });
    assert.equal(response.status, 400);
    assert.equal(here.upstream.requests.length, 0);
    const { outcome, attempts, account, modelServed, upstreamDialect } = await record();
    assert.deepEqual([outcome, attempts.length], ['rejected', 0]);
    assert.deepEqual([account, modelServed, upstreamDialect], [undefined, undefined, undefined]);
  });

  it('is made of what was no request, too, and of nothing twice', async () => {
    await here.start('anthropic');
    const { port, exchanges } = here.portside;
    await sendRaw(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`);
    await sendRaw(port, 'this is no HTTP\r\n\r\n');
    assert.deepEqual(
      exchanges.map(({ status, outcome, path, error }) => [status, outcome, path, error]),
      [
        [431, 'rejected', '', 'The request headers are too large.'],
        [400, 'rejected', '', 'This is not a valid HTTP request.'],
      ],
    );
    // A body that breaks off in the middle of its chunks belongs to a request that is there.
    await sendRaw(
      port,
      'POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"mod\r\nZZ\r\n',
    );
    while (exchanges.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([exchanges.length, exchanges[2]?.path], [3, '/v1/messages']);
  });

  it('has the usage of a long answer that tells it before its text, as some providers do', async () => {
    await here.start('openai-chat');
    const choice = (content: string) => [
      { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' },
    ];
    here.upstream.behave({
      body: {
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model: 'served-model',
        usage: { prompt_tokens: 21, completion_tokens: 7, total_tokens: 28 },
        choices: choice('word '.repeat(200_000)),
      },
    });
    // The name is the upstream's own: nothing is changed in the answer, which goes on as it comes.
    await (await sendSmall(here.portside.url, 'openai-chat', { model: 'served-model' })).text();
    const { usage } = await record();
    assert.deepEqual([usage?.inputTokens, usage?.outputTokens], [21, 7]);
  });

  it('has no negative times when the clock is set back meanwhile', async () => {
    await here.startWith(
      { accounts: [accountAt(here.upstream, 'anthropic')] },
      undefined,
      () => Date.now() - (here.upstream.requests.length > 0 ? 3_600_000 : 0),
    );
    await (await sendSmall(here.portside.url, 'anthropic', { stream: true })).text();
    const { durationMs, firstByteMs, attempts } = await record();
    const [attempt] = attempts;
    const times = [durationMs, firstByteMs, attempt?.startMs, attempt?.durationMs, attempt?.firstByteMs];
    for (const time of times) assert.ok(time !== undefined && time >= 0, JSON.stringify(times));
  });
});
