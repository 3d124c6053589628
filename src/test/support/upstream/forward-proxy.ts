/**
 * A forward proxy on 127.0.0.1, as companies have them: tunnels by CONNECT, requests in absolute form. It resolves names
 * itself, from a table, so that tests can ask for hosts that are nowhere.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate';

/** What it does in place of its work. */
export type ProxyFault =
  /** Takes the connection and says nothing. */
  | 'hang'
  /** Closes without an answer. */
  | 'close'
  /** Answers in no HTTP. */
  | 'garbage'
  /** An answer to CONNECT whose head never ends. */
  | 'endless-head'
  /** Makes the tunnel and closes it at its first byte. */
  | 'close-tunnel'
  /** Refuses with this status. */
  | number;

export interface ForwardProxyOptions {
  /** Speaks TLS itself. */
  secure?: boolean;
  /** `user:password` that it asks for. */
  credentials?: string;
  host?: string;
}

export interface RunningForwardProxy {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Where `host:port` leads, on 127.0.0.1. What is not here does not exist. */
  readonly routes: Map<string, number>;
  /** Targets of CONNECT, refused ones too. */
  readonly connects: string[];
  /** URLs of requests in absolute form. */
  readonly requests: string[];
  /** `Proxy-Authorization` of each of both. */
  readonly authorizations: (string | undefined)[];
  /** `Host` of each of both. */
  readonly hosts: (string | undefined)[];
  fault: ProxyFault | undefined;
  /** Open tunnels right now. */
  tunnels(): number;
  reset(): void;
  close(): Promise<void>;
}

const opened: RunningForwardProxy[] = [];
// A test that fails half-way leaves its proxy open, and with it the whole run.
after(async () => {
  await Promise.all(opened.map((proxy) => proxy.close()));
});

/** Starts one on a free port. */
export async function startForwardProxy(options: ForwardProxyOptions = {}): Promise<RunningForwardProxy> {
  const sockets = new Set<Duplex>();
  let tunnels = 0;
  const { credentials } = options;
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const own = (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };

  const note = (incoming: IncomingMessage) => {
    proxy.authorizations.push(incoming.headers['proxy-authorization']);
    proxy.hosts.push(incoming.headers.host);
  };
  /** The status that it refuses with; undefined when it does its work. */
  const refusal = (incoming: IncomingMessage): number | undefined => {
    if (typeof proxy.fault === 'number') return proxy.fault;
    return wanted && incoming.headers['proxy-authorization'] !== wanted ? 407 : undefined;
  };

  const onConnect = (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = incoming.url ?? '';
    proxy.connects.push(target);
    note(incoming);
    own(client);
    const { fault } = proxy;
    if (fault === 'hang') return;
    if (fault === 'close') {
      client.destroy();
      return;
    }
    if (fault === 'garbage' || fault === 'endless-head') {
      client.write(
        fault === 'garbage' ? 'SSH-2.0-OpenSSH_9.9\r\n' : `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}`,
      );
      return;
    }
    const port = proxy.routes.get(target);
    const status = refusal(incoming) ?? (port === undefined ? 502 : 200);
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno`);
      return;
    }
    if (fault === 'close-tunnel') {
      client.once('data', () => client.destroy());
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      return;
    }
    const upstream = connect(port!, '127.0.0.1', () => {
      // In pieces, as a slow network has them.
      client.write('HTTP/1.1 200 Connection esta');
      setImmediate(() => client.write('blished\r\nVia: 1.1 test\r\n\r\n'));
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    own(upstream);
    tunnels++;
    client.on('close', () => {
      tunnels--;
      upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
  };

  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const url = new URL(incoming.url ?? '/');
    proxy.requests.push(url.href);
    note(incoming);
    const port = proxy.routes.get(`${url.hostname}:${url.port || 80}`);
    const status = refusal(incoming) ?? (port === undefined ? 502 : 200);
    if (status !== 200) {
      outgoing.writeHead(status, { 'content-type': 'text/html' }).end('<h1>no</h1>');
      return;
    }
    const { 'proxy-authorization': _mine, ...headers } = incoming.headers;
    const onward = request(
      {
        host: '127.0.0.1',
        port,
        method: incoming.method,
        path: url.pathname + url.search,
        headers,
        agent: false,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.on('error', () => outgoing.destroy());
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  };

  const server = options.secure
    ? createSecureServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, onRequest)
    : createServer(onRequest);
  server.on('connect', onConnect);
  server.on('connection', (socket: Socket) => {
    own(socket);
  });
  server.on('tlsClientError', () => undefined);
  const host = options.host ?? '127.0.0.1';
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const named = host.includes(':') ? `[${host}]` : host;
  const proxy: RunningForwardProxy = {
    port,
    url: `${options.secure ? 'https' : 'http'}://${named}:${port}`,
    routes: new Map(),
    connects: [],
    requests: [],
    authorizations: [],
    hosts: [],
    fault: undefined,
    tunnels: () => tunnels,
    reset() {
      proxy.fault = undefined;
      for (const list of [proxy.connects, proxy.requests, proxy.authorizations, proxy.hosts]) list.length = 0;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
  opened.push(proxy);
  return proxy;
}
