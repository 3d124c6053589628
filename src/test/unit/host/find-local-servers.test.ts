import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findFreePort } from '../../../host/find-free-port';
import { findLocalServers } from '../../../host/find-local-servers';

async function serve(status: number, body: string) {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/v1/models' ? status : 404;
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

describe('the search for local servers', () => {
  it('finds those that list models, and only those', async () => {
    const good = await serve(200, '{"object":"list","data":[{"id":"llama3"},{"id":"qwen3"}]}');
    const web = await serve(200, '<html>');
    const locked = await serve(401, '{"data":[]}');
    const place = (name: string, port: number) => ({ name, provider: 'openai-compatible' as const, port });
    const places = [place('web', web.port), place('good', good.port), place('locked', locked.port)];
    assert.deepEqual(await findLocalServers(undefined, places), [
      {
        name: 'good',
        provider: 'openai-compatible',
        baseUrl: `http://127.0.0.1:${good.port}/v1`,
        models: ['llama3', 'qwen3'],
      },
    ]);
    assert.deepEqual(await findLocalServers(good.port, places), [], 'the proxy does not find itself');
    for (const server of [good, web, locked]) server.close();
  });
});

describe('the search for a free port', () => {
  it('passes by the ports in use and above the last port there is nothing', async () => {
    const taken = await serve(200, '');
    const found = await findFreePort(taken.port - 1, '127.0.0.1');
    assert.ok(found === undefined || found > taken.port);
    assert.equal(await findFreePort(65_535, '127.0.0.1'), undefined);
    taken.close();
  });
});
