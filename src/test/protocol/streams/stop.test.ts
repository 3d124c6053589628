/** What clients see of a proxy that stops while they are answered (SPEC 1.6), and of trouble over WebSocket. */
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { isObject } from '../../../shared/json';
import type { JsonObject } from '../../../shared/json';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { checkOpenaiResponsesStream } from '../../support/check/check-openai-responses-stream';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, ownModel, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { ask, PAIRS, read, RICH } from './pairs';

const isEnd = ({ type }: JsonObject) =>
  /^response\.(completed|failed|incomplete)$|^error$/.test(String(type));

/** A WebSocket with one turn under way. */
class Turn {
  readonly frames: JsonObject[] = [];
  readonly closed: Promise<number>;
  readonly socket: WebSocket;
  #wake: () => void = () => undefined;

  constructor(url: string, account: Dialect) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/responses`);
    this.socket.on('open', () => {
      this.socket.send(
        JSON.stringify({
          type: 'response.create',
          model: ownModel(account),
          input: 'Hi',
          store: false,
          reasoning: { summary: 'auto' },
        }),
      );
    });
    this.socket.on('message', (data) => {
      const frame: unknown = JSON.parse((data as Buffer).toString());
      assert.ok(isObject(frame));
      this.frames.push(frame);
      this.#wake();
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => {
        resolve(code);
        this.#wake();
      });
    });
  }

  /** Resolves with all frames once one of them fits, or once the connection is closed. */
  async until(fits: (frame: JsonObject) => boolean): Promise<JsonObject[]> {
    while (!this.frames.some(fits) && this.socket.readyState !== WebSocket.CLOSED)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.frames;
  }
}

const readFrames = (frames: JsonObject[]) =>
  checkOpenaiResponsesStream(
    frames.map((frame) => ({ event: String(frame.type), data: JSON.stringify(frame) })),
  );

describe('the end of streams when the proxy stops', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  beforeEach(async () => {
    portside = await startPortside({ accounts: accountsOfAll(upstream) });
  });
  afterEach(async () => {
    await portside.stop();
    upstream.reset();
  });
  after(() => upstream.close());

  it('is an error event for every client of every account, in its own protocol', async () => {
    upstream.behave({ answer: RICH, fault: 'hang-mid-body' });
    const asked = await Promise.all(
      PAIRS.map(async (pair) => ({ pair, response: await ask(portside.url, pair) })),
    );
    const array = await ask(portside.url, { client: 'gemini', account: 'anthropic' }, { array: true });
    const texts = Promise.all(asked.map(({ response }) => response.text()));
    const arrayText = array.text();
    await portside.stop();
    for (const [index, text] of (await texts).entries()) {
      const { pair } = asked[index]!;
      const reading = read(pair.client, text);
      const complaints = reading.complaints.filter((one) => !/are no JSON/.test(one));
      assert.deepEqual(complaints, [], `${pair.name}: ${text}`);
      assert.match(reading.error ?? '', /stopped/i, pair.name);
      assert.ok(reading.text.length + reading.reasoning.length > 0, pair.name);
      assert.doesNotMatch(text, /\[DONE\]|message_stop|response\.completed|"finishReason":"STOP"/);
    }
    const reading = read('gemini', await arrayText);
    assert.deepEqual(reading.complaints, []);
    assert.match(reading.error ?? '', /stopped/i);
    await Promise.all(upstream.generations.map((request) => request.closed));
    assert.ok(
      upstream.generations.every(({ aborted }) => aborted),
      'every upstream is told to stop',
    );
    assert.equal(portside.exchanges.length, 17);
    for (const { outcome, error } of portside.exchanges)
      assert.deepEqual([outcome, /stopped/i.test(error ?? '')], ['failed', true]);
  });

  it('is an error answer for those that wait for the first byte', async () => {
    upstream.behave({ fault: 'hang' });
    const asked = PAIRS.map((pair) => ({ pair, response: ask(portside.url, pair) }));
    await upstream.arrived(PAIRS.length);
    await portside.stop();
    for (const { pair, response } of asked) {
      const error = await assertErrorResponse(pair.client, 503, await response);
      assert.match(error.message, /stopped/i, pair.name);
    }
  });

  it('is a frame over WebSocket, and then a goodbye', async () => {
    upstream.behave({ answer: RICH, fault: 'hang-mid-body' });
    const turns = DIALECT_NAMES.map((account) => new Turn(portside.url, account));
    await Promise.all(turns.map((turn) => turn.until(({ type }) => /delta$/.test(String(type)))));
    await portside.stop();
    for (const [index, turn] of turns.entries()) {
      const reading = readFrames(await turn.until(isEnd));
      assert.deepEqual(reading.complaints, [], DIALECT_NAMES[index]);
      assert.match(reading.error ?? '', /stopped/i, DIALECT_NAMES[index]);
      assert.equal(await turn.closed, 1001);
    }
    await Promise.all(upstream.generations.map((request) => request.closed));
    assert.ok(upstream.generations.every(({ aborted }) => aborted));
  });

  describe('trouble over WebSocket', () => {
    for (const account of DIALECT_NAMES) {
      it(`keeps grammar and content, ${account} account`, async () => {
        upstream.reply(RICH, { framing: { seed: 8 } });
        const turn = new Turn(portside.url, account);
        const reading = readFrames(await turn.until(isEnd));
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.text, RICH.text);
        assert.equal(reading.reasoning, RICH.reasoning);
        assert.equal(reading.calls.length, 2);
        turn.socket.close();
      });

      for (const fault of ['cut-mid-stream', 'reset-mid-body', 'error-event-mid'] as const)
        it(`ends a turn after ${fault} with an error, ${account} account`, async () => {
          upstream.reply(RICH, { fault, times: 1 });
          upstream.reply({ text: 'Again.' });
          const turn = new Turn(portside.url, account);
          const frames = await turn.until(isEnd);
          const reading = readFrames(frames);
          assert.deepEqual(
            reading.complaints.filter((one) => !/are no JSON/.test(one)),
            [],
          );
          assert.ok(reading.error);
          assert.ok(!frames.some(({ type }) => type === 'response.completed'));
          // The connection lives on.
          turn.socket.send(
            JSON.stringify({ type: 'response.create', model: ownModel(account), input: 'Hi' }),
          );
          await turn.until(({ type }) => type === 'response.completed');
          turn.socket.close();
        });

      it(`stops the upstream while the client does not read, ${account} account`, async () => {
        const total = 64 * 1024 * 1024;
        upstream.behave({ flood: { events: total / 65_536, characters: 65_536 } });
        const turn = new Turn(portside.url, account);
        await turn.until(({ type }) => /delta$/.test(String(type)));
        turn.socket.pause();
        const request = upstream.generations[0]!;
        let before = -1;
        // Not a measurement: waits until nothing moves any more.
        while (before !== request.sent) {
          before = request.sent;
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        assert.ok(before < total * 0.75, `${before} bytes went to a client that does not read`);
        turn.socket.terminate();
        await request.closed;
        assert.equal(request.aborted, true);
      });

      it(`stops the upstream when the client leaves in the middle, ${account} account`, async () => {
        upstream.behave({ answer: RICH, fault: 'hang-mid-body' });
        const turn = new Turn(portside.url, account);
        await turn.until(({ type }) => /delta$/.test(String(type)));
        turn.socket.terminate();
        await upstream.generations[0]!.closed;
        assert.equal(upstream.generations[0]!.aborted, true);
      });
    }
  });
});
