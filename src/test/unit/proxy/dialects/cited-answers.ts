/**
 * One answer with sources as every upstream writes it, and sources read out of what every client gets, by the rules of its
 * protocol: apart from the code that is tested, so that both cannot be wrong together.
 */
import type { Dialect } from '../../../../proxy/dialects/canonical';
import { isObject, type Json, type JsonObject } from '../../../../shared/json';
import type { SseEvent } from '../../../../proxy/dialects/adapter';

/** Stretches of text with their sources. Characters of one to four bytes, of one and two UTF-16 units. */
export const STRETCHES: { text: string; sources: { url: string; title: string }[] }[] = [
  { text: 'Ünï😀, aber ', sources: [] },
  {
    text: 'die Sonne ☀ scheint.',
    sources: [
      { url: 'https://a.example/1', title: 'Eins 😀' },
      { url: 'https://b.example/2', title: 'Zwei' },
    ],
  },
  { text: ' Und 😀😀 ', sources: [] },
  { text: 'es regnet 🌧.', sources: [{ url: 'https://b.example/2', title: 'Zwei' }] },
  { text: ' Ende.', sources: [] },
];
export const TEXT = STRETCHES.map(({ text }) => text).join('');

/** What was cited: words, address, title. */
export type Cited = [words: string, url: string, title: string];

export const CITED: Cited[] = STRETCHES.flatMap(({ text, sources }) =>
  sources.map(({ url, title }): Cited => [text, url, title]),
);

const codePoints = (text: string) => Array.from(text).length;
const bytes = (text: string) => Buffer.byteLength(text);

/** Every stretch with the text before it. */
const PLACED = STRETCHES.map((stretch, index) => ({
  ...stretch,
  before: STRETCHES.slice(0, index)
    .map(({ text }) => text)
    .join(''),
}));

const annotations = PLACED.flatMap(({ text, before, sources }) =>
  sources.map((source) => ({
    start_index: codePoints(before),
    end_index: codePoints(before + text),
    ...source,
  })),
);
const locations = (sources: { url: string; title: string }[]) =>
  sources.map((source) => ({
    type: 'web_search_result_location',
    ...source,
    encrypted_index: 'E==',
    cited_text: 'quote',
  }));
const chunks = [...new Map(CITED.map(([, url, title]) => [url, title])).entries()];
const groundingMetadata = {
  webSearchQueries: ['wetter'],
  groundingChunks: chunks.map(([uri, title]) => ({ web: { uri, title } })),
  groundingSupports: PLACED.filter(({ sources }) => sources.length > 0).map(({ text, before, sources }) => ({
    segment: { startIndex: bytes(before), endIndex: bytes(before + text), text },
    groundingChunkIndices: sources.map(({ url }) => chunks.findIndex(([known]) => known === url)),
  })),
};

/** A whole answer of the upstream. */
export const BODIES: Record<Dialect, JsonObject> = {
  'openai-chat': {
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: {
          role: 'assistant',
          content: TEXT,
          annotations: annotations.map((url_citation) => ({ type: 'url_citation', url_citation })),
        },
      },
    ],
  },
  'openai-responses': {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    output: [
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [
          {
            type: 'output_text',
            text: TEXT,
            annotations: annotations.map((each) => ({ type: 'url_citation', ...each })),
          },
        ],
      },
    ],
  },
  anthropic: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: STRETCHES.map(({ text, sources }) => ({
      type: 'text',
      text,
      ...(sources.length > 0 && { citations: locations(sources) }),
    })),
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  },
  gemini: {
    candidates: [
      {
        index: 0,
        content: {
          role: 'model',
          parts: [{ text: 'Grübelei', thought: true }, { text: TEXT }],
        },
        finishReason: 'STOP',
        groundingMetadata: {
          ...groundingMetadata,
          groundingSupports: groundingMetadata.groundingSupports.map((support) => ({
            ...support,
            segment: { ...support.segment, partIndex: 1 },
          })),
        },
      },
    ],
    responseId: 'r',
  },
};

/** Two or three characters at a time. */
const pieces = (text: string): string[] => {
  const all = Array.from(text);
  return all.flatMap((_, at) => (at % 3 === 0 ? [all.slice(at, at + 3).join('')] : []));
};
const data = (payload: JsonObject): SseEvent => ({ data: JSON.stringify(payload) });
const named = (event: string, payload: JsonObject): SseEvent => ({
  event,
  data: JSON.stringify({ type: event, ...payload }),
});

function chatEvents(): SseEvent[] {
  const chunk = (delta: JsonObject, finish_reason: string | null = null) =>
    data({
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta, finish_reason }],
    });
  const cited = annotations.map((url_citation) => ({ type: 'url_citation', url_citation }));
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces(TEXT).map((content) => chunk({ content })),
    // Some servers say them again at the end.
    chunk({ annotations: cited }),
    chunk({ annotations: cited }, 'stop'),
    { data: '[DONE]' },
  ];
}

function responsesEvents(): SseEvent[] {
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const item = { id: 'msg_1', type: 'message', role: 'assistant' };
  let next = 0;
  const output = BODIES['openai-responses']['output'] as JsonObject[];
  const [message] = output;
  return [
    named('response.created', { response: { id: 'resp_1' } }),
    named('response.output_item.added', { output_index: 0, item: { ...item, content: [] } }),
    ...STRETCHES.flatMap(({ text, sources }) => [
      ...pieces(text).map((delta) => named('response.output_text.delta', { ...place, delta, logprobs: [] })),
      ...sources.map(() => {
        const annotation: JsonObject = { type: 'url_citation', ...annotations[next] };
        return named('response.output_text.annotation.added', {
          ...place,
          annotation_index: next++,
          annotation,
        });
      }),
    ]),
    named('response.output_text.done', { ...place, text: TEXT }),
    named('response.content_part.done', {
      ...place,
      part: (message?.['content'] as JsonObject[])[0] ?? null,
    }),
    named('response.output_item.done', { output_index: 0, item: message ?? null }),
    named('response.completed', { response: { ...BODIES['openai-responses'] } }),
  ];
}

function anthropicEvents(): SseEvent[] {
  return [
    named('message_start', { message: { id: 'msg_1', model: 'm', content: [], usage: { input_tokens: 1 } } }),
    ...STRETCHES.flatMap(({ text, sources }, index) => [
      named('content_block_start', { index, content_block: { type: 'text', text: '', citations: [] } }),
      ...locations(sources).map((citation) =>
        named('content_block_delta', { index, delta: { type: 'citations_delta', citation } }),
      ),
      ...pieces(text).map((piece) =>
        named('content_block_delta', { index, delta: { type: 'text_delta', text: piece } }),
      ),
      named('content_block_stop', { index }),
    ]),
    named('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } }),
    named('message_stop', {}),
  ];
}

function geminiEvents(): SseEvent[] {
  const chunk = (text: string, more: JsonObject = {}) =>
    data({
      candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...more }],
      responseId: 'r',
    });
  return [...pieces(TEXT).map((text) => chunk(text)), chunk('', { finishReason: 'STOP', groundingMetadata })];
}

/** The same answer as a stream. */
export const STREAMS: Record<Dialect, SseEvent[]> = {
  'openai-chat': chatEvents(),
  'openai-responses': responsesEvents(),
  anthropic: anthropicEvents(),
  gemini: geminiEvents(),
};

const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const inside = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const word = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const number = (value: Json | undefined): number => (typeof value === 'number' ? value : NaN);

function readAnnotation(text: string, { start_index, end_index, url, title }: JsonObject): Cited {
  const words = Array.from(text).slice(number(start_index), number(end_index)).join('');
  return [words, word(url), word(title)];
}

/** The sources of a whole answer of that dialect. */
export const READERS: Record<Dialect, (body: JsonObject) => Cited[]> = {
  'openai-chat': (body) =>
    list(body['choices']).flatMap(({ message }) => {
      const { content, annotations: given } = inside(message);
      return list(given).map((each) => readAnnotation(word(content), inside(each['url_citation'])));
    }),
  'openai-responses': (body) =>
    list(body['output']).flatMap(({ content }) =>
      list(content).flatMap(({ text, annotations: given }) =>
        list(given).map((each) => readAnnotation(word(text), each)),
      ),
    ),
  anthropic: (body) =>
    list(body['content']).flatMap(({ text, citations }) =>
      list(citations).map(({ url, title }): Cited => [word(text), word(url), word(title)]),
    ),
  gemini: (body) =>
    list(body['candidates']).flatMap(({ content, groundingMetadata: given }) => {
      const { groundingChunks, groundingSupports } = inside(given);
      return list(groundingSupports).flatMap(({ segment, groundingChunkIndices }) => {
        const { partIndex, startIndex, endIndex, text } = inside(segment);
        const part = list(inside(content)['parts'])[partIndex === undefined ? 0 : number(partIndex)];
        const words = Buffer.from(word(part?.['text']))
          .subarray(number(startIndex), number(endIndex))
          .toString();
        return (groundingChunkIndices as number[]).map((index): Cited => {
          const web = inside(list(groundingChunks)[index]?.['web']);
          return [
            words === text ? words : `${words} is not ${word(text)}`,
            word(web['uri']),
            word(web['title']),
          ];
        });
      });
    }),
};
