/** Transcriptions from OpenAI-like accounts, and from Gemini's models, which hear (SPEC 3.2). */
import assert from 'node:assert/strict';
import type { JsonObject } from '../../../shared/json';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { openaiClient } from '../../support/sdk/sdk-openai';
import { accountAt, SERVED_MODEL, startPortside } from '../../support/start-portside';
import type { AccountInput, StartedPortside } from '../../support/start-portside';

/** Bytes that would break a parser which takes forms for text. */
const SOUND = Buffer.from([82, 73, 70, 70, 0, 255, 13, 10, 45, 45, 13, 10, 13, 10, 200, 0]);
const recording = (name = 'voice.wav', type = 'audio/wav') => new File([SOUND], name, { type });

describe('transcriptions', () => {
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

  const start = async (...accounts: AccountInput[]) => {
    portside = await startPortside({ accounts });
  };
  const sdk = () => openaiClient(portside.url).audio.transcriptions;
  const post = (fields: Record<string, string | File>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return fetch(`${portside.url}/v1/audio/transcriptions`, { method: 'POST', body: form });
  };

  for (const kind of ['openai-chat', 'openai-responses', 'gemini'] as const)
    it(`come from a ${kind} account`, async () => {
      await start(accountAt(upstream, kind));
      upstream.behave({ answer: { text: 'Hello from the recording\n' } });
      const answer = await sdk().create({ file: recording(), model: 'whisper-1' });
      assert.equal(answer.text, 'Hello from the recording');
    });

  it('are asked of Gemini with the recording and what helps to hear it', async () => {
    await start(accountAt(upstream, 'gemini'));
    upstream.behave({ answer: { text: 'Guten Tag', usage: { input: 50, output: 5 } } });
    const answer = await sdk().create({
      file: recording('Gespräch.mp3', 'audio/mpeg'),
      model: 'gemini-flash-latest',
      language: 'de',
      prompt: 'Namen: Jürgen',
      temperature: 0.25,
    });
    assert.deepEqual(answer.usage, { type: 'tokens', input_tokens: 50, output_tokens: 5, total_tokens: 55 });
    const request = upstream.generations[0]!;
    assert.match(request.url, /\/gemini-flash-latest:generateContent$/);
    const [content] = request.json.contents as { parts: { inlineData?: JsonObject; text?: string }[] }[];
    assert.deepEqual(content?.parts[0]?.inlineData, {
      mimeType: 'audio/mp3',
      data: SOUND.toString('base64'),
    });
    assert.match(content?.parts[1]?.text ?? '', /word for word[\s\S]*"de"[\s\S]*Namen: Jürgen/);
    assert.equal((request.json.generationConfig as JsonObject).temperature, 0.25);
  });

  it('come as text alone', async () => {
    await start(accountAt(upstream, 'gemini'));
    upstream.behave({ answer: { text: 'only words' } });
    const response = await post({ file: recording(), model: 'm', response_format: 'text' });
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal(await response.text(), 'only words\n');
  });

  it('come as a stream of events', async () => {
    await start(accountAt(upstream, 'gemini'));
    upstream.behave({ answer: { text: 'piece by piece, Straße' }, framing: { seed: 9 } });
    const stream = await sdk().create({ file: recording(), model: 'gpt-4o-transcribe', stream: true });
    let text = '';
    const last: unknown[] = [];
    for await (const event of stream) {
      if (event.type === 'transcript.text.delta') text += event.delta;
      if (event.type === 'transcript.text.done') last.push(event.text, event.usage?.total_tokens);
    }
    assert.equal(text, 'piece by piece, Straße');
    assert.deepEqual(last, [text, 28]);
  });

  it('that stream from an account of the same protocol are passed on as they are', async () => {
    await start(accountAt(upstream, 'openai-chat'));
    const body =
      'data: {"type":"transcript.text.delta","delta":"Hi"}\n\n' +
      'data: {"type":"transcript.text.done","text":"Hi","usage":{"type":"tokens","input_tokens":7,"output_tokens":2,"total_tokens":9}}\n\n';
    upstream.behave({ path: /transcriptions/, body, headers: { 'content-type': 'text/event-stream' } });
    const response = await post({ file: recording(), model: 'm', stream: 'true' });
    assert.equal(await response.text(), body);
    const record = await portside.recorded(response.headers.get('x-request-id')!);
    assert.deepEqual(
      [record.outcome, record.usage?.inputTokens, record.usage?.outputTokens],
      ['completed', 7, 2],
    );
  });

  it('that stream and are cut off end with an error', async () => {
    await start(accountAt(upstream, 'openai-chat'));
    upstream.behave({
      path: /transcriptions/,
      body: 'data: {"type":"transcript.text.delta","delta":"Hi"}\n\n',
      headers: { 'content-type': 'text/event-stream' },
    });
    const text = await (await post({ file: recording(), model: 'm', stream: 'true' })).text();
    assert.match(text, /"error"/);
  });

  it('go to an OpenAI-like account byte for byte, its key in place of the client’s', async () => {
    await start(accountAt(upstream, 'openai-chat'));
    const body = Buffer.concat([
      Buffer.from('--b 1\r\ncontent-disposition: form-data; name=model\r\n\r\nm\r\n--b 1\r\n'),
      Buffer.from('Content-Disposition: form-data; name="file"; filename="a\\"b;name=x.wav"\r\n\r\n'),
      SOUND,
      Buffer.from('\r\n--b 1--\r\nepilogue'),
    ]);
    const response = await fetch(`${portside.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary="b 1"' },
      body,
    });
    assert.equal(response.status, 200);
    const [request] = upstream.requests;
    assert.ok(request!.bytes.equals(body));
    assert.equal(request!.headers['content-type'], 'multipart/form-data; boundary="b 1"');
    assert.equal(request!.key, 'sk-upstream-key-of-openai-chat');
    const record = await portside.recorded(response.headers.get('x-request-id')!);
    assert.deepEqual([record.modelAsked, record.modelServed], ['m', 'm']);
  });

  it('follow a route: the model’s name alone changes in the form', async () => {
    portside = await startPortside({
      accounts: [accountAt(upstream, 'openai-chat'), accountAt(upstream, 'gemini')],
      routes: { 'whisper-1': 'openai-chat/Systran/faster-whisper-small' },
    });
    const form = (model: string) =>
      Buffer.concat([
        Buffer.from('--B\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'),
        SOUND,
        Buffer.from(`\r\n--B\r\nContent-Disposition: form-data; name="model"\r\n\r\n${model}\r\n--B--\r\n`),
      ]);
    await fetch(`${portside.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=B' },
      body: form('whisper-1'),
    });
    assert.equal(
      upstream.requests[0]!.bytes.toString('latin1'),
      form('Systran/faster-whisper-small').toString('latin1'),
    );
  });

  it('are asked of Gemini’s default model where the client names one of somebody else, with a warning', async () => {
    await start(accountAt(upstream, 'gemini'));
    const response = await post({ file: recording(), model: 'whisper-1', chunking_strategy: 'auto' });
    assert.equal(response.headers.get('x-portside-model'), SERVED_MODEL);
    const record = await portside.recorded(response.headers.get('x-request-id')!);
    assert.deepEqual(
      record.warnings.map(({ field }) => field),
      ['model', 'chunking_strategy'],
    );
    assert.deepEqual(record.usage && [record.usage.inputTokens, record.usage.outputTokens], [21, 7]);
  });

  for (const format of ['srt', 'vtt', 'verbose_json', 'diarized_json'])
    it(`in ${format} come from an OpenAI-like account, and from no other`, async () => {
      await start(accountAt(upstream, 'gemini'), accountAt(upstream, 'openai-chat'));
      const good = await post({ file: recording(), model: 'gemini-flash-latest', response_format: format });
      assert.equal(good.status, 200);
      assert.equal(upstream.requests[0]!.url, '/v1/audio/transcriptions');
      portside.configure({ accounts: [accountAt(upstream, 'gemini')] });
      const bad = await post({ file: recording(), model: 'gemini-flash-latest', response_format: format });
      const error = await assertErrorResponse('openai-chat', 400, bad);
      assert.equal(error.param, 'response_format');
      assert.match(error.message, /OpenAI-like accounts/);
      assert.equal(upstream.requests.length, 1);
    });

  it('that are badly asked for are refused with the field', async () => {
    await start(accountAt(upstream, 'gemini'));
    const cases: [Record<string, string | File>, string][] = [
      [{ model: 'm' }, 'file'],
      [{ model: 'm', file: 'no file' }, 'file'],
      [{ model: 'm', file: recording('notes.txt', 'text/plain') }, 'file'],
      [{ model: 'm', file: recording(), response_format: 'xml' }, 'response_format'],
      [{ model: 'm', file: recording(), temperature: 'warm' }, 'temperature'],
    ];
    for (const [fields, param] of cases)
      assert.equal((await assertErrorResponse('openai-chat', 400, await post(fields))).param, param);
    const json = await fetch(`${portside.url}/v1/audio/transcriptions`, { method: 'POST', body: '{}' });
    await assertErrorResponse('openai-chat', 415, json);
    const cut = await fetch(`${portside.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=B' },
      body: '--B\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nabc',
    });
    assert.match((await assertErrorResponse('openai-chat', 400, cut)).message, /cut off/);
    assert.equal(upstream.requests.length, 0);
  });

  it('come from the next account when one fails', async () => {
    await start(
      accountAt(upstream, 'gemini'),
      accountAt(upstream, 'gemini', { id: 'b', key: 'sk-other-key' }),
    );
    upstream.fail({ status: 503 });
    upstream.behave({ answer: { text: 'heard' } });
    assert.equal((await sdk().create({ file: recording(), model: 'm' })).text, 'heard');
    assert.equal(upstream.generations.length, 2);
  });

  it('need an account that hears', async () => {
    await start(accountAt(upstream, 'anthropic'));
    const response = await post({ file: recording(), model: 'm' });
    assert.match((await assertErrorResponse('openai-chat', 400, response)).message, /transcriptions need/);
  });
});
