/** Where words of an answer come from, from every upstream to every client (SPEC 4.2, 4.4). */
import assert from 'node:assert/strict';
import type { AnswerContext, ReplyContext } from '../../../../proxy/dialects/adapter';
import type { CanonicalRequest, Dialect, StreamPart, Warning } from '../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../proxy/dialects/registry';
import { createSignatureStore } from '../../../../proxy/dialects/signatures/signature-store';
import { DeltaShortcut } from '../../../../proxy/stream/delta-shortcut';
import type { JsonObject } from '../../../../shared/json';
import { foldStream } from '../../../protocol/matrix/fold-stream';
import { checkAnthropicStream } from '../../../support/check/check-anthropic-stream';
import { checkGeminiStream } from '../../../support/check/check-gemini-stream';
import { checkOpenaiChatStream } from '../../../support/check/check-openai-chat-stream';
import { checkOpenaiResponsesStream } from '../../../support/check/check-openai-responses-stream';
import { readEvents } from '../../../support/read-events';
import type { WireEvent } from '../../../support/upstream/scripted-answer';
import type { StreamReading } from '../../../support/stream-reading';
import { BODIES, CITED, READERS, STREAMS, STRETCHES, TEXT } from './cited-answers';

const DIALECTS: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
const CHECKS: Record<Dialect, (events: WireEvent[]) => StreamReading> = {
  'openai-chat': (events) => checkOpenaiChatStream(events, { usage: false }),
  'openai-responses': checkOpenaiResponsesStream,
  anthropic: checkAnthropicStream,
  gemini: checkGeminiStream,
};
const REQUEST: CanonicalRequest = {
  model: 'asked',
  stream: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  tools: [],
  reasoning: { visible: true },
};

function contexts() {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  let made = 0;
  const newId = (prefix: string) => `${prefix}${++made}`;
  const answer: AnswerContext = { warn, newId, signatures: createSignatureStore() };
  const reply: ReplyContext = { model: 'asked', now: 1, newId, warn, request: REQUEST };
  return { warnings, answer, reply };
}

/** What a streaming client gets, deltas by the shortcut, as the server does it. */
function stream(upstream: Dialect, client: Dialect) {
  const { answer, reply, warnings } = contexts();
  const decoder = adapterOf(upstream).createStreamDecoder(answer);
  const encoder = adapterOf(client).createStreamEncoder(reply);
  const shortcut = new DeltaShortcut(decoder);
  let copies = 0;
  let text = '';
  for (const event of STREAMS[upstream]) {
    const copied = shortcut.take(event.data, encoder);
    if (copied !== undefined) {
      copies++;
      text += copied;
      continue;
    }
    const parts = decoder.push(event);
    shortcut.learn(event.data, parts);
    for (const part of parts) text += encoder.push(part);
  }
  shortcut.settle();
  for (const part of decoder.end()) text += encoder.push(part);
  const events = readEvents(text + encoder.end());
  assert.ok(copies > 3, 'no delta went the short way');
  return { events, warnings };
}

/** Readers of Gemini's streams put the text of all chunks together. */
function joinTexts(body: JsonObject): JsonObject {
  for (const candidate of (body['candidates'] ?? []) as JsonObject[]) {
    const content = candidate['content'] as JsonObject;
    const parts = (content['parts'] as JsonObject[]).filter((part) => part['thought'] !== true);
    content['parts'] = [{ text: parts.map((part) => part['text']).join('') }];
  }
  return body;
}

/** The places of all citations. */
const placesIn = (parts: StreamPart[]) =>
  parts.flatMap((part) => (part.type === 'citation' ? [[part.citation.start, part.citation.end]] : []));

describe('sources of an answer', () => {
  for (const upstream of DIALECTS)
    for (const client of DIALECTS) {
      it(`reach a client of ${client} from ${upstream}, each once, with the words that they are cited for`, () => {
        const { answer, reply, warnings } = contexts();
        const response = adapterOf(upstream).decodeResponse(BODIES[upstream], answer);
        const body = adapterOf(client).encodeResponse(response, reply);
        // A block of Anthropic has all sources of its words.
        assert.deepEqual(READERS[client](body), CITED);
        assert.deepEqual(
          warnings.filter(({ message }) => !message.includes('webSearchQueries')),
          [],
        );
      });

      it(`reach a streaming client of ${client} from ${upstream}`, () => {
        const { events, warnings } = stream(upstream, client);
        const reading = CHECKS[client](events);
        assert.deepEqual(reading.complaints, []);
        assert.equal(reading.text, TEXT);
        const folded = foldStream(client, events);
        const cited = READERS[client](client === 'gemini' ? joinTexts(folded) : folded);
        const bare = (list: typeof CITED) => list.map(([, url, title]) => [url, title]);
        assert.deepEqual(bare(cited), bare(CITED));
        const late = upstream === 'gemini' || upstream === 'openai-chat';
        if (client !== 'anthropic' || upstream === 'anthropic') assert.deepEqual(cited, CITED);
        else if (late) for (const [words] of cited) assert.equal(words, TEXT);
        else cited.forEach(([words], index) => assert.ok(words.endsWith(CITED[index]?.[0] ?? '-')));
        assert.deepEqual(
          warnings.filter(({ message }) => !message.includes('webSearchQueries')),
          [],
        );
      });
    }

  it('divide the text for a client of Anthropic, and leave no word out', () => {
    for (const upstream of DIALECTS) {
      const { answer, reply } = contexts();
      const response = adapterOf(upstream).decodeResponse(BODIES[upstream], answer);
      const blocks = adapterOf('anthropic').encodeResponse(response, reply)['content'] as JsonObject[];
      const texts = blocks.filter(({ type }) => type === 'text').map(({ text }) => text);
      assert.deepEqual(
        texts,
        STRETCHES.map(({ text }) => text),
      );
    }
  });

  it('of another provider are taken out before Anthropic gets its answers back, its own are not', () => {
    for (const upstream of DIALECTS) {
      const { answer, reply } = contexts();
      const response = adapterOf(upstream).decodeResponse(BODIES[upstream], answer);
      const { content } = adapterOf('anthropic').encodeResponse(response, reply);
      const messages = [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: content ?? null },
        { role: 'user', content: 'And?' },
      ];
      const kept = upstream === 'anthropic' ? CITED : [];
      const passed = structuredClone({ model: 'm', max_tokens: 1, messages });
      adapterOf('anthropic').dropEnvelopes(passed);
      assert.deepEqual(READERS.anthropic(passed.messages[1] as JsonObject), kept);
      const { signatures } = answer;
      const request = adapterOf('anthropic').decodeRequest({ model: 'm', max_tokens: 1, messages }, reply);
      const wire = adapterOf('anthropic').encodeRequest(request, {
        model: 'm',
        stream: false,
        warn: reply.warn,
        signatures,
      });
      const sent = (wire.body['messages'] as JsonObject[])[1] as JsonObject;
      assert.deepEqual(READERS.anthropic(sent), kept);
      assert.equal((sent['content'] as JsonObject[]).map(({ text }) => text).join(''), TEXT);
    }
  });

  it('that have no address are named by their own provider only, and warned of elsewhere', () => {
    const location = { type: 'char_location', cited_text: 'q', document_index: 0, document_title: 'D' };
    const body = { ...BODIES.anthropic, content: [{ type: 'text', text: 'a', citations: [location] }] };
    for (const client of DIALECTS) {
      const { answer, reply, warnings } = contexts();
      const encoded = adapterOf(client).encodeResponse(
        adapterOf('anthropic').decodeResponse(body, answer),
        reply,
      );
      if (client === 'anthropic')
        assert.deepEqual((encoded['content'] as JsonObject[])[0]?.['citations'], [location]);
      else assert.deepEqual(READERS[client](encoded), []);
      assert.deepEqual(
        warnings.map(({ field }) => field),
        client === 'anthropic' ? [] : ['citations'],
      );
    }
  });

  it('beside the choices belong to all of the text', () => {
    const [choice] = BODIES['openai-chat']['choices'] as JsonObject[];
    const message = { role: 'assistant', content: 'Sun. [1]' };
    const search_results = [{ title: 'Eins', url: 'https://a.example/1', date: '2026-01-01' }];
    const body = { ...BODIES['openai-chat'], choices: [{ ...choice, message }], search_results };
    const { answer, reply } = contexts();
    const response = adapterOf('openai-chat').decodeResponse(body, answer);
    const encoded = adapterOf('openai-responses').encodeResponse(response, reply);
    assert.deepEqual(READERS['openai-responses'](encoded), [['Sun. [1]', 'https://a.example/1', 'Eins']]);
  });

  it('are found by their words where the indices of Gemini are wrong', () => {
    const [candidate] = BODIES.gemini['candidates'] as JsonObject[];
    const support = { segment: { startIndex: 1, endIndex: 3, text: 'sun' }, groundingChunkIndices: [0] };
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }],
      groundingSupports: [support],
    };
    const content = { role: 'model', parts: [{ text: 'The sun shines.' }] };
    const { answer, reply } = contexts();
    const response = adapterOf('gemini').decodeResponse(
      { candidates: [{ ...candidate, content, groundingMetadata }] },
      answer,
    );
    const encoded = adapterOf('openai-chat').encodeResponse(response, reply);
    assert.deepEqual(READERS['openai-chat'](encoded), [['sun', 'https://a.example', 'A']]);
  });

  it('stand in one text for a client of Gemini, whose readers insert them there', () => {
    for (const upstream of DIALECTS) {
      const { answer, reply } = contexts();
      const response = adapterOf(upstream).decodeResponse(BODIES[upstream], answer);
      const [candidate] = adapterOf('gemini').encodeResponse(response, reply)['candidates'] as JsonObject[];
      const parts = (candidate?.['content'] as JsonObject)['parts'] as JsonObject[];
      assert.deepEqual(
        parts.filter(({ thought }) => thought !== true).map(({ text }) => text),
        [TEXT],
      );
    }
  });

  it('count from the beginning of their own part', () => {
    const { answer } = contexts();
    const chat = adapterOf('openai-chat').createStreamDecoder(answer);
    const chunk = (delta: JsonObject) => ({ data: JSON.stringify({ choices: [{ index: 0, delta }] }) });
    const url_citation = { start_index: 5, end_index: 8, url: 'https://a.example', title: 'A' };
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } };
    const told = [
      chunk({ content: 'Look' }),
      chunk({ images: [image] }),
      chunk({ content: ' sun' }),
      chunk({ annotations: [{ type: 'url_citation', url_citation }] }),
    ].flatMap((event) => chat.push(event));
    assert.deepEqual(placesIn(told), [[1, 4]]);

    const claude = adapterOf('anthropic').createStreamDecoder(answer);
    assert.deepEqual(
      placesIn(STREAMS.anthropic.flatMap((event) => claude.push(event))),
      STRETCHES.flatMap(({ text, sources }) => sources.map(() => [0, text.length])),
    );

    const gemini = adapterOf('gemini').createStreamDecoder(answer);
    const part = (one: JsonObject, more: JsonObject = {}) => ({
      data: JSON.stringify({ candidates: [{ index: 0, content: { parts: [one] }, ...more }] }),
    });
    const segments = [
      { startIndex: 0, endIndex: 4 },
      { startIndex: 5, endIndex: 8 },
    ];
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }],
      groundingSupports: segments.map((segment) => ({ segment, groundingChunkIndices: [0] })),
    };
    const streamed = [
      part({ text: 'Look' }),
      part({ executableCode: { language: 'PYTHON', code: '1' } }),
      part({ text: ' sun' }, { finishReason: 'STOP', groundingMetadata }),
    ].flatMap((event) => gemini.push(event));
    // The first text has ended by then: its source names no place.
    assert.deepEqual(placesIn([...streamed, ...gemini.end()]), [
      [undefined, undefined],
      [1, 4],
    ]);
  });

  it('count from the beginning of the part that Gemini names', () => {
    const [candidate] = BODIES.gemini['candidates'] as JsonObject[];
    const content = {
      role: 'model',
      parts: [{ text: 'sun' }, { executableCode: { language: 'PYTHON', code: '1' } }, { text: 'The sun.' }],
    };
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }],
      groundingSupports: [
        { segment: { partIndex: 2, startIndex: 4, endIndex: 7 }, groundingChunkIndices: [0] },
      ],
    };
    const body = { candidates: [{ ...candidate, content, groundingMetadata }] };
    const [choice] = adapterOf('gemini').decodeResponse(body, contexts().answer).choices;
    assert.deepEqual(
      choice?.content.flatMap((part) =>
        part.type === 'text' ? [part.citations?.map(({ start, end }) => [start, end])] : [],
      ),
      [undefined, [[4, 7]]],
    );
  });

  it('leave no blank block for a client of Anthropic, which could not send it back', () => {
    const at = (start: number, end: number) => ({ start, end, url: `https://a.example/${start}` });
    const citations = [at(0, 1), at(3, 4), at(4, 6)];
    const response = {
      choices: [
        {
          content: [{ type: 'text' as const, text: 'A  B \n', citations }],
          finish: { reason: 'stop' as const },
        },
      ],
    };
    const { content } = adapterOf('anthropic').encodeResponse(response, contexts().reply);
    assert.deepEqual(
      (content as JsonObject[]).map(({ text, citations: own }) => [text, (own as JsonObject[]).length]),
      [
        ['A', 1],
        ['  B \n', 2],
      ],
    );
  });

  it('begin another block for what follows them, by whichever way it comes', () => {
    const encoder = adapterOf('anthropic').createStreamEncoder(contexts().reply);
    encoder.push({ type: 'text-start', id: 't' });
    encoder.push({ type: 'text-delta', id: 't', text: 'a' });
    const delta = { type: 'text-delta' as const, id: 't', choice: undefined, escaped: 'b' };
    assert.ok(encoder.pushEscaped?.(delta));
    encoder.push({ type: 'citation', id: 't', citation: { url: 'https://a.example' }, said: 'ab', from: 0 });
    assert.equal(encoder.pushEscaped?.(delta), undefined);
  });

  it('that Gemini quotes stand in its own words for its own clients, and once', () => {
    const [candidate] = BODIES.gemini['candidates'] as JsonObject[];
    const { groundingMetadata: _grounding, ...plain } = candidate ?? {};
    const citationMetadata = { citationSources: [{ startIndex: 0, endIndex: 4, uri: 'https://a.example' }] };
    const body = { candidates: [{ ...plain, citationMetadata }] };
    const { answer, reply } = contexts();
    const response = adapterOf('gemini').decodeResponse(body, answer);
    const [encoded] = adapterOf('gemini').encodeResponse(response, reply)['candidates'] as JsonObject[];
    assert.deepEqual(encoded?.['citationMetadata'], citationMetadata);
    assert.equal(encoded?.['groundingMetadata'], undefined);
    const other = adapterOf('openai-chat').encodeResponse(response, reply);
    assert.deepEqual(READERS['openai-chat'](other), [['Ün', 'https://a.example', 'https://a.example']]);
  });
});
