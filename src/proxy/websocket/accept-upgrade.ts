import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Exchange } from '../exchange/exchange';
import { callLocally } from './call-locally';
import { connectLocally } from './local-connection';
import { ResponsesSession } from './responses-session';

/** Headers of the handshake; everything else goes with every turn. */
const HANDSHAKE =
  /^(sec-websocket-.*|upgrade|connection|content-length|content-type|transfer-encoding|accept)$/;
/** Says that the connection is alive, through whatever stands between. */
const PING_MS = 30_000;
/** How long a client may take to say goodbye. */
const GOODBYE_MS = 250;

export interface UpgradeHandler {
  /**
   * Takes the connection over. The guard has to admit it first: a refusal is answered over HTTP.
   * @param exchange makes the exchange that is judged
   */
  accept(
    incoming: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    exchange: (outgoing: ServerResponse) => Exchange,
  ): void;
  /** Ends every connection (1001, going away). */
  close(): Promise<void>;
}

/** Headers for the turns of a connection. */
function turnHeaders({ headers }: IncomingMessage): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HANDSHAKE.test(name)) continue;
    // What asks for the transport means nothing to whoever is asked over HTTP.
    if (name === 'openai-beta' && /responses_websockets/.test(String(value))) continue;
    kept[name] = value;
  }
  return kept;
}

/**
 * WebSockets on `/v1/responses` (SPEC 3.2).
 * @param server serves the turns, over connections within the process
 * @param admit asks the guard; false when the exchange is answered already
 * @param limitBytes largest frame
 */
export function createUpgradeHandler(
  server: Server,
  admit: (exchange: Exchange) => boolean,
  limitBytes: () => number,
  now: () => number,
): UpgradeHandler {
  const sessions = new Map<ResponsesSession, () => Promise<void>>();
  const alive = setInterval(() => {
    for (const socket of acceptor.clients) socket.ping();
  }, PING_MS).unref();
  // Compression is offered by clients and not taken: it costs memory per connection and saves nothing on loopback.
  const acceptor = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limitBytes(),
  });

  return {
    accept(incoming, socket, head, exchangeOf) {
      const outgoing = new ServerResponse(incoming);
      outgoing.assignSocket(socket as Socket);
      outgoing.shouldKeepAlive = false;
      outgoing.on('finish', () => {
        socket.end();
      });
      if (!admit(exchangeOf(outgoing))) return;
      outgoing.detachSocket(socket as Socket);
      acceptor.options.maxPayload = limitBytes();
      acceptor.handleUpgrade(incoming, socket, head, (webSocket) => {
        const { remoteAddress, localAddress } = incoming.socket;
        const connect = () => {
          const ends = connectLocally({ remoteAddress, localAddress });
          server.emit('connection', ends.server);
          return ends.client;
        };
        const headers = turnHeaders(incoming);
        const session = new ResponsesSession(
          webSocket,
          (body, answer) => callLocally(connect, incoming.url ?? '/v1/responses', headers, body, answer),
          now,
        );
        sessions.set(session, async () => {
          webSocket.close(1001, 'Portside was stopped.');
          await new Promise<void>((resolve) => {
            if (webSocket.readyState === webSocket.CLOSED) resolve();
            webSocket.once('close', () => {
              resolve();
            });
            setTimeout(resolve, GOODBYE_MS).unref();
          });
          webSocket.terminate();
        });
        webSocket.once('close', () => sessions.delete(session));
      });
    },
    async close() {
      clearInterval(alive);
      await Promise.all([...sessions.values()].map((end) => end()));
    },
  };
}
