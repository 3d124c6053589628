/** Images made and changed by accounts of both kinds (SPEC 3.2; CASES L). */
import assert from 'node:assert/strict';
import type { JsonObject } from '../../../shared/json';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { googleGenaiClient } from '../../support/sdk/sdk-google-genai';
import { openaiClient } from '../../support/sdk/sdk-openai';
import { TINY_PNG } from '../../support/speak/speak-media';
import { accountAt, startPortside } from '../../support/start-portside';
import type { AccountInput, StartedPortside } from '../../support/start-portside';

const PICTURE = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 255, 45, 45]);
const picture = (name: string, type = 'image/png') => new File([PICTURE], name, { type });
const BASE64 = Buffer.from(PICTURE).toString('base64');

describe('images', () => {
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
  /** An account at Gemini whose model draws. */
  const startDrawing = async () => {
    await start(accountAt(upstream, 'gemini'));
    upstream.behave({ answer: { text: 'Here it is.', image: TINY_PNG, usage: { input: 10, output: 300 } } });
  };
  const post = (body: JsonObject | FormData, path = 'generations') =>
    fetch(`${portside.url}/v1/images/${path}`, {
      method: 'POST',
      ...(body instanceof FormData
        ? { body }
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const warned = async (response: Response) =>
    (await portside.recorded(response.headers.get('x-request-id')!)).warnings.map(({ field }) => field);
  const asked = (index = 0) =>
    upstream.generations[index]!.json as {
      contents: { parts: JsonObject[] }[];
      generationConfig: JsonObject;
    };

  describe('made from words', () => {
    for (const kind of ['openai-chat', 'openai-responses', 'gemini'] as const)
      it(`come from a ${kind} account`, async () => {
        if (kind === 'gemini') await startDrawing();
        else await start(accountAt(upstream, kind));
        const answer = await openaiClient(portside.url).images.generate({
          model: 'gpt-image-1',
          prompt: 'A lighthouse',
        });
        assert.equal(answer.data?.[0]?.b64_json, TINY_PNG);
        assert.ok(answer.created > 1_700_000_000);
        assert.ok((answer.usage?.total_tokens ?? 0) > 0);
      });

    it('are asked of Gemini’s image model, not of its chat model, with a warning', async () => {
      await startDrawing();
      const response = await post({ model: 'dall-e-3', prompt: 'A lighthouse', size: '1024x1024' });
      assert.match(upstream.generations[0]!.url, /\/v1beta\/models\/gemini-[\w.-]*image:generateContent$/);
      assert.deepEqual(asked().contents, [{ role: 'user', parts: [{ text: 'A lighthouse' }] }]);
      assert.deepEqual(asked().generationConfig, {
        responseModalities: ['TEXT', 'IMAGE'],
        imageConfig: { aspectRatio: '1:1' },
      });
      assert.deepEqual(await warned(response), ['model']);
      const record = await portside.recorded(response.headers.get('x-request-id')!);
      assert.deepEqual(record.usage && [record.usage.inputTokens, record.usage.outputTokens], [10, 300]);
    });

    it('need no model’s name', async () => {
      await startDrawing();
      const response = await post({ prompt: 'A lighthouse' });
      assert.equal(response.status, 200);
      assert.match(response.headers.get('x-portside-model') ?? '', /image/);
      assert.deepEqual(await warned(response), []);
    });

    it('reach an OpenAI-like account without a model’s name as they are', async () => {
      await start(accountAt(upstream, 'openai-chat'));
      const response = await post({ prompt: 'A lighthouse' });
      assert.equal(response.status, 200);
      assert.equal(upstream.requests[0]!.bytes.toString(), '{"prompt":"A lighthouse"}');
    });

    for (const [size, config] of [
      ['1536x1024', { aspectRatio: '3:2' }],
      ['1024x1792', { aspectRatio: '9:16' }],
      ['2048x2048', { aspectRatio: '1:1', imageSize: '2K' }],
      ['3840x2160', { aspectRatio: '16:9', imageSize: '4K' }],
    ] as const)
      it(`in ${size} are asked for as ${Object.values(config).join(' ')}`, async () => {
        await startDrawing();
        const response = await post({ model: 'gemini-3.1-flash-image', prompt: 'x', size });
        assert.deepEqual(asked().generationConfig.imageConfig, config);
        assert.deepEqual(await warned(response), ['size']);
      });

    it('of which several are wanted are asked for one by one', async () => {
      await startDrawing();
      const answer = await openaiClient(portside.url).images.generate({ model: 'm', prompt: 'x', n: 3 });
      assert.equal(answer.data?.length, 3);
      assert.equal(upstream.generations.length, 3);
      assert.deepEqual([answer.usage?.input_tokens, answer.usage?.output_tokens], [30, 900]);
    });

    it('come as a data URL where a URL is asked for, with a warning for all that is lost', async () => {
      await startDrawing();
      const response = await post({
        model: 'gemini-x',
        prompt: 'x',
        response_format: 'url',
        quality: 'high',
        background: 'transparent',
        output_format: 'webp',
        style: 'vivid',
        unheard_of: 1,
      });
      const { data } = (await response.json()) as { data: { url: string }[] };
      assert.equal(data[0]?.url, `data:image/png;base64,${TINY_PNG}`);
      assert.deepEqual((await warned(response)).sort(), [
        'background',
        'output_format',
        'quality',
        'response_format',
        'style',
        'unheard_of',
      ]);
    });

    it('come as a stream of one event', async () => {
      await startDrawing();
      const stream = await openaiClient(portside.url).images.generate({
        model: 'm',
        prompt: 'x',
        stream: true,
        partial_images: 2,
      });
      const events = [];
      for await (const event of stream) events.push(event);
      assert.equal(events.length, 1);
      const [event] = events;
      assert.equal(event?.type, 'image_generation.completed');
      assert.equal(event?.b64_json, TINY_PNG);
    });

    for (const length of [100, 300_000, 2_000_000])
      it(`that stream in ${length} characters from an account of the same protocol end well`, async () => {
        await start(accountAt(upstream, 'openai-chat'));
        const body = `event: image_generation.completed\ndata: {"type":"image_generation.completed","b64_json":"${'A'.repeat(length)}","usage":{"input_tokens":5,"output_tokens":6}}\n\n`;
        upstream.behave({ path: /images/, body, headers: { 'content-type': 'text/event-stream' } });
        const response = await post({ model: 'm', prompt: 'x', stream: true });
        const text = await response.text();
        assert.ok(text === body, text.slice(-300));
        const record = await portside.recorded(response.headers.get('x-request-id')!);
        assert.equal(record.outcome, 'completed');
        assert.deepEqual(record.usage && [record.usage.inputTokens, record.usage.outputTokens], [5, 6]);
      });

    it('come from Imagen, which knows another method', async () => {
      await start(accountAt(upstream, 'gemini'));
      upstream.behave({ path: /generateContent/, status: 404, message: 'not supported for generateContent' });
      upstream.behave({
        path: /:predict/,
        body: {
          predictions: [
            { mimeType: 'image/png', bytesBase64Encoded: TINY_PNG },
            { mimeType: 'image/png', bytesBase64Encoded: TINY_PNG },
          ],
        },
      });
      const answer = await openaiClient(portside.url).images.generate({
        model: 'imagen-4.0-generate-001',
        prompt: 'A lighthouse',
        n: 2,
        size: '1792x1024',
      });
      assert.deepEqual(
        answer.data?.map(({ b64_json }) => b64_json),
        [TINY_PNG, TINY_PNG],
      );
      const predict = upstream.requests.at(-1)!;
      assert.equal(predict.url, '/v1beta/models/imagen-4.0-generate-001:predict');
      assert.deepEqual(predict.json, {
        instances: [{ prompt: 'A lighthouse' }],
        parameters: { sampleCount: 2, aspectRatio: '16:9' },
      });
    });

    it('of a model that nobody has fail as the account said', async () => {
      await start(accountAt(upstream, 'gemini'));
      upstream.behave({ path: /./, status: 404, message: 'no such model' });
      const response = await post({ model: 'gemini-none', prompt: 'x' });
      assert.match((await assertErrorResponse('openai-chat', 404, response)).message, /no such model/);
    });

    it('that a filter took are a 400, and nobody else is asked', async () => {
      await start(
        accountAt(upstream, 'gemini'),
        accountAt(upstream, 'gemini', { id: 'b', key: 'sk-second' }),
      );
      for (const body of [
        { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } },
        { candidates: [{ finishReason: 'IMAGE_SAFETY' }] },
      ] as JsonObject[]) {
        upstream.reset();
        upstream.behave({ body });
        const response = await post({ model: 'm', prompt: 'x' });
        const error = await assertErrorResponse('openai-chat', 400, response);
        assert.equal(error.code, 'moderation_blocked');
        assert.equal(upstream.requests.length, 1);
      }
    });

    it('that the model only talks about are a 502 which says what it said', async () => {
      await start(accountAt(upstream, 'gemini'));
      upstream.behave({ answer: { text: 'I would rather not.' } });
      const response = await post({ model: 'm', prompt: 'x' });
      assert.match((await assertErrorResponse('openai-chat', 502, response)).message, /I would rather not/);
    });

    it('leave out the drafts of a thinking model', async () => {
      await start(accountAt(upstream, 'gemini'));
      const inline = (data: string) => ({ inlineData: { mimeType: 'image/jpeg', data } });
      upstream.behave({
        body: {
          candidates: [
            { content: { parts: [{ ...inline('ZHJhZnQ='), thought: true }, inline('ZmluYWw=')] } },
          ],
        },
      });
      const answer = await openaiClient(portside.url).images.generate({ model: 'm', prompt: 'x' });
      assert.deepEqual(
        answer.data?.map(({ b64_json }) => b64_json),
        ['ZmluYWw='],
      );
      assert.equal(answer.output_format, 'jpeg');
    });

    it('that are badly asked for are refused with the field', async () => {
      await startDrawing();
      const cases: [JsonObject, string][] = [
        [{}, 'prompt'],
        [{ prompt: 7 }, 'prompt'],
        [{ prompt: 'x', n: 11 }, 'n'],
        [{ prompt: 'x', size: 'large' }, 'size'],
        [{ prompt: 'x', quality: 'best' }, 'quality'],
        [{ prompt: 'x', response_format: 'file' }, 'response_format'],
        [{ prompt: 'x', model: 7 }, 'model'],
      ];
      for (const [body, param] of cases)
        assert.equal(
          (await assertErrorResponse('openai-chat', 400, await post({ model: 'm', ...body }))).param,
          param,
        );
      assert.equal(upstream.requests.length, 0);
    });
  });

  describe('changed', () => {
    for (const kind of ['openai-chat', 'gemini'] as const)
      it(`come from a ${kind} account`, async () => {
        if (kind === 'gemini') await startDrawing();
        else await start(accountAt(upstream, kind));
        const answer = await openaiClient(portside.url).images.edit({
          model: 'gpt-image-1',
          image: [picture('a.png'), picture('b.jpg', 'image/jpeg')],
          prompt: 'Make it night',
        });
        assert.equal(answer.data?.[0]?.b64_json, TINY_PNG);
        if (kind === 'openai-chat') {
          assert.equal(upstream.requests[0]!.url, '/v1/images/edits');
          assert.ok(upstream.requests[0]!.bytes.includes(Buffer.from(PICTURE)));
          return;
        }
        assert.deepEqual(asked().contents[0]?.parts, [
          { inlineData: { mimeType: 'image/png', data: BASE64 } },
          { inlineData: { mimeType: 'image/jpeg', data: BASE64 } },
          { text: 'Make it night' },
        ]);
      });

    it('go by a mask, as well as words can say', async () => {
      await startDrawing();
      const form = new FormData();
      form.append('model', 'gemini-x');
      form.append('image', picture('a.png'));
      form.append('mask', picture('mask.png'));
      form.append('prompt', 'Add a boat');
      form.append('n', '2');
      form.append('size', '1024x1024');
      const response = await post(form, 'edits');
      const { data } = (await response.json()) as { data: unknown[] };
      assert.equal(data.length, 2);
      const parts = asked().contents[0]?.parts ?? [];
      assert.equal(parts.length, 3);
      assert.match(String(parts[2]?.text), /^Add a boat[\s\S]*mask/);
      assert.deepEqual(await warned(response), ['mask']);
    });

    it('may be given in JSON, as data URLs', async () => {
      await startDrawing();
      const images = [{ image_url: `data:image/webp;base64,${BASE64}` }];
      const response = await post({ model: 'm', prompt: 'Night', images }, 'edits');
      assert.equal(response.status, 200);
      assert.deepEqual(asked().contents[0]?.parts[0], {
        inlineData: { mimeType: 'image/webp', data: BASE64 },
      });
    });

    it('come as a stream of one event', async () => {
      await startDrawing();
      const stream = await openaiClient(portside.url).images.edit({
        model: 'm',
        image: picture('a.png'),
        prompt: 'x',
        stream: true,
      });
      for await (const event of stream) assert.equal(event.type, 'image_edit.completed');
    });

    it('follow a route: the model’s name alone changes in the form', async () => {
      portside = await startPortside({
        accounts: [accountAt(upstream, 'openai-chat')],
        routes: { 'dall-e-2': 'gpt-image-1' },
      });
      await openaiClient(portside.url).images.edit({
        model: 'dall-e-2',
        image: picture('a.png'),
        prompt: 'x',
      });
      const text = upstream.requests[0]!.bytes.toString('latin1');
      assert.match(text, /name="model"\r\n\r\ngpt-image-1\r\n/);
    });

    it('that are badly asked for are refused with the field', async () => {
      await startDrawing();
      const form = (fields: Record<string, string | File>) => {
        const made = new FormData();
        for (const [name, value] of Object.entries({ model: 'm', ...fields })) made.append(name, value);
        return made;
      };
      const cases: [JsonObject | FormData, string][] = [
        [form({ prompt: 'x' }), 'image'],
        [form({ prompt: 'x', image: 'no file' }), 'image'],
        [form({ image: picture('a.png') }), 'prompt'],
        [form({ prompt: 'x', image: picture('a.png'), n: 'many' }), 'n'],
        [{ model: 'm', prompt: 'x' }, 'image'],
        [{ model: 'm', prompt: 'x', images: [{ file_id: 'file-1' }] }, 'images[0].file_id'],
        [{ model: 'm', prompt: 'x', images: [{ image_url: 'ftp://x' }] }, 'images[0].image_url'],
      ];
      for (const [body, param] of cases)
        assert.equal((await assertErrorResponse('openai-chat', 400, await post(body, 'edits'))).param, param);
      assert.equal(upstream.requests.length, 0);
    });
  });

  it('of a Gemini client keep their own configuration at a Gemini account', async () => {
    await startDrawing();
    const imageConfig = { aspectRatio: '21:9', imageSize: '4K' };
    await googleGenaiClient(portside.url).models.generateContent({
      model: 'gemini-3-pro-image',
      contents: 'A lighthouse',
      config: { responseModalities: ['IMAGE'], imageConfig },
    });
    assert.deepEqual(asked().generationConfig, { responseModalities: ['IMAGE'], imageConfig });
  });

  it('need an account that draws', async () => {
    await start(accountAt(upstream, 'anthropic'));
    const response = await post({ model: 'm', prompt: 'x' });
    assert.match(
      (await assertErrorResponse('openai-chat', 400, response)).message,
      /images need an OpenAI-like/,
    );
  });
});
