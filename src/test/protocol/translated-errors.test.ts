/** Trouble upstream, as clients of another protocol see it (SPEC 2.6, 3.9, 4.10). */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { ApiError } from '@google/genai';
import OpenAI from 'openai';
import type { Dialect } from '../../proxy/dialects/canonical';
import type { Fault } from '../support/upstream/behaviour';
import { assertErrorResponse } from '../support/check/check-error-body';
import { checkStream, sendSmall } from '../support/dialect-requests';
import { SDK_CLIENTS } from '../support/sdk/sdk-clients';
import { startScriptedUpstream } from '../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

const TRANSLATED: Dialect[] = ['openai-chat', 'anthropic', 'gemini'];
const CELLS = TRANSLATED.flatMap((client) =>
  TRANSLATED.filter((account) => account !== client).map((account) => ({ client, account })),
);
/** Anthropic's and Gemini's word for a status; OpenAI's SDK goes by the status. */
const WORDS: Record<number, { anthropic: string; gemini: string }> = {
  400: { anthropic: 'invalid_request_error', gemini: 'INVALID_ARGUMENT' },
  404: { anthropic: 'not_found_error', gemini: 'NOT_FOUND' },
  413: { anthropic: 'request_too_large', gemini: 'INVALID_ARGUMENT' },
  429: { anthropic: 'rate_limit_error', gemini: 'RESOURCE_EXHAUSTED' },
  500: { anthropic: 'api_error', gemini: 'INTERNAL' },
  503: { anthropic: 'overloaded_error|api_error', gemini: 'UNAVAILABLE' },
  529: { anthropic: 'overloaded_error', gemini: 'UNAVAILABLE' },
};

describe('translated errors', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  for (const { client, account } of CELLS)
    describe(`${client} client, ${account} account`, () => {
      beforeEach(async () => {
        portside = await startPortside({ accounts: [accountAt(upstream, account, { label: 'Mine' })] });
      });

      for (const [status, words] of Object.entries(WORDS))
        for (const stream of [false, true])
          it(`keeps a ${status}${stream ? ', streaming' : ''}, in its own words`, async () => {
            upstream.behave({
              status: Number(status),
              message: 'because of reasons',
              headers: { 'retry-after': '9' },
            });
            const response = await sendSmall(portside.url, client, { stream });
            if (status === '429') assert.equal(response.headers.get('retry-after'), '9');
            const error = await assertErrorResponse(client, Number(status), response);
            assert.match(error.message, /because of reasons/);
            if (client === 'anthropic')
              assert.match(String(error.type), new RegExp(`^(${words.anthropic})$`));
            if (client === 'gemini') assert.match(String(error.status), new RegExp(`^(${words.gemini})$`));
          });

      for (const status of [401, 403])
        it(`never shows a ${status} of the upstream`, async () => {
          upstream.behave({ status });
          const error = await assertErrorResponse(client, 503, await sendSmall(portside.url, client));
          assert.match(error.message, /Mine/);
        });

      const faults: [Fault, number][] = [
        ['reset-before-headers', 502],
        ['reset-mid-headers', 502],
        ['no-http', 502],
        ['giant-header', 502],
        ['redirect', 502],
        ['garbage', 502],
        ['empty', 502],
        ['error-event-first', 429],
      ];
      for (const [fault, status] of faults)
        for (const stream of [false, true]) {
          if (fault === 'error-event-first' && !stream) continue;
          it(`answers ${fault}${stream ? ', streaming' : ''} with ${status}`, async () => {
            upstream.behave({ fault });
            await assertErrorResponse(client, status, await sendSmall(portside.url, client, { stream }));
          });
        }

      for (const fault of ['wrong-content-length', 'reset-mid-body'] as const)
        it(`answers ${fault} of a whole answer with 502`, async () => {
          upstream.behave({ fault });
          await assertErrorResponse(client, 502, await sendSmall(portside.url, client));
        });

      for (const fault of ['reset-mid-body', 'cut-mid-stream', 'error-event-mid'] as const)
        it(`ends a stream after ${fault} with an error event, never well`, async () => {
          upstream.behave({
            fault,
            answer: { text: 'The beginning of a longer text that is cut.' },
            message: 'broke in the middle',
          });
          const response = await sendSmall(portside.url, client, { stream: true });
          assert.equal(response.status, 200);
          const reading = checkStream(client, await response.text());
          assert.deepEqual(reading.complaints, []);
          assert.ok(reading.error);
          assert.ok('The beginning of a longer text that is cut.'.startsWith(reading.text), reading.text);
          assert.ok(reading.text.length > 0);
          if (fault === 'error-event-mid') assert.match(reading.error, /broke in the middle/);
          const record = await portside.recorded(response.headers.get('x-request-id')!);
          assert.equal(record.outcome, 'failed');
        });

      it('closes the upstream when the client leaves', async () => {
        for (const fault of ['hang', 'hang-mid-body'] as const) {
          upstream.reset();
          upstream.behave({ fault });
          const abort = new AbortController();
          const asking = sendSmall(portside.url, client, { stream: true, signal: abort.signal });
          const request = await upstream.arrived(1);
          if (fault === 'hang-mid-body') await (await asking).body!.getReader().read();
          abort.abort();
          await asking.catch(() => undefined);
          await request.closed;
          assert.equal(request.aborted, true);
        }
      });
    });

  describe('as the SDKs throw them', () => {
    for (const client of SDK_CLIENTS)
      for (const account of TRANSLATED)
        for (const stream of [false, true])
          it(`${client.name} from ${account}${stream ? ', streaming' : ''}`, async () => {
            portside = await startPortside({ accounts: [accountAt(upstream, account)] });
            upstream.behave({ status: 429, message: 'slow down please', headers: { 'retry-after': '9' } });
            await assert.rejects(
              client.ask({ baseUrl: portside.url, model: 'asked-model', prompt: 'Hi', stream }),
              (error: Error & { status?: number }) => {
                assert.equal(error.status, 429, String(error));
                assert.match(error.message, /slow down please/);
                if (client.name === 'openai') assert.ok(error instanceof OpenAI.RateLimitError);
                if (client.name === '@anthropic-ai/sdk') assert.ok(error instanceof Anthropic.RateLimitError);
                if (client.name === '@google/genai') assert.ok(error instanceof ApiError);
                return true;
              },
            );
          });

    for (const client of SDK_CLIENTS.filter(({ name }) => name !== '@google/generative-ai'))
      for (const account of TRANSLATED)
        it(`${client.name} from ${account}, broken in the middle of a stream`, async () => {
          portside = await startPortside({ accounts: [accountAt(upstream, account)] });
          upstream.behave({ fault: 'cut-mid-stream' });
          await assert.rejects(
            client.ask({ baseUrl: portside.url, model: 'asked-model', prompt: 'Hi', stream: true }),
          );
        });
  });
});
