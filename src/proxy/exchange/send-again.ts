/** What the monitor does with exchanges: tells of those that are open, and sends the request of an old one again. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { OpenExchange } from '../../shared/monitor';
import { clientName } from '../monitor/client-name';
import type { ReplayRequest } from '../monitor/keeper/keeper-messages';
import type { RunningServer } from '../server';
import type { Exchange } from './exchange';

/** Most that views are told of at a time. */
const TOLD = 50;

/** Says of a request that it is an old one sent again, by a name that nobody else knows. Never goes upstream. */
export const REPLAY_HEADER = 'x-portside-replay';
/** Name → id of the old exchange, until the request is there. */
const replays = new Map<string, string>();

/** The newest exchanges that are not over, newest first. */
export function openExchanges(each: (call: (exchange: Exchange) => void) => void): OpenExchange[] {
  const found: Exchange[] = [];
  each((exchange) => {
    if (!exchange.silent && !exchange.path.route.startsWith('/monitor')) found.push(exchange);
  });
  return found
    .sort((a, b) => b.seq - a.seq)
    .slice(0, TOLD)
    .map(describe);
}

function describe(exchange: Exchange): OpenExchange {
  const { seq, id, time, incoming, modelAsked, modelServed, account, firstByteMs, attempts } = exchange;
  const client = clientName(incoming.headers['user-agent']);
  return {
    seq,
    id,
    time,
    method: incoming.method ?? '',
    path: (incoming.url ?? '').split('?', 1)[0] ?? '',
    protocol: exchange.dialect,
    attempts: attempts.length,
    ...(client && { client: client.name }),
    ...(modelAsked !== undefined && { modelAsked }),
    ...(modelServed !== undefined && { modelServed }),
    ...(account !== undefined && { account }),
    ...(firstByteMs !== undefined && { firstByteMs }),
  };
}

/**
 * Sends a request again over a connection within the process; its answer is for the record alone.
 * @param apiKey the local key: the client's own is not kept
 * @returns resolves when the request is written. Rejects when it cannot be
 */
export function sendAgain(
  server: Pick<RunningServer, 'connect' | 'host' | 'port'>,
  { id, method, url, headers, body }: ReplayRequest,
  apiKey: string,
): Promise<void> {
  const name = randomBytes(16).toString('hex');
  replays.set(name, id);
  const forget = setTimeout(() => replays.delete(name), 10_000);
  forget.unref();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        createConnection: () => server.connect(),
        method,
        path: url,
        setHost: false,
        headers: [
          ...headers,
          'host',
          `127.0.0.1:${server.port}`,
          'content-length',
          String(body.length),
          'connection',
          'close',
          REPLAY_HEADER,
          name,
          ...(apiKey === '' ? [] : ['authorization', `Bearer ${apiKey}`]),
        ],
      },
      (answer) => {
        answer.resume();
      },
    );
    outgoing.on('error', reject);
    outgoing.end(Buffer.from(body), () => {
      resolve();
    });
  });
}

/** Takes the mark of a request that is sent again off it. */
export function takeReplayMark(exchange: Exchange): void {
  const { headers } = exchange.incoming;
  const name = headers[REPLAY_HEADER];
  if (name === undefined) return;
  delete headers[REPLAY_HEADER];
  if (typeof name !== 'string') return;
  exchange.replayOf = replays.get(name);
  replays.delete(name);
}
