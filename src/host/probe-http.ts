import { get } from 'node:http';

/** An answer from a loopback server. */
export interface ProbeAnswer {
  status: number;
  body: string;
}

const BODY_LIMIT = 1024 * 1024;

/**
 * One GET to a server on this machine, on a connection of its own; the monitor shows it as Portside's.
 * @param url plain `http`
 * @param timeoutMs for the whole exchange
 * @throws Error when nothing answers in time, or with more than 1 MiB
 */
export function probeHttp(
  url: string,
  timeoutMs: number,
  headers: Record<string, string> = {},
): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = get(
      url,
      { headers: { 'user-agent': 'portside', ...headers }, signal, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
          if (body.length > BODY_LIMIT) response.destroy(new Error('the answer is too long'));
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      },
    );
    request.on('error', (error) => {
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error);
    });
  });
}
