// Node's practical floor for a reverse proxy: a node:http server, undici's Pool.dispatch with raw handlers, and nothing
// else: no auth, no routing, no error answers, no back-pressure. `node bare.mjs <upstream URL>`
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// The class alone: the package's entry would load fetch, caches and much that a proxy of this kind never uses.
const Pool = createRequire(import.meta.url)('undici/lib/dispatcher/pool.js');
const pool = new Pool(process.argv[2], { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });

class Handler {
  abort = null;

  constructor(response) {
    this.response = response;
  }
  onConnect(abort) {
    this.abort = abort;
  }
  onHeaders(status, headers) {
    this.response.writeHead(
      status,
      headers.map((bytes) => bytes.latin1Slice()),
    );
    return true;
  }
  onData(bytes) {
    this.response.write(bytes);
    return true;
  }
  onComplete() {
    this.abort = null;
    this.response.end();
  }
  onError() {
    this.abort = null;
    this.response.destroy();
  }
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (bytes) => parts.push(bytes));
  request.on('end', () => {
    const handler = new Handler(response);
    response.on('close', () => handler.abort?.());
    const body = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    pool.dispatch({ path: request.url, method: request.method, headers: request.rawHeaders, body }, handler);
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${server.address().port}` }));
});
