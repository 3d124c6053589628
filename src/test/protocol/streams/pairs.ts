/** Every client protocol against every account protocol: who asks, how, and how what came is read. */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import { checkAnthropicStream } from '../../support/check/check-anthropic-stream';
import { checkGeminiStream, readGeminiEvents } from '../../support/check/check-gemini-stream';
import { checkOpenaiChatStream } from '../../support/check/check-openai-chat-stream';
import { checkOpenaiResponsesStream } from '../../support/check/check-openai-responses-stream';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { readEvents } from '../../support/read-events';
import type { ScriptedAnswer } from '../../support/upstream/scripted-answer';
import { ownModel } from '../../support/start-portside';
import type { StreamReading } from '../../support/stream-reading';

export interface Pair {
  client: Dialect;
  account: Dialect;
  /** `anthropic ← gemini` */
  name: string;
  /** Bytes pass through. */
  same: boolean;
}

/** All 16. */
export const PAIRS: Pair[] = DIALECT_NAMES.flatMap((client) =>
  DIALECT_NAMES.map((account) => ({
    client,
    account,
    name: `${client} client, ${account} account`,
    same: client === account,
  })),
);

/** Those that are translated. */
export const TRANSLATED = PAIRS.filter(({ same }) => !same);

/** An answer with a part of every kind. The second call has no arguments. */
export const RICH: ScriptedAnswer = {
  reasoning: 'Denk nach… 🤔 erst das Wetter.',
  text: 'Grüße, 世界 👋🏽 — "quotes"\n\nand \\slashes\\.',
  toolCalls: [
    { id: 'call_one', name: 'get_weather', arguments: { city: 'Zürich "ZH"', days: [1, 2] } },
    { id: 'call_two', name: 'get_time', arguments: {} },
  ],
  usage: { input: 50, output: 40, cached: 10, reasoning: 9 },
};

export interface Asking {
  /** Leads to the account; absent: the account of `account` among {@link accountsOfAll}. */
  model?: string;
  stream?: boolean;
  signal?: AbortSignal;
  /** Gemini: one JSON array instead of events. */
  array?: boolean;
}

/** A request that asks for all that an answer can have: visible reasoning, usage, tools. */
export function request(
  { client, account }: Pick<Pair, 'client' | 'account'>,
  { model = ownModel(account), stream = true, array = false }: Asking = {},
): { path: string; headers: Record<string, string>; body: JsonObject } {
  const headers = { 'content-type': 'application/json' };
  const tools = ['get_weather', 'get_time'];
  const parameters: JsonObject = { type: 'object', properties: { city: { type: 'string' } } };
  switch (client) {
    case 'openai-chat':
      return {
        path: '/v1/chat/completions',
        headers,
        body: {
          model,
          messages: [{ role: 'user', content: 'Hi' }],
          tools: tools.map((name) => ({ type: 'function', function: { name, parameters } })),
          ...(stream && { stream, stream_options: { include_usage: true } }),
        },
      };
    case 'openai-responses':
      return {
        path: '/v1/responses',
        headers,
        body: {
          model,
          input: 'Hi',
          store: false,
          reasoning: { summary: 'auto' },
          tools: tools.map((name) => ({ type: 'function', name, parameters })),
          ...(stream && { stream }),
        },
      };
    case 'anthropic':
      return {
        path: '/v1/messages',
        headers: { ...headers, 'anthropic-version': '2023-06-01' },
        body: {
          model,
          max_tokens: 4000,
          thinking: { type: 'enabled', budget_tokens: 2000 },
          messages: [{ role: 'user', content: 'Hi' }],
          tools: tools.map((name) => ({ name, input_schema: parameters })),
          ...(stream && { stream }),
        },
      };
    case 'gemini': {
      const verb = stream ? `streamGenerateContent${array ? '' : '?alt=sse'}` : 'generateContent';
      return {
        path: `/v1beta/models/${model}:${verb}`,
        headers,
        body: {
          contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
          tools: [
            { functionDeclarations: tools.map((name) => ({ name, parametersJsonSchema: parameters })) },
          ],
          generationConfig: { thinkingConfig: { includeThoughts: true } },
        },
      };
    }
  }
}

/** Sends {@link request}. */
export function ask(
  url: string,
  pair: Pick<Pair, 'client' | 'account'>,
  asking: Asking = {},
): Promise<Response> {
  const { path, headers, body } = request(pair, asking);
  return fetch(url + path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    ...(asking.signal && { signal: asking.signal }),
  });
}

/** Sends {@link request} and leaves the answer unread: its socket fills up. */
export function askSlowly(url: string, pair: Pick<Pair, 'client' | 'account'>): Promise<IncomingMessage> {
  const { path, headers, body } = request(pair);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url + path, { method: 'POST', headers }, (response) => {
      response.pause();
      resolve(response);
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}

/** Reads a whole stream as the grammar of the client's protocol has it, usage included. */
export function read(client: Dialect, text: string): StreamReading {
  switch (client) {
    case 'openai-chat':
      return checkOpenaiChatStream(readEvents(text), { usage: true });
    case 'openai-responses':
      return checkOpenaiResponsesStream(readEvents(text));
    case 'anthropic':
      return checkAnthropicStream(readEvents(text));
    case 'gemini':
      return checkGeminiStream(readGeminiEvents(text));
  }
}

/** All and reasoning tokens, from the protocol's own usage. */
export function tokensOf(client: Dialect, usage: JsonObject = {}): { input: number; output: number } {
  const sum = (...names: string[]) => names.reduce((total, name) => total + Number(usage[name] ?? 0), 0);
  switch (client) {
    case 'openai-chat':
      return { input: sum('prompt_tokens'), output: sum('completion_tokens') };
    case 'openai-responses':
      return { input: sum('input_tokens'), output: sum('output_tokens') };
    case 'anthropic':
      return {
        input: sum('input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'),
        output: sum('output_tokens'),
      };
    case 'gemini':
      return {
        input: sum('promptTokenCount'),
        output: sum('candidatesTokenCount', 'thoughtsTokenCount'),
      };
  }
}

/** What a client has understood, without ids that are made anew for each answer. */
export function understood(client: Dialect, reading: StreamReading) {
  return {
    complaints: reading.complaints,
    error: reading.error,
    text: reading.text,
    reasoning: reading.reasoning,
    calls: reading.calls.map(({ name, input }) => [name, JSON.parse(input) as unknown]),
    stop: reading.stop,
    tokens: tokensOf(client, reading.usage),
  };
}
