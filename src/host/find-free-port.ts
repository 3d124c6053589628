import { createServer } from 'node:net';

/** How far from the port asked for to look. */
const REACH = 50;

/**
 * The next port above the one given that can be bound now on an address. Nothing is kept: it is a proposal.
 * @returns undefined when none of the next 50 is free
 */
export async function findFreePort(above: number, host: string): Promise<number | undefined> {
  for (let port = above + 1; port <= Math.min(above + REACH, 65_535); port++) {
    if (await canBind(port, host)) return port;
  }
  return undefined;
}

async function canBind(port: number, host: string): Promise<boolean> {
  return (await listenError(port, host)) === undefined;
}

/** Why nobody can listen there now: the system's code, such as `EADDRINUSE`; undefined when somebody can. Never rejects. */
export function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
