import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { isObject, type JsonObject } from '../../shared/json';
import { wordsOf } from './read-chat-answer';

/** The running proxy, as this machine reaches it. */
export interface ProxyAddress {
  /** Without a path. */
  url: string;
  /** The local API key. */
  key: string;
  /** What the monitor shows as the client. */
  userAgent: string;
}

/** The proxy refused a request. The message is a person's. */
export class RefusedError extends Error {
  override name = 'RefusedError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** More than any list or error has. */
const BODY_LIMIT = 16 * 1024 * 1024;

/**
 * Sends a chat completion and hands on the data of each event, until the stream ends.
 * @param signal closes the connection: the proxy breaks off the upstream then
 * @throws RefusedError for any status but 200; what `take` throws; an error of the connection
 */
export async function askProxy(
  { url, key, userAgent }: ProxyAddress,
  body: JsonObject,
  take: (data: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await send(`${url}/v1/chat/completions`, key, userAgent, signal, JSON.stringify(body));
  if (response.statusCode !== 200) throw await refusal(response);
  const parser = createParser({ onEvent: ({ data }) => take(data) });
  response.setEncoding('utf8');
  // What `take` throws ends the loop, and that closes the connection.
  for await (const text of response) parser.feed(text as string);
}

/**
 * The models that the pool has, each with the providers of the accounts that list it; none for the name of a route. The
 * monitor keeps no record of this.
 * @throws RefusedError, or an error of the connection
 */
export async function listProxyModels(
  { url, key, userAgent }: ProxyAddress,
  signal: AbortSignal,
): Promise<{ id: string; providers: string[] }[]> {
  const response = await send(`${url}/monitor/models`, key, userAgent, signal);
  if (response.statusCode !== 200) throw await refusal(response);
  const list: unknown = JSON.parse(await textOf(response));
  const models = isObject(list) && Array.isArray(list['models']) ? list['models'] : [];
  return models.flatMap((model) => {
    if (!isObject(model) || typeof model['id'] !== 'string') return [];
    const given = Array.isArray(model['providers']) ? model['providers'] : [];
    return [{ id: model['id'], providers: given.filter((name) => typeof name === 'string') }];
  });
}

function send(
  url: string,
  key: string,
  userAgent: string,
  signal: AbortSignal,
  body?: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        // The editor may have put an agent of its own in the way of all requests; this one stays on the machine.
        agent: false,
        signal,
        headers: {
          authorization: `Bearer ${key}`,
          'user-agent': userAgent,
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
        },
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function refusal(response: IncomingMessage): Promise<RefusedError> {
  const status = response.statusCode ?? 0;
  const text = await textOf(response);
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed) && isObject(parsed['error']))
      return new RefusedError(status, wordsOf(parsed['error']));
  } catch {
    // It is shown as it is.
  }
  return new RefusedError(status, `The proxy answered ${status}: ${text.slice(0, 500)}`);
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const piece of response) {
    text += piece as string;
    if (text.length > BODY_LIMIT) throw new Error('The proxy’s answer is too long.');
  }
  return text;
}
