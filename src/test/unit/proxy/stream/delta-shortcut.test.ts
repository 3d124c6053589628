/** The shortcut between an upstream's event and a client's, beside the long way. */
import assert from 'node:assert/strict';
import type { AnswerContext, ReplyContext } from '../../../../proxy/dialects/adapter';
import type { CanonicalRequest, Dialect } from '../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../proxy/dialects/registry';
import type { SseEvent } from '../../../../proxy/dialects/adapter';
import { createSignatureStore } from '../../../../proxy/dialects/signatures/signature-store';
import { DeltaShortcut } from '../../../../proxy/stream/delta-shortcut';
import { readRecordings } from '../../../support/recordings';
import type { ScriptedAnswer, WireEvent } from '../../../support/upstream/scripted-answer';
import { speakAnthropic } from '../../../support/speak/speak-anthropic';
import { speakGemini } from '../../../support/speak/speak-gemini';
import { speakOpenaiChat } from '../../../support/speak/speak-openai-chat';
import { speakOpenaiResponses } from '../../../support/speak/speak-openai-responses';

const DIALECTS: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
const SPEAKERS = {
  'openai-chat': speakOpenaiChat,
  'openai-responses': speakOpenaiResponses,
  anthropic: speakAnthropic,
  gemini: speakGemini,
};
const REQUEST: CanonicalRequest = {
  model: 'asked',
  stream: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  tools: [],
  streamUsage: true,
  reasoning: { mode: 'on', visible: true },
};

/** What the client gets, what is remembered, and how many events went the short way. */
function run(account: Dialect, client: Dialect, events: readonly SseEvent[], short: boolean) {
  const memory: unknown[] = [];
  const store = createSignatureStore();
  let made = 0;
  const newId = (prefix: string) => `${prefix}${++made}`;
  const answer: AnswerContext = {
    warn: () => undefined,
    newId,
    signatures: {
      ...store,
      remember: (...given) => {
        memory.push(given);
        store.remember(...given);
      },
    },
  };
  const kept: unknown[] = [];
  const reply: ReplyContext = {
    model: 'asked',
    now: 1770000000,
    newId,
    warn: () => undefined,
    request: REQUEST,
    completed: (response) => kept.push(response),
  };
  const decoder = adapterOf(account).createStreamDecoder(answer);
  const encoder = adapterOf(client).createStreamEncoder(reply);
  const shortcut = short ? new DeltaShortcut(decoder) : undefined;
  let text = '';
  let copies = 0;
  for (const event of events) {
    const copied = shortcut?.take(event.data, encoder);
    if (copied !== undefined) {
      copies++;
      text += copied;
      continue;
    }
    const parts = decoder.push(event);
    shortcut?.learn(event.data, parts);
    for (const part of parts) text += encoder.push(part);
  }
  shortcut?.settle();
  for (const part of decoder.end()) text += encoder.push(part);
  text += encoder.end();
  return { text, memory, kept, copies };
}

const same = (account: Dialect, client: Dialect, events: readonly SseEvent[]): number => {
  const { copies, ...short } = run(account, client, events, true);
  const { copies: _none, ...long } = run(account, client, events, false);
  assert.deepEqual(short, long);
  return copies;
};

const LONG = 'Some "words"\nand more\tof them, Grüße 👋🏽 \\o/ '.repeat(30);
const ANSWERS: Record<string, ScriptedAnswer> = {
  text: { text: LONG },
  'reasoning and text': { reasoning: LONG, text: LONG },
  'reasoning and calls': {
    reasoning: LONG,
    text: 'Now.',
    toolCalls: [
      { name: 'write', arguments: { text: LONG } },
      { name: 'look', arguments: {} },
      { name: 'write', arguments: { text: LONG, again: LONG } },
    ],
  },
};

describe('the shortcut of deltas', () => {
  for (const account of DIALECTS)
    for (const client of DIALECTS) {
      for (const [name, answer] of Object.entries(ANSWERS))
        it(`gives ${client} clients of ${account} the same bytes: ${name}`, () => {
          const { events } = SPEAKERS[account](answer, { model: 'm', streamUsage: true });
          const copies = same(account, client, events as SseEvent[]);
          assert.ok(copies > 10, `${copies} of ${events.length} events went the short way`);
        });

      const { streams } = readRecordings(account);
      if (streams.length > 0)
        it(`gives ${client} clients of ${account} the same bytes: ${streams.length} recordings`, () => {
          for (const { events } of streams) same(account, client, events as (WireEvent & SseEvent)[]);
        });
    }

  it('is left at the first event that says more than a text', () => {
    const { events } = speakAnthropic({ text: LONG }, { model: 'm', streamUsage: true });
    const cut = events.findIndex((event) => event.data.includes('content_block_delta')) + 4;
    const broken = [...events.slice(0, cut), { data: 'no JSON' }];
    same('anthropic', 'openai-responses', broken as SseEvent[]);
    const error = {
      event: 'error',
      data: '{"type":"error","error":{"type":"overloaded_error","message":"Busy"}}',
    };
    same('anthropic', 'gemini', [...events.slice(0, cut), error] as SseEvent[]);
  });
});
