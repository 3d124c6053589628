/** A server of models that takes keys or refuses them, rests when it is told to, and remembers who asked. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Mood = 'takes' | 'refuses' | 'limits';

export interface ModelServer {
  /** As an account takes it, with `/v1`. */
  baseUrl: string;
  /** What it does with the next requests. */
  mood: Mood;
  /** The `Authorization` headers so far. */
  asked: (string | undefined)[];
  close(): void;
}

export const MODELS = ['local-1', 'local-2', 'other-3'];

/** Listens on a free port of 127.0.0.1. */
export async function startModelServer(): Promise<ModelServer> {
  const server = createServer((request, response) => {
    model.asked.push(request.headers.authorization);
    request.resume().on('end', () => answer(response, model.mood, request.method === 'GET'));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const model: ModelServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    mood: 'takes',
    asked: [],
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return model;
}

function answer(response: ServerResponse, mood: Mood, list: boolean): void {
  const send = (status: number, body: object): void => {
    response.statusCode = status;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  };
  if (mood === 'refuses') {
    send(401, { error: { message: 'This key opens no door here.', code: 'invalid_api_key' } });
  } else if (mood === 'limits') {
    response.setHeader('retry-after', '600');
    send(429, { error: { message: 'Requests per day are used up.', code: 'rate_limit_exceeded' } });
  } else if (list) {
    send(200, { object: 'list', data: MODELS.map((id) => ({ id, object: 'model' })) });
  } else {
    const message = { role: 'assistant', content: 'Hello.' };
    send(200, {
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'local-1',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
  }
}

/** Asks the proxy for one answer, as an OpenAI client does. Gives the status. */
export async function askProxy(port: number, model: string, key = ''): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Say hello.' }] }),
  });
  await response.arrayBuffer();
  return response.status;
}
