/**
 * A provider on 127.0.0.1: a real HTTP server that speaks all four protocols, says what it is told to, misbehaves on
 * command, and remembers every request it got.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { isObject } from '../../../shared/json';
import type { JsonObject } from '../../../shared/json';
import type { Behaviour } from './behaviour';
import type { ScriptedAnswer } from './scripted-answer';
import { speakCompletion } from '../speak/speak-completion';
import { speakMedia } from '../speak/speak-media';
import { SPEAKERS } from '../speak/speakers';
import { problemsOfRequest } from '../validate/validate-request';
import { errorBody, readKey, readTarget } from './upstream-dialect';
import type { Endpoint, UpstreamTarget } from './upstream-dialect';
import { writeAnswer } from './write-answer';

/** One request as it arrived. */
export interface RecordedRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  /** The body as it stood on the wire. */
  bytes: Buffer;
  /** The body parsed; `{}` when it was no JSON object. */
  json: JsonObject;
  dialect: Dialect;
  endpoint: Endpoint;
  key: string | undefined;
  stream: boolean;
  /** Body bytes of the answer handed to the socket so far. */
  sent: number;
  /** The other side went before the answer was whole. */
  aborted: boolean;
  /** Resolves when the answer is out or the other side is gone. */
  closed: Promise<void>;
}

export interface ScriptedUpstreamOptions {
  /** Keys that are let in; any when absent. */
  keys?: string[];
  models?: string[];
  /** Holds requests for an answer against the rules of their protocol, and answers 400 where they break one. */
  validate?: boolean;
  /** The key that marks requests to OpenAI itself, which takes less than servers that are compatible with it. */
  openaiKey?: string;
}

export interface ScriptedUpstream {
  /** `http://127.0.0.1:<port>` without a path: the base URL for Anthropic and Gemini. */
  readonly url: string;
  /** The base URL for OpenAI-like accounts. */
  readonly openaiUrl: string;
  readonly port: number;
  readonly requests: RecordedRequest[];
  /** Requests for an answer: without model lists and token counts. */
  readonly generations: RecordedRequest[];
  /** Says this from now on, or `times` times before anything that was set without `times`. */
  reply(answer: ScriptedAnswer, options?: Omit<Behaviour, 'answer'>): void;
  /** Behaves so; once unless `times` says otherwise. */
  fail(behaviour: Behaviour): void;
  /** Behaves so for ever, beneath everything with `times`. */
  behave(behaviour: Behaviour): void;
  /** Lets go of the answers that hang. */
  release(): void;
  /** Resolves when that many requests for an answer have arrived in all. */
  arrived(count: number): Promise<RecordedRequest>;
  /** Forgets scripts and requests. */
  reset(): void;
  /** Open connections right now. */
  connections(): number;
  close(): Promise<void>;
}

const opened: ScriptedUpstream[] = [];
// A test that fails half-way leaves its upstream open, and with it the whole run.
after(async () => {
  await Promise.all(opened.map((upstream) => upstream.close()));
});

/** Starts an upstream on a free port of 127.0.0.1. */
export async function startScriptedUpstream(
  options: ScriptedUpstreamOptions = {},
): Promise<ScriptedUpstream> {
  let behaviours: Behaviour[] = [];
  let waiters: (() => void)[] = [];
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let onArrival: (() => void)[] = [];

  const server = createServer({ maxHeaderSize: 256 * 1024 }, (request, response) => {
    void serve(request, response);
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const record = recordRequest(request, response, Buffer.concat(chunks));
    requests.push(record);
    onArrival.splice(0).forEach((tell) => tell());
    const target = readTarget(record.url, record.headers);

    if (options.keys && (record.key === undefined || !options.keys.includes(record.key))) {
      sendJson(response, 401, errorBody(target.dialect, 401, 'the scripted upstream does not know this key'));
      return;
    }
    const problems = options.validate && target.endpoint === 'generate' ? problemsOf(record, target) : [];
    if (problems.length > 0) {
      sendJson(response, 400, errorBody(target.dialect, 400, `invalid request: ${problems.join('; ')}`));
      return;
    }
    const behaviour = choose(record) ?? {};
    const status = behaviour.status ?? 200;
    if (status !== 200 && behaviour.body === undefined) {
      const message = behaviour.message ?? `scripted ${status}`;
      sendJson(response, status, errorBody(target.dialect, status, message), behaviour.headers);
      return;
    }
    if (behaviour.body === undefined && behaviour.fault === undefined && target.endpoint !== 'generate') {
      answerAside(record, response, target, behaviour, options.models ?? ['scripted-model']);
      return;
    }
    const model =
      target.model ?? (typeof record.json.model === 'string' ? record.json.model : 'scripted-model');
    const asked = record.json.stream_options;
    const speak = target.plainText ? speakCompletion : SPEAKERS[target.dialect];
    const spoken = speak(behaviour.answer ?? { text: behaviour.flood ? 'flood' : 'Hello from upstream' }, {
      model,
      streamUsage: isObject(asked) && asked.include_usage === true,
    });
    await writeAnswer(response, {
      target,
      stream: record.stream,
      spoken,
      behaviour,
      released: () => new Promise((resolve) => waiters.push(resolve)),
      onSent: (bytes) => {
        record.sent += bytes;
      },
    });
  }

  function problemsOf(record: RecordedRequest, { dialect, model, plainText }: UpstreamTarget): string[] {
    if (plainText) return [];
    // Claude on Vertex AI: the model is in the path alone.
    if (dialect === 'anthropic' && model !== undefined) {
      const { anthropic_version: version, ...rest } = record.json;
      const own = [
        ...(version === 'vertex-2023-10-16' ? [] : ['anthropic_version: must be "vertex-2023-10-16"']),
        ...('model' in rest ? ['model: extra inputs are not permitted'] : []),
      ];
      return [...own, ...problemsOfRequest(dialect, { ...rest, model }, {})];
    }
    const openai = options.openaiKey !== undefined && record.key === options.openaiKey;
    return problemsOfRequest(dialect, record.json, { openai, ...(model !== undefined && { model }) });
  }

  function choose(record: RecordedRequest): Behaviour | undefined {
    const fits = behaviours.filter(
      (one) =>
        (one.times === undefined || one.times > 0) &&
        (one.key === undefined || one.key === record.key) &&
        (one.dialect === undefined || one.dialect === record.dialect) &&
        (one.saying === undefined || record.bytes.includes(one.saying)) &&
        concerns(one, record),
    );
    const counted = fits.find((one) => one.times !== undefined);
    if (counted?.times !== undefined) counted.times--;
    return counted ?? fits.at(-1);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const upstream: ScriptedUpstream = {
    url,
    openaiUrl: `${url}/v1`,
    port,
    requests,
    get generations() {
      return requests.filter((one) => one.endpoint === 'generate');
    },
    reply(answer, rest = {}) {
      behaviours.push({ ...rest, answer });
    },
    fail(behaviour) {
      behaviours.push({ times: 1, ...behaviour });
    },
    behave(behaviour) {
      behaviours.push({ ...behaviour });
    },
    release() {
      waiters.splice(0).forEach((resolve) => resolve());
    },
    async arrived(count) {
      while (upstream.generations.length < count)
        await new Promise<void>((resolve) => onArrival.push(resolve));
      return upstream.generations[count - 1]!;
    },
    reset() {
      upstream.release();
      behaviours = [];
      requests.length = 0;
      onArrival = [];
    },
    connections: () => sockets.size,
    async close() {
      upstream.release();
      waiters = [];
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
  opened.push(upstream);
  return upstream;
}

/** Without a path of its own a behaviour is for answers; one with a `count` is for token counting. */
function concerns(behaviour: Behaviour, record: RecordedRequest): boolean {
  if (behaviour.path) return behaviour.path.test(record.url);
  if (behaviour.count !== undefined) return record.endpoint === 'count';
  return record.endpoint === 'generate' || record.endpoint === 'other';
}

function recordRequest(request: IncomingMessage, response: ServerResponse, bytes: Buffer): RecordedRequest {
  const url = request.url ?? '/';
  const target = readTarget(url, request.headers);
  const json = parse(bytes);
  const record: RecordedRequest = {
    method: request.method ?? '',
    url,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    bytes,
    json,
    dialect: target.dialect,
    endpoint: target.endpoint,
    key: readKey(target.dialect, request.headers),
    stream: target.stream ?? json.stream === true,
    sent: 0,
    aborted: false,
    closed: new Promise((resolve) => {
      response.once('close', () => {
        record.aborted = !response.writableFinished;
        resolve();
      });
    }),
  };
  return record;
}

function parse(bytes: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonObject,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Model lists, token counts and what is not chat; anything else is unknown to the provider. */
function answerAside(
  record: RecordedRequest,
  response: ServerResponse,
  target: UpstreamTarget,
  behaviour: Behaviour,
  models: string[],
): void {
  if (target.endpoint === 'count') {
    const total = behaviour.count ?? 42;
    sendJson(response, 200, target.dialect === 'gemini' ? { totalTokens: total } : { input_tokens: total });
  } else if (target.endpoint === 'models' && record.method === 'GET') {
    sendJson(response, 200, modelList(target.dialect, models));
  } else {
    const media =
      record.method === 'POST' ? speakMedia(record.url.split('?', 1)[0]!, record.json) : undefined;
    if (media) {
      sendJson(response, 200, media);
      return;
    }
    sendJson(response, 404, errorBody(target.dialect, 404, `no such endpoint: ${record.url}`));
  }
}

function modelList(dialect: Dialect, models: string[]): JsonObject {
  switch (dialect) {
    case 'gemini':
      return {
        models: models.map((id) => ({
          name: `models/${id}`,
          version: '001',
          displayName: id,
          inputTokenLimit: 1048576,
          outputTokenLimit: 65536,
          supportedGenerationMethods: ['generateContent', 'countTokens'],
        })),
      };
    case 'anthropic':
      return {
        data: models.map((id) => ({
          type: 'model',
          id,
          display_name: id,
          created_at: '2026-01-01T00:00:00Z',
        })),
        has_more: false,
        first_id: models[0] ?? null,
        last_id: models.at(-1) ?? null,
      };
    case 'openai-chat':
    case 'openai-responses':
      return {
        object: 'list',
        data: models.map((id) => ({ id, object: 'model', created: 1770000000, owned_by: 'scripted' })),
      };
  }
}
