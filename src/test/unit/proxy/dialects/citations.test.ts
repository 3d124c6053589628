/** Where words of an answer come from, from every upstream to every client (SPEC 4.2, 4.4). */
import assert from 'node:assert/strict';
import type { AnswerContext, ReplyContext } from '../../../../proxy/dialects/adapter';
import type { CanonicalRequest, Dialect, Warning } from '../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../proxy/dialects/registry';
import { createSignatureStore } from '../../../../proxy/dialects/signatures/signature-store';
import { DeltaShortcut } from '../../../../proxy/stream/delta-shortcut';
import type { JsonObject } from '../../../../shared/json';
import { foldStream } from '../../../protocol/matrix/fold-stream';
import { checkAnthropicStream } from '../../../support/check-anthropic-stream';
import { checkGeminiStream } from '../../../support/check-gemini-stream';
import { checkOpenaiChatStream } from '../../../support/check-openai-chat-stream';
import { checkOpenaiResponsesStream } from '../../../support/check-openai-responses-stream';
import { readEvents } from '../../../support/read-events';
import type { WireEvent } from '../../../support/scripted-answer';
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
    const copied = shortcut.take(event, encoder);
    if (copied !== undefined) {
      copies++;
      text += copied;
      continue;
    }
    const parts = decoder.push(event);
    shortcut.learn(event, parts);
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
});
