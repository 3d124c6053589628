/** Signs of life while an upstream is silent (SPEC 4.9): what they are, when they come, and that clients skip them. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { anthropicClient } from '../../support/sdk/sdk-anthropic';
import { googleGenaiClient } from '../../support/sdk/sdk-google-genai';
import { openaiClient } from '../../support/sdk/sdk-openai';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountsOfAll, ownModel, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { ask, PAIRS, read, RICH } from './pairs';

const BEAT: Record<Dialect, string> = {
  'openai-chat': ': ping\n\n',
  'openai-responses': ': ping\n\n',
  anthropic: 'event: ping\ndata: {"type": "ping"}\n\n',
  // Google's SDKs read no comments.
  gemini: 'data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"index":0}]}\r\n\r\n',
};
const TEXT = 'A text of which one half comes late, so late.';

/** Asks for a stream through the official SDK. `onFirst` is called with its first event. Gives the text. */
const SDK: Record<Dialect, (url: string, model: string, onFirst: () => void) => Promise<string>> = {
  async 'openai-chat'(url, model, onFirst) {
    const stream = await openaiClient(url).chat.completions.create({
      model,
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    let text = '';
    for await (const chunk of stream) {
      onFirst();
      text += chunk.choices[0]?.delta.content ?? '';
    }
    return text;
  },
  async 'openai-responses'(url, model, onFirst) {
    const stream = await openaiClient(url).responses.create({ model, stream: true, input: 'Hi' });
    let text = '';
    for await (const event of stream) {
      onFirst();
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    return text;
  },
  async anthropic(url, model, onFirst) {
    const stream = anthropicClient(url).messages.stream({
      model,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    stream.on('streamEvent', onFirst);
    return stream.finalText();
  },
  async gemini(url, model, onFirst) {
    const stream = await googleGenaiClient(url).models.generateContentStream({ model, contents: 'Hi' });
    let text = '';
    for await (const chunk of stream) {
      onFirst();
      text += chunk.text ?? '';
    }
    return text;
  },
};

describe('heart-beats', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  let pass: (ms: number) => void = () => undefined;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({ accounts: accountsOfAll(upstream) }, undefined, (beat) => {
      pass = beat;
      return () => {
        pass = () => undefined;
      };
    });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  for (const pair of PAIRS)
    describe(pair.name, () => {
      it('come after every 15 seconds of silence, between events, and change nothing', async () => {
        upstream.behave({ answer: RICH, fault: 'hang-mid-body' });
        const response = await ask(portside.url, pair);
        const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
        const parts: string[] = [];
        const next = async () => {
          const { done, value } = await reader.read();
          if (!done) parts.push(value);
          return !done;
        };
        await next();
        const begun = parts.join('');
        // Two beats: with shorter pauses it would be three, with longer ones one.
        for (const ms of [14_999, 1, 14_999, 14_999]) pass(ms);
        while (parts.join('').length < begun.length + 2 * BEAT[pair.client].length) await next();
        assert.equal(parts.join(''), begun + BEAT[pair.client].repeat(2));
        upstream.release();
        while (await next());
        const reading = read(pair.client, parts.join(''));
        assert.deepEqual(
          reading.complaints.filter((one) => one !== 'a payload without modelVersion'),
          [],
        );
        assert.equal(reading.text, RICH.text);
        assert.equal(reading.calls.length, 2);
      });

      it('come before the first word, too', async () => {
        upstream.behave({ answer: RICH });
        const spoken = await (await ask(upstream.url, { ...pair, client: pair.account })).text();
        upstream.reset();
        // The half that comes is a part of a comment.
        const body = `: ${'wait '.repeat(2000)}\n\n${spoken}`;
        const headers = { 'content-type': 'text/event-stream' };
        upstream.behave({ body, headers, fault: 'hang-mid-body' });
        const asking = ask(portside.url, pair);
        await upstream.arrived(1);
        let response: Response | undefined;
        const answered = asking.then((it) => (response = it));
        while (!response) {
          pass(15_000);
          await new Promise((resolve) => setImmediate(resolve));
        }
        upstream.release();
        const text = await (await answered).text();
        assert.ok(text.startsWith(BEAT[pair.client]), text.slice(0, 200));
        const reading = read(pair.client, text);
        assert.deepEqual(
          reading.complaints.filter((one) => !/payload without modelVersion/.test(one)),
          [],
        );
        assert.equal(reading.text, RICH.text);
      });

      it('are skipped by the official SDK', async () => {
        upstream.behave({ answer: { text: TEXT }, fault: 'hang-mid-body' });
        let first = true;
        const text = await SDK[pair.client](portside.url, ownModel(pair.account), () => {
          if (!first) return;
          first = false;
          for (let count = 0; count < 3; count++) pass(15_000);
          upstream.release();
        });
        assert.equal(text, TEXT);
      });
    });

  it('are white space within a JSON array', async () => {
    for (const account of ['openai-chat', 'openai-responses', 'anthropic'] as const) {
      upstream.reset();
      upstream.behave({ answer: RICH, fault: 'hang-mid-body' });
      const response = await ask(portside.url, { client: 'gemini', account }, { array: true });
      pass(15_000);
      pass(15_000);
      upstream.release();
      const reading = read('gemini', await response.text());
      assert.deepEqual(reading.complaints, []);
      assert.equal(reading.text, RICH.text);
    }
  });

  it('do not keep an upstream alive that is silent for good', async () => {
    upstream.behave({ answer: RICH, fault: 'hang-mid-body' });
    const response = await ask(portside.url, { client: 'anthropic', account: 'gemini' });
    const text = response.text();
    for (let seconds = 0; seconds <= 300; seconds += 15) pass(15_000);
    const reading = read('anthropic', await text);
    assert.match(reading.error ?? '', /silent/);
    await upstream.generations[0]!.closed;
  });
});
