/** Listens, closes, and answers what never becomes a request: bad HTTP and upgrades. */
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Server } from 'node:http';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { PEER_PATH } from '../shared/peer-messages';
import { adapterOf } from './dialects/registry';
import type { Dialect, ErrorInfo } from './dialects/canonical';
import type { App } from './app';
import { BindError } from './errors';
import { Exchange } from './exchange/exchange';
import { routeOf, type RoutePath } from './routes/normalize-path';
import { Roster } from './stream/roster';
import { connectLocally } from './websocket/local-connection';
import { createUpgradeHandler, type UpgradeHandler } from './websocket/accept-upgrade';

/** Above every think time of an agent between two requests on one connection, in milliseconds. */
const KEEP_ALIVE_MS = 600_000;
/** What streams in flight get to end by themselves (SPEC 1.6). */
const DRAIN_MS = 2000;

/** What connections that were just made get to send their request. */
const SETTLE_MS = 60;

/** How long a refused connection may take to close by itself, in milliseconds. */
const LINGER_MS = 1000;

const NO_WEBSOCKET = 'WebSocket connections are not offered here. Use HTTP.';

const REASONS: Record<string, string> = {
  EADDRINUSE:
    'address already in use. Another program listens on this port: end it, or choose another port in the settings',
  EACCES:
    'permission denied. The system reserves this port: choose another one above 1024 (on Windows, see "netsh interface ipv4 show excludedportrange tcp")',
  EADDRNOTAVAIL: 'this address does not belong to this machine',
};

/** The client's dialect: certain from most paths, else from the headers it sent (CLIENTS lesson 1). */
function clientDialect(path: RoutePath, incoming: IncomingMessage): Dialect {
  if (path.certain) return path.dialect;
  const { headers } = incoming;
  if (headers['x-goog-api-key'] || /[?&]key=/.test(incoming.url ?? '')) return 'gemini';
  if (headers['anthropic-version']) return 'anthropic';
  return path.dialect;
}

function writeRaw(socket: Duplex, status: string, body: string): void {
  if (!socket.writable) return;
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  // What the client still sends is read and thrown away: a socket with unread bytes never closes, and neither would the
  // server. One that does not close by itself is closed.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function rawError(dialect: Dialect, error: ErrorInfo): string {
  return JSON.stringify(adapterOf(dialect).encodeError(error));
}

/** An upgrade is refused at once with 426: agents fall back to HTTP within a tenth of a second (SPEC 3.7a). */
function refuseUpgrade(dialect: Dialect, socket: Duplex): void {
  writeRaw(
    socket,
    '426 Upgrade Required',
    rawError(dialect, {
      status: 426,
      kind: 'upgrade_required',
      message: NO_WEBSOCKET,
    }),
  );
}

/** @returns what it was answered; undefined when there was nobody to be answered */
function refuseBadHttp(
  error: Error & { code?: string },
  socket: Duplex,
): { status: number; words: string } | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return undefined;
  }
  const [status, words] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The request headers are too large.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request did not arrive in time.']
        : ['400 Bad Request', 'This is not a valid HTTP request.'];
  writeRaw(
    socket,
    status,
    rawError('openai-chat', { status: Number.parseInt(status, 10), kind: 'invalid_request', message: words }),
  );
  return { status: Number.parseInt(status, 10), words };
}

export interface RunningServer {
  host: string;
  port: number;
  /** Calls for each exchange that is not over. */
  open(call: (exchange: Exchange) => void): void;
  /** A connection within the process. */
  connect(): Duplex;
  /** Resolves when the port is free and every connection is closed. */
  close(): Promise<void>;
}

export interface ListenOptions {
  now: () => number;
  /** Called with every exchange that begins. */
  begun: (exchange: Exchange) => void;
  /** Called with every exchange that is over. */
  finished: (exchange: Exchange) => void;
  /** Takes the connection of another window. @returns false when it is none */
  peer: (incoming: IncomingMessage, socket: Duplex) => boolean;
  /** Whether WebSockets are taken on `/v1/responses`, and how large a frame may be, at this moment. */
  webSocket: () => { enabled: boolean; limitBytes: number };
}

/** Listens. Rejects with `BindError`. */
export async function listen(
  app: App,
  host: string,
  port: number,
  { now, begun: heard, finished, peer, webSocket }: ListenOptions,
): Promise<RunningServer> {
  const open = new Roster<Exchange>();
  const ended = (exchange: Exchange) => {
    open.remove(exchange);
    finished(exchange);
  };
  const begin = (incoming: IncomingMessage, outgoing: ServerResponse): Exchange => {
    const url = incoming.url ?? '/';
    const mark = url.indexOf('?');
    const path = routeOf(mark < 0 ? url : url.slice(0, mark));
    const exchange = new Exchange(incoming, outgoing, path, clientDialect(path, incoming), now, ended);
    open.add(exchange);
    heard(exchange);
    return exchange;
  };
  const begun = new WeakMap<ServerResponse, Exchange>();
  const listener = getRequestListener(
    (request, env) => {
      const { incoming, outgoing } = env as HttpBindings;
      const exchange = begun.get(outgoing) ?? begin(incoming, outgoing);
      return app.fetch(request, { incoming, outgoing, exchange });
    },
    // The extension host is shared: its global Request and Response stay as they are.
    { overrideGlobalObjects: false, autoCleanupIncoming: false },
  );
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: 65_536, noDelay: true },
    (incoming, outgoing) => {
      const exchange = begin(incoming, outgoing);
      if (app.serveHot(exchange)) return;
      begun.set(outgoing, exchange);
      void listener(incoming, outgoing);
    },
  );
  /** Makes the record of a request whose answer went past Node's. */
  const note = (incoming: IncomingMessage, path: RoutePath, status: number, error: string) => {
    const outgoing = new ServerResponse(incoming);
    outgoing.statusCode = status;
    const exchange = new Exchange(incoming, outgoing, path, path.dialect, now, finished);
    exchange.noteError(error);
    finished(exchange);
  };
  const upgrades = createUpgradeHandler(server, app.admit, () => webSocket().limitBytes, now);
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (incoming.url === PEER_PATH && peer(incoming, socket)) return;
    const path = routeOf((incoming.url ?? '/').split('?', 1)[0] ?? '/');
    const offered = path.route === '/v1/responses' && incoming.method === 'GET' && webSocket().enabled;
    const asked = /^websocket$/i.test(incoming.headers.upgrade ?? '');
    if (!offered || !asked) {
      refuseUpgrade(path.dialect, socket);
      note(incoming, path, 426, NO_WEBSOCKET);
      return;
    }
    upgrades.accept(
      incoming,
      socket,
      head,
      (outgoing) => new Exchange(incoming, outgoing, path, path.dialect, now, finished),
    );
  });
  server.on('clientError', (error, socket) => {
    const refused = refuseBadHttp(error, socket);
    // What goes wrong in the middle of a request is told by the exchange that it belongs to.
    let begun = false;
    open.each(({ incoming }) => {
      begun ||= incoming.socket === socket;
    });
    if (!refused || begun) return;
    const incoming = new IncomingMessage(socket as Socket);
    incoming.method = '';
    note(incoming, routeOf('/'), refused.status, refused.words);
  });
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const code = error.code ?? 'UNKNOWN';
      reject(new BindError(host, port, code, REASONS[code] ?? error.message));
    };
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed);
      resolve();
    });
  });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    open: (call) => {
      open.each(call);
    },
    connect: () => {
      const ends = connectLocally({ remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' });
      server.emit('connection', ends.server);
      return ends.client;
    },
    close: () => drain(server, open, upgrades),
  };
}

/** No new connections; streams in flight get two seconds, then an error event of their own protocol. */
async function drain(server: Server, open: Roster<Exchange>, upgrades: UpgradeHandler): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  open.each((exchange) => exchange.work?.serverDrains?.());
  const deadline = Date.now() + DRAIN_MS;
  // A connection that came just before may not have said yet what it wants.
  const settled = Date.now() + SETTLE_MS;
  while ((open.size > 0 || Date.now() < settled) && Date.now() < deadline) {
    server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  open.each((exchange) => exchange.work?.serverStops());
  const flushed = Date.now() + 250;
  while (open.size > 0 && Date.now() < flushed) await new Promise((resolve) => setTimeout(resolve, 10));
  await upgrades.close();
  server.closeAllConnections();
  await closed;
}
