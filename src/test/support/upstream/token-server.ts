/** A token server on 127.0.0.1, in Google's words, and credentials that name it. */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenServer {
  url: string;
  /** What was asked, in order. */
  asked: { path: string; headers: IncomingHttpHeaders; form: URLSearchParams }[];
  /** What is answered from now on; a number of seconds: how long tokens are good for. */
  answer: { status: number; body: object | string } | number;
  /** While set, answers wait for it. */
  gate: Promise<void> | undefined;
  close(): Promise<void>;
}

/** Tokens are `token-1`, `token-2`, … */
export async function startTokenServer(): Promise<TokenServer> {
  let issued = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      held.asked.push({ path: request.url ?? '', headers: request.headers, form });
      await held.gate;
      const { answer } = held;
      const { status, body } =
        typeof answer === 'number'
          ? {
              status: 200,
              body: { access_token: `token-${++issued}`, expires_in: answer, token_type: 'Bearer' },
            }
          : answer;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const held: TokenServer = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    answer: 3600,
    gate: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return held;
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

export const PRIVATE_KEY = privateKey;
export const PUBLIC_KEY = publicKey;

let made = 0;

/** The JSON of a service account of its own, whose tokens come from there. */
export function serviceAccount(server: TokenServer, more: object = {}): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'my-project',
    private_key_id: `key-${++made}`,
    private_key: PRIVATE_KEY,
    client_email: `robot-${made}@my-project.iam.gserviceaccount.com`,
    token_uri: `${server.url}/token`,
    ...more,
  });
}
