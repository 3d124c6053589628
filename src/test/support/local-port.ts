/** Ports of this machine as a test needs them: free, taken, or asked what they answer. */
import assert from 'node:assert/strict';
import { get, type IncomingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:net';

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = await occupy(0);
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  await release(server);
  return address.port;
}

/** Listens on a port of 127.0.0.1 and answers nothing. */
export function occupy(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Ends {@link occupy}. */
export function release(server: Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}

/** Whether the port can be bound. */
export async function isFree(port: number): Promise<boolean> {
  try {
    await release(await occupy(port));
    return true;
  } catch {
    return false;
  }
}

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** One GET over a connection of its own. Rejects when nothing listens. */
export function fetchText(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    }).on('error', reject);
  });
}
