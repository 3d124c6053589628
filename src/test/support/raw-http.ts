/** HTTP by hand, for what `fetch` does not let through: any Host, bad requests, upgrades, other local addresses. */
import { connect } from 'node:net';

export interface RawResponse {
  status: number;
  /** Lower-case names. */
  headers: Map<string, string>;
  body: Buffer;
}

/** Sends these bytes as they are on a new connection and reads until the other side closes or the body is whole. */
export function sendRaw(port: number, bytes: string | Buffer, localAddress?: string): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ...(localAddress && { localAddress }) });
    let received = Buffer.alloc(0);
    const finish = () => {
      socket.destroy();
      const parsed = parseResponse(received);
      if (parsed) resolve(parsed.response);
      else reject(new Error(`no HTTP answer: ${JSON.stringify(received.toString('latin1').slice(0, 200))}`));
    };
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (parseResponse(received)?.whole) finish();
    });
    socket.on('close', finish);
    socket.on('error', (error) => {
      if (received.length === 0) reject(error);
    });
  });
}

/** A request line, a Host header and these headers, without a body. */
export function rawRequest(method: string, target: string, headers: Record<string, string>): string {
  const lines = Object.entries({ host: '127.0.0.1', connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

function parseResponse(bytes: Buffer): { response: RawResponse; whole: boolean } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = bytes.subarray(end + 4);
  const length = headers.get('content-length');
  return {
    response: { status: Number(first.split(' ')[1]), headers, body },
    whole: length !== undefined && body.length >= Number(length),
  };
}
