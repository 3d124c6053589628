/** The Responses API over WebSocket, as Codex and the official SDK use it (SPEC 3.2; CASES 28, 29). */
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { checkOpenaiResponsesStream } from '../../support/check/check-openai-responses-stream';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside, type StartedPortside } from '../../support/start-portside';

const KEY = 'sk-local-key-of-this-test';

/** A client's end: sends frames, hands out what comes. */
class Client {
  readonly frames: JsonObject[] = [];
  readonly socket: WebSocket;
  closed: { code: number } | undefined;
  #wake: (() => void) | undefined;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/responses`, { headers });
    this.socket.on('message', (data) => {
      const frame: unknown = JSON.parse((data as Buffer).toString());
      assert.ok(isObject(frame));
      this.frames.push(frame);
      this.#wake?.();
    });
    this.socket.on('close', (code) => {
      this.closed = { code };
      this.#wake?.();
    });
    this.socket.on('error', () => undefined);
  }

  async open(): Promise<this> {
    await new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
    return this;
  }

  /** The frames from `from` on, once one of them fits. */
  async until(fits: (frame: JsonObject) => boolean, from = 0): Promise<JsonObject[]> {
    for (;;) {
      const at = this.frames.findIndex((frame, index) => index >= from && fits(frame));
      if (at >= 0) return this.frames.slice(from, at + 1);
      assert.equal(this.closed, undefined, 'the connection was closed');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Sends a turn and waits for its end. */
  async turn(frame: JsonObject): Promise<JsonObject[]> {
    const from = this.frames.length;
    this.socket.send(JSON.stringify({ type: 'response.create', ...frame }));
    return this.until(isEnd, from);
  }
}

const isEnd = ({ type }: JsonObject) =>
  /^(response\.(completed|failed|incomplete)|error)$/.test(String(type));
const responseOf = (frames: JsonObject[]): JsonObject => {
  const { response } = frames.at(-1) ?? {};
  assert.ok(isObject(response), JSON.stringify(frames.at(-1)));
  return response;
};
const user = (text: string): JsonObject => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const asEvents = (frames: JsonObject[]) =>
  frames.map((frame) => ({ event: String(frame.type), data: JSON.stringify(frame) }));

describe('Responses over WebSocket', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  after(() => upstream.close());
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });

  for (const dialect of ['openai-responses', 'openai-chat', 'anthropic', 'gemini'] as const) {
    it(`goes on from a prewarmed connection with new items only (${dialect} account)`, async () => {
      portside = await startPortside({ accounts: [accountAt(upstream, dialect)] });
      const client = await new Client(portside.url).open();
      const prewarmed = await client.turn({
        model: 'm',
        store: false,
        generate: false,
        input: [user('first')],
        instructions: 'Be terse.',
      });
      assert.equal(upstream.generations.length, 0, 'nobody is asked');
      upstream.reply({ toolCalls: [{ name: 'look', arguments: { at: 'x' } }] }, { times: 1 });
      const tools: JsonObject[] = [{ type: 'function', name: 'look', parameters: { type: 'object' } }];
      const called = await client.turn({
        model: 'm',
        store: false,
        tools,
        previous_response_id: responseOf(prewarmed).id ?? null,
        input: [user('second')],
      });
      assert.deepEqual(checkOpenaiResponsesStream(asEvents(called)).complaints, []);
      const [call] = responseOf(called).output as JsonObject[];
      assert.equal(call?.type, 'function_call');
      upstream.reply({ text: 'Seen.' });
      const told = await client.turn({
        model: 'm',
        store: false,
        tools,
        previous_response_id: responseOf(called).id ?? null,
        input: [{ type: 'function_call_output', call_id: call.call_id ?? null, output: 'it is red' }],
      });
      assert.equal(checkOpenaiResponsesStream(asEvents(told)).text, 'Seen.');
      const sent = JSON.stringify(upstream.generations[1]?.json);
      for (const part of ['first', 'second', 'look', 'it is red'])
        assert.equal(sent.split(`"${part}"`).length - 1 >= 1, true, `${part} in ${sent}`);
      assert.equal(sent.split('"first"').length, 2, 'exactly once');
      assert.doesNotMatch(sent, /previous_response_id|generate|"type":"response.create"/);
      client.socket.close();
    });
  }

  it('keeps lanes apart, serves them side by side, and names them in every frame', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    const client = await new Client(portside.url).open();
    upstream.fail({ answer: { text: 'one' }, fault: 'hang' });
    client.socket.send(
      JSON.stringify({ type: 'response.create', stream_id: 'a', model: 'm', input: 'first' }),
    );
    await upstream.arrived(1);
    upstream.behave({ answer: { text: 'two' } });
    client.socket.send(
      JSON.stringify({ type: 'response.create', stream_id: 'b', model: 'm', input: 'second' }),
    );
    const second = await client.until((frame) => isEnd(frame) && frame.stream_id === 'b');
    assert.ok(second.every((frame) => frame.stream_id === 'b'));
    upstream.release();
    const first = await client.until((frame) => isEnd(frame) && frame.stream_id === 'a');
    assert.ok(first.length > 0);
    client.socket.close();
  });

  it('serves the turns of one lane one after another', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'gemini')] });
    const client = await new Client(portside.url).open();
    for (const text of ['first', 'second', 'third'])
      client.socket.send(JSON.stringify({ type: 'response.create', model: 'm', input: text }));
    let from = 0;
    for (let turn = 0; turn < 3; turn++) from += (await client.until(isEnd, from)).length;
    const types = client.frames.filter((frame) => isEnd(frame) || frame.type === 'response.created');
    assert.deepEqual(
      types.map((frame) => frame.type),
      Array.from({ length: 3 }, () => ['response.created', 'response.completed']).flat(),
    );
    client.socket.close();
  });

  it('answers an error as a frame with its status and the wait, and goes on', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    const client = await new Client(portside.url).open();
    upstream.fail({ status: 429, headers: { 'retry-after': '7' } });
    const [failed] = await client.turn({ model: 'm', input: 'Hi' });
    assert.equal(failed?.type, 'error');
    assert.equal(failed.status, 429);
    assert.equal((failed.headers as JsonObject)['retry-after'], '7');
    assert.equal(typeof (failed.error as JsonObject).message, 'string');
    const unknown = await client.turn({ model: 'm', previous_response_id: 'resp_nobody', input: 'Hi' });
    assert.equal(unknown[0]?.status, 400);
    assert.equal((unknown[0].error as JsonObject).code, 'previous_response_not_found');
    for (const [text, code] of [
      ['{', 'invalid_json'],
      ['{"type":"response.steer"}', 'unsupported_event'],
      ['{"type":"response.create","stream_id":7}', 'invalid_type'],
    ] as const) {
      const from = client.frames.length;
      client.socket.send(text);
      const [told] = await client.until(isEnd, from);
      assert.equal((told?.error as JsonObject).code, code);
    }
    portside.proxy.clearCooling('anthropic');
    assert.equal(responseOf(await client.turn({ model: 'm', input: 'Hi' })).status, 'completed');
    client.socket.close();
  });

  it('stops the upstream when the client goes', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    const client = await new Client(portside.url).open();
    upstream.fail({ fault: 'hang' });
    client.socket.send(JSON.stringify({ type: 'response.create', model: 'm', input: 'Hi' }));
    const request = await upstream.arrived(1);
    client.socket.terminate();
    await request.closed;
    assert.equal(request.aborted, true);
  });

  it('asks for the key before it takes a connection, and refuses foreign pages', async () => {
    portside = await startPortside({
      accounts: [accountAt(upstream, 'anthropic')],
      authMode: 'strict',
      apiKey: KEY,
    });
    await assert.rejects(new Client(portside.url).open(), /401/);
    const right = { authorization: `Bearer ${KEY}` };
    await assert.rejects(
      new Client(portside.url, { ...right, origin: 'https://evil.example' }).open(),
      /403/,
    );
    const client = await new Client(portside.url, right).open();
    assert.equal(responseOf(await client.turn({ model: 'm', input: 'Hi' })).status, 'completed');
    client.socket.close();
  });

  it('answers 426 where it is switched off', async () => {
    portside = await startPortside({
      accounts: [accountAt(upstream, 'anthropic')],
      responsesWebSocket: false,
    });
    await assert.rejects(new Client(portside.url).open(), /426/);
  });

  it('says goodbye when Portside stops, and the port is free at once', async () => {
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
    const client = await new Client(portside.url).open();
    await client.turn({ model: 'm', input: 'Hi' });
    await portside.stop();
    assert.equal(client.closed?.code, 1001);
  });
});
