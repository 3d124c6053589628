/** TLS in front of a server that speaks none: what comes out of it goes on to a port of 127.0.0.1. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate';

export interface TlsFront {
  readonly port: number;
  /** Host names that clients asked for (SNI), one for each connection. */
  readonly names: (string | false | undefined)[];
  close(): Promise<void>;
}

const opened: TlsFront[] = [];
// A test that fails half-way leaves its server open, and with it the whole run.
after(async () => {
  await Promise.all(opened.map((front) => front.close()));
});

/** Starts one on a free port, with the certificate of {@link TEST_CERTIFICATE}. */
export async function startTlsFront(port: number): Promise<TlsFront> {
  const names: TlsFront['names'] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (secure) => {
    names.push(secure.servername as string | false | undefined);
    const plain = connect(port, '127.0.0.1');
    secure.pipe(plain).pipe(secure);
    for (const [socket, other] of [
      [secure, plain],
      [plain, secure],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const front: TlsFront = {
    port: (server.address() as AddressInfo).port,
    names,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
  opened.push(front);
  return front;
}
